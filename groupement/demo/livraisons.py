"""Deliveries of the demonstration: most come whole, one comes short, one comes damaged with its picture."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from groupement.commandes.models import BonDeCommande
from groupement.demo.decor import Decor, Signature
from groupement.demo.photo import boite_abimee
from groupement.documents.images import lire_image
from groupement.livraisons.actions import decisions
from groupement.livraisons.actions.decisions import Reste
from groupement.livraisons.actions.reception import Arrivee, ConstatArticle, receptionner, tout_est_arrive
from groupement.livraisons.models import Livraison
from groupement.livraisons.states import EtatLivraison, MotifDeRefus
from groupement.socle.calendrier import jour_a_paris
from groupement.socle.db import db
from groupement.socle.journal import Auteur


def livraisons_attendues(bons: Sequence[BonDeCommande], lot: int) -> list[Livraison]:
    """The deliveries still to come of the bon of a lot, places first, the depot last."""
    ids = [bon.id for bon in bons if bon.lot.numero == lot]
    attendues = db.session.scalars(
        select(Livraison)
        .where(Livraison.bon_id.in_(ids), Livraison.etat == EtatLivraison.ANNONCEE)
        .options(joinedload(Livraison.collectivite))
        .order_by(Livraison.collectivite_id.is_(None), Livraison.id)
    )
    return list(attendues)


def recevoir(decor: Decor, livraison: Livraison, le: datetime, constats: Mapping[int, ConstatArticle]) -> None:
    """Somebody at the door of that place writes what came."""
    par: Auteur = decor.pour("acheteur")
    if livraison.collectivite is not None:
        par = Signature(f"Secrétariat de {livraison.collectivite.nom}")
    arrivee = Arrivee(jour_a_paris(le), constats, bordereau=f"BL-{livraison.bon_id:03}-{livraison.id:04}")
    receptionner(livraison, arrivee, livraison.version, par=par, le=le)


def recevoir_entiere(decor: Decor, livraison: Livraison, le: datetime) -> None:
    """Everything came, in good order."""
    recevoir(decor, livraison, le, tout_est_arrive(livraison))


def recevoir_incomplete(decor: Decor, livraison: Livraison, le: datetime) -> None:
    """A third of the first article is missing."""
    constats = tout_est_arrive(livraison)
    premier = next(iter(constats))
    attendues = constats[premier].unites_livrees
    constats[premier] = ConstatArticle(attendues - max(attendues // 3, 1), commentaire="Le livreur annonce la suite.")
    recevoir(decor, livraison, le, constats)


def recevoir_abimee(decor: Decor, livraison: Livraison, le: datetime) -> None:
    """A quarter of the first article came crushed; here is the picture."""
    constats = tout_est_arrive(livraison)
    premier = next(iter(constats))
    livrees = constats[premier].unites_livrees
    constats[premier] = ConstatArticle(
        livrees,
        unites_refusees=max(livrees // 4, 1),
        motif=MotifDeRefus.ABIME,
        commentaire="Boîtes écrasées sous la palette, inutilisables.",
        photo=lire_image(boite_abimee()),
    )
    recevoir(decor, livraison, le, constats)


def decider_de_tout(decor: Decor, incomplete: Livraison, abimee: Livraison, le: datetime) -> None:
    """The buyer admits the rest of the short one when it comes, gives up what was crushed, admits all the others."""
    acheteur = decor.pour("acheteur")
    suite = le + timedelta(days=6)
    decisions.admettre(
        incomplete,
        incomplete.version,
        reste=Reste(jour_a_paris(suite)),
        motif="Le fournisseur livre le reste sous huit jours.",
        par=acheteur,
        le=le,
    )
    decisions.admettre(
        abimee,
        abimee.version,
        reste=Reste(None),
        motif="Les boîtes écrasées ne seront ni remplacées ni facturées, à la demande de la mairie.",
        par=acheteur,
        le=le,
    )
    reliquat = db.session.scalars(select(Livraison).where(Livraison.reliquat_de_id == incomplete.id)).one()
    recevoir_entiere(decor, reliquat, suite)
    decisions.admettre_sans_reserve(par=acheteur, le=suite + timedelta(days=1))
