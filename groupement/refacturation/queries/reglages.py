"""What the settings say of the factures, as a frozen value."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from stdnum.fr import siren, siret

from groupement.refacturation.states import ModeTva


@dataclass(frozen=True, slots=True)
class Reglages:
    """The Centre de gestion as its factures show it, and how they are to be paid."""

    mode: ModeTva
    delai_jours: int
    emetteur: dict[str, str]
    paiement: dict[str, Any]
    mentions: tuple[str, ...]
    recours: str
    emise_par: str
    mention_prestations: str


def carte_possible() -> bool:
    """Whether a member can pay by card: at Stripe when its key is set, else with our own till in demonstration."""
    return bool(current_app.config["STRIPE_SECRET_KEY"]) or current_app.config["DEMO"]


def mode_tva() -> ModeTva:
    """The VAT mode of the groupement."""
    mode: ModeTva = ModeTva._value2member_map_[current_app.config["MODE_TVA"]]  # type: ignore[assignment]
    return mode


def reglages() -> Reglages:
    """The settings of today."""
    valeurs = current_app.config
    mode = mode_tva()
    moyens = ["Par virement au compte ci-contre, en rappelant la référence."]
    if carte_possible():
        moyens.append(f"Par carte bancaire, depuis votre espace\u00a0: {valeurs['ADRESSE_PUBLIQUE']}/factures/")
    emise_par = f"Émise par {valeurs['SIGNATAIRE_FACTURES']}."
    return Reglages(
        mode=mode,
        delai_jours=valeurs["DELAI_PAIEMENT_JOURS"],
        emetteur=emetteur(avec_tva=mode is ModeTva.A),
        paiement={
            "iban": valeurs["COORDONNATEUR_IBAN"],
            "bic": valeurs["COORDONNATEUR_BIC"],
            "titulaire": valeurs["COORDONNATEUR_NOM"],
            "moyens": moyens,
        },
        mentions=(emise_par, valeurs[f"MENTION_TVA_{mode.value}"], valeurs["MENTION_RECOURS"]),
        recours=valeurs["MENTION_RECOURS"],
        emise_par=emise_par,
        mention_prestations=valeurs["MENTION_TVA_PRESTATIONS"],
    )


def emetteur(*, avec_tva: bool) -> dict[str, str]:
    """The issuer as the paper names it; its VAT number only where it charges VAT."""
    valeurs = current_app.config
    rue, code_postal, ville = (valeurs["COORDONNATEUR_ADRESSE"].split("|") + ["", ""])[:3]
    numero = valeurs["COORDONNATEUR_SIRET"]
    return {
        "nom": valeurs["COORDONNATEUR_NOM"],
        "adresse": rue,
        "code_postal": code_postal,
        "ville": ville,
        "siret": numero,
        "tva": f"FR{siren.to_tva(numero[:9])}" if avec_tva and siret.is_valid(numero) else "",
        "telephone": valeurs["COORDONNATEUR_TELEPHONE"],
        "courriel": valeurs["COORDONNATEUR_COURRIEL"],
    }
