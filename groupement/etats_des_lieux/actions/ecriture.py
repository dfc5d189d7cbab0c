"""How every change of an audit begins and ends: the page must be up to date, the audit open, the journal told."""

from datetime import datetime

from groupement.etats_des_lieux.models import EtatDesLieux
from groupement.etats_des_lieux.states import TRANSITIONS_ETAT_DES_LIEUX, EtatEtatDesLieux
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, franchir, noter, qui_a_change
from groupement.socle.web import ConflitDeVersion

MODIFIABLES = (EtatEtatDesLieux.PLANIFIE, EtatEtatDesLieux.RELEVE)


def exiger_version(etat: EtatDesLieux, version: int) -> None:
    """Raise ConflitDeVersion, naming who changed the audit, when the page is out of date."""
    if etat.version == version:
        return
    qui = qui_a_change("etat_des_lieux", etat.id)
    raise ConflitDeVersion(
        f"Cet état des lieux a été modifié entre-temps par {qui}. Rien de ce que vous venez d’envoyer n’a été "
        "enregistré\u00a0: regardez ce qui s’y trouve maintenant, puis recommencez."
    )


def exiger_saisie_possible(etat: EtatDesLieux, version: int) -> None:
    """Raise unless the page is up to date and the audit still being entered."""
    if etat.etat not in MODIFIABLES:
        raise RegleRefusee(
            f"Cet état des lieux est «\u00a0{etat.etat.libelle(coordonnateur=True)}\u00a0»\u00a0: "
            "reprenez-le d’abord pour changer les mesures."
        )
    exiger_version(etat, version)


def marquer(etat: EtatDesLieux, verbe: str, resume: str, *, par: Auteur, le: datetime) -> None:
    """Write the change in the journal and make a new version; the first one starts the survey."""
    if etat.etat is EtatEtatDesLieux.PLANIFIE:
        franchir(etat, TRANSITIONS_ETAT_DES_LIEUX, "relever", par=par, le=le)
    compter(etat)
    noter(etat.__tablename__, etat.id, verbe, par=par, le=le, resume=resume[:500])
    db.session.flush()


def compter(etat: EtatDesLieux) -> None:
    """A new version: pages shown before are out of date."""
    etat.version += 1
