"""The command line: `groupement`, in French, for colleagues and scripts (docs/ligne-de-commande.md)."""

from groupement.cli.principale import main

__all__ = ["main"]
