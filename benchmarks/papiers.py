"""How long the papers take: ms each, factures per second on two processes, memory. Run: python -m benchmarks.papiers

Figures to reach: PDF/A-3 factures ≥ 10 a second on two cores, ≤ 120 MiB a process; a paper of 60 lines < 1 s.
"""

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter

from groupement.documents import rendu
from tests.documents import exemples

PAPIERS: dict[str, Callable[[], bytes]] = {
    "facture, 1 ligne": lambda: rendu.rendre_facture(exemples.facture(1)),
    "facture, 15 lignes": lambda: rendu.rendre_facture(exemples.facture(15)),
    "facture, 60 lignes": lambda: rendu.rendre_facture(exemples.facture(60)),
    "avoir, 2 lignes": lambda: rendu.rendre_avoir(exemples.avoir(2)),
    "bon de livraison, 10 lignes": lambda: rendu.rendre_bon_de_livraison(exemples.bon_de_livraison(10)),
    "bon de commande, 15 lignes, 4 lieux": lambda: rendu.rendre_bon_de_commande(exemples.bon(15, 4)),
    "bon de commande, 60 lignes, 2 lieux": lambda: rendu.rendre_bon_de_commande(exemples.bon(60, 2)),
    "bon de commande, 10 lignes, 300 lieux": lambda: rendu.rendre_bon_de_commande(exemples.bon(10, 300)),
    "état des lieux, 3 locaux": lambda: rendu.rendre_etat_des_lieux(exemples.etat_des_lieux()),
}
FACTURES = 100


def facture_numero(rang: int) -> int:
    """Lay out one facture of five lines; its size in bytes."""
    return len(rendu.rendre_facture(exemples.facture(5, numero=f"F2026-{rang:06}")))


def main() -> None:
    """Print the figures."""
    for nom, rendre in PAPIERS.items():
        rendre()
        durees = []
        for _ in range(3):
            debut = perf_counter()
            octets = len(rendre())
            durees.append(perf_counter() - debut)
        print(f"{nom:40} {sorted(durees)[1] * 1000:6.0f} ms  {octets // 1024:5} Kio")
    print(f"mémoire du processus : {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} Mio")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as ouvriers:
        list(ouvriers.map(facture_numero, range(4)))
        debut = perf_counter()
        list(ouvriers.map(facture_numero, range(FACTURES), chunksize=10))
        print(f"factures de 5 lignes, 2 processus : {FACTURES / (perf_counter() - debut):.1f} par seconde")


if __name__ == "__main__":
    main()
