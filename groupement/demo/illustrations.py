"""The demonstration's article pages: a few pictures, one data sheet, some favourites."""

from functools import partial

from groupement.catalogue.actions.favoris import garder
from groupement.catalogue.actions.illustrations import ajouter_photo, deposer_fiche_technique
from groupement.demo.decor import Decor
from groupement.demo.dessins import GRIS, KRAFT, boite, chemise, rayonnage, registre
from groupement.documents.images import lire_image
from groupement.documents.pdf import Notice, composer

PHOTOS = (
    (
        "BTE-STD-10",
        partial(boite, 150),
        "Boîte kraft montée, vue de trois quarts, étiquette et trou de préhension sur le dos",
    ),
    ("BTE-STD-10", partial(boite, 110, KRAFT, 4), "Quatre boîtes kraft côte à côte sur une table"),
    ("BTE-CON-10", partial(boite, 150, GRIS), "Boîte de conservation en carton gris, montée, vue de trois quarts"),
    ("BTE-CON-10", partial(boite, 110, GRIS, 3), "Trois boîtes de conservation grises côte à côte"),
    ("BTE-CON-15", partial(boite, 220, GRIS), "Boîte de conservation grise, au dos plus large"),
    ("CHE-120", partial(chemise), "Trois chemises de papier permanent en éventail"),
    (
        "RF-100-35-220-D",
        partial(rayonnage, 6),
        "Travée métallique de six tablettes, des boîtes rangées sur trois d’entre elles",
    ),
    ("REL-A4-200", partial(registre, 130), "Registre relié en toile rouge, filets dorés et pièce de titre sur le dos"),
)
FICHE = "BTE-CON-10"
FAVORIS = ("BTE-STD-10", "BTE-CON-10", "CHE-120")
STYLE = """<style>@font-face { font-family: SourceSans; src: url("SourceSansPro-Regular.ttf"); }
@font-face { font-family: SourceSans; font-weight: bold; src: url("SourceSansPro-Semibold.ttf"); }
@page { size: a4; margin: 22mm; } body { font-family: SourceSans; font-size: 11pt; }
td { padding: 4pt; border-bottom: 1px solid #b9a98d; }</style>"""
LIGNES = (
    ("Référence", FICHE),
    ("Matière", "Carton cannelé permanent, réserve alcaline"),
    ("Normes", "ISO 16245, type A\u00a0; ISO 9706"),
    ("Dimensions", "330 × 250 mm, dos de 100 mm"),
    ("Livraison", "À plat, par colis de 25, montage à la main sans colle ni agrafe"),
    ("Conseil", "Rangez-la sur son long côté sur une tablette de 35 cm de profondeur."),
)


def charger_illustrations(decor: Decor) -> None:
    """Pictures and a data sheet, given by the buyer; the favourites of the secretary."""
    acheteur, le = decor.pour("acheteur"), decor.jour(4, 22)
    for reference, dessiner, texte in PHOTOS:
        ajouter_photo(decor.articles[reference], lire_image(dessiner()), texte, par=acheteur, le=le)
    article = decor.articles[FICHE]
    deposer_fiche_technique(article, _fiche_technique(article.designation, decor), par=acheteur, le=le)
    for reference in FAVORIS:
        garder(decor.articles[reference], decor.pour("agent").id, le=decor.jour(9, 3))


def _fiche_technique(designation: str, decor: Decor) -> bytes:
    """A page as a supplier would print it."""
    lignes = "".join(f"<tr><td width='30%'><b>{nom}</b></td><td>{valeur}</td></tr>" for nom, valeur in LIGNES)
    corps = f"<h1>Fiche technique</h1><p>{designation}. Fournisseur et produit fictifs.</p><table>{lignes}</table>"
    titre = f"Fiche technique {FICHE}"
    notice = Notice(
        titre=titre, auteur="Cartonnages de la Lys (fictif)", sujet=designation, le=decor.jour(4, 22).date()
    )
    return composer(f"<html><head><title>{titre}</title>{STYLE}</head><body>{corps}</body></html>", notice)
