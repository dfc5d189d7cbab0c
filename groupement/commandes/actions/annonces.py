"""The mails of the calendar of a campagne: said to be sent with what they announce, written when their moment comes.

The caller holds the campagne and commits. A fixed number of statements, however many members.
"""

from datetime import datetime

from groupement.commandes.actions.lettres_de_campagne import lettres_de
from groupement.commandes.models import Annonce, Campagne
from groupement.commandes.queries.annonces import annonces_de
from groupement.commandes.rules.calendrier_campagne import A_TOUS, Envoi, au_matin, matin
from groupement.commandes.states import EtatCampagne, GenreAnnonce
from groupement.socle.courriels import ecrire_plusieurs
from groupement.socle.db import db
from groupement.socle.etats import RegleRefusee
from groupement.socle.journal import AUTOMATE, Auteur, noter
from groupement.socle.nombres import accorde


def annoncer_l_ouverture(campagne: Campagne, *, par: Auteur, le: datetime) -> None:
    """The mail of the opening leaves when the members can order, not before."""
    _programmer(campagne, GenreAnnonce.OUVERTURE, max(_quand(par, le), matin(campagne.du)))


def annoncer_la_cloture(campagne: Campagne, *, par: Auteur, le: datetime) -> None:
    """To who ordered: what happens next."""
    _programmer(campagne, GenreAnnonce.CLOTURE, _quand(par, le))


def annoncer_le_complement(campagne: Campagne, *, par: Auteur, le: datetime) -> None:
    """To who committed an order that holds an article with something missing."""
    _programmer(campagne, GenreAnnonce.COMPLEMENT, _quand(par, le))


def annoncer_le_report(campagne: Campagne, ancien: str, *, par: Auteur, le: datetime) -> None:
    """To all who may order, unless a mail that has not left yet will say the new day, or nobody knew the former one."""
    en_attente = [a for a in annonces_de(campagne.id) if a.genre in A_TOUS and a.reglee_le is None]
    for annonce in en_attente:
        annonce.au = campagne.au
    if campagne.etat is EtatCampagne.OUVERTE and not en_attente:
        _programmer(campagne, GenreAnnonce.REPORT, _quand(par, le), ancien)


def annoncer_la_reouverture(campagne: Campagne, motif: str, *, par: Auteur, le: datetime) -> None:
    """To all who may order again."""
    _programmer(campagne, GenreAnnonce.REOUVERTURE, _quand(par, le), motif)


def annoncer_l_annulation(campagne: Campagne, motif: str, *, par: Auteur, le: datetime) -> None:
    """To all who may order, when the opening was announced to them."""
    if not any(a.genre is GenreAnnonce.OUVERTURE and a.reglee_le is None for a in annonces_de(campagne.id)):
        _programmer(campagne, GenreAnnonce.ANNULATION, _quand(par, le), motif)


def _quand(par: Auteur, le: datetime) -> datetime:
    """At once for what a person did; what the machine does at midnight is told in the morning."""
    return au_matin(le) if par is AUTOMATE else le


def _programmer(campagne: Campagne, genre: GenreAnnonce, prevue_le: datetime, motif: str = "") -> None:
    """Say that a mail is to leave; the one of that kind that still waits, if any, says it instead."""
    attend = [a for a in annonces_de(campagne.id) if a.genre is genre and a.reglee_le is None]
    annonce = attend[0] if attend else Annonce(campagne_id=campagne.id, genre=genre)
    annonce.au, annonce.prevue_le, annonce.motif = campagne.au, prevue_le, motif[:500]
    db.session.add(annonce)
    db.session.flush()


def envoyer(campagne: Campagne, envoi: Envoi, le: datetime) -> None:
    """Write the mails of `envoi`, or why it is given up."""
    annonce = db.session.get(Annonce, envoi.annonce_id) if envoi.annonce_id else None
    if annonce is None:
        annonce = Annonce(campagne_id=campagne.id, genre=envoi.genre, au=campagne.au, prevue_le=le, motif="")
        db.session.add(annonce)
    annonce.reglee_le, annonce.non_envoyee = le, envoi.non_envoyee
    if not envoi.non_envoyee:
        _ecrire(campagne, annonce, le)
    db.session.flush()


def _ecrire(campagne: Campagne, annonce: Annonce, le: datetime) -> None:
    """One mail a person, and how many there are."""
    lettres = lettres_de(campagne, annonce.genre, le, annonce.motif)
    ecrire_plusieurs(lettres.gabarit, lettres.lettres, le=le)
    annonce.au, annonce.courriels, annonce.sans_adresse = campagne.au, len(lettres.lettres), lettres.sans_adresse
    resume = f"{annonce.genre.libelle()}\u00a0: {accorde(annonce.courriels, 'courriel')}"
    if annonce.sans_adresse:
        resume += f", {accorde(annonce.sans_adresse, 'collectivité')} sans adresse"
    noter(campagne.__tablename__, campagne.id, "prevenir", par=AUTOMATE, le=le, resume=resume)


def couper(campagne: Campagne, genre: GenreAnnonce, *, par: Auteur, le: datetime) -> None:
    """Do not send this kind of mail in this campagne. Raises RegleRefusee when it left already, for good."""
    if genre.value in campagne.annonces_coupees:
        return
    _exiger_a_venir(campagne)
    campagne.annonces_coupees = sorted({*campagne.annonces_coupees, genre.value})
    noter(campagne.__tablename__, campagne.id, "couper un courriel", par=par, le=le, resume=genre.libelle())


def retablir(campagne: Campagne, genre: GenreAnnonce, *, par: Auteur, le: datetime) -> None:
    """Send this kind of mail after all."""
    if genre.value not in campagne.annonces_coupees:
        return
    _exiger_a_venir(campagne)
    campagne.annonces_coupees = [coupee for coupee in campagne.annonces_coupees if coupee != genre.value]
    noter(campagne.__tablename__, campagne.id, "retablir un courriel", par=par, le=le, resume=genre.libelle())


def _exiger_a_venir(campagne: Campagne) -> None:
    """Raise RegleRefusee once the campagne is over: its calendar is, too."""
    if campagne.etat in (EtatCampagne.REGROUPEE, EtatCampagne.SOLDEE, EtatCampagne.ANNULEE):
        raise RegleRefusee("Cette campagne est terminée\u00a0: plus aucun courriel de son calendrier ne partira.")
