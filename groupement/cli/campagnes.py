"""`groupement campagne` and `groupement regrouper`."""

from datetime import date, timedelta
from typing import Any

import click
from sqlalchemy import func, select

from groupement.cli.designations import campagne_designee, depot_par_defaut, marche_designe, option_campagne
from groupement.cli.reglages_campagne import options_des_reglages, reglages_saisis
from groupement.cli.sortie import (
    COLLEGUE,
    avec_application,
    dire,
    ecrire_json,
    finir_en_faute,
    finir_en_refus,
    option_json,
)
from groupement.commandes.actions import campagnes as actions
from groupement.commandes.actions import regroupement
from groupement.commandes.models import Campagne, Commande
from groupement.commandes.rules.document_regroupement import en_json as document_regroupement
from groupement.commandes.states import EtatCommande
from groupement.socle.affichage import euros
from groupement.socle.calendrier import aujourdhui, maintenant
from groupement.socle.db import db

Cle = tuple[int, int | None]  # a bon: its lot, and its place when the lot has one bon per place
DATE = click.DateTime(["%Y-%m-%d"])


@click.group()
def campagne() -> None:
    """Lister, ouvrir, clore les campagnes de commande."""


def _document(c: Campagne) -> dict[str, Any]:
    """A campagne as JSON."""
    return {
        "campagne": c.id,
        "intitule": c.intitule,
        "marche": c.marche.numero,
        "du": c.du.isoformat(),
        "au": c.au.isoformat(),
        "etat": c.etat.value,
        "nature": c.nature.value,
    }


def _rendre(c: Campagne, en_json: bool) -> None:
    """The campagne, for a program or for a person."""
    if en_json:
        ecrire_json(_document(c))
    else:
        click.echo(
            f"Campagne {c.id}, {c.intitule} ({c.du:%d/%m/%Y} – {c.au:%d/%m/%Y}) : {c.etat.libelle(coordonnateur=True)}."
        )


@campagne.command()
@option_json
@avec_application
def lister(en_json: bool) -> None:
    """Montrer les campagnes, la plus récente d’abord, et combien de commandes y sont validées."""
    validees = dict(
        db.session.execute(
            select(Commande.campagne_id, func.count())
            .where(Commande.etat.not_in([EtatCommande.BROUILLON, EtatCommande.SOUMISE, EtatCommande.ANNULEE]))
            .group_by(Commande.campagne_id)
        ).all()
    )
    toutes = db.session.scalars(select(Campagne).order_by(Campagne.du.desc(), Campagne.id.desc())).all()
    if en_json:
        ecrire_json({"campagnes": [_document(c) | {"commandes_validees": validees.get(c.id, 0)} for c in toutes]})
        return
    for c in toutes:
        _rendre(c, False)


@campagne.command()
@click.option("--campagne", "campagne_id", type=int, help="Ouvrir cette campagne, déjà préparée.")
@click.option("--marche", "designation", help="Sinon : numéro ou identifiant du marché (par défaut : celui en cours).")
@click.option("--intitule", help="Nom de la nouvelle campagne.")
@click.option("--du", type=DATE, help="Premier jour, AAAA-MM-JJ (par défaut : aujourd’hui).")
@click.option("--au", type=DATE, help="Dernier jour, AAAA-MM-JJ (par défaut : dans trente jours).")
@options_des_reglages
@option_json
@avec_application
def ouvrir(campagne_id, designation, intitule, du, au, en_json, **reglages):
    """Ouvrir une campagne préparée, ou en créer une et l’ouvrir."""
    le = maintenant()
    if campagne_id is None:
        premier: date = du.date() if du else aujourdhui()
        marche = marche_designe(designation)
        creee = actions.preparer(
            marche,
            depot_par_defaut(),
            intitule=intitule or f"Campagne du {premier:%d/%m/%Y}",
            du=premier,
            au=au.date() if au else premier + timedelta(days=30),
            par=COLLEGUE,
            le=le,
            reglages=reglages_saisis(marche, **reglages),
        )
        campagne_id = creee.id
    else:
        if any(reglages.values()):
            finir_en_faute(["--campagne ouvre une campagne déjà réglée : ses réglages se changent depuis le site."])
        campagne_designee(campagne_id)
    _rendre(actions.ouvrir(campagne_id, par=COLLEGUE, le=le), en_json)


@campagne.command()
@option_campagne
@option_json
@avec_application
def clore(campagne_id: int, en_json: bool) -> None:
    """Clore une campagne : plus aucune commande n’y entre."""
    campagne_designee(campagne_id)
    _rendre(actions.clore(campagne_id, par=COLLEGUE, le=maintenant()), en_json)


@click.command()
@option_campagne
@click.option("--previsualiser", is_flag=True, help="Calculer et montrer, sans rien écrire.")
@click.option("--depuis-le-stock", is_flag=True, help="Servir d’abord ce que le dépôt a en stock.")
@option_json
@avec_application
def regrouper(campagne_id: int, previsualiser: bool, depuis_le_stock: bool, en_json: bool) -> None:
    """Réunir les commandes validées en bons de commande, un par lot (la campagne doit être close).

    Avec --previsualiser, le même calcul, sur les commandes validées à cet instant, sans rien écrire.
    """
    c = campagne_designee(campagne_id)
    numeros: dict[Cle, str] = {}
    if previsualiser:
        calcul = regroupement.previsualiser(c, le=aujourdhui(), depuis_le_stock=depuis_le_stock)
    else:
        try:
            _, bons, calcul = regroupement.regrouper(
                campagne_id, par=COLLEGUE, le=maintenant(), depuis_le_stock=depuis_le_stock
            )
        except regroupement.RegroupementRefuse as refuse:
            db.session.rollback()
            finir_en_refus(f"Lot {refus.lot} : {refus.motif}" for refus in refuse.refus)
        emis = zip(calcul.resultat.a_emettre, bons, strict=True)
        numeros = {regroupe.cle: bon.numero for regroupe, bon in emis}
    for refus in (*calcul.resultat.refus, *calcul.ecartes):
        dire(f"Lot {refus.lot} : {refus.motif}")
    if en_json:
        ecrire_json(_regroupe(campagne_id, calcul, numeros, reel=not previsualiser))
    else:
        _raconter(calcul)


def _regroupe(
    campagne_id: int, calcul: regroupement.Calcul, numeros: dict[Cle, str], *, reel: bool
) -> dict[str, object]:
    """The whole regroupement, for a program."""
    fournisseurs = {numero: titulaire.fournisseur.nom for numero, titulaire in calcul.entree.titulaires.items()}
    autres: Any = {"fournisseurs": fournisseurs, "numeros": numeros, "ecartes": calcul.ecartes}
    return document_regroupement(campagne_id, calcul.resultat, reel=reel, **autres)


def _raconter(calcul: regroupement.Calcul) -> None:
    """The bons, for a person."""
    for bon in calcul.resultat.bons:
        click.echo(f"Lot {bon.lot} : {len(bon.lignes)} articles, {euros(bon.total_ht)} HT, {euros(bon.total_ttc)} TTC")
        for ligne in bon.lignes:
            click.echo(
                f"  {ligne.reference:<18} {ligne.unites_demandees:>7} demandées  {ligne.colis:>5} colis  "
                f"{ligne.surplus_au_depot:>4} au dépôt  {euros(ligne.montant_ht):>14}"
            )
    somme = sum(preuve.unites_achetees for preuve in calcul.resultat.preuves)
    click.echo(f"Preuve : {somme} unités achetées = unités des membres + dépôt, au centime près sur chaque lot.")
