"""What is attached to a signed marché: reconductions, papers. Each function writes and flushes; the test commits."""

import io
from datetime import datetime
from typing import Any

import pikepdf

from groupement.catalogue.models import DocumentMarche, DonneesEssentielles, Lot, Marche, Reconduction
from groupement.catalogue.states import ModeReconduction, NatureDocument, VisibiliteDocument
from groupement.socle.db import db
from groupement.socle.fichiers import deposer


def _ecrire(objet: Any) -> Any:
    """Add and flush, so that the object has its id."""
    db.session.add(objet)
    db.session.flush()
    return objet


def reconduction(marche_reconduit: Marche, **champs: Any) -> Reconduction:
    """One more year, tacit, with three months of notice."""
    rang = len(marche_reconduit.reconductions) + 1
    valeurs = {"rang": rang, "mois": 12, "mode": ModeReconduction.TACITE, "preavis_mois": 3}
    cree = Reconduction(**{**valeurs, **champs})
    marche_reconduit.reconductions.append(cree)
    return _ecrire(cree)


def pdf_d_une_page() -> bytes:
    """The smallest PDF a reader opens."""
    flux = io.BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(flux)
    return flux.getvalue()


def document(lot_du_document: Lot, *, le: datetime, **champs: Any) -> DocumentMarche:
    """A signed paper of a lot, shared with its titulaire and every body."""
    valeurs = {
        "nature": NatureDocument.CCAP,
        "intitule": "CCAP signé",
        "visibilite": VisibiliteDocument.TOUS,
        "depose_par": "Hélène Vasseur",
    }
    fichier = deposer("ccap.pdf", "application/pdf", pdf_d_une_page(), le=le)
    marche_id = lot_du_document.marche_id
    return _ecrire(DocumentMarche(marche_id=marche_id, lot=lot_du_document, fichier=fichier, **{**valeurs, **champs}))


def donnees(lot_publie: Lot, **champs: Any) -> DonneesEssentielles:
    """The essential data of a lot, complete, not published yet."""
    valeurs = {
        "identifiant": f"2026ARCH{lot_publie.id:04}",
        "code_cpv": "39131100-0",
        "procedure": "Appel d'offres ouvert",
        "ccag": "Fournitures courantes et services",
        "offres_recues": 3,
        "type_prix": "Définitif révisable",
        "lieu_code": "62",
        "lieu_type": "Code département",
        "considerations_sociales": ["Pas de considération sociale"],
        "considerations_environnementales": ["Clause environnementale"],
    }
    return _ecrire(DonneesEssentielles(lot_id=lot_publie.id, **{**valeurs, **champs}))
