"""How values are shown to people in France: amounts, lengths, dates, numbers, query strings.

Filters are pure functions on plain values, a microsecond or so each, since a page calls them in every cell.
Nothing here computes: an amount shown is the amount stored. `None` is shown as a dash, never as a word.
Spaces inside a number and before a unit are U+00A0: they never break at the end of a line, and in Source Sans they
are as narrow as a French « espace fine » should be (its U+202F is a tenth of an em: 1234,50 would be read).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from groupement.socle.apparences import apparence
from groupement.socle.argent import arrondir
from groupement.socle.calendrier import MOIS, PARIS
from groupement.socle.nombres import ESPACE_INSECABLE

if TYPE_CHECKING:
    from flask import Flask

MOINS = "\u2212"
VIDE = "–"
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
A_LA_FRANCAISE = str.maketrans({",": ESPACE_INSECABLE, ".": ",", "-": MOINS})
UNITES_DE_TAILLE = ("o", "Ko", "Mo", "Go")


def euros(montant: Decimal | int | None) -> str:
    """An amount in euros, two decimals: 1 234,50 €."""
    if montant is None:
        return VIDE
    return f"{arrondir(Decimal(montant)):,.2f}".translate(A_LA_FRANCAISE) + "\u00a0€"


def prix(prix_unitaire: Decimal | None) -> str:
    """A unit price in euros, two to four decimals: 0,54 €, 0,5425 €."""
    if prix_unitaire is None:
        return VIDE
    entiers, decimales = f"{prix_unitaire:,.4f}".split(".")
    return f"{entiers}.{decimales[:2]}{decimales[2:].rstrip('0')}".translate(A_LA_FRANCAISE) + "\u00a0€"


def nombre(valeur: Decimal | int | None) -> str:
    """A number as it is, without useless zeros: 1 300, 12,5."""
    if valeur is None:
        return VIDE
    texte = f"{valeur:,}" if isinstance(valeur, int) else f"{valeur:,f}"
    if "." in texte:
        texte = texte.rstrip("0").rstrip(".")
    return texte.translate(A_LA_FRANCAISE)


def pourcent(taux: Decimal | int | None) -> str:
    """A rate already in percent, two decimals at most: 20 %, 5,5 %."""
    if taux is None:
        return VIDE
    return nombre(arrondir(Decimal(taux))) + "\u00a0%"


def metres_lineaires(millimetres: int | None) -> str:
    """A length of shelf, from whole millimetres: 12 600 gives 12,60 ml."""
    if millimetres is None:
        return VIDE
    return f"{arrondir(Decimal(millimetres) / 1000):,.2f}".translate(A_LA_FRANCAISE) + "\u00a0ml"


def _a_paris(moment: date) -> date:
    """The same moment on a clock in Paris; a plain date is left as it is.

    Raises ValueError for a datetime without a timezone: its hour in Paris cannot be known.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"instant sans fuseau horaire : {moment}")
    return moment.astimezone(PARIS)


def date_fr(jour: date | None) -> str:
    """A day in figures: 22/11/2026."""
    if jour is None:
        return VIDE
    jour = _a_paris(jour)
    return f"{jour.day:02}/{jour.month:02}/{jour.year:04}"


def date_longue(jour: date | None) -> str:
    """A day in words: dimanche 1er novembre 2026."""
    if jour is None:
        return VIDE
    jour = _a_paris(jour)
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{JOURS[jour.weekday()]} {quantieme} {MOIS[jour.month - 1]} {jour.year}"


def mois_fr(jour: date | None) -> str:
    """The month of a day: septembre 2026."""
    return VIDE if jour is None else f"{MOIS[jour.month - 1]} {jour.year}"


def date_heure(moment: datetime | None) -> str:
    """A moment on a clock in Paris: 22/11/2026 à 14 h 05."""
    if moment is None:
        return VIDE
    local = _a_paris(moment)
    assert isinstance(local, datetime)
    return f"{date_fr(local)} à {local.hour}\u00a0h\u00a0{local.minute:02}"


def jours_restants(echeance: date | None, le: date) -> str:
    """How far `echeance` is from the day `le`: dans 3 jours, demain, aujourd’hui, en retard de 2 jours."""
    if echeance is None:
        return "sans échéance"
    ecart = (_a_paris(echeance).toordinal()) - le.toordinal()
    proches = {0: "aujourd’hui", 1: "demain", -1: "en retard d’un jour"}
    if ecart in proches:
        return proches[ecart]
    return f"dans {nombre(ecart)}\u00a0jours" if ecart > 0 else f"en retard de {nombre(-ecart)}\u00a0jours"


