"""Revise the prices of a lot by its indices: worked out first, then written from a day on. Nothing commits.

Prices already written never change: a revision adds new ones, and papers issued before keep theirs.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from groupement.catalogue.actions.prix import ecrire_les_prix
from groupement.catalogue.models import Article, FormuleRevision, IndiceFormule, Lot, Titulaire
from groupement.catalogue.models import RevisionPrix as Revision
from groupement.catalogue.queries import revisions as queries
from groupement.catalogue.queries.prix import prix_de_chacun
from groupement.catalogue.rules.revision import (
    Coefficient,
    Formule,
    PrixRevise,
    coefficient,
    fautes_de_la_formule,
    prix_revises,
)
from groupement.socle.calendrier import ajouter_mois, date_fr
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, noter
from groupement.socle.nombres import accorde, decimal_fr


@dataclass(frozen=True, slots=True)
class Clause:
    """What the contract says of the revision, besides the formula itself; `mois_base` by index code."""

    formule: Formule
    source: str
    prix_du: date
    mois_entre_revisions: int
    mois_base: Mapping[str, date]


@dataclass(frozen=True, slots=True)
class Releve:
    """The value of an index as somebody read it, and where."""

    valeur: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """A revision worked out, not written: `refus` says why it could not be.

    `prix`: those of the titulaire in force, by article; `autres`: those of the others, by titulaire then article.
    """

    du: date
    coefficient: Coefficient
    articles: Sequence[Article]
    titulaire: Titulaire | None
    prix: Mapping[int, PrixRevise]
    autres: Mapping[Titulaire, Mapping[int, PrixRevise]]
    refus: str | None

    @property
    def par_titulaire(self) -> Mapping[Titulaire, Mapping[int, PrixRevise]]:
        """The prices of every titulaire, by titulaire then article."""
        return {**({self.titulaire: self.prix} if self.titulaire else {}), **self.autres}

    @property
    def de_chacun(self) -> list[Mapping[int, PrixRevise]]:
        """The prices of every titulaire."""
        return [self.prix, *self.autres.values()]

    @property
    def changes(self) -> list[Article]:
        """The articles of which a price would change."""
        changent = {numero for prix in self.de_chacun for numero, revise in prix.items() if revise.change}
        return [article for article in self.articles if article.id in changent]

    @property
    def empreinte(self) -> str:
        """What the person was shown, in a few characters: another calculation has another."""
        prix = [
            sorted((numero, [str(p) for p in revise.nouveaux]) for numero, revise in siens.items())
            for siens in self.de_chacun
        ]
        return hashlib.sha256(f"{self.du} {self.coefficient.retenu} {prix}".encode()).hexdigest()[:16]


def ecrire_la_clause(lot: Lot, clause: Clause, version: int, *, par: Auteur, le: datetime) -> FormuleRevision:
    """Write or replace the revision clause of a lot. Raises RegleRefusee for a formula that cannot be used."""
    fautes = fautes_de_la_formule(clause.formule)
    if fautes:
        raise RegleRefusee(" ".join(fautes.values()))
    formule = queries.formule_de(lot, verrou=True)
    if (formule.version if formule else 0) != version:
        raise RegleRefusee(
            "La formule de ce lot a changé pendant que vous écriviez\u00a0: relisez-la, puis recommencez."
        )
    formule = formule or FormuleRevision(lot_id=lot.id)
    formule.source, formule.prix_du = clause.source, clause.prix_du
    formule.mois_entre_revisions, formule.version = clause.mois_entre_revisions, version + 1
    for champ in ("part_fixe_pct", "decimales", "seuil_pct", "butoir_pct", "sauvegarde_pct"):
        setattr(formule, champ, getattr(clause.formule, champ))
    db.session.add(formule)
    formule.indices.clear()
    db.session.flush()
    formule.indices.extend(
        IndiceFormule(
            code=i.code,
            libelle=i.libelle,
            poids_pct=i.poids_pct,
            valeur_base=i.valeur_base,
            mois_base=clause.mois_base[i.code],
        )
        for i in clause.formule.indices
    )
    db.session.flush()
    resume = f"lot {lot.numero}, {clause.source}"
    noter("lot", lot.id, "ecrire la formule de revision", par=par, le=le, resume=resume)
    return formule


def simuler(lot: Lot, formule: FormuleRevision, du: date, releves: Mapping[str, Releve]) -> Simulation:
    """What a revision from `du` on would write; every price of the lot, of each titulaire.

    The same number of statements however many articles.
    """
    regle = queries.en_formule(formule)
    calcul = coefficient(regle, {code: releve.valeur for code, releve in releves.items()})
    articles = queries.articles_du_lot(lot)
    vendus = {article.id for article in articles}
    initiaux, actuels = queries.prix_initiaux(lot, formule.prix_du), prix_de_chacun(lot, du)
    prix = {
        titulaire: prix_revises(
            {n: paliers for n, paliers in initiaux.get(titulaire.bordereau, {}).items() if n in vendus},
            *(actuels.get(titulaire.bordereau, {}), calcul.retenu, regle.decimales),
        )
        for titulaire in lot.titulaires
    }
    premier = lot.titulaire_le(du)
    siens = prix.pop(premier) if premier else {}
    return Simulation(du, calcul, articles, premier, siens, prix, _refus(lot, formule, du))


def premiere_date(formule: FormuleRevision, faites: Sequence[Revision]) -> date:
    """From when on the contract allows the next revision; `faites`: those of the lot, the latest first."""
    return ajouter_mois(faites[0].du if faites else formule.prix_du, formule.mois_entre_revisions)


def reviser(
    lot: Lot, du: date, releves: Mapping[str, Releve], empreinte: str, *, par: Auteur, le: datetime
) -> Revision:
    """Write the prices the person was shown. The caller has locked the lot, and commits.

    Raises RegleRefusee when the day is not allowed, or when what was shown is no longer what would be written.
    """
    formule = queries.formule_de(lot, verrou=True)
    if formule is None:
        raise RegleRefusee("Ce lot n’a pas de formule de révision\u00a0: ses prix sont fermes.")
    simulation = simuler(lot, formule, du, releves)
    if simulation.refus:
        raise RegleRefusee(simulation.refus)
    if simulation.empreinte != empreinte:
        raise RegleRefusee(
            "Les prix ou la formule ont changé depuis l’aperçu\u00a0: rien n’est écrit. Relisez le nouvel aperçu."
        )
    revision = _ecrire(lot, formule, simulation, releves, par, le)
    combien = accorde(revision.articles_revises, "prix changé", "prix changés")
    resume = f"lot {lot.numero}, coefficient {decimal_fr(revision.retenu)} au {date_fr(du)}, {combien}"
    noter("lot", lot.id, "reviser les prix", par=par, le=le, resume=resume, details=revision.calcul)
    return revision


def _refus(lot: Lot, formule: FormuleRevision, du: date) -> str | None:
    """Why prices cannot change on that day."""
    marche = lot.marche
    if not marche.du <= du <= marche.au:
        return f"Le marché va du {date_fr(marche.du)} au {date_fr(marche.au)}\u00a0: choisissez un jour entre les deux."
    permise = premiere_date(formule, queries.revisions_de(lot))
    if du < permise:
        return (
            f"Le contrat ne permet pas de révision avant le {date_fr(permise)} "
            f"(une tous les {formule.mois_entre_revisions} mois)."
        )
    if deja := queries.prix_deja_ecrit(lot, du):
        return (
            f"Des prix de ce lot commencent déjà le {date_fr(deja)}\u00a0: deux prix ne peuvent pas valoir le même "
            "jour. Choisissez un jour plus tard."
        )
    return None


def _ecrire(
    lot: Lot, formule: FormuleRevision, s: Simulation, releves: Mapping[str, Releve], par: Auteur, le: datetime
) -> Revision:
    """The revision, then the price lists and their tiers: five statements, however many articles."""
    calcul = _calcul(formule, s, releves)
    revision = Revision(lot_id=lot.id, du=s.du, coefficient=s.coefficient.arrondi, retenu=s.coefficient.retenu,
                        calcul=calcul, articles_revises=len(s.changes), le=le, par=par.nom)  # fmt: skip
    db.session.add(revision)
    db.session.flush()
    source = f"Révision, coefficient {decimal_fr(s.coefficient.retenu)} ({formule.source})"
    de_chacun = [*([(s.titulaire, s.prix)] if s.titulaire else []), *s.autres.items()]
    for titulaire, prix in de_chacun:
        nouveaux = {n: revise.nouveaux for n, revise in prix.items() if revise.change}
        ecrire_les_prix(lot.marche_id, nouveaux, s.du, source, fournisseur_id=titulaire.bordereau or None)
    return revision


def _calcul(formule: FormuleRevision, s: Simulation, releves: Mapping[str, Releve]) -> dict[str, Any]:
    """Everything needed to find the coefficient again, as text."""
    return {
        "source": formule.source,
        "prix_du": formule.prix_du.isoformat(),
        "part_fixe_pct": str(formule.part_fixe_pct),
        "limites": {c: str(v) for c in ("seuil_pct", "butoir_pct", "sauvegarde_pct") if (v := getattr(formule, c))},
        "indices": [
            {
                "code": i.code,
                "libelle": i.libelle,
                "poids_pct": str(i.poids_pct),
                "valeur_base": str(i.valeur_base),
                "mois_base": i.mois_base.isoformat(),
                "valeur": str(releves[i.code].valeur),
                "lu_dans": releves[i.code].source,
            }
            for i in formule.indices
        ],
        "brut": str(s.coefficient.brut),
        "verdict": s.coefficient.verdict.value,
    }
