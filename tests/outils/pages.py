"""What any page owes its reader, read from its HTML: one title, labels, tokens, French, no accident of a template."""

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

# A few words that htmx puts in a page, which is read elsewhere.
FRAGMENTS = {"mesures.show_conseil", "lignes_du_panier.show_nouvelles"}
SANS_ETIQUETTE = {"hidden", "submit", "button", "reset", "image"}
PARLANTS = ("aria-label", "placeholder", "title", "alt", "data-confirmation")
VIDES = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
ANGLAIS = re.compile(
    r"\b(Submit|Not Found|Forbidden|Invalid|Required|This field|Choose|Please|Sign in|Log ?in|Password|Loading|"
    r"Previous|Search|Delete|Cancel|Error)\b"
)
ACCIDENTS = re.compile(r"\b(None|True|False|NaN|undefined|Undefined)\b|\{\{|\}\}|\{%|<(?:bound|built-in|generator)")
# A space that lets a sign start a line, an apostrophe of a typewriter, quotes of a programmer.
# (Official names keep theirs: « CU d'Arras ».)
TYPOGRAPHIE = re.compile(r"\S [:;?!](?:\s|$)|\S »|« |[a-zàâéèêëîïôûç]'[a-zàâéèêëîïôûç]")


@dataclass
class Balise:
    """An element: its name, attributes, and the text below it."""

    nom: str
    attributs: dict[str, str]
    texte: str = ""
    dans: tuple["Balise", ...] = field(default=(), repr=False)


