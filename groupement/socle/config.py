"""Settings: read from the environment, checked at start-up, each with its French explanation (docs/reglages.md)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parents[2]


class ReglageInvalide(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Reglage:
    """One environment variable."""

    nom: str
    defaut: str
    aide: str
    genre: type = str


REGLAGES = (
    Reglage(
        "GROUPEMENT_MODE",
        "",
        "« demonstration » ou « production ». Sans réglage : production dès que DATABASE_URL est donnée.",
    ),
    Reglage(
        "GROUPEMENT_INSTANCE",
        str(RACINE / "instance"),
        "Dossier des données locales (base SQLite, clé de démonstration).",
    ),
    Reglage(
        "DATABASE_URL",
        "",
        "Base de données, par exemple postgresql+psycopg://… ; vide : SQLite dans le dossier d’instance.",
    ),
    Reglage("SECRET_KEY", "", "Clé qui signe les sessions, 32 caractères au moins. Obligatoire en production."),
    Reglage(
        "SECURITY_PASSWORD_SALT", "", "Sel des jetons de connexion, 16 caractères au moins. Obligatoire en production."
    ),
    Reglage(
        "TOTP_SECRETS",
        "",
        "Clé de chiffrement des seconds facteurs, 32 caractères au moins. Obligatoire en production.",
    ),
    Reglage(
        "ADRESSE_PUBLIQUE",
        "http://127.0.0.1:8000",
        "Adresse du site telle que les courriels et Stripe doivent la connaître.",
    ),
    Reglage(
        "PROCONNECT_ISSUER",
        "",
        "Adresse de ProConnect, par exemple https://auth.agentconnect.gouv.fr/api/v2 ; vide : pas de bouton.",
    ),
    Reglage("PROCONNECT_CLIENT_ID", "", "Identifiant du site, donné par ProConnect."),
    Reglage("PROCONNECT_CLIENT_SECRET", "", "Secret du site, donné par ProConnect."),
    Reglage("PROCONNECT_ALG", "RS256", "Signature convenue avec ProConnect : RS256 ou ES256."),
    Reglage("PROXYS", "0", "Nombre de serveurs mandataires devant l’application (nginx : 1).", int),
    Reglage("SMTP_HOTE", "127.0.0.1", "Serveur d’envoi des courriels."),
    Reglage("SMTP_PORT", "25", "Port du serveur d’envoi.", int),
    Reglage("SMTP_TLS", "0", "1 pour chiffrer l’envoi (STARTTLS).", bool),
    Reglage("SMTP_UTILISATEUR", "", "Compte du serveur d’envoi, s’il en demande un."),
    Reglage("SMTP_MOT_DE_PASSE", "", "Mot de passe du serveur d’envoi."),
    Reglage("COURRIEL_EXPEDITEUR", "groupement@cdg62.example.org", "Adresse d’expédition des courriels."),
    Reglage("COURRIEL_DOMAINE", "cdg62.example.org", "Domaine des identifiants de courriel."),
    Reglage(
        "STRIPE_SECRET_KEY",
        "",
        "Clé secrète Stripe ; vide : paiement par carte simulé en démonstration, absent en production.",
    ),
    Reglage("STRIPE_WEBHOOK_SECRET", "", "Secret de signature des événements Stripe."),
    Reglage("STRIPE_API_BASE", "", "Adresse de l’interface Stripe, pour un serveur d’essai local."),
    Reglage(
        "COORDONNATEUR_NOM",
        "Centre de gestion de la fonction publique territoriale du Pas-de-Calais",
        "Nom du coordonnateur sur les papiers.",
    ),
    Reglage("COORDONNATEUR_SIRET", "28629999500014", "SIRET du coordonnateur (fictif par défaut)."),
    Reglage(
        "COORDONNATEUR_ADRESSE",
        "Allée du Château, Labuissière|62700|Bruay-la-Buissière",
        "Adresse|code postal|ville du coordonnateur.",
    ),
    Reglage("COORDONNATEUR_COURRIEL", "groupement@cdg62.example.org", "Courriel du coordonnateur sur les papiers."),
    Reglage("COORDONNATEUR_TELEPHONE", "03 21 00 00 00", "Téléphone du coordonnateur sur les papiers."),
    Reglage(
        "COORDONNATEUR_IBAN", "FR7630001007941234567890185", "IBAN où les collectivités paient (fictif par défaut)."
    ),
    Reglage("COORDONNATEUR_BIC", "BDFEFRPP", "BIC du compte."),
    Reglage("SIGNATAIRE_BONS", "Le Président du Centre de gestion", "Qui signe les bons de commande."),
    Reglage("MODE_TVA", "A", "A, B ou C : comment la TVA est refacturée (à décider avec le comptable public)."),
    Reglage("SIGNATAIRE_FACTURES", "le Président du Centre de gestion", "Qui émet les factures : nom et qualité."),
    Reglage(
        "MENTION_TVA_A",
        "TVA au taux de chaque article (CGI, article 256).",
        "Texte des factures quand MODE_TVA vaut A (achat-revente).",
    ),
    Reglage(
        "MENTION_TVA_B",
        "Débours : somme exacte payée au nom et pour le compte de la collectivité, hors base de TVA "
        "(CGI, article 267 II 2°).",
        "Texte des factures quand MODE_TVA vaut B (débours).",
    ),
    Reglage(
        "MENTION_TVA_C",
        "Remboursement à l’euro l’euro d’une dépense, sans TVA : activité non assujettie (CGI, article 256 B).",
        "Texte des factures quand MODE_TVA vaut C (non assujetti).",
    ),
    Reglage(
        "MENTION_TVA_PRESTATIONS",
        "TVA non applicable, article 256 B du code général des impôts.",
        "Texte des factures de missions et de contributions SESAM, pour les lignes au taux de 0 %.",
    ),
    Reglage(
        "MENTION_RECOURS",
        "Contestation : dans les deux mois suivant la réception, devant le tribunal administratif de Lille.",
        "Voies et délais de recours écrits sur les factures et les avoirs.",
    ),
    Reglage("DELAI_PAIEMENT_JOURS", "30", "Délai de paiement des factures aux collectivités, en jours.", int),
)


def _convertir(reglage: Reglage, texte: str) -> Any:
    """The setting as its type; ReglageInvalide when the text is not one."""
    if reglage.genre is bool:
        return texte.strip().lower() in {"1", "oui", "true"}
    if reglage.genre is int:
        if not texte.strip().isdigit():
            raise ReglageInvalide(f"{reglage.nom} : « {texte} » n’est pas un nombre entier.")
        return int(texte)
    return texte


def _cle_locale(instance: Path) -> str:
    """The secret of a demonstration: made once, kept beside its database, readable by its owner only."""
    fichier = instance / "cle"
    if not fichier.exists():
        instance.mkdir(parents=True, exist_ok=True)
        descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descripteur, "w") as sortie:
            sortie.write(secrets.token_urlsafe(48))
    return fichier.read_text()


def _secrets(valeurs: dict[str, Any], instance: Path) -> dict[str, str]:
    """The three secrets: given in production, made on the spot for a demonstration."""
    minimums = {"SECRET_KEY": 32, "SECURITY_PASSWORD_SALT": 16, "TOTP_SECRETS": 32}
    if not valeurs["DEMO"]:
        faibles = [nom for nom, minimum in minimums.items() if len(valeurs[nom]) < minimum]
        if faibles:
            raise ReglageInvalide(
                f"En production, donnez {', '.join(faibles)} (longueurs minimales : "
                + ", ".join(f"{nom} {minimums[nom]}" for nom in faibles)
                + "). Une commande pour en fabriquer : python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return {nom: valeurs[nom] for nom in minimums}
    locale = _cle_locale(instance)
    return {nom: valeurs[nom] or f"{locale}-{nom}" for nom in minimums}


def _verifier_proconnect(valeurs: dict[str, Any]) -> None:
    """ProConnect is whole or absent: half of it would show a button that fails. ReglageInvalide."""
    if not valeurs["PROCONNECT_ISSUER"]:
        return
    manquent = [nom for nom in ("PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET") if not valeurs[nom]]
    if manquent:
        raise ReglageInvalide(f"PROCONNECT_ISSUER est donné sans {' ni '.join(manquent)} : donnez-les, ou videz-le.")
    if valeurs["PROCONNECT_ALG"] not in {"RS256", "ES256"}:
        raise ReglageInvalide(f"PROCONNECT_ALG : « {valeurs['PROCONNECT_ALG']} » inconnu ; écrivez RS256 ou ES256.")


def lire(environnement: Mapping[str, str], surcharges: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The configuration of the application.

    `surcharges` (tests, commands) win over the environment. Raises ReglageInvalide.
    """
    valeurs: dict[str, Any] = {r.nom: _convertir(r, environnement.get(r.nom, r.defaut)) for r in REGLAGES}
    valeurs.update(surcharges or {})
    mode = valeurs["GROUPEMENT_MODE"] or ("production" if valeurs["DATABASE_URL"] else "demonstration")
    if mode not in {"demonstration", "production"}:
        raise ReglageInvalide(f"GROUPEMENT_MODE : « {mode} » inconnu ; écrivez demonstration ou production.")
    if valeurs["MODE_TVA"] not in {"A", "B", "C"}:
        raise ReglageInvalide(f"MODE_TVA : « {valeurs['MODE_TVA']} » inconnu ; écrivez A, B ou C.")
    if valeurs["STRIPE_SECRET_KEY"] and not valeurs["STRIPE_WEBHOOK_SECRET"]:
        raise ReglageInvalide("STRIPE_WEBHOOK_SECRET manque : sans lui, aucun paiement par carte ne serait reconnu.")
    _verifier_proconnect(valeurs)
    instance = Path(valeurs["GROUPEMENT_INSTANCE"])
    valeurs["DEMO"] = mode == "demonstration"
    valeurs.update(_secrets(valeurs, instance))
    instance.mkdir(parents=True, exist_ok=True)
    adresse_base = valeurs["DATABASE_URL"] or f"sqlite:///{instance / 'groupement.sqlite'}"
    valeurs.setdefault("SQLALCHEMY_DATABASE_URI", adresse_base.replace("postgres://", "postgresql://", 1))
    if valeurs["SQLALCHEMY_DATABASE_URI"].startswith("postgresql://"):
        valeurs["SQLALCHEMY_DATABASE_URI"] = valeurs["SQLALCHEMY_DATABASE_URI"].replace("://", "+psycopg://", 1)
    return valeurs
