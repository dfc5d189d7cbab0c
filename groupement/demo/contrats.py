"""What was signed, and what was decided since: reconductions, an avenant, clauses, papers, essential data."""

from datetime import date
from decimal import Decimal

from groupement.catalogue.actions import contrats, reconductions
from groupement.catalogue.actions.avenants import enregistrer_avenant
from groupement.catalogue.actions.contrats import Depot
from groupement.catalogue.actions.titulaires import Groupement, preciser_groupement
from groupement.catalogue.documents import exporter_bordereau
from groupement.catalogue.models import Lot
from groupement.catalogue.queries.actes import avenants_du_marche, donnees_du_marche
from groupement.catalogue.rules import decp
from groupement.catalogue.rules.avenants import LotAModifier, MarcheAModifier, TermesAvenant
from groupement.catalogue.rules.clauses import Clause, Derogation
from groupement.catalogue.rules.decp import SaisieDecp
from groupement.catalogue.rules.periodes import PeriodePrevue
from groupement.catalogue.states import (
    FondementAvenant,
    ModeReconduction,
    NatureDocument,
    TypeGroupement,
    VisibiliteDocument,
)
from groupement.demo.decor import Decor
from groupement.documents.pdf import Notice, composer
from groupement.documents.pieces import lire_piece

PLAFOND_RELEVE = Decimal(258000)  # 240 000 at first: 7.5 %, below the tenth
TRANSPORTEUR = ("Transports de la Scarpe (fictif)", "99999994900012")
CPV = ("30193700-5", "39131100-0", "79971200-3")
PAGE = """<html lang="fr"><head><title>{titre}</title><style>
@font-face {{ font-family: SourceSans; src: url("SourceSansPro-Regular.ttf"); }}
@font-face {{ font-family: SourceSans; font-weight: bold; src: url("SourceSansPro-Semibold.ttf"); }}
@page {{ size: a4; margin: 25mm; }}
body {{ font-family: SourceSans; font-size: 11pt; }}
</style></head><body><h1>{titre}</h1><p>{objet}.</p><p>Document fictif de la démonstration.</p></body></html>"""
PIECES = (
    (NatureDocument.ACTE_D_ENGAGEMENT, "Acte d’engagement", VisibiliteDocument.CENTRE_DE_GESTION),
    (NatureDocument.CCAP, "CCAP signé", VisibiliteDocument.TOUS),
    (NatureDocument.CCTP, "CCTP signé", VisibiliteDocument.TOUS),
)


def charger_contrat(decor: Decor) -> None:
    """One year, three times renewable; a ceiling raised; the papers everybody looks for."""
    lots = list(decor.marche.lots)
    _reconduire(decor)
    _deroger(decor, lots)
    preciser_groupement(
        lots[1].titulaires[0],
        Groupement(TypeGroupement.SOLIDAIRE, (TRANSPORTEUR,)),
        par=decor.pour("acheteur"),
        le=decor.jour(4, 22),
    )
    _publier(decor, lots, date(decor.an, 6, 3))
    _relever_le_plafond(decor, lots)
    _publier(decor, lots, date(decor.an, 12, 10))
    _deposer(decor)


def _reconduire(decor: Decor) -> None:
    """The first renewal is decided; the next ones will come by silence."""
    marche, acheteur = decor.marche, decor.pour("acheteur")
    prevues = [PeriodePrevue(12, ModeReconduction.TACITE, 3)] * 3
    reconductions.prevoir(marche, prevues, "", par=acheteur, le=decor.jour(4, 22))
    reconductions.decider(
        marche.reconductions[0],
        reconduire=True,
        decidee_le=date(decor.an, 12, 1),
        motif="Première année satisfaisante\u00a0: livraisons dans les délais, aucun litige.",
        par=acheteur,
        le=decor.jour(12, 1),
    )