class Page(HTMLParser):
    """A page, read."""

    def __init__(self, html: str) -> None:
        """Read it whole."""
        super().__init__(convert_charrefs=True)
        self.balises: list[Balise] = []
        self.ouvertes: list[Balise] = []
        self.fautes_de_structure: list[str] = []
        self.textes: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element and who holds it."""
        balise = Balise(tag, {nom: valeur or "" for nom, valeur in attrs}, dans=tuple(self.ouvertes))
        self.balises.append(balise)
        for autre in self.ouvertes:
            autre.texte += balise.attributs.get("alt", "")
        if tag not in VIDES:
            self.ouvertes.append(balise)

    def handle_endtag(self, tag: str) -> None:
        """Close the element; another one open meanwhile is a fault."""
        if tag in VIDES:
            return
        if not self.ouvertes or self.ouvertes[-1].nom != tag:
            ouverte = self.ouvertes[-1].nom if self.ouvertes else "rien"
            self.fautes_de_structure.append(f"</{tag}> alors que <{ouverte}> est ouvert, ligne {self.getpos()[0]}")
        for rang in range(len(self.ouvertes) - 1, -1, -1):
            if self.ouvertes[rang].nom == tag:
                del self.ouvertes[rang:]
                return

    def handle_data(self, data: str) -> None:
        """Text belongs to every element around it."""
        for balise in self.ouvertes:
            balise.texte += data
        if not {"script", "style", "code", "pre", "title"} & {balise.nom for balise in self.ouvertes}:
            self.textes.append(data)

    def toutes(self, *noms: str) -> list[Balise]:
        """The elements of these names."""
        return [balise for balise in self.balises if balise.nom in noms]


def une_ligne(texte: str) -> str:
    """Words one space apart."""
    return " ".join(texte.split())


def fautes(html: str) -> list[str]:
    """Everything wrong with a page, in French, nothing when it is right."""
    page = Page(html)
    regles = (_structure, _titre, _identifiants, _etiquettes, _jetons, _politique_de_securite, _images, _mots)
    return [faute for regle in regles for faute in regle(page)]


def _structure(page: Page) -> list[str]:
    """French, and every element closed in its turn."""
    langue = [balise.attributs.get("lang") for balise in page.toutes("html")]
    trouvees = page.fautes_de_structure[:3] + [f"<{balise.nom}> jamais fermé" for balise in page.ouvertes]
    return trouvees + ([] if langue == ["fr"] else [f"lang={langue}"])


def _titre(page: Page) -> list[str]:
    """One h1, and a title that begins with it."""
    titres = [une_ligne(balise.texte) for balise in page.toutes("h1")]
    onglet = une_ligne("".join(balise.texte for balise in page.toutes("title") if "svg" not in _autour(balise)))
    if len(titres) != 1 or not titres[0]:
        return [f"{len(titres)} h1 : {titres}"]
    return [] if onglet.startswith(titres[0]) else [f"le titre « {onglet} » ne commence pas par « {titres[0]} »"]


def _autour(balise: Balise) -> set[str]:
    """The names of the elements around it."""
    return {autre.nom for autre in balise.dans}


def _identifiants(page: Page) -> list[str]:
    """Each id once; what points to an id finds it."""
    comptes = Counter(balise.attributs["id"] for balise in page.balises if "id" in balise.attributs)
    trouvees = [f"id « {nom} » {combien} fois" for nom, combien in comptes.items() if combien > 1 or not nom]
    for balise in page.balises:
        cibles = [balise.attributs.get("for", "")] if balise.nom == "label" else []
        for attribut in ("aria-describedby", "aria-labelledby", "aria-controls", "list"):
            cibles += balise.attributs.get(attribut, "").split()
        href = balise.attributs.get("href", "")
        cibles += [href[1:]] if balise.nom == "a" and href.startswith("#") else []
        trouvees += [f"<{balise.nom}> pointe vers « {c} », absent" for c in cibles if c and c not in comptes]
    return trouvees


def _etiquettes(page: Page) -> list[str]:
    """Every control says what it is for."""
    nommes = {balise.attributs.get("for") for balise in page.toutes("label")}
    trouvees = []
    for champ in page.toutes("input", "select", "textarea"):
        attributs = champ.attributs
        dit = attributs.get("aria-label") or attributs.get("aria-labelledby") or attributs.get("title")
        if attributs.get("type") in SANS_ETIQUETTE or dit or "label" in _autour(champ):
            continue
        if attributs.get("id") not in nommes:
            trouvees.append(f"<{champ.nom} name={attributs.get('name')}> sans étiquette")
    boutons = [b for b in page.toutes("button", "a") if not (b.texte.strip() or b.attributs.get("aria-label"))]
    return trouvees + [f"<{b.nom} {b.attributs}> sans texte" for b in boutons]


def _jetons(page: Page) -> list[str]:
    """Each form that changes something carries the token, and says where it goes."""
    portes = [
        [autre for autre in champ.dans if autre.nom == "form"]
        for champ in page.toutes("input")
        if champ.attributs.get("name") == "csrf_token" and champ.attributs.get("value")
    ]
    avec = {id(formulaire) for formulaires in portes for formulaire in formulaires}
    trouvees = []
    for formulaire in page.toutes("form"):
        methode = formulaire.attributs.get("method", "").lower()
        action = formulaire.attributs.get("action")
        if methode not in ("get", "post"):
            trouvees.append(f"formulaire sans méthode : {action}")
        if methode == "post" and id(formulaire) not in avec:
            trouvees.append(f"formulaire sans jeton : {action}")
    return trouvees


def _politique_de_securite(page: Page) -> list[str]:
    """No style and no script in the page: the browser would refuse them."""
    trouvees = [f"<{b.nom} {nom}=…> dans la page" for b in page.balises for nom in b.attributs if nom == "style"]
    trouvees += [f"<{b.nom} {n}>" for b in page.balises for n in b.attributs if n.startswith("on") or n == "hx-on"]
    trouvees += ["<style> dans la page" for _ in page.toutes("style")]
    return trouvees + ["<script> dans la page" for b in page.toutes("script") if not b.attributs.get("src")]


def _images(page: Page) -> list[str]:
    """Every picture has its words, empty when it adds none."""
    return [f"<img src={b.attributs.get('src')}> sans alt" for b in page.toutes("img") if "alt" not in b.attributs]


def _mots(page: Page) -> list[str]:
    """French words, French signs, and nothing that a template let through."""
    texte = "\n".join(page.textes)
    dits = [
        b.attributs[a] for b in page.balises for a in ("aria-label", "placeholder", "title", "alt") if a in b.attributs
    ]
    trouvees = []
    for morceau in (texte, *dits):
        for motif, quoi in ((ANGLAIS, "anglais"), (ACCIDENTS, "accident"), (TYPOGRAPHIE, "typographie")):
            trouvees += [f"{quoi} : « {une_ligne(_autour_de(morceau, m))} »" for m in motif.finditer(morceau)]
    return sorted(set(trouvees))


def _autour_de(texte: str, trouve: re.Match[str]) -> str:
    """A few letters before and after, to find it again."""
    return texte[max(0, trouve.start() - 30) : trouve.end() + 30]


def adresses(html: str) -> set[tuple[str, str]]:
    """(method, address) of everything the page leads to on this site: links, forms, pictures, style sheets."""
    page = Page(html)
    trouvees = set()
    for balise in page.balises:
        for attribut in ("href", "src", "hx-get"):
            trouvees.add(("GET", balise.attributs.get(attribut, "")))
        trouvees.add(("POST", balise.attributs.get("hx-post", "")))
        if balise.nom == "form":
            trouvees.add((balise.attributs.get("method", "get").upper(), balise.attributs.get("action", "")))
    return {(methode, adresse) for methode, adresse in trouvees if adresse.startswith("/")}
