"""Take the screenshots of the guide: load a demonstration, walk through the six journeys, keep each page on the way.

`make docs` runs it. The pages are those a person meets, in their order, on a database of the moment: if a button is
gone or a page fails, the walk stops there. Needs Chromium (`CHROMIUM` gives its path) and a minute or two.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import acheteur
import administration
import archiviste
import collectivites
import complement
import comptable
import depannages
import intentions
import saisies
from carnet import CAPTURES, RACINE, Carnet, application
from playwright.sync_api import sync_playwright

from tests.outils.chromium import chromium
from tests.outils.navigateur import OPTIONS

# The basket is filled and needs are sent while the campagne is open; the buyer closes it afterwards.
PARCOURS: tuple[Callable[[Carnet], None], ...] = (
    collectivites.feuilleter,
    collectivites.se_connecter,
    saisies.saisir,
    collectivites.commander,
    collectivites.valider,
    complement.completer,
    collectivites.recevoir,
    acheteur.decider,
    archiviste.mesurer,
    collectivites.remplir,
    acheteur.acheter,
    depannages.depanner,
    acheteur.livrer,
    acheteur.repondre,
    comptable.refacturer,
    comptable.deposer,
    collectivites.payer,
    archiviste.accomplir,
    comptable.appeler,
    administration.administrer,
    acheteur.charger,
    intentions.interroger,
)


def main() -> None:
    """Everything, or a shorter walk while one writes it."""
    lecteur = argparse.ArgumentParser(description=__doc__)
    lecteur.add_argument("--instance", type=Path, help="un dossier d’instance à reprendre, au lieu d’un neuf")
    lecteur.add_argument("parcours", nargs="*", help="ceux-là seulement (fonctions de docs/captures) ; sans rien, tous")
    choix = lecteur.parse_args()
    programme = chromium()
    if programme is None:
        raise SystemExit("Chromium est introuvable : installez-le, ou donnez son chemin dans CHROMIUM.")
    CAPTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="captures-") as neuf, application(choix.instance or Path(neuf)) as adresse:
        with sync_playwright() as playwright:
            navigateur = playwright.chromium.launch(executable_path=programme, args=list(OPTIONS))
            carnet = Carnet(navigateur, adresse)
            for parcours in [p for p in PARCOURS if not choix.parcours or p.__name__ in choix.parcours]:
                print(parcours.__doc__.split("\n")[0] if parcours.__doc__ else parcours.__name__)
                parcours(carnet)
            navigateur.close()
    perdues = {fichier.stem for fichier in CAPTURES.glob("*.png")} - set(carnet.prises)
    for nom in perdues if not choix.parcours else ():
        (CAPTURES / f"{nom}.png").unlink()
    print(f"{len(carnet.prises)} captures dans {CAPTURES.relative_to(RACINE)}")


if __name__ == "__main__":
    main()
