"""Issue 1 300 factures of 30 lines: seconds, and the ratio to the bare inserts. Run: python -m benchmarks.factures

Figures to reach: ≤ 5 s on SQLite for 1 300 factures; the number of statements does not depend on the members.
`python -m benchmarks.factures 10` for another number of members.
"""

import sys
import tempfile
from time import perf_counter, process_time

from flask_migrate import upgrade
from sqlalchemy import event, insert, select

from groupement.app import create_app
from groupement.refacturation.actions.refacturation import refacturer
from groupement.refacturation.models import Facture, LigneFacture, Refacturation
from groupement.refacturation.queries.chaine import verifier_factures
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques import refacturation as fabrique

MEMBRES, ARTICLES = 1300, 30


def emettre(campagne_id: int) -> tuple[int, int, int]:
    """Issue and commit: milliseconds, of which our processor's, statements."""
    envoyees: list[str] = []

    def noter(connexion, curseur, instruction, *_):  # type: ignore[no-untyped-def]
        envoyees.append(instruction)

    event.listen(db.engine, "before_cursor_execute", noter)
    debut, travail = perf_counter(), process_time()
    refacturer(campagne_id, par=AUTOMATE, le=fabrique.FACTUREE_LE)
    db.session.commit()
    duree, travail = perf_counter() - debut, process_time() - travail
    event.remove(db.engine, "before_cursor_execute", noter)
    return int(duree * 1000), int(travail * 1000), len(envoyees)


def inserer_nu() -> int:
    """The same rows again, already made, inserted and rolled back: milliseconds of processor."""
    factures = [dict(ligne._mapping) for ligne in db.session.execute(select(Facture.__table__))]
    lignes = [dict(ligne._mapping) for ligne in db.session.execute(select(LigneFacture.__table__))]
    depart = max(facture["id"] for facture in factures)
    run = db.session.scalars(select(Refacturation)).first()
    assert run is not None
    copie = Refacturation(
        campagne_id=run.campagne_id, le=run.le, par=run.par, mode_tva=run.mode_tva, preuves=run.preuves
    )
    db.session.add(copie)
    db.session.flush()
    for facture in factures:
        facture["id"] += depart
        facture["numero"], facture["empreinte"] = f"N-{facture['id']}", f"{facture['id']:064d}"
        facture["refacturation_id"] = copie.id
    for ligne in lignes:
        ligne["facture_id"] += depart
        del ligne["id"]
    debut = process_time()
    db.session.execute(insert(Facture.__table__), factures)
    db.session.execute(insert(LigneFacture.__table__), lignes)
    duree = process_time() - debut
    db.session.rollback()
    return int(duree * 1000)


def main() -> None:
    """Print the figures."""
    membres = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBRES
    with tempfile.TemporaryDirectory() as dossier:
        app = create_app({"GROUPEMENT_INSTANCE": dossier, "GROUPEMENT_MODE": "demonstration"})
        with app.app_context():
            upgrade()
            campagne_id = fabrique.campagne_admise(membres, articles=ARTICLES).id
            db.session.commit()
            duree, travail, instructions = emettre(campagne_id)
            nu = inserer_nu()
            debut = perf_counter()
            chaine = verifier_factures()
            controle = int((perf_counter() - debut) * 1000)
            cout = f"{duree} ms ({travail} ms de calcul), {instructions} instructions"
            print(f"{chaine.documents} factures de {ARTICLES} lignes : {cout}")
            print(
                f"les mêmes lignes, déjà faites, insérées à nu : {nu} ms de calcul ; rapport {travail / max(nu, 1):.1f}"
            )
            print(f"vérification de la chaîne : {controle} ms, entière : {'oui' if chaine.est_entiere else 'non'}")


if __name__ == "__main__":
    main()
