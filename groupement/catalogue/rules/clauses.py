"""Every clock and rate of the CCAG-FCS 2021 a CCAP may change, lot by lot: the default, what changes it, what it does.

A value is a Decimal: days, months, euros, per cent, or the divisor of the penalty formula. Rules ask `valeur` (or
`jours`) with the derogations of the lot. Source of the defaults: CCAG-FCS 2021 (arrêté of 30 March 2021) and the CCP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType


class Clause(StrEnum):
    """A term the CCAG sets unless the CCAP of the lot says otherwise."""

    NOTIFICATION_PROFIL = "notification_profil"
    OBSERVATIONS_BON = "observations_bon"
    DEMANDE_PROLONGATION = "demande_prolongation"
    REPONSE_PROLONGATION = "reponse_prolongation"
    VERIFICATION = "verification"
    ACCORD_AJOURNEMENT = "accord_ajournement"
    NOUVELLE_PRESENTATION = "nouvelle_presentation"
    CHOIX_APRES_AJOURNEMENT = "choix_apres_ajournement"
    OBSERVATIONS_REFACTION = "observations_refaction"
    NOUVELLE_DECISION = "nouvelle_decision"
    ENLEVEMENT = "enlevement"
    GARANTIE = "garantie"
    OBSERVATIONS_PENALITES = "observations_penalites"
    PENALITES_DIVISEUR = "penalites_diviseur"
    PENALITES_PLAFOND = "penalites_plafond"
    PENALITES_EXONERATION = "penalites_exoneration"
    DEMANDE_DE_PAIEMENT = "demande_de_paiement"
    PAIEMENT = "paiement"
    INTERETS = "interets"
    INDEMNITE = "indemnite"


@dataclass(frozen=True, slots=True)
class Terme:
    """A clause in words: its name, default, unit, source, what it changes; the values a contract may give."""

    titre: str
    defaut: Decimal
    unite: str  # jours, mois, €, %, points; empty for the divisor
    source: str
    effet: str
    au_moins: Decimal
    au_plus: Decimal
    limite: str = ""  # why the law bounds it, when it does


@dataclass(frozen=True, slots=True)
class Derogation:
    """What the CCAP of a lot says instead, and where."""

    valeur: Decimal
    article: str


D = Decimal
Derogations = Mapping[Clause, Derogation]


def _delai(titre: str, jours_par_defaut: int, article: str, effet: str) -> Terme:
    """A number of calendar days of the CCAG."""
    return Terme(titre, Decimal(jours_par_defaut), "jours", f"CCAG-FCS, article {article}", effet, D(1), D(365))


TERMES: Mapping[Clause, Terme] = MappingProxyType(
    {
        Clause.OBSERVATIONS_BON: _delai(
            "Observations sur un bon", 15, "3.7.2",
            "Le fournisseur a ce temps pour contester un bon reçu\u00a0; il l’exécute quand même.",
        ),
        Clause.NOTIFICATION_PROFIL: _delai(
            "Notification par la plateforme", 8, "3.1.2",
            "Sans consultation, un envoi par le profil d’acheteur est réputé reçu au bout de ce temps.",
        ),
        Clause.DEMANDE_PROLONGATION: _delai(
            "Demande de prolongation", 15, "13.3",
            "Le fournisseur empêché de livrer à temps a ce délai pour demander un report.",
        ),
        Clause.REPONSE_PROLONGATION: _delai(
            "Réponse à une prolongation", 15, "13.3", "L’acheteur a ce temps pour répondre à la demande de report."
        ),
        Clause.VERIFICATION: _delai(
            "Vérification d’une livraison", 15, "28.2",
            "Sans décision dans ce délai, la livraison est acceptée d’office.",
        ),
        Clause.ACCORD_AJOURNEMENT: _delai(
            "Accord sur un ajournement", 10, "30.2", "Le fournisseur accepte ou non de présenter à nouveau."
        ),
        Clause.NOUVELLE_PRESENTATION: _delai(
            "Nouvelle présentation", 15, "30.2", "Le temps de remettre en état et de présenter à nouveau."
        ),
        Clause.CHOIX_APRES_AJOURNEMENT: _delai(
            "Choix après un ajournement refusé", 15, "30.2",
            "L’acheteur choisit la réfaction ou le rejet\u00a0; son silence vaut rejet.",
        ),
        Clause.OBSERVATIONS_REFACTION: _delai(
            "Observations sur une réfaction", 15, "30.3", "Le silence du fournisseur vaut accord sur la baisse de prix."
        ),
        Clause.NOUVELLE_DECISION: _delai(
            "Nouvelle décision de l’acheteur", 15, "30.3",
            "Après des observations, le silence de l’acheteur vaut admission sans réfaction.",
        ),
        Clause.ENLEVEMENT: _delai(
            "Enlèvement après un rejet", 30, "30.4",
            "Passé ce délai, les fournitures rejetées sont enlevées ou détruites aux frais du fournisseur.",
        ),
        Clause.GARANTIE: Terme(
            "Garantie", D(12), "mois", "CCAG-FCS, article 33",
            "À partir de l’admission, le fournisseur répare ou remplace à ses frais.", D(1), D(120),
        ),
        Clause.OBSERVATIONS_PENALITES: _delai(
            "Observations avant pénalités", 15, "14.1.1",
            "Le fournisseur est invité à s’expliquer avant qu’une pénalité soit appliquée.",
        ),
        Clause.PENALITES_DIVISEUR: Terme(
            "Pénalités de retard\u00a0: diviseur", D(1000), "", "CCAG-FCS, article 14.1.1",
            "Pénalité = valeur hors taxes en retard × jours de retard ÷ ce nombre. Plus il est petit, plus elle est "
            "forte.", D(1), D(100000),
        ),
        Clause.PENALITES_PLAFOND: Terme(
            "Pénalités de retard\u00a0: plafond", D(10), "%", "CCAG-FCS, article 14.1.2",
            "Les pénalités ne dépassent pas cette part du bon de commande, hors taxes.", D(0), D(100),
        ),
        Clause.PENALITES_EXONERATION: Terme(
            "Pénalités de retard\u00a0: seuil", D(1000), "€", "CCAG-FCS, article 14.1.3",
            "Aucune pénalité tant que leur total sur le marché ne dépasse pas ce montant\u00a0; au-delà, toutes sont "
            "dues.", D(0), D(1000000),
        ),
        Clause.DEMANDE_DE_PAIEMENT: _delai(
            "Facture attendue après l’admission", 45, "11.7.2",
            "Passé ce délai et une relance, l’acheteur peut arrêter le compte lui-même.",
        ),
        Clause.PAIEMENT: Terme(
            "Paiement du fournisseur", D(30), "jours", "Code de la commande publique, article R2192-10",
            "À partir de la réception de la facture sur Chorus Pro.", D(1), D(30),
            "La loi fixe 30 jours au plus\u00a0: le contrat ne peut que raccourcir ce délai.",
        ),
        Clause.INTERETS: Terme(
            "Intérêts de retard", D(8), "points", "Code de la commande publique, article R2192-31",
            "S’ajoutent au taux de la Banque centrale européenne, sur le montant TTC payé en retard.", D(8), D(20),
            "La loi fixe 8 points\u00a0: le contrat ne peut pas donner moins (article L2192-14).",
        ),
        Clause.INDEMNITE: Terme(
            "Indemnité de recouvrement", D(40), "€", "Code de la commande publique, article D2192-35",
            "Due au fournisseur pour chaque paiement en retard.", D(40), D(40),
            "La loi fixe 40\u00a0€\u00a0: le contrat n’y change rien.",
        ),
    }
)  # fmt: skip


def valeur(derogations: Derogations, clause: Clause) -> Decimal:
    """What a clause is worth in a lot: what its CCAP says, else the default."""
    derogation = derogations.get(clause)
    return TERMES[clause].defaut if derogation is None else derogation.valeur


def jours(derogations: Derogations, clause: Clause) -> int:
    """The same, as whole days."""
    return int(valeur(derogations, clause))


def en_derogations(saisies: Mapping[str, Mapping[str, str]] | None) -> dict[Clause, Derogation]:
    """Derogations as they are stored, {clause: {valeur, article}}, read back."""
    return {
        Clause(clause): Derogation(Decimal(texte["valeur"]), texte["article"])
        for clause, texte in (saisies or {}).items()
    }


def en_clair(derogations: Derogations) -> dict[str, dict[str, str]]:
    """Derogations as they are stored."""
    return {
        clause.value: {"valeur": f"{derogation.valeur:f}", "article": derogation.article}
        for clause, derogation in derogations.items()
    }


def fautes_des_derogations(derogations: Derogations) -> dict[str, str]:
    """What is wrong with derogations, by clause (`clause`) or by its article (`clause_article`)."""
    fautes = {}
    for clause, derogation in derogations.items():
        terme = TERMES[clause]
        if not terme.au_moins <= derogation.valeur <= terme.au_plus:
            bornes = f"Indiquez une valeur entre {terme.au_moins:f} et {terme.au_plus:f}, ou laissez vide."
            fautes[clause.value] = terme.limite or bornes
        elif terme.unite in ("jours", "mois") and derogation.valeur != derogation.valeur.to_integral_value():
            fautes[clause.value] = f"Indiquez un nombre entier de {terme.unite}."
        if not derogation.article.strip():
            fautes[f"{clause.value}_article"] = "Dites quel article du CCAP le prévoit, par exemple 8.2."
    return fautes
