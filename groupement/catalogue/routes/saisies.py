"""From what a form holds to what a rule takes, and back: its faults beside the fields."""

from collections.abc import Mapping
from typing import Any

from groupement.catalogue import queries
from groupement.catalogue.actions import Coordonnees
from groupement.catalogue.forms import LotForm, choix
from groupement.catalogue.models import Lot, Marche
from groupement.catalogue.rules.termes import TermesLot, TermesMarche
from groupement.catalogue.states import PorteePalier

CHAMPS_DU_LOT = (
    *("intitule", "plafond_ht", "minimum_ht", "delai_livraison_jours", "franco_ht", "port_ht"),
    *("minimum_commande_ht", "un_bon_par_lieu"),
)
PORTEES = {portee.value: portee for portee in PorteePalier}


def marche_saisi(form: Any) -> TermesMarche:
    """The marché that was typed."""
    return TermesMarche(
        numero=form.numero.data,
        objet=form.objet.data,
        convention_id=int(form.convention.data),
        consultation_le=form.consultation_le.data,
        notifie_le=form.notifie_le.data,
        du=form.du.data,
        au=form.au.data,
        justification_duree=(form.justification_duree.data or "").strip(),
    )


def lots_saisis(form: Any) -> list[TermesLot]:
    """The lots that were typed, with the usual terms."""
    return [
        TermesLot(lot.intitule.data, int(lot.fournisseur.data), lot.plafond_ht.data, suivants=lot.suivants)
        for lot in form.lots_remplis
    ]


def termes_saisis(form: Any, lot: Lot) -> TermesLot:
    """The terms that were typed; a signed lot keeps its ceiling and its titulaire, which avenants change."""
    return TermesLot(
        fournisseur_id=int(form.fournisseur.data) if "fournisseur" in form else lot.titulaires[0].fournisseur_id,
        portee_palier=PORTEES[form.portee_palier.data],
        **{champ: form[champ].data if champ in form else getattr(lot, champ) for champ in CHAMPS_DU_LOT},
    )


def formulaire_du_lot(lot: Lot, fournisseurs: list[tuple[str, str]], empreinte: str, *, est_notifie: bool) -> LotForm:
    """The form of a lot, filled with its terms unless it was sent; once signed, ceiling and titulaire are not asked."""
    valeurs = {champ: getattr(lot, champ) for champ in CHAMPS_DU_LOT}
    form = LotForm(
        fournisseur=str(lot.titulaires[0].fournisseur_id), portee_palier=lot.portee_palier.value, empreinte=empreinte,
        **valeurs,
    )  # fmt: skip
    form.fournisseur.choices = choix(fournisseurs)
    if est_notifie:
        del form.fournisseur, form.plafond_ht
    return form


def coordonnees_saisies(form: Any) -> Coordonnees:
    """The supplier that was typed."""
    return Coordonnees(**{champ: getattr(form, champ).data for champ in Coordonnees.__dataclass_fields__})


def poser_les_fautes(form: Any, fautes: Mapping[str, str]) -> bool:
    """Put each fault beside its field; whether there was any."""
    for champ, faute in fautes.items():
        form[champ].errors = [*form[champ].errors, faute]
    return bool(fautes)


def titulaires_d_autres_rangs(marche: Marche) -> list[tuple[str, str]]:
    """The suppliers that hold a lot of the marché after the first: (id, name and where)."""
    ou: dict[tuple[int, str], list[str]] = {}
    for lot in queries.lots_du_marche(marche.id):
        for titulaire in lot.titulaires[1:]:
            cle = (titulaire.fournisseur_id, titulaire.fournisseur.nom)
            ou.setdefault(cle, []).append(f"rang {titulaire.rang} du lot {lot.numero}")
    return [(str(numero), f"{nom} ({', '.join(places)})") for (numero, nom), places in ou.items()]
