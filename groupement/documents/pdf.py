"""HTML to PDF/A-3b: the only importer of xhtml2pdf.

xhtml2pdf lays the page out in one pass; a second, cheap pass (pikepdf) makes an archivable file of it: no
font left outside, sRGB output intent, XMP that says PDF/A-3 B, French as its language, and nothing that
depends on the clock: the same paper gives the same bytes. Conformity itself is not certified (veraPDF does
not run here); the tests check fonts, output intent and XMP.
"""

import io
from dataclasses import dataclass
from datetime import date
from functools import cache
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import ImageCms
from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from groupement.documents.encres import POLICES, lisible
from groupement.documents.fichier_joint import FichierJoint, joindre, xmp_du_joint
from groupement.documents.pagination import ajouter_reperes

LANGUE = "fr-FR"
PRODUCTEUR = "Groupement de commandes (xhtml2pdf, pikepdf)"
MONTRE_DU_TEXTE = frozenset({"Tj", "TJ", "'", '"'})

rl_config.invariant = 1  # ReportLab then writes neither the time nor a random id


class PdfImpossible(Exception):
    """The paper could not be laid out, or would not be archivable."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What the file says of itself: title, author, subject, and the day the paper bears."""

    titre: str
    auteur: str
    sujet: str
    le: date
    rappel: str = ""  # repeated at the head of the following pages; the title when empty
    joint: FichierJoint | None = None  # the same paper for machines, carried inside


def composer(html: str, notice: Notice, suite: bytes = b"") -> bytes:
    """The PDF/A-3b file of a page of HTML then of the pages of `suite`, with "Page 1 / n" when there are several.

    Raises PdfImpossible when xhtml2pdf reports an error or when a character falls outside the embedded fonts.
    """
    with Pdf.open(io.BytesIO(_mettre_en_page(html))) as pdf:
        if suite:
            with Pdf.open(io.BytesIO(suite)) as pages:
                pdf.pages.extend(pages.pages)
        _retirer_polices_oisives(pdf)
        ajouter_reperes(pdf, notice.rappel or notice.titre)
        return _archivable(pdf, notice)


def archiver(pages: bytes, notice: Notice) -> bytes:
    """The PDF/A-3b file of pages ReportLab drew, neither numbered nor headed: letters, each for its own reader."""
    with Pdf.open(io.BytesIO(pages)) as pdf:
        _retirer_polices_oisives(pdf)
        return _archivable(pdf, notice)


def _archivable(pdf: Pdf, notice: Notice) -> bytes:
    """The file with its colours and its notice, the same bytes for the same paper."""
    _declarer_couleurs(pdf)
    _declarer_notice(pdf, notice)
    if notice.joint:
        joindre(pdf, notice.joint, notice.le)
    sortie = io.BytesIO()
    pdf.save(
        sortie,
        min_version="1.7",
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        recompress_flate=False,
    )
    return sortie.getvalue()


def _mettre_en_page(html: str) -> bytes:
    """What xhtml2pdf makes of the page; it may read the fonts and nothing else."""
    sortie = io.BytesIO()
    resultat = pisa.CreatePDF(
        lisible(html),
        dest=sortie,
        path=str(POLICES / "papier.html"),
        encoding="utf-8",
        resource_policy=ResourceAccessPolicy.server(POLICES, allow_remote=False),
    )
    if resultat.err:
        raise PdfImpossible(f"mise en page refusée : {resultat.log}")
    return sortie.getvalue()


def _est_incorporee(police: pikepdf.Object) -> bool:
    """Whether the glyphs of a font travel in the file."""
    if police.get("/Subtype") == Name.Type0:
        police = police.DescendantFonts[0]
    descripteur = police.get("/FontDescriptor", Dictionary())
    return any(cle in descripteur for cle in ("/FontFile", "/FontFile2", "/FontFile3"))


def _retirer_polices_oisives(pdf: Pdf) -> None:
    """Take out the Helvetica that ReportLab names on every page without drawing with it."""
    polices_par_page = [page.get("/Resources", Dictionary()).get("/Font", Dictionary()) for page in pdf.pages]
    absentes = [{nom for nom, police in polices.items() if not _est_incorporee(police)} for polices in polices_par_page]
    for page, noms in zip(pdf.pages, absentes, strict=True):
        if noms:
            page.Contents = pdf.make_stream(_sans_polices(page, noms))
    for polices, noms in zip(polices_par_page, absentes, strict=True):
        for nom in noms & set(polices.keys()):  # pages share one dictionary
            del polices[nom]


def _sans_polices(page: pikepdf.Page, absentes: set[str]) -> bytes:
    """The content of a page without the choice of an absent font.

    Raises PdfImpossible when one of these fonts draws text: the file could not be archived.
    """
    instructions, courante = [], ""
    for instruction in pikepdf.parse_content_stream(page):
        operateur = str(instruction.operator)
        if operateur == "Tf":
            courante = str(instruction.operands[0])
            if courante in absentes:
                continue
        elif operateur in MONTRE_DU_TEXTE and courante in absentes:
            raise PdfImpossible("du texte est composé dans une police absente du fichier")
        instructions.append(instruction)
    return pikepdf.unparse_content_stream(instructions)


@cache
def _profil_srgb() -> bytes:
    """The sRGB colour profile, without the time at which it was made."""
    profil = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profil[24:36] = bytes.fromhex("07e8000100010000" + "00000000")  # 2024-01-01: any fixed day does
    return bytes(profil)


def _declarer_couleurs(pdf: Pdf) -> None:
    """Say that the colours of the file are sRGB."""
    profil = pdf.make_stream(_profil_srgb())
    profil.N = 3
    intention = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=profil,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intention)])


def _declarer_notice(pdf: Pdf, notice: Notice) -> None:
    """Write the same notice in the XMP packet and in the old information dictionary."""
    moment = f"{notice.le:%Y%m%d}000000Z"
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(notice.titre),
            Author=String(notice.auteur),
            Subject=String(notice.sujet),
            Creator=String(PRODUCTEUR),
            Producer=String(PRODUCTEUR),
            CreationDate=String(f"D:{moment}"),
            ModDate=String(f"D:{moment}"),
        )
    )
    paquet = pdf.make_stream(_xmp(notice).encode())
    paquet.Type, paquet.Subtype = Name.Metadata, Name.XML
    pdf.Root.Metadata = paquet
    pdf.Root.Lang = String(LANGUE)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _xmp(notice: Notice) -> str:
    """The XMP packet: PDF/A-3 B, title, author, subject, language, dates of the paper."""
    titre, auteur, sujet = (escape(lisible(texte)) for texte in (notice.titre, notice.auteur, notice.sujet))
    moment = f"{notice.le.isoformat()}T00:00:00Z"
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{titre}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{auteur}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{sujet}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{LANGUE}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{escape(PRODUCTEUR)}</pdf:Producer>
<xmp:CreatorTool>{escape(PRODUCTEUR)}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>{xmp_du_joint(notice.joint) if notice.joint else ""}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
