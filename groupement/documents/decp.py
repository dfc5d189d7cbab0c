"""Essential data of public contracts (DECP), a record a lot: JSON v2.0.3, and XML checked against the XSD v2.0.2.

Schemas: `schemas/decp`, from 139bercy/format-commande-publique (public domain, see SOURCE.md there). Amounts in € HT.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # no stubs installed

SCHEMAS = Path(__file__).parent / "schemas" / "decp"
XSD, SCHEMA_JSON = SCHEMAS / "schema_decp_v2.0.2.xsd", SCHEMAS / "schema_decp_v2.0.3.json"
MIME = {"json": "application/json", "xml": "application/xml"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ModificationDecp:
    """What was changed after the first publication; the fields that did not change are None."""

    id: int
    notifiee_le: date
    publiee_le: date
    duree_mois: int | None = None
    montant: Decimal | None = None
    sirets: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MarcheDecp:
    """A lot, in the words of the schema."""

    id: str
    acheteur_siret: str
    objet: str
    code_cpv: str
    procedure: str
    ccag: str
    offres_recues: int
    innovant: bool
    taux_avance: Decimal | None  # 0..1; None: no advance was paid
    type_groupement: str
    sous_traitance: bool
    lieu_code: str
    lieu_type: str
    duree_mois: int
    notifie_le: date
    publie_le: date
    montant: Decimal
    type_prix: str
    sirets: tuple[str, ...]
    considerations_sociales: tuple[str, ...]
    considerations_environnementales: tuple[str, ...]
    modifications: tuple[ModificationDecp, ...] = ()


def ecrire_json(marches: Sequence[MarcheDecp]) -> bytes:
    """The file to deposit, as JSON."""
    contenu = {"marches": {"marche": [_record(marche) for marche in marches]}}
    return json.dumps(contenu, ensure_ascii=False, indent=2).encode()


def ecrire_xml(marches: Sequence[MarcheDecp]) -> bytes:
    """The same records as XML: booleans are « oui » and « non »."""
    racine = etree.Element("marches")
    for marche in marches:
        _poser(racine, "marche", _record(marche))
    return etree.tostring(racine, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def fautes_xml(octets: bytes) -> list[str]:
    """What the XSD says against a file of ours; empty when it is right."""
    schema = _schema()
    schema.validate(etree.fromstring(octets))
    return [str(erreur.message) for erreur in schema.error_log]


@lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    """The XSD, read once."""
    return etree.XMLSchema(etree.parse(str(XSD)))


def _record(marche: MarcheDecp) -> dict[str, Any]:
    """A lot under the keys of the schema."""
    record: dict[str, Any] = {
        "id": marche.id,
        "acheteur": {"id": marche.acheteur_siret},
        "nature": "Marché",
        "objet": marche.objet,
        "codeCPV": marche.code_cpv,
        "techniques": {"technique": ["Accord-cadre"]},
        "modalitesExecution": {"modaliteExecution": ["Bons de commande"]},
        "marcheInnovant": marche.innovant,
        "ccag": marche.ccag,
        "offresRecues": marche.offres_recues,
        "attributionAvance": marche.taux_avance is not None,
        "typeGroupementOperateurs": marche.type_groupement,
        "sousTraitanceDeclaree": marche.sous_traitance,
        "procedure": marche.procedure,
        "lieuExecution": {"code": marche.lieu_code, "typeCode": marche.lieu_type},
        "dureeMois": marche.duree_mois,
        "dateNotification": marche.notifie_le.isoformat(),
        "datePublicationDonnees": marche.publie_le.isoformat(),
        "montant": _nombre(marche.montant),
        "typesPrix": {"typePrix": [marche.type_prix]},
        "formePrix": "Unitaire",
        "titulaires": _titulaires(marche.sirets),
    }
    return record | dict(_considerations(marche)) | dict(_facultatifs(marche))


def _considerations(marche: MarcheDecp) -> Iterator[tuple[str, Any]]:
    """What the contract asks of people and of the environment."""
    yield "considerationsSociales", {"considerationSociale": list(marche.considerations_sociales)}
    environnementales = list(marche.considerations_environnementales)
    yield "considerationsEnvironnementales", {"considerationEnvironnementale": environnementales}


def _facultatifs(marche: MarcheDecp) -> Iterator[tuple[str, Any]]:
    """What some records have."""
    if marche.taux_avance is not None:
        yield "tauxAvance", _nombre(marche.taux_avance)
    if marche.modifications:
        yield "modifications", [{"modification": dict(_modification(m))} for m in marche.modifications]


def _modification(modification: ModificationDecp) -> Iterator[tuple[str, Any]]:
    """A modification under the keys of the schema, what changed only."""
    yield "id", modification.id
    if modification.duree_mois is not None:
        yield "dureeMois", modification.duree_mois
    if modification.montant is not None:
        yield "montant", _nombre(modification.montant)
    if modification.sirets is not None:
        yield "titulaires", _titulaires(modification.sirets)
    yield "dateNotificationModification", modification.notifiee_le.isoformat()
    yield "datePublicationDonneesModification", modification.publiee_le.isoformat()


def _titulaires(sirets: Sequence[str]) -> list[dict[str, Any]]:
    """Operators, named by their SIRET."""
    return [{"titulaire": {"typeIdentifiant": "SIRET", "id": siret}} for siret in sirets]


def _nombre(montant: Decimal) -> Any:
    """A Decimal as JSON writes it, digit for digit; the number is only ever printed, never reckoned with."""
    return json.loads(f"{montant.normalize():f}")


def _poser(parent: Any, cle: str, valeur: Any) -> None:
    """A value under its element; a list repeats it, or holds its own named elements."""
    if isinstance(valeur, list) and all(isinstance(element, dict) for element in valeur):
        enveloppe = etree.SubElement(parent, cle)
        for element in valeur:
            for nom, contenu in element.items():
                _poser(enveloppe, nom, contenu)
    elif isinstance(valeur, list):
        for element in valeur:
            _poser(parent, cle, element)
    elif isinstance(valeur, dict):
        enfant = etree.SubElement(parent, cle)
        for nom, contenu in valeur.items():
            _poser(enfant, nom, contenu)
    else:
        texte = ("oui" if valeur else "non") if isinstance(valeur, bool) else str(valeur)
        etree.SubElement(parent, cle).text = texte
