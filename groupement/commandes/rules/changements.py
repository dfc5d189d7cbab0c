"""What a revision changes, before and after, in the words of the supplier's paper and of the members' mails."""

from collections.abc import Iterable, Sequence

from groupement.commandes.rules.bon_a_reviser import BonAReviser, Changement, Demande
from groupement.commandes.rules.lignes_revisees import LigneAReviser, LigneRevisee
from groupement.socle.calendrier import date_fr
from groupement.socle.nombres import accorde, euros_fr


def changements(bon: BonAReviser, lignes: Sequence[LigneRevisee], demande: Demande) -> Iterable[Changement]:
    """What the supplier and the members read: the head, the articles, then each body."""
    if demande.a_livrer_avant_le != bon.a_livrer_avant_le:
        dates = date_fr(bon.a_livrer_avant_le), date_fr(demande.a_livrer_avant_le)
        yield Changement("bon", 0, "Date limite de livraison", *dates)
    if demande.port_ht != bon.port_ht:
        yield Changement("bon", 0, "Port HT", euros_fr(bon.port_ht), euros_fr(demande.port_ht))
    couples = list(zip(bon.lignes, lignes, strict=True))
    for avant, apres in couples:
        if avant.unites != apres.unites:
            unites = accorde(avant.unites, "unité"), accorde(apres.unites, "unité")
            yield Changement("ligne", avant.ligne_id, f"{avant.designation} ({avant.reference})", *unites)
        if avant.prix_unitaire_ht != apres.prix_unitaire_ht:
            prix = euros_fr(avant.prix_unitaire_ht), euros_fr(apres.prix_unitaire_ht)
            yield Changement("prix", avant.ligne_id, f"Prix unitaire HT de {avant.reference}", *prix)
    yield from _des_membres(bon, couples)


def _des_membres(bon: BonAReviser, couples: Sequence[tuple[LigneAReviser, LigneRevisee]]) -> Iterable[Changement]:
    """Pieces given up, then places left, body by body."""
    lieux: dict[int, tuple[str, str]] = {}
    for avant, apres in couples:
        for part, nouvelle in zip(avant.membres, apres.membres, strict=True):
            corps = part.collectivite_id or 0
            if part.unites != nouvelle.unites:
                quoi = f"{bon.noms[corps]}, {avant.reference}"
                yield Changement("part", corps, quoi, accorde(part.unites, "unité"), accorde(nouvelle.unites, "unité"))
            if part.point_id != nouvelle.point_id and nouvelle.unites:
                lieux[corps] = bon.lieux[corps].get(part.point_id, "Dépôt"), bon.lieux[corps][nouvelle.point_id]
    for corps, (ancien, nouveau) in lieux.items():
        yield Changement("lieu", corps, f"{bon.noms[corps]}, lieu de livraison", ancien, nouveau)
