"""Bodies, memberships and people for tests. Each function adds to the session and flushes; the test commits.

Numbers are drawn in order (SIREN 219…, with a true key), so that a test reads the same twice.
"""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from flask_security import hash_password
from stdnum import luhn

from groupement.adherents.models import (
    Adhesion,
    CleDAcces,
    Collectivite,
    Convention,
    Habilitation,
    PointDeLivraison,
    ServiceChorus,
    Utilisateur,
)
from groupement.adherents.rules.recherche import normaliser
from groupement.adherents.states import EtatAdhesion, Role, TypeCollectivite
from groupement.socle.db import db

COMMUNES = ("Ablain-Saint-Nazaire", "Béthune", "Calais", "Dainville", "Étaples", "Frévent", "Guînes", "Hénin-Beaumont")
PRENOMS = ("Amélie", "Bruno", "Claire", "Damien", "Élodie", "Fabrice", "Gaëlle", "Hervé")
_numeros = itertools.count(1)
MOT_DE_PASSE = "un mot de passe assez long"


def siren_fictif(rang: int) -> str:
    """A SIREN with a right key that no body of the demonstration carries."""
    racine = f"219{rang:05}"
    return racine + luhn.calc_check_digit(racine)


def siret_de(siren: str, rang: int = 1) -> str:
    """A SIRET with a right key for that SIREN."""
    racine = f"{siren}{rang:04}"
    return racine + luhn.calc_check_digit(racine)


def sans_accents(texte: str) -> str:
    """As an address writes a name: lower case, no accents."""
    return normaliser(texte)


def _ajouter(objet: Any) -> Any:
    """Add and flush."""
    db.session.add(objet)
    db.session.flush()
    return objet


def collectivite(nom: str | None = None, *, avec_siret: bool = False, **valeurs: Any) -> Collectivite:
    """A commune of the consortium; `avec_siret` gives it a SIRET of its SIREN."""
    rang = next(_numeros)
    nom = nom or f"{COMMUNES[rang % len(COMMUNES)]} {rang}"
    siren = valeurs.pop("siren", None) or siren_fictif(rang)
    defauts: dict[str, Any] = {
        "type": TypeCollectivite.COMMUNE,
        "nom_recherche": sans_accents(nom),
        "siret": siret_de(siren) if avec_siret else None,
        "code_insee": f"62{rang % 1000:03}",
        "code_postal": "62000",
        "population": 1250,
        "adresse": "1 place de la Mairie",
        "ville": nom,
        "courriel": "",
    }
    return _ajouter(Collectivite(nom=nom, siren=siren, **(defauts | valeurs)))


def point_de_livraison(de: Collectivite | None = None, **valeurs: Any) -> PointDeLivraison:
    """The town hall of `de` (a new body when absent) as a delivery place."""
    de = de or collectivite()
    defauts: dict[str, Any] = {
        "libelle": "Mairie",
        "adresse": "1 place de la Mairie",
        "code_postal": "62000",
        "ville": de.nom,
        "contact": "Secrétariat",
        "telephone": "03 21 00 00 00",
        "horaires": "9 h à 12 h, du lundi au vendredi",
    }
    return _ajouter(PointDeLivraison(collectivite_id=de.id, **(defauts | valeurs)))


def service_chorus(de: Collectivite | None = None, **valeurs: Any) -> ServiceChorus:
    """A service of `de` (a new body when absent) in Chorus Pro."""
    defauts: dict[str, Any] = {"code": f"FIN-{next(_numeros)}", "nom": "Finances", "actif": True}
    return _ajouter(ServiceChorus(collectivite_id=(de or collectivite()).id, **(defauts | valeurs)))


def convention(**valeurs: Any) -> Convention:
    """A version of the convention constitutive."""
    defauts: dict[str, Any] = {"intitule": "Convention constitutive", "adoptee_le": date(2025, 1, 15)}
    return _ajouter(Convention(**(defauts | {"version": f"v{next(_numeros)}"} | valeurs)))


def adhesion(de: Collectivite | None = None, a: Convention | None = None, **valeurs: Any) -> Adhesion:
    """A signed membership of `de` to `a` (both made when absent); `etat=` and dates change it."""
    de, a = de or collectivite(), a or convention()
    defauts: dict[str, Any] = {
        "etat": EtatAdhesion.SIGNEE,
        "deliberation_numero": "2025-03",
        "deliberee_le": date(2025, 3, 1),
        "signee_le": date(2025, 3, 15),
    }
    return _ajouter(Adhesion(collectivite_id=de.id, convention_id=a.id, **(defauts | valeurs)))


def utilisateur(
    nom: str | None = None,
    *,
    roles: tuple[Role, ...] | list[Role] = (),
    collectivite: Collectivite | None = None,
    mot_de_passe: str | None = None,
    **valeurs: Any,
) -> Utilisateur:
    """A person with these roles, for `collectivite` where the role is a body's. No password unless one is given."""
    rang = next(_numeros)
    nom = nom or f"{PRENOMS[rang % len(PRENOMS)]} Delattre {rang}"
    adresse = f"{sans_accents(nom).replace(' ', '.')}@mairie.example.org"
    personne = Utilisateur(
        nom=nom, email=valeurs.pop("email", adresse), fs_uniquifier=f"personne-{rang}-{nom}"[:64], **valeurs
    )
    if mot_de_passe is not None:
        personne.password = hacher(mot_de_passe)
    _ajouter(personne)
    for role in roles:
        habiliter(personne, role, collectivite)
    return personne


def habiliter(
    personne: Utilisateur, role: Role, pour: Collectivite | None = None, du: date = date(2025, 1, 1), **valeurs: Any
) -> Habilitation:
    """Give a role; agent and valideur are for the body `pour` (made when absent), the others for none."""
    membre = role in (Role.AGENT, Role.VALIDEUR)
    corps = (pour or collectivite()).id if membre else None
    return _ajouter(Habilitation(utilisateur_id=personne.id, role=role, collectivite_id=corps, du=du, **valeurs))


def deleguer(origine: Habilitation, a: Utilisateur, du: date, au: date, motif: str = "Congés d’été") -> Habilitation:
    """Lend the role `origine` to `a` for a time."""
    return _ajouter(
        Habilitation(
            utilisateur_id=a.id,
            role=origine.role,
            collectivite_id=origine.collectivite_id,
            du=du,
            au=au,
            deleguee_par_id=origine.id,
            motif=motif,
        )
    )


def cle_d_acces(de: Utilisateur, nom: str = "Téléphone", **valeurs: Any) -> CleDAcces:
    """A passkey of `de`, whose signature nothing can imitate."""
    defauts: dict[str, Any] = {
        "identifiant": f"cle-{next(_numeros)}".encode(),
        "cle_publique": b"aucune",
        "creee_le": datetime(2026, 1, 5, 9, tzinfo=UTC),
    }
    return _ajouter(CleDAcces(utilisateur_id=de.id, nom=nom, **(defauts | valeurs)))


def hacher(mot_de_passe: str) -> str:
    """The password as the sign-in page compares it."""
    return hash_password(mot_de_passe)


def connecter(client: Any, personne: Utilisateur, contexte: str | Collectivite | None = None) -> Any:
    """Sign a test client in through its session; `contexte`: a body, or an id such as "cdg". Returns the client."""
    db.session.commit()
    if contexte is None:
        return client.connecter(personne)
    choisi = contexte if isinstance(contexte, str) else f"collectivite-{contexte.id}"
    return client.connecter(personne, contexte=choisi)
