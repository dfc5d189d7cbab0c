"""How a form is answered when it is shown, and when it is shown again with its faults."""

from typing import Any

from flask import render_template, request


def formulaire(gabarit: str, **valeurs: Any) -> tuple[str, int]:
    """The page of a form: 200 when asked for, 422 when what was sent is refused."""
    return render_template(gabarit, **valeurs), 422 if request.method == "POST" else 200
