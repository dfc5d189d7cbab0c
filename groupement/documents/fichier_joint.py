"""A file for machines carried inside a PDF/A-3: attached, tied to the paper it says again, and announced in the XMP.

Written with pikepdf rather than by the `factur-x` library, whose attachment bears the hour at which it was made: the
same paper must give the same bytes. Source: ISO 19005-3 §6.8, Order-X 1.0 §6.
"""

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from pikepdf import Array, AttachedFileSpec, Name, Pdf

ESPACE = "urn:factur-x:pdfa:CrossIndustryDocument:1p0#"
VERSION = "1.0"
PROPRIETES = (
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
)


@dataclass(frozen=True, kw_only=True)
class FichierJoint:
    """The file, what a person reads of it, and what a machine must know (`nature`, `niveau`: words of the standard)."""

    nom: str
    octets: bytes
    description: str
    nature: str
    niveau: str


def joindre(pdf: Pdf, fichier: FichierJoint, le: date) -> None:
    """Attach the file as another form of the whole document."""
    piece = AttachedFileSpec(
        pdf,
        fichier.octets,
        description=fichier.description,
        filename=fichier.nom,
        mime_type="text/xml",
        creation_date=f"D:{le:%Y%m%d}000000Z",
        mod_date=f"D:{le:%Y%m%d}000000Z",
    )
    pdf.attachments[fichier.nom] = piece
    pdf.Root.AF = Array([piece.obj])
    piece.obj.AFRelationship = Name.Alternative


def xmp_du_joint(fichier: FichierJoint) -> str:
    """The descriptions to add to the XMP packet: the four properties, then their schema, as PDF/A asks."""
    valeurs = (fichier.nom, fichier.nature, VERSION, fichier.niveau)
    dites = "".join(f"<fx:{nom}>{escape(v)}</fx:{nom}>" for (nom, _), v in zip(PROPRIETES, valeurs, strict=True))
    definies = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{nom}</pdfaProperty:name>'
        "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external</pdfaProperty:category>"
        f"<pdfaProperty:description>{sens}</pdfaProperty:description></rdf:li>"
        for nom, sens in PROPRIETES
    )
    return f"""
<rdf:Description rdf:about="" xmlns:fx="{ESPACE}">{dites}</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{ESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>{definies}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
