"""Avenants: dated acts that change ceilings, duration or titulaires of a signed marché. Nothing here commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from groupement.catalogue.models import Avenant, EffetAvenant, Lot, Marche
from groupement.catalogue.rules.avenants import LotAModifier, MarcheAModifier, TermesAvenant, fautes_de_l_avenant
from groupement.catalogue.states import FondementAvenant
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import euros_fr


class DateRefusee(RegleRefusee):
    """The day of an act is not possible."""


@dataclass(frozen=True, slots=True)
class EnTete:
    """What every avenant says of itself."""

    numero: str
    objet: str
    fondement: FondementAvenant
    motif: str
    notifie_le: date


def enregistrer_avenant(
    marche: Marche,
    lots: Sequence[Lot],
    termes: TermesAvenant,
    situation: MarcheAModifier,
    a_modifier: Sequence[LotAModifier],
    *,
    par: Auteur,
    le: datetime,
) -> Avenant:
    """Write the avenant and apply it: ceilings, last day. `situation` and `a_modifier`: read under the lots' lock.

    Raises RegleRefusee with what forbids it.
    """
    fautes = fautes_de_l_avenant(termes, situation, a_modifier, jour_a_paris(le))
    if fautes:
        raise RegleRefusee(" ".join(fautes.values()))
    effets = [_effet(lot, termes) for lot in lots if lot.id in termes.plafonds]
    entete = EnTete(termes.numero, termes.objet, termes.fondement, termes.motif, termes.notifie_le)
    fin_avant = marche.au if termes.nouvelle_fin else None
    if termes.nouvelle_fin:
        marche.au = termes.nouvelle_fin
        marche.justification_duree = termes.justification_duree or marche.justification_duree
    return ecrire_avenant(marche, entete, effets, fin=(fin_avant, termes.nouvelle_fin), par=par, le=le)


def ecrire_avenant(
    marche: Marche,
    entete: EnTete,
    effets: Sequence[EffetAvenant],
    *,
    fin: tuple[date | None, date | None] = (None, None),
    par: Auteur,
    le: datetime,
) -> Avenant:
    """The act with its effects, already applied to the rows. Raises RegleRefusee for an impossible date."""
    _verifier_la_date(marche, entete.notifie_le, jour_a_paris(le))
    dernier = db.session.scalar(select(func.max(Avenant.rang)).where(Avenant.marche_id == marche.id)) or 0
    avenant = Avenant(
        marche_id=marche.id,
        rang=dernier + 1,
        numero=entete.numero,
        objet=entete.objet,
        fondement=entete.fondement,
        motif=entete.motif,
        notifie_le=entete.notifie_le,
        fin_avant=fin[0],
        fin_apres=fin[1],
        enregistre_le=le,
        par=par.nom,
        effets=list(effets),
    )
    db.session.add(avenant)
    db.session.flush()
    noter("marche", marche.id, "passer un avenant", par=par, le=le, resume=_resume(marche, avenant))
    return avenant


def _verifier_la_date(marche: Marche, notifie_le: date, aujourdhui: date) -> None:
    """After the marché and after the avenant before it, not in the future."""
    dernier = db.session.scalar(select(func.max(Avenant.notifie_le)).where(Avenant.marche_id == marche.id))
    if notifie_le < max(marche.notifie_le, dernier or marche.notifie_le):
        quand = date_fr(max(marche.notifie_le, dernier or marche.notifie_le))
        raise RegleRefusee(
            f"Cet acte suit la notification du marché et l’avenant précédent\u00a0: le {quand} ou après."
        )
    if notifie_le > aujourdhui:
        raise DateRefusee("Enregistrez l’acte une fois notifié\u00a0: cette date est à venir.")


def _effet(lot: Lot, termes: TermesAvenant) -> EffetAvenant:
    """The new ceiling of a lot, applied."""
    avant, lot.plafond_ht = lot.plafond_ht, termes.plafonds[lot.id]
    return EffetAvenant(lot_id=lot.id, plafond_avant_ht=avant, plafond_apres_ht=lot.plafond_ht)


def _resume(marche: Marche, avenant: Avenant) -> str:
    """One line for the journal: what changed."""
    changes = [
        f"plafond {euros_fr(effet.plafond_avant_ht)} → {euros_fr(effet.plafond_apres_ht)}"
        for effet in avenant.effets
        if effet.plafond_avant_ht != effet.plafond_apres_ht
    ]
    changes += ["titulaires" for effet in avenant.effets if effet.titulaires_apres is not None]
    changes += [f"fin {date_fr(avenant.fin_apres)}"] if avenant.fin_apres else []
    return f"{marche.numero}, avenant {avenant.numero}\u00a0: {', '.join(changes) or avenant.objet}"[:500]