def _deroger(decor: Decor, lots: list[Lot]) -> None:
    """The CCAP of lot 1 is stricter on lateness; that of lot 3 gives a longer guarantee."""
    acheteur, le = decor.pour("acheteur"), decor.jour(4, 22)
    retard = {
        Clause.PENALITES_DIVISEUR: Derogation(Decimal(500), "9.1"),
        Clause.OBSERVATIONS_BON: Derogation(Decimal(5), "5.3"),
    }
    contrats.deroger(lots[0], retard, par=acheteur, le=le)
    contrats.deroger(lots[2], {Clause.GARANTIE: Derogation(Decimal(24), "11")}, par=acheteur, le=le)


def _relever_le_plafond(decor: Decor, lots: list[Lot]) -> None:
    """More bodies joined than foreseen: lot 1 is raised, within the limit of low amounts."""
    marche, lot = decor.marche, lots[0]
    termes = TermesAvenant(
        numero="1",
        objet="Hausse du plafond du lot 1",
        fondement=FondementAvenant.FAIBLE_MONTANT,
        motif="Les besoins relevés par les états des lieux dépassent l’estimation.",
        notifie_le=date(decor.an, 11, 3),
        plafonds={lot.id: PLAFOND_RELEVE},
    )
    situation = MarcheAModifier(marche.notifie_le, marche.du, marche.au, None, None)
    a_modifier = [LotAModifier(lot.id, lot.numero, lot.plafond_ht, lot.minimum_ht, Decimal(0))]
    enregistrer_avenant(marche, lots, termes, situation, a_modifier, par=decor.pour("acheteur"), le=decor.jour(11, 3))


def _publier(decor: Decor, lots: list[Lot], jour: date) -> None:
    """The essential data, typed once, and the day the file was deposited."""
    acheteur, quand = decor.pour("acheteur"), decor.jour(jour.month, jour.day)
    connues = donnees_du_marche(decor.marche.id)
    for lot, cpv in zip(lots, CPV, strict=True):
        if lot.id not in connues:
            connues[lot.id] = contrats.enregistrer_donnees(lot, _donnees(decor, lot, cpv), par=acheteur, le=quand)
    avenants = list(avenants_du_marche(decor.marche.id))
    contrats.declarer_publication(decor.marche, connues, lots, avenants, jour, par=acheteur, le=quand)


def _donnees(decor: Decor, lot: Lot, cpv: str) -> SaisieDecp:
    """What the notice of the consultation said."""
    return SaisieDecp(
        identifiant=f"{decor.an}ARCH01{lot.numero:02}",
        code_cpv=cpv,
        procedure=decp.PROCEDURES[0],
        ccag=decp.CCAG[0],
        offres_recues=2 + lot.numero,
        type_prix=decp.TYPES_DE_PRIX[0],
        innovant=False,
        sous_traitance=False,
        avance=False,
        taux_avance_pct=Decimal(0),
        lieu_code="62",
        lieu_type=decp.TYPES_DE_LIEU[0],
        considerations_sociales=(decp.SANS_SOCIALE,),
        considerations_environnementales=(decp.ENVIRONNEMENTALES[0],),
    )


def _deposer(decor: Decor) -> None:
    """The signed papers, and the price schedule as a workbook."""
    marche, acheteur, le = decor.marche, decor.pour("acheteur"), decor.jour(4, 22)
    for nature, intitule, visibilite in PIECES:
        titre = f"{intitule}, marché {marche.numero}"
        html = PAGE.format(titre=titre, objet=marche.objet)
        notice = Notice(titre=titre, auteur="Centre de gestion", sujet=marche.objet, le=marche.notifie_le)
        octets = composer(html, notice)
        depot = Depot(nature, intitule, None, marche.notifie_le, visibilite)
        contrats.deposer_document(marche, depot, f"{intitule}.pdf", lire_piece(octets), par=acheteur, le=le)
    octets, _ = exporter_bordereau(marche, "xlsx", marche.du)
    depot = Depot(
        NatureDocument.BPU, "Bordereau des prix signé", None, marche.notifie_le, VisibiliteDocument.TITULAIRES
    )
    contrats.deposer_document(marche, depot, "bordereau.xlsx", lire_piece(octets), par=acheteur, le=le)
