"""Click speaks French: its help and its error messages, translated where it looks them up."""

from types import ModuleType

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.types

PHRASES = {
    "Usage:": "Utilisation :",
    "Options": "Options",
    "Commands": "Commandes",
    "Positional arguments": "Arguments",
    "Show this message and exit.": "Afficher cette aide.",
    "default: {default}": "par défaut : {default}",
    "env var: {var}": "variable : {var}",
    "required": "obligatoire",
    "Aborted!": "Abandon.",
    "Missing command.": "Indiquez une commande.",
    "Missing {param_type}": "Il manque : {param_type}",
    "Missing argument": "Il manque l’argument",
    "Missing option": "Il manque l’option",
    "Missing parameter": "Il manque",
    "Missing parameter: {param_name}": "Il manque : {param_name}",
    "No such option {name!r}.": "L’option {name!r} n’existe pas.",
    "No such command {name!r}.": "La commande {name!r} n’existe pas.",
    "Did you mean {possibility}?": "Vouliez-vous dire {possibility} ?",
    "(Did you mean one of: {possibilities}?)": "(Vouliez-vous dire : {possibilities} ?)",
    "Try '{command} {option}' for help.": "Pour l’aide : « {command} {option} ».",
    "Error: {message}": "Erreur : {message}",
    "Invalid value: {message}": "Valeur refusée : {message}",
    "Invalid value for {param_hint}: {message}": "Valeur refusée pour {param_hint} : {message}",
    "Could not open file {filename!r}: {message}": "Impossible d’ouvrir {filename!r} : {message}",
    "unknown error": "erreur inconnue",
    "{value!r} is not a valid {number_type}.": "{value!r} n’est pas un nombre ({number_type}).",
    "{value} is not in the range {range}.": "{value} est hors des bornes {range}.",
    "{name} {filename!r} does not exist.": "{name} {filename!r} : introuvable.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} est un dossier.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} n’est pas lisible.",
    "file": "fichier",
    "File": "Fichier",
    "directory": "dossier",
    "path": "chemin",
    "Got unexpected extra argument ({args})": "Argument en trop : {args}",
    "Got unexpected extra arguments ({args})": "Arguments en trop : {args}",
    "Do you want to continue?": "Continuer ?",
}


def traduire(phrase: str) -> str:
    """The French for one of Click's phrases, the phrase itself when it has none."""
    return PHRASES.get(phrase, phrase)


def traduire_pluriel(singulier: str, pluriel: str, combien: int) -> str:
    """The same for a phrase with a plural (French: plural from two on)."""
    return traduire(pluriel if combien > 1 else singulier)


def installer() -> None:
    """Put the translations where Click's modules look their phrases up."""
    modules: tuple[ModuleType, ...] = (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.types,
    )
    for module in modules:
        for nom, fonction in (("_", traduire), ("ngettext", traduire_pluriel)):
            if hasattr(module, nom):
                setattr(module, nom, fonction)
