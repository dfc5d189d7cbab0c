"""The components, on the page that shows them all and on the error pages: markup, then a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, get_template_attribute, redirect, render_template, request
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from playwright.sync_api import Browser, Page

from groupement.socle import affichage, vitrine
from tests.outils.navigateur import Serveur, sans_faute_axe

RACINE = Path(__file__).parents[2]
GABARITS = sorted(
    fichier
    for fichier in (RACINE / "templates").rglob("*.html")
    if fichier.parent.name in ("components", "erreurs", "socle") or fichier.name == "base.html"
)
ERREURS = (400, 403, 404, 409, 413, 429, 500)
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'"
)


MARIE = SimpleNamespace(nom="Marie Delattre")
MAIRIES = [
    SimpleNamespace(id="collectivite-1", intitule="Mairie de Béthune", utilisateur=MARIE),
    SimpleNamespace(id="collectivite-2", intitule="Mairie de Beuvry", utilisateur=MARIE),
]
MENU = [
    {"libelle": "Accueil", "url": "/", "icone": "house", "actif": True, "badge": 3},
    {"libelle": "Catalogue", "url": "/catalogue", "icone": "search", "actif": False, "badge": 0},
]
CONNECTEE = {"contexte": MAIRIES[0], "contextes": MAIRIES, "menu": MENU, "demo": True, "version": "1.2"}


@pytest.fixture(scope="module")
def vitrines() -> Flask:
    """The pages alone, under the strict policy, without a database."""
    appli = Flask("groupement", template_folder=str(RACINE / "templates"))
    appli.config.update(SECRET_KEY="pour les essais", BOOTSTRAP_SERVE_LOCAL=True, TESTING=True)
    Bootstrap5(appli)
    CSRFProtect(appli)
    affichage.installer(appli)
    brancher(appli)
    return appli


def brancher(appli: Flask) -> None:
    """The routes: all the components, an error page, and what may become of a form once sent."""

    @appli.get("/composants")
    def composants() -> str:
        valeurs = vitrine.valeurs(request.args)
        if "vierge" in request.args:
            valeurs["demo_form"] = vitrine.FormulaireDExemple()
        return render_template("socle/composants.html", **valeurs, **CONNECTEE)

    @appli.get("/erreur/<int:code>")
    def erreur(code: int) -> tuple[str, int]:
        return render_template(f"erreurs/{code}.html", **request.args), 200

    @appli.post("/enregistrement")
    def enregistrement() -> Any:
        return redirect("/erreur/404" if request.args.get("session") == "finie" else "/arrivee")

    @appli.get("/arrivee")
    def arrivee() -> str:
        return render_template("erreurs/404.html", **CONNECTEE).replace(" data-erreur", "")

    @appli.after_request
    def proteger(reponse: Any) -> Any:
        reponse.headers["Content-Security-Policy"] = CSP
        return reponse


@pytest.fixture(scope="module")
def html(vitrines: Flask) -> str:
    """The page of components."""
    return vitrines.test_client().get("/composants?q=b%C3%A9&page=2").text


def macro(appli: Flask, fichier: str, nom: str, *args: Any, **kwargs: Any) -> str:
    """What one macro writes."""
    with appli.test_request_context():
        return str(get_template_attribute(f"components/{fichier}.html", nom)(*args, **kwargs)).replace("\u00a0", " ")


# --- markup -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chemin", ["/composants", *(f"/erreur/{code}" for code in ERREURS)])
def test_a_page_has_one_h1_that_begins_its_title(vitrines: Flask, chemin: str) -> None:
    page = vitrines.test_client().get(chemin).text
    titres = re.findall(r"<h1>(.*?)</h1>", page)
    assert len(titres) == 1
    assert f"<title>{titres[0]} – Groupement</title>" in page
    assert "None" not in page and "{{" not in page


def test_ids_are_unique(html: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_every_reference_between_elements_leads_somewhere(html: str) -> None:
    ids = set(re.findall(r'\sid="([^"]+)"', html))
    cites = re.findall(r'(?:aria-describedby|aria-labelledby|aria-controls|for)="([^"]+)"', html)
    assert {cible for liste in cites for cible in liste.split()} <= ids


def test_every_control_has_a_label(html: str) -> None:
    controles = re.findall(r"<(?:input|select|textarea)\b[^>]*>", html)
    visibles = [c for c in controles if 'type="hidden"' not in c]
    etiquetes = set(re.findall(r'<label for="([^"]+)"', html))
    assert visibles
    assert all(re.search(r'\bid="([^"]+)"', c)[1] in etiquetes for c in visibles)  # type: ignore[index]


def test_every_form_that_changes_something_carries_a_token(html: str) -> None:
    formulaires = re.findall(r"<form\b.*?</form>", html, re.S)
    posts = [f for f in formulaires if 'method="post"' in f]
    assert len(posts) >= 5
    assert all(f.count('name="csrf_token"') == 1 for f in posts)
    assert not any('name="csrf_token"' in f for f in formulaires if 'method="get"' in f)


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda g: f"{g.parent.name}/{g.name}")
def test_no_template_writes_a_style_or_a_script(gabarit: Path) -> None:
    source = gabarit.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda g: f"{g.parent.name}/{g.name}")
def test_french_is_typeset(gabarit: Path) -> None:
    texte = re.sub(r"\{#.*?#\}", "", gabarit.read_text(), flags=re.S)
    assert not re.search(r"[a-zéèà)»] [?;:»](?!=)", texte), "espace insécable manquante"
    assert not re.search(r">[^<{]*\w'\w", texte), "apostrophe droite"


def test_a_page_needs_nobody_signed_in(vitrines: Flask) -> None:
    page = vitrines.test_client().get("/erreur/404").text
    assert 'class="sans-menu"' in page and "Se déconnecter" not in page and "<nav" not in page


def test_the_page_head_offers_every_body_one_acts_for(html: str) -> None:
    tete = html[: html.index("<main")]
    assert 'action="/contexte"' in tete
    assert re.search(r'value="collectivite-1" aria-current="true".*Mairie de Béthune', tete)
    assert re.search(r'value="collectivite-2">.*Mairie de Beuvry', tete)


def test_with_one_body_there_is_nothing_to_switch(vitrines: Flask) -> None:
    vu = macro(vitrines, "cadre", "bascule", MAIRIES[0], MAIRIES[:1])
    assert "Mairie de Béthune" in vu and "<form" not in vu


def test_the_menu_says_where_one_is_and_what_waits(html: str) -> None:
    menu = html[html.index('<nav id="menu"') :].split("</nav>")[0]
    assert menu.count('aria-current="page"') == 1
    assert '3<span class="visually-hidden"> à traiter</span>' in menu and "0<span" not in menu


def test_an_error_is_said_at_the_field_and_at_the_top(html: str) -> None:
    resume = html[html.index('class="resume-erreurs"') :].split("</div>")[0].replace("\u00a0", " ")
    assert "3 points à corriger" in resume
    assert 'href="#contact"' in resume and 'href="#acces-0"' in resume
    champ = re.search(r'<input[^>]*id="longueur"[^>]*>', html)[0]  # type: ignore[index]
    assert 'aria-invalid="true"' in champ and 'aria-describedby="longueur-erreur"' in champ and 'value="-3"' in champ
    assert re.search(r'id="longueur-erreur" role="alert".*Indiquez plus de zéro\.', html)


def test_a_sort_link_keeps_the_search_and_returns_to_the_first_page(html: str) -> None:
    assert 'href="?q=b%C3%A9&amp;tri=montant"' in html
    assert re.search(r'aria-sort="ascending"><a href="\?q=b%C3%A9&amp;tri=-nom"', html)


def test_an_empty_table_says_so(vitrines: Flask) -> None:
    vu = macro(vitrines, "table", "tableau", "Commandes", [{"libelle": "Nom"}], [], vide="Commandez d’abord.")
    assert "<table" not in vu and "Commandez d’abord." in vu


@pytest.mark.parametrize(
    ("utilise", "ton", "mot"),
    [
        (0, "succes", "sous le plafond"), (69, "succes", "sous le plafond"), (70, "attention", "à surveiller"),
        (80, "attention", "à surveiller de près"), (90, "danger", "presque au plafond"),
        (100, "danger", "plafond atteint"), (101, "danger", "dépassement de 1,00 €"),
    ],
)  # fmt: skip
def test_the_ceiling_gauge_warns_at_70_80_and_90_percent(vitrines: Flask, utilise: int, ton: str, mot: str) -> None:
    vu = macro(vitrines, "jauge", "jauge_plafond", "Lot 1", utilise, 100)
    assert f'class="jauge ton-{ton}"' in vu and mot in vu


def test_the_next_price_is_told_with_what_is_missing(vitrines: Flask) -> None:
    palier = {"a_partir_de": 1000, "prix_unitaire_ht": affichage.Decimal("0.97")}
    vu = macro(vitrines, "jauge", "jauge_palier", "Boîte", 901, affichage.Decimal("1.085"), palier, "boîte")
    assert "901 boîtes demandées sur 1 000 : encore 99 pour passer à 0,97 € HT." in vu


def test_a_confirmation_asks_before_the_form_can_be_sent(vitrines: Flask) -> None:
    vu = macro(vitrines, "form", "bouton_post", "/x", "Clore", confirmation="Clore la campagne ?", champs={"rang": 2})
    assert vu.index("<details") < vu.index("Clore la campagne ?") < vu.index("<form")
    assert '<input type="hidden" name="rang" value="2">' in vu


def test_what_was_typed_is_shown_again_after_a_conflict(vitrines: Flask) -> None:
    with vitrines.test_request_context():
        page = render_template(
            "erreurs/409.html", par="Paul Lefebvre", saisie=[("Quantité", "40 boîtes")], retour="/c/2"
        )
    assert "Modifié entre-temps par Paul Lefebvre" in page and "40 boîtes" in page and 'href="/c/2"' in page


@pytest.mark.parametrize(
    ("adresse", "titre"),
    [
        ("/erreur/409", "Modifié entre-temps"), ("/erreur/409?message=Campagne close.", "Action impossible"),
        ("/erreur/400?message=session", "Cette page a expiré"), ("/erreur/400", "Demande incomplète"),
    ],
)  # fmt: skip
def test_an_error_page_names_what_happened(vitrines: Flask, adresse: str, titre: str) -> None:
    page = vitrines.test_client().get(adresse).text
    assert f"<h1>{titre}</h1>" in page and ">session<" not in page


def test_text_typed_by_people_is_escaped(vitrines: Flask) -> None:
    for vu in (
        macro(vitrines, "alertes", "messages", [("succes", "<b>")]),
        macro(vitrines, "etat", "badge", "validee", "<b>"),
        macro(vitrines, "fiche", "proprietes", [("Nom", "<b>")]),
        macro(vitrines, "table", "cellule", "<b>", "Nom"),
    ):
        assert "&lt;b&gt;" in vu and "<b>" not in vu


# --- in a browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def adresse(vitrines: Flask) -> Iterator[str]:
    """The pages, served."""
    serveur = Serveur(vitrines)
    yield serveur.adresse
    serveur.fermer()


def ouvrir(navigateur: Browser, adresse: str, **options: Any) -> Page:
    """A page that reports what its console says in `fautes`."""
    contexte = navigateur.new_context(base_url=adresse, locale="fr-FR", **options)
    page = contexte.new_page()
    page.fautes = []
    page.on("console", lambda message: page.fautes.append(message.text))
    page.on("pageerror", lambda erreur: page.fautes.append(str(erreur)))
    return page


@pytest.mark.parametrize("largeur", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_components_are_accessible_and_fit_the_screen(
    navigateur: Browser, adresse: str, theme: str, largeur: int
) -> None:
    page = ouvrir(navigateur, adresse, color_scheme=theme, viewport={"width": largeur, "height": 900})
    for chemin in ("/composants", "/erreur/409", "/erreur/500"):
        page.goto(chemin)
        sans_faute_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    assert not page.fautes
    page.context.close()


def test_the_theme_chosen_is_kept_and_stays_accessible(navigateur: Browser, adresse: str) -> None:
    page = ouvrir(navigateur, adresse, color_scheme="light")
    page.goto("/composants")
    clair = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[data-theme-bascule]")
    page.reload()
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != clair
    sans_faute_axe(page)
    page.context.close()


def test_the_menu_folds_on_a_phone_and_is_open_without_javascript(navigateur: Browser, adresse: str) -> None:
    telephone = {"width": 390, "height": 844}
    page = ouvrir(navigateur, adresse, viewport=telephone)
    page.goto("/composants")
    assert not page.is_visible("#menu")
    page.click("[data-menu-bascule]")
    assert page.is_visible("#menu") and page.get_attribute("[data-menu-bascule]", "aria-expanded") == "true"
    sobre = ouvrir(navigateur, adresse, viewport=telephone, java_script_enabled=False)
    sobre.goto("/composants")
    assert sobre.is_visible("#menu")
    page.context.close(), sobre.context.close()


def test_escape_closes_a_confirmation_and_gives_the_focus_back(navigateur: Browser, adresse: str) -> None:
    page = ouvrir(navigateur, adresse)
    page.goto("/composants?vierge=1")
    page.click("summary:has-text('Clore la campagne')")
    assert page.is_visible("text=Oui, clore")
    page.keyboard.press("Escape")
    assert not page.is_visible("text=Oui, clore")
    assert "Clore la campagne" in page.evaluate("document.activeElement.textContent")
    page.context.close()


def envoyer(page: Page, cible: str) -> None:
    """Send the example form to `cible`."""
    page.evaluate(f"document.querySelector('form[data-brouillon]').action = '{cible}'")
    page.click("form[data-brouillon] .btn-principal")
    page.wait_for_load_state()


def test_what_was_typed_survives_a_session_that_expires(navigateur: Browser, adresse: str) -> None:
    page = ouvrir(navigateur, adresse)
    page.goto("/composants?vierge=1")
    page.fill("#contact", "Paul, à l’accueil")
    page.check("#acces-2")
    envoyer(page, "/enregistrement?session=finie")
    assert page.get_attribute("body", "data-connecte") is None
    page.goto("/composants?vierge=1")
    assert page.input_value("#contact") == "Paul, à l’accueil" and page.is_checked("#acces-2")
    assert page.is_visible("text=Nous avons remis ce que vous aviez saisi")
    page.click("text=Revenir à la page d’origine")
    assert page.input_value("#contact") == ""
    page.context.close()


def test_a_draft_goes_once_it_is_saved(navigateur: Browser, adresse: str) -> None:
    page = ouvrir(navigateur, adresse)
    page.goto("/composants?vierge=1")
    page.fill("#contact", "Paul")
    envoyer(page, "/enregistrement")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    page.context.close()


def test_a_draft_never_goes_to_somebody_else(navigateur: Browser, adresse: str) -> None:
    page = ouvrir(navigateur, adresse)
    page.goto("/composants?vierge=1")
    page.fill("#contact", "Paul")
    page.evaluate(
        "for (const cle of Object.keys(sessionStorage)) sessionStorage.setItem(cle,"
        " sessionStorage.getItem(cle).replace('Marie Delattre', 'Jeanne Petit'))"
    )
    page.reload()
    assert page.input_value("#contact") == ""
    page.context.close()
