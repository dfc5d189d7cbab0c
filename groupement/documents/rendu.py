"""From a paper to its PDF: one function a paper, usable outside a request.

The templates have a Jinja environment of their own, with the filters of the pages (`socle.affichage`) and a
few of paper: they know neither the request nor the database.
"""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from groupement.documents.fichier_joint import FichierJoint
from groupement.documents.liste_de_livraison import dessiner_liste
from groupement.documents.orderx import NIVEAU, NOM_DU_FICHIER, message_du_bon, nature_du_message
from groupement.documents.papiers import (
    AvoirPapier,
    BonDeCommandePapier,
    BonDeLivraisonPapier,
    CommandePapier,
    EtatDesLieuxPapier,
    FacturePapier,
    MissionPapier,
    Organisme,
)
from groupement.documents.pdf import Notice, composer
from groupement.documents.unites import accorde_a, iban, metres, sans_coupure
from groupement.socle.affichage import FILTRES, date_fr, siren

GABARITS = Path(__file__).resolve().parents[2] / "templates"


def rendre_bon_de_commande(papier: BonDeCommandePapier) -> bytes:
    """The order to the supplier, followed by what to deliver place by place, its Order-X message inside.

    A version that a later one replaces carries no message: a machine would take it for an order.
    """
    numero = f"{papier.numero}, révision {papier.revision}" if papier.revision else papier.numero
    notice = Notice(
        titre=f"Bon de commande {numero}",
        auteur=papier.donneur_d_ordre.nom,
        sujet=f"{papier.fournisseur.nom}, accord-cadre {papier.marche}, {papier.lot}",
        le=papier.emis_le,
    )
    marque = f"{papier.perime.upper()} · " if papier.perime else ""
    rappel = f"{marque}Bon de commande {numero} du {date_fr(papier.emis_le)} · {papier.fournisseur.nom}"
    liste = dessiner_liste(papier, mentions_du_pied(papier.donneur_d_ordre))
    joint = None if papier.est_remplace else _order_x(papier)
    return _rendre("bon_de_commande", papier, replace(notice, rappel=rappel, joint=joint), liste)


def _order_x(papier: BonDeCommandePapier) -> FichierJoint:
    """The bon for machines, as the file its PDF carries."""
    return FichierJoint(
        nom=NOM_DU_FICHIER,
        octets=message_du_bon(papier),
        description="Bon de commande au format Order-X",
        nature=nature_du_message(papier),
        niveau=NIVEAU,
    )


def rendre_bon_de_livraison(papier: BonDeLivraisonPapier) -> bytes:
    """The slip of one place, to tick and sign."""
    titre = f"Bon de livraison, bon de commande {papier.bon}, {papier.lieu.collectivite}"
    notice = Notice(titre=titre, auteur=papier.donneur_d_ordre.nom, sujet=papier.lot, le=papier.bon_emis_le)
    return _rendre("bon_de_livraison", papier, notice)


def rendre_commande(papier: CommandePapier) -> bytes:
    """The order of a member, as it stands."""
    titre = f"Commande {papier.numero}, {papier.collectivite.nom}"
    marque = "PROJET · " if papier.est_projet else ""
    rappel = f"{marque}{titre} · {papier.campagne}"
    notice = Notice(
        titre=titre, auteur=papier.coordonnateur.nom, sujet=papier.campagne, le=papier.etabli_le, rappel=rappel
    )
    return _rendre("commande", papier, notice)


def rendre_facture(papier: FacturePapier) -> bytes:
    """The facture to a member body."""
    titre = f"Facture {papier.numero}"
    rappel = f"{titre} du {date_fr(papier.emise_le)} · {papier.debiteur.nom}"
    notice = Notice(titre=titre, auteur=papier.emetteur.nom, sujet=papier.objet, le=papier.emise_le, rappel=rappel)
    return _rendre("facture", papier, notice)


def rendre_avoir(papier: AvoirPapier) -> bytes:
    """The credit note that corrects a facture."""
    titre = f"Avoir {papier.numero}"
    rappel = f"{titre} du {date_fr(papier.emis_le)} · {papier.debiteur.nom}"
    sujet = f"Corrige la facture {papier.facture}"
    notice = Notice(titre=titre, auteur=papier.emetteur.nom, sujet=sujet, le=papier.emis_le, rappel=rappel)
    return _rendre("avoir", papier, notice)


def rendre_etat_des_lieux(papier: EtatDesLieuxPapier) -> bytes:
    """The report of an audit."""
    titre = f"État des lieux des archives, {papier.collectivite.nom}"
    rappel = f"{titre} · {papier.numero}"
    sujet = f"Relevé du {date_fr(papier.releve_le)}"
    notice = Notice(titre=titre, auteur=papier.coordonnateur.nom, sujet=sujet, le=papier.etabli_le, rappel=rappel)
    return _rendre("etat_des_lieux", papier, notice)


def rendre_mission(papier: MissionPapier) -> bytes:
    """The report of an archivist's mission."""
    titre = f"Compte rendu de mission, {papier.collectivite.nom}"
    rappel = f"{titre} · {papier.numero}"
    notice = Notice(
        titre=titre, auteur=papier.coordonnateur.nom, sujet=papier.objet, le=papier.etabli_le, rappel=rappel
    )
    return _rendre("mission", papier, notice)


def _rendre(gabarit: str, papier: Any, notice: Notice, suite: bytes = b"") -> bytes:
    """Fill a template and lay it out, followed by the pages of `suite`."""
    html = _environnement().get_template(f"documents/{gabarit}.html").render(papier=papier)
    return composer(html, notice, suite)


def mentions_du_pied(organisme: Organisme) -> str:
    """The legal identity at the foot of every page, on two lines."""
    postal = f"{organisme.nom} · {', '.join(organisme.adresse.complete)}"
    legal = (
        f"SIRET {siren(organisme.siret)}" if organisme.siret else "",
        f"TVA {organisme.tva_intracommunautaire}" if organisme.tva_intracommunautaire else "",
        organisme.telephone,
        organisme.courriel,
    )
    return postal + "\n" + " · ".join(mention for mention in legal if mention)


@cache
def _environnement() -> Environment:
    """The Jinja environment of the papers: everything escaped, an unknown name is an error."""
    environnement = Environment(
        loader=FileSystemLoader(GABARITS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environnement.filters.update(
        FILTRES, iban=iban, metres=metres, accorde_a=accorde_a, secable=secable, sans_coupure=sans_coupure
    )
    environnement.globals.update(largeur_egale=largeur_egale, mentions_du_pied=mentions_du_pied)
    return environnement


def largeur_egale(nombre_de_colonnes: int) -> str:
    """The width of each of that many equal columns, which xhtml2pdf wants written on the cells."""
    return f"{Decimal(100) / nombre_de_colonnes:.2f}%"


def secable(texte: str, limite: int) -> Markup:
    """The class of a cell holding a word longer than `limite`: cutting words costs time, so only where needed."""
    return Markup(' class="secable"' if any(len(mot) > limite for mot in texte.split()) else "")
