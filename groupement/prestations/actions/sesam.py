"""SESAM: taking part, calling the contributions of a year, paying CDG59 its share. Nothing here commits."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Integer, String, cast, exists, insert, literal, select

from groupement.adherents.models import Collectivite
from groupement.prestations.actions.ecriture import un_a_la_fois
from groupement.prestations.models import AdhesionSesam, Prestation, ReversementSesam
from groupement.prestations.queries import sesam
from groupement.prestations.queries.appel import Appel, Appelee, appel
from groupement.prestations.rules.sesam import controler_le_reversement, controler_les_annees
from groupement.prestations.rules.tarifs import UNITES
from groupement.prestations.states import EtatPrestation, NaturePrestation
from groupement.socle.calendrier import date_fr, jour_a_paris
from groupement.socle.db import DateHeure, db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import Auteur, Evenement, noter
from groupement.socle.nombres import euros_fr
from groupement.socle.web import ConflitDeVersion


def adherer(
    collectivite: Collectivite, depuis: int, *, par: Auteur, le: datetime, deliberation_numero: str = ""
) -> AdhesionSesam:
    """Let a body take part from a year on. Raises RegleRefusee when it already does in one of these years."""
    un_a_la_fois()
    controler_les_annees(depuis, None, sesam.autres_annees(collectivite.id))
    adhesion = AdhesionSesam(collectivite_id=collectivite.id, depuis=depuis, deliberation_numero=deliberation_numero)
    db.session.add(adhesion)
    db.session.flush()
    noter(adhesion.__tablename__, adhesion.id, "adherer", par=par, le=le, resume=f"{collectivite.nom}, depuis {depuis}")
    return adhesion


def quitter(adhesion: AdhesionSesam, jusqu_en: int, *, par: Auteur, le: datetime) -> None:
    """End a membership with the year `jusqu_en`. Raises RegleRefusee when a later year is already called."""
    un_a_la_fois()
    controler_les_annees(adhesion.depuis, jusqu_en, sesam.autres_annees(adhesion.collectivite_id, sauf_id=adhesion.id))
    appelee = sesam.derniere_annee_appelee(adhesion.collectivite_id)
    if appelee is not None and appelee > jusqu_en and adhesion.jusqu_en is None:
        raise RegleRefusee(
            f"La contribution de {appelee} est déjà appelée\u00a0: retirez-la d’abord, ou indiquez {appelee} ou après."
        )
    adhesion.jusqu_en = jusqu_en
    resume = f"{adhesion.collectivite.nom}, jusqu’en {jusqu_en}"
    noter(adhesion.__tablename__, adhesion.id, "quitter", par=par, le=le, resume=resume)
    db.session.flush()


def appeler_les_contributions(annee: int, *, par: Auteur, le: datetime, attendues: int | None = None) -> Appel:
    """Write the contribution of every member of the year not called yet: as many statements for ten as for a thousand.

    `attendues`: how many the page announced; ConflitDeVersion when it is no longer so. Those who cannot be called
    stay in the list, each with its reason. Raises RegleRefusee when nobody can be called.
    """
    if annee > jour_a_paris(le).year:
        raise RegleRefusee(f"L’année {annee} n’a pas commencé\u00a0: attendez le 1er janvier pour appeler.")
    un_a_la_fois()
    a_appeler = appel(annee)
    if attendues is not None and attendues != len(a_appeler.appelables):
        raise ConflitDeVersion(
            "La liste des membres à appeler a changé depuis l’affichage. Rien n’a été appelé\u00a0: relisez l’aperçu."
        )
    if not a_appeler.appelables:
        raise RegleRefusee(f"Personne n’est à appeler pour {annee}\u00a0: lisez l’aperçu pour savoir pourquoi.")
    db.session.execute(insert(Prestation), [_ligne(membre, annee) for membre in a_appeler.appelables])
    _noter_les_appels(annee, par=par, le=le)
    return a_appeler


def _ligne(membre: Appelee, annee: int) -> dict[str, object]:
    """The row of a member that can be called."""
    due = membre.contribution
    assert due is not None
    return {
        "collectivite_id": membre.collectivite_id,
        "annee_sesam": annee,
        "tarif_id": due.tarif.id,
        "etat": EtatPrestation.A_FACTURER,
        "designation": f"Contribution annuelle SESAM {annee}",
        "rendue_le": date(annee, 1, 1),
        "quantite": Decimal(1),
        "unite": UNITES[NaturePrestation.SESAM.value],
        "prix_unitaire_ht": due.tarif.prix_unitaire_ht,
        "tva_pct": due.tarif.tva_pct,
        "montant_ht": due.montant_ht,
        "part_cdg62_ht": due.part_cdg62_ht,
        "part_cdg59_ht": due.part_cdg59_ht,
    }


def _noter_les_appels(annee: int, *, par: Auteur, le: datetime) -> None:
    """A line of the journal for each contribution that has none yet. One statement."""
    table = Prestation.__table__
    deja = exists().where(Evenement.objet == table.name, Evenement.objet_id == table.c.id)
    lignes = select(
        literal(le, DateHeure),
        literal(par.nom, String),
        literal(par.utilisateur_id, Integer),
        literal("appeler", String),
        literal(table.name, String),
        table.c.id,
        table.c.designation,
        cast(table.c.etat, String),
    ).where(table.c.annee_sesam == annee, ~deja)
    colonnes = ("le", "par", "utilisateur_id", "verbe", "objet", "objet_id", "resume", "apres")
    db.session.execute(insert(Evenement).from_select(colonnes, lignes.order_by(table.c.id)))


def reverser(
    annee: int, montant_ht: Decimal, verse_le: date, reference: str, *, par: Auteur, le: datetime
) -> ReversementSesam:
    """Write a payment to CDG59. Raises RegleRefusee beyond its share of what is billed, or for a day to come."""
    un_a_la_fois()
    if verse_le > jour_a_paris(le):
        raise RegleRefusee("La date du versement est dans le futur\u00a0: indiquez celle du mandat.")
    controler_le_reversement(montant_ht, sesam.reversement(annee))
    reversement = ReversementSesam(
        annee=annee, montant_ht=montant_ht, verse_le=verse_le, reference=reference, par=par.nom
    )
    db.session.add(reversement)
    db.session.flush()
    resume = f"{euros_fr(montant_ht)} pour {annee}, le {date_fr(verse_le)}, {reference}"
    noter(reversement.__tablename__, reversement.id, "reverser", par=par, le=le, resume=resume)
    return reversement