def pluriel(compte: int | Decimal, singulier: str, pluriel: str | None = None) -> str:
    """A number with its noun; in French the plural starts at two: 0 boîte, 1,5 mètre, 2 boîtes."""
    mot = singulier if -2 < compte < 2 else (pluriel or singulier + "s")
    return f"{nombre(compte)}\u00a0{mot}"


def siren(numero: str | None) -> str:
    """A SIREN by threes, a SIRET with its five last digits: 216 200 014, 216 200 014 00012."""
    if not numero:
        return VIDE
    groupes = [numero[:3], numero[3:6], numero[6:9], numero[9:]]
    return ESPACE_INSECABLE.join(groupe for groupe in groupes if groupe)


def taille(octets: int | None) -> str:
    """The size of a file: 850 o, 1,2 Mo."""
    if octets is None:
        return VIDE
    dixiemes, rang = octets * 10, 0
    while dixiemes >= 10_000 and rang < len(UNITES_DE_TAILLE) - 1:
        dixiemes, rang = dixiemes // 1000, rang + 1
    return f"{nombre(Decimal(dixiemes) / 10)}\u00a0{UNITES_DE_TAILLE[rang]}"


def part_entiere(partie: Decimal | int, tout: Decimal | int) -> int:
    """Whole percents of `tout` reached by `partie`, never rounded up: 89,99 % is not yet 90."""
    return int(Decimal(partie) * 100 / Decimal(tout)) if tout else 0


def echelle(partie: Decimal | int, tout: Decimal | int) -> str:
    """A share of `tout` as the percent length of a drawn bar, kept between 0 and 100: 62.35."""
    return f"{min(max(Decimal(partie) * 100 / Decimal(tout), Decimal(0)), Decimal(100)):.2f}" if tout else "0"


def avec(parametres: Mapping[str, Any], **changes: object) -> str:
    """The query string of the page with some parameters changed; `None` takes one away: ?q=boite&tri=nom."""
    multiples = getattr(parametres, "lists", None)
    paires = list(multiples()) if multiples else [(cle, [valeur]) for cle, valeur in parametres.items()]
    gardees = {cle: valeurs for cle, valeurs in paires if cle not in changes}
    gardees |= {cle: [valeur] for cle, valeur in changes.items() if valeur is not None}
    return "?" + urlencode(gardees, doseq=True)


def erreurs_a_plat(formulaire: Any) -> Iterator[tuple[str, str, str]]:
    """Every error of a WTForms form as (id of the field, its label, message), nested forms included."""
    yield from (("", "", message) for message in getattr(formulaire, "form_errors", ()))
    for champ in formulaire:
        enfants = getattr(champ, "entries", None)
        if enfants is not None or hasattr(champ, "form"):
            yield from erreurs_a_plat(enfants if enfants is not None else champ.form)
            continue
        liste = hasattr(getattr(champ, "option_widget", None), "input_type")  # radio buttons, boxes to tick
        cible = f"{champ.id}-0" if liste else champ.id
        yield from ((cible, champ.label.text, message) for message in champ.errors)


def dessin(racine: str) -> Callable[..., Markup]:
    """The `icone(nom)` function of the pages; `racine` is the address static files are served under."""
    feuille = Path(__file__).parents[1] / "static" / "icones.svg"
    connues = frozenset(re.findall(r'<symbol id="([^"]+)"', feuille.read_text("utf-8")))

    @cache
    def icone(nom: str, classe: str = "") -> Markup:
        """A small drawing from the sprite, always beside a word: hidden from screen readers."""
        if nom not in connues:
            raise LookupError(f"icône absente de static/icones.svg : {nom}")
        return Markup(
            '<svg class="icone {}" width="16" height="16" aria-hidden="true" focusable="false">'
            '<use href="{}/icones.svg#{}"/></svg>'
        ).format(classe, racine, nom)

    return icone


FILTRES: Mapping[str, Callable[..., Any]] = {
    filtre.__name__: filtre
    for filtre in (
        *(euros, prix, nombre, pourcent, metres_lineaires, pluriel, siren, taille, part_entiere, echelle),
        *(date_fr, date_longue, mois_fr, date_heure, jours_restants, avec, erreurs_a_plat, apparence),
    )
}


def installer(app: "Flask") -> None:
    """Give the templates of `app` the filters above, `icone` as a function, and where static files are, `statique`."""
    app.jinja_env.filters.update(FILTRES)
    prefixe = app.config.get("APPLICATION_ROOT", "/").rstrip("/")
    racine = f"{prefixe}{app.static_url_path}"
    app.jinja_env.globals.update(icone=dessin(racine), statique=racine)
