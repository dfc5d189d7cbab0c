"""An .xlsx by streams: which sheets are shown, their words, the way their numbers are shown, then each sheet."""

import posixpath
from collections.abc import Callable
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from openpyxl.styles.numbers import BUILTIN_FORMATS

from groupement.documents.classeurs.archive import ABIME, CLASSEUR, DES_MACROS, Archive
from groupement.documents.classeurs.feuilles import LecteurDeFeuille, Nature, nature_du_format
from groupement.documents.classeurs.table import Avancement, Classeur, ClasseurRefuse, Feuille
from groupement.documents.classeurs.textes import propre

FEUILLES_MAX = 60
MOTS_MAX = 600_000
RELATIONS = "xl/_rels/workbook.xml.rels"
TYPES = "[Content_Types].xml"


class Lecteur(ContentHandler):
    """Elements by their local name: some programs put a prefix before each."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """An element opens."""
        self.ouvrir(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:
        """An element closes."""
        self.fermer(name.rpartition(":")[2])

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        """To be said by each reader."""

    def fermer(self, nom: str) -> None:
        """To be said by each reader, if it matters."""


class _Types(Lecteur):
    """Whether the workbook says it carries macros, whatever its name is."""

    def __init__(self) -> None:
        super().__init__()
        self.macros = False

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        genre = attributs.get("ContentType", "").lower()
        self.macros = self.macros or "macroenabled" in genre or "vbaproject" in genre or "macrosheet" in genre


class _Plan(Lecteur):
    """The sheets in order, hidden ones apart, and the calendar of the workbook."""

    def __init__(self) -> None:
        super().__init__()
        self.feuilles: list[tuple[str, str]] = []
        self.masquees: list[str] = []
        self.depuis_1904 = False

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        if nom == "workbookPr":
            self.depuis_1904 = attributs.get("date1904", "0") in ("1", "true")
        elif nom == "sheet":
            titre = propre(attributs.get("name", ""))
            if attributs.get("state", "visible") != "visible":
                self.masquees.append(titre)
                return
            liens = [attributs[cle] for cle in attributs.getNames() if cle.endswith(":id")]
            self.feuilles.append((titre, liens[0] if liens else ""))


class _Relations(Lecteur):
    """Where each sheet is in the archive."""

    def __init__(self) -> None:
        super().__init__()
        self.parties: dict[str, str] = {}

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        if nom == "Relationship" and attributs.get("Type", "").endswith("/worksheet"):
            cible = attributs.get("Target", "")
            chemin = cible.lstrip("/") if cible.startswith("/") else posixpath.join("xl", cible)
            self.parties[attributs.get("Id", "")] = posixpath.normpath(chemin)


class _Mots(Lecteur):
    """The words shared by the sheets, in order; reading aids of Asian scripts are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.mots: list[str] = []
        self._morceaux: list[str] = []
        self._dans_le_texte = self._dans_l_aide = False

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        if nom == "si":
            self._morceaux = []
        elif nom == "rPh":
            self._dans_l_aide = True
        elif nom == "t":
            self._dans_le_texte = not self._dans_l_aide

    def characters(self, content: str) -> None:
        if self._dans_le_texte:
            self._morceaux.append(content)

    def fermer(self, nom: str) -> None:
        if nom == "t":
            self._dans_le_texte = False
        elif nom == "rPh":
            self._dans_l_aide = False
        elif nom == "si":
            self.mots.append(propre("".join(self._morceaux).replace("_x000D_", "")))
            if len(self.mots) > MOTS_MAX:
                raise ClasseurRefuse("Ce classeur contient trop de textes\u00a0: ne gardez que le bordereau des prix.")


class _Styles(Lecteur):
    """How each style of cell shows a number: as it is, as a percentage, as a date."""

    def __init__(self) -> None:
        super().__init__()
        self.natures: list[Nature] = []
        self._formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self._dans_les_cellules = False

    def ouvrir(self, nom: str, attributs: AttributesImpl) -> None:
        if nom == "numFmt":
            self._formats[int(attributs.get("numFmtId", "0"))] = attributs.get("formatCode", "")
        elif nom == "cellXfs":
            self._dans_les_cellules = True
        elif nom == "xf" and self._dans_les_cellules:
            self.natures.append(nature_du_format(self._formats.get(int(attributs.get("numFmtId", "0")), "")))

    def fermer(self, nom: str) -> None:
        if nom == "cellXfs":
            self._dans_les_cellules = False


def lire_xlsx(nom: str, contenu: bytes, avancement: Avancement | None = None) -> Classeur:
    """The visible sheets of a workbook. Raises ClasseurRefuse."""
    archive = Archive(contenu)
    types, plan, relations = _Types(), _Plan(), _Relations()
    for partie, lecteur in ((TYPES, types), (CLASSEUR, plan), (RELATIONS, relations)):
        archive.lire(partie, lecteur)
    if types.macros:
        raise ClasseurRefuse(DES_MACROS)
    presentes = [(titre, relations.parties[lien]) for titre, lien in plan.feuilles if lien in relations.parties]
    if not presentes:
        raise ClasseurRefuse(ABIME)
    if len(presentes) > FEUILLES_MAX:
        raise ClasseurRefuse("Ce classeur a plus de 60 feuilles\u00a0: ne gardez que le bordereau des prix.")
    return Classeur(nom, _feuilles(archive, presentes, plan.depuis_1904, avancement), tuple(plan.masquees))


def _feuilles(
    archive: Archive, presentes: list[tuple[str, str]], depuis_1904: bool, avancement: Avancement | None
) -> tuple[Feuille, ...]:
    """Each sheet in turn; the rows of those before count in the progress."""
    mots, styles = _Mots(), _Styles()
    for partie, lecteur in (("xl/sharedStrings.xml", mots), ("xl/styles.xml", styles)):
        if partie in archive:
            archive.lire(partie, lecteur)
    lues: list[Feuille] = []
    for titre, partie in presentes:
        deja = sum(len(feuille.rangees) for feuille in lues)
        suivi = _suivi(archive, avancement, deja) if avancement else None
        lecteur_de_feuille = LecteurDeFeuille(mots.mots, styles.natures, depuis_1904, suivi)
        archive.lire(partie, lecteur_de_feuille)
        lues.append(lecteur_de_feuille.feuille(titre))
    return tuple(lues)


def _suivi(archive: Archive, avancement: Avancement, deja: int) -> Callable[[int], None]:
    """What a sheet calls with its own rows: those before count, and the share of the archive that was unfolded."""
    return lambda rangees: avancement(deja + rangees, archive.pour_cent())
