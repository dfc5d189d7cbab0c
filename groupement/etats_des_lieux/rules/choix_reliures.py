"""Which binding to propose: the price band of each volume, civil status apart, and one collection for all."""

from collections import Counter
from collections.abc import Sequence

from groupement.etats_des_lieux.rules.ecriture import enumeration
from groupement.etats_des_lieux.rules.lignes_proposees import (
    ArticleDispo,
    LigneProposee,
    article_nomme,
    ligne_au_plus_juste,
)
from groupement.etats_des_lieux.rules.reliures import (
    SERIES_TOUJOURS_ANNUELLES,
    Volume,
    epaisseur_mm,
    libelle_serie,
)
from groupement.socle.nombres import accorde

RELIURE, RELIURE_ETAT_CIVIL = "reliure", "reliure_ec"
ENLEVEMENT = "RES-ENL"


def choisir_reliure(articles: Sequence[ArticleDispo], volume: Volume, volumes: int = 1) -> ArticleDispo | None:
    """The binding of the narrowest band that holds `volume`, the cheapest of it for `volumes` pieces; None without one.

    An article whose thickness could not hold its own number of sheets (the thin binding of tables) is left aside.
    """
    famille = RELIURE_ETAT_CIVIL if volume.serie in SERIES_TOUJOURS_ANNUELLES else RELIURE
    possibles = [
        (article.feuillets_max, article.cout_ht(volumes), article.reference, article)
        for article in articles
        if article.type_element == famille
        and article.feuillets_max is not None
        and article.feuillets_max >= volume.feuillets
        and (article.capacite_mm is None or article.capacite_mm >= epaisseur_mm(article.feuillets_max))
    ]
    return min(possibles, key=lambda possible: possible[:3])[3] if possibles else None


def proposer_reliures(
    articles: Sequence[ArticleDispo], volumes: Sequence[Volume]
) -> tuple[list[LigneProposee], list[str]]:
    """One line per binding article in the order first needed, the collection, and what no binding fits."""
    par_reference: dict[str, list[Volume]] = {}
    manques = []
    for volume in volumes:
        article = choisir_reliure(articles, volume, len(volumes))
        if article is None:
            manques.append(_aucune_reliure(volume))
        else:
            par_reference.setdefault(article.reference, []).append(volume)
    lignes = [
        ligne_au_plus_juste(article, len(par_reference[article.reference]), _motif(par_reference[article.reference]))
        for article in sorted(
            (article for article in articles if article.reference in par_reference),
            key=lambda article: list(par_reference).index(article.reference),
        )
    ]
    if not lignes:
        return [], manques
    enlevement = article_nomme(articles, ENLEVEMENT)
    if enlevement is None:
        return lignes, [*manques, f"La prestation {ENLEVEMENT} n’est pas au marché\u00a0: demandez un devis."]
    return [*lignes, ligne_au_plus_juste(enlevement, 1, "Un passage du relieur pour prendre et rendre.")], manques


def _motif(volumes: Sequence[Volume]) -> str:
    """Which volumes make the line."""
    series = Counter(libelle_serie(volume.serie) for volume in volumes)
    detail = enumeration([f"{serie} ({compte})" for serie, compte in series.items()])
    plus_gros = max(volume.feuillets for volume in volumes)
    reserve = (
        " Les registres d’état civil ne partent chez le relieur qu’avec l’accord du procureur."
        if any(volume.serie in SERIES_TOUJOURS_ANNUELLES for volume in volumes)
        else ""
    )
    return f"{accorde(len(volumes), 'volume')} de {plus_gros} feuillets au plus\u00a0: {detail}.{reserve}"


def _aucune_reliure(volume: Volume) -> str:
    """Why a volume has no line."""
    return (
        f"{libelle_serie(volume.serie)} {volume.annees[0]}, {accorde(volume.feuillets, 'feuillet')}\u00a0: "
        "aucune reliure du marché ne convient. Demandez un devis au relieur."
    )
