"""The form of a campagne: what it offers to choose in, what it holds at first, and how it is written."""

from typing import Any

from flask import g

from groupement.catalogue import queries as catalogue
from groupement.catalogue.models import Marche
from groupement.commandes.actions import campagnes as actions
from groupement.commandes.actions.reglages_campagne import ReglageRefuse, Reglages
from groupement.commandes.forms.campagnes import CampagneForm
from groupement.commandes.models import Campagne
from groupement.commandes.queries.acces import collectivites_par_siren, liste_des_admises
from groupement.commandes.rules.acces_campagne import fautes_de_la_liste, lots_ouverts
from groupement.commandes.states import AccesCampagne, RegleDeReliquat
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.stock import queries as stock


def formulaire(campagne: Campagne | None = None) -> tuple[CampagneForm, list[Marche]]:
    """The form, and the marchés that still run with their lots."""
    form = CampagneForm(obj=campagne)
    marches = [marche for marche in db.session.scalars(catalogue.marches()) if marche.au >= aujourdhui()]
    lots = [
        (lot.id, f"Lot {lot.numero}, {lot.intitule}" + (f" ({marche.numero})" if len(marches) > 1 else ""))
        for marche in marches
        for lot in marche.lots
    ]
    depots = [(str(depot.id), depot.nom) for depot in stock.depots()]
    form.proposer([(str(m.id), f"{m.numero}, {m.objet}") for m in marches], depots, lots)
    if not form.is_submitted():
        _remplir(form, campagne, [numero for numero, _ in lots], marches)
    return form, marches


def _remplir(form: CampagneForm, campagne: Campagne | None, tous: list[int], marches: list[Marche]) -> None:
    """What is shown before anybody types: every lot ticked, or those of the campagne; its list of SIRENs."""
    form.lots.data = tous
    if campagne is None:
        return
    if campagne.lots is not None:
        lots = [lot for marche in marches if marche.id == campagne.marche_id for lot in marche.lots]
        form.lots.data = [lot.id for lot in lots if lot.numero in campagne.lots]
    form.sirens.data = "\n".join(f"{siren} {nom}" for siren, nom in liste_des_admises(campagne.id))


def enregistrer(form: CampagneForm, campagne: Campagne | None) -> Campagne | None:
    """Write what was typed and commit; None, with the sentence by the field, when a rule says no."""
    marche = catalogue.marche_visible(int(form.marche_id.data), g.contexte)
    depot = stock.depot_visible(int(form.depot_id.data), g.contexte)
    regle = next(regle for regle in RegleDeReliquat if regle.value == form.regle_reliquat.data)
    valeurs: dict[str, Any] = {"intitule": form.intitule.data, "du": form.du.data, "au": form.au.data}
    valeurs |= {"regle_reliquat": regle, "par": g.contexte, "le": maintenant()}
    try:
        valeurs["reglages"] = _reglages(form, marche)
        if campagne is None:
            campagne = actions.preparer(marche, depot, **valeurs)
        else:
            actions.modifier(campagne, marche, depot, **valeurs)
    except ReglageRefuse as refus:
        db.session.rollback()
        form[refus.champ].errors = list(refus.motifs)
        return None
    except RegleRefusee as refus:
        db.session.rollback()
        form.au.errors = form.au.errors or [str(refus)]
        return None
    db.session.commit()
    return campagne


def _reglages(form: CampagneForm, marche: Marche) -> Reglages:
    """The terms typed. Raises ReglageRefuse for no lot, or a list that names somebody who may not order."""
    numeros = {lot.id: lot.numero for lot in marche.lots}
    try:
        lots = lots_ouverts([numeros[coche] for coche in form.lots.data or () if coche in numeros], numeros.values())
    except ValueError as refus:
        raise ReglageRefuse("lots", str(refus)) from None
    return Reglages(
        lots=lots,
        acces=AccesCampagne(form.acces.data),
        types=form.types.data or (),
        admises=_admises(form, marche),
        livraison_du=form.livraison_du.data,
        livraison_au=form.livraison_au.data,
        s_ouvre_seule=bool(form.s_ouvre_seule.data),
        complement_au=form.complement_au.data,
    )


def _admises(form: CampagneForm, marche: Marche) -> list[int]:
    """The ids of the bodies of the list. Raises ReglageRefuse with every line that will not do."""
    if form.acces.data != AccesCampagne.LISTE:
        return []
    connues = collectivites_par_siren(marche, form.sirens_lus)
    fautes = fautes_de_la_liste(form.sirens_lus, {siren: (nom, motif) for siren, (_, nom, motif) in connues.items()})
    if fautes:
        raise ReglageRefuse("sirens", *fautes)
    return [numero for numero, _, _ in connues.values()]
