"""What a paper of a bon shows: the bon as it stands, or one of the versions it had. A fixed number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from groupement.commandes.models import BonDeCommande, LigneBon, LigneDeVersion, VersionDeBon
from groupement.commandes.queries.bons import contenu_des_lieux, lignes_du_bon, taux_du_port
from groupement.commandes.queries.versions import (
    contenu_de_version,
    lignes_de_version,
    version_de,
    versions_de,
)
from groupement.commandes.states import EtatBonDeCommande
from groupement.socle.calendrier import date_fr, jour_a_paris

Tete = BonDeCommande | VersionDeBon
Ligne = LigneBon | LigneDeVersion


@dataclass(frozen=True, slots=True)
class VueDuPapier:
    """A bon or a version of it: its figures, lines and places; what this revision changed, and whether it holds.

    `marques`: what changes, by bon line; `phrases`: the rest; `perime`: the words across a paper that no longer holds.
    """

    tete: Tete
    revision: int
    lignes: Sequence[Ligne]
    contenu: Sequence[Any]
    taux_du_port: Decimal | None
    motif: str = ""
    phrases: tuple[str, ...] = ()
    marques: Mapping[int, str] | None = None
    perime: str = ""
    motif_perime: str = ""
    fait_le: date | None = None  # the day of the revision; None: that of the issue
    annule_le: date | None = None

    def mention(self, ligne: Ligne) -> str:
        """What this revision changes on a line."""
        cle = ligne.id if isinstance(ligne, LigneBon) else ligne.ligne_bon_id
        return (self.marques or {}).get(cle, "")


def vue_du_papier(bon: BonDeCommande, revision: int | None = None) -> VueDuPapier:
    """The bon as it stands, or at `revision`; 404 when it never had that one. Five statements at most."""
    versions = {version.revision: version for version in versions_de(bon.id)} if revision is None else {}
    if revision is None and bon.etat is not EtatBonDeCommande.ANNULE:
        precedente = versions.get(bon.revision - 1)
        fins = _changements(precedente)
        lignes, taux = lignes_du_bon(bon.id), taux_du_port(bon.id)
        return VueDuPapier(bon, bon.revision, lignes, contenu_des_lieux(bon.id), taux, **fins)
    version = version_de(bon, bon.revision if revision is None else revision)
    precedente = version_de(bon, version.revision - 1) if version.revision else None
    return VueDuPapier(
        tete=version,
        revision=version.revision,
        lignes=lignes_de_version(version.id),
        contenu=contenu_de_version(version.id),
        taux_du_port=version.tva_port_pct,
        **_changements(precedente),
        **_peremption(bon, version),
    )


def _changements(precedente: VersionDeBon | None) -> dict[str, Any]:
    """Why there is a revision, and what it changes: by line, then the rest in sentences (bodies are in the list)."""
    if precedente is None:
        return {}
    faits = precedente.changements
    phrases = (f"{f['quoi']}\u00a0: {f['avant']} → {f['apres']}" for f in faits if f["genre"] in ("bon", "lieu"))
    return {
        "motif": precedente.motif,
        "phrases": tuple(phrases),
        "marques": marques(precedente),
        "fait_le": jour_a_paris(precedente.close_le),
    }


def marques(precedente: VersionDeBon | None) -> dict[int, str]:
    """What the revision that followed a version changes, by bon line."""
    textes: dict[int, list[str]] = defaultdict(list)
    for fait in precedente.changements if precedente else ():
        if fait["genre"] in ("ligne", "prix"):
            textes[fait["cle"]].append(f"{fait['avant']} → {fait['apres']}")
    numero = precedente.revision + 1 if precedente else 0
    return {cle: f"Révision {numero}\u00a0: {', '.join(dits)}" for cle, dits in textes.items()}


def _peremption(bon: BonDeCommande, version: VersionDeBon) -> dict[str, Any]:
    """What is written across a version that no longer holds."""
    jour = jour_a_paris(version.close_le)
    quand = date_fr(jour)
    if bon.etat is EtatBonDeCommande.ANNULE and version.revision == bon.revision:
        return {"perime": f"Annulé le {quand}", "motif_perime": version.motif, "annule_le": jour}
    return {"perime": f"Remplacé le {quand} par la révision {version.revision + 1}", "motif_perime": version.motif}
