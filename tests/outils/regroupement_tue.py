"""A regroupement stopped in its middle, to be killed there.

Run as a program: it reads `{"configuration", "campagne"}` on its standard input, regroups the campagne up to the last
row it writes, says « ecrit » and waits, its transaction open, for somebody to kill it.
"""

import json
import sys
import time
from typing import Any

from groupement.app import create_app
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Affectation
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques.commandes import APRES


def attendre(*_: Any) -> None:
    """Everything is written, nothing is committed."""
    assert db.session.query(Affectation).count()
    print("ecrit", flush=True)
    time.sleep(120)


def main() -> None:
    """Play the plan given on the standard input."""
    plan = json.load(sys.stdin)
    app = create_app(plan["configuration"])
    regroupement.apres_emission.append(attendre)
    with app.app_context():
        regroupement.regrouper(plan["campagne"], par=AUTOMATE, le=APRES)
        db.session.commit()
    print("fini", flush=True)


if __name__ == "__main__":
    main()
