"""The chains of hashes of the factures and of the avoirs: their ends, and their verification."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from groupement.refacturation.models import Avoir, Facture, LigneFacture
from groupement.refacturation.rules.document import ecart_avec
from groupement.refacturation.rules.empreinte import ORIGINE, Maillon, Rupture, empreinte, verifier_chaine
from groupement.socle.db import db, verrouiller_ecriture
from groupement.socle.numerotation import Verrou

TOTAUX = ("numero", "total_ht", "total_tva", "total_ttc")


@dataclass(frozen=True, slots=True)
class EtatDeChaine:
    """What a verification found: how many documents, and the first that breaks, if any."""

    documents: int
    rupture: Rupture | None

    @property
    def est_entiere(self) -> bool:
        """Nothing was changed, nothing is missing."""
        return self.rupture is None


def derniere_empreinte(modele: type[Facture] | type[Avoir]) -> str:
    """The link a new document of this series follows. Whoever asks is alone until the commit, whatever the year."""
    verrouiller_ecriture()
    db.session.execute(select(Verrou.id).where(Verrou.id == 1).with_for_update())
    derniere = db.session.scalar(select(modele.empreinte).order_by(modele.id.desc()).limit(1))
    return derniere or ORIGINE


def verifier_factures() -> EtatDeChaine:
    """The whole chain of the factures, their columns and their lines against what was issued. Two statements."""
    lignes = dict(
        db.session.execute(
            select(LigneFacture.facture_id, func.sum(LigneFacture.montant_ht)).group_by(LigneFacture.facture_id)
        ).all()
    )
    return _verifier(Facture, lignes)


def verifier_avoirs() -> EtatDeChaine:
    """The whole chain of the avoirs. One statement."""
    return _verifier(Avoir, None)


def _verifier(modele: type[Facture] | type[Avoir], lignes: dict[int, Any] | None) -> EtatDeChaine:
    """Read the series in order of issue; the first fault of any kind."""
    colonnes = (modele.id, modele.fige, modele.empreinte_precedente, modele.empreinte)
    rangees = db.session.execute(select(*colonnes, *(getattr(modele, nom) for nom in TOTAUX)).order_by(modele.id)).all()
    for rang, rangee in enumerate(rangees, 1):
        motif = ecart_avec(rangee.fige, {nom: getattr(rangee, nom) for nom in TOTAUX})
        if motif is None and lignes is not None and lignes.get(rangee.id) != rangee.total_ht:
            motif = "ses lignes ne font plus son total HT."
        if motif is not None:
            avant = verifier_chaine(_maillons(rangees[: rang - 1]))
            return EtatDeChaine(len(rangees), avant or Rupture(rang, rangee.numero, motif))
    return EtatDeChaine(len(rangees), verifier_chaine(_maillons(rangees)))


def _maillons(rangees: Any) -> Iterator[Maillon]:
    """Rows as links."""
    for rangee in rangees:
        yield Maillon(rangee.numero, rangee.fige, rangee.empreinte_precedente, rangee.empreinte)


def defaut_de(document: Facture | Avoir) -> str | None:
    """What is wrong with one document and its place in the chain, in French; None when it is whole. One statement."""
    modele = type(document)
    precedente = db.session.scalar(
        select(modele.empreinte).where(modele.id < document.id).order_by(modele.id.desc()).limit(1)
    )
    if document.empreinte_precedente != (precedente or ORIGINE):
        return "ce document ne suit pas le précédent\u00a0: il en manque un, ou l’ordre a changé."
    if empreinte(document.fige, document.empreinte_precedente) != document.empreinte:
        return "le contenu de ce document a été modifié après son émission."
    return ecart_avec(document.fige, {nom: getattr(document, nom) for nom in TOTAUX})
