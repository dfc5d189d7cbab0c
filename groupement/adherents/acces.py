"""Who is asking, for whom, and what they may do: the context of a request and the guard of every route."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from groupement.adherents import queries
from groupement.adherents.models import Collectivite, Habilitation, Utilisateur
from groupement.adherents.states import ROLES_CDG, Role
from groupement.socle.calendrier import aujourdhui

PUBLIC: frozenset[Role] = frozenset()
CLE_DE_SESSION = "contexte"
SECOND_FACTEUR = "second_facteur"  # in the session: how it showed a second factor besides the telephone
CHAMP_POUR = "pour"  # hidden in every form: the context its page was shown in
# Endpoints that other libraries bring: they guard themselves (sign-in pages) or serve files.
LIBRES = ("static", "security.", "bootstrap.")


NOM_MAX = 200  # what the columns that keep an author's name hold


@dataclass(frozen=True, slots=True)
class Delegation:
    """A role held from somebody else, until a day included."""

    role: Role
    de: str
    jusqu_au: date


@dataclass(frozen=True, slots=True)
class Contexte:
    """A person acting for one body (`collectivite`), or for the Centre de gestion, the Archives or a supplier.

    `roles` are all they hold here, lent ones included; `delegations` say which are lent. `au_nom_de` is who is acted
    for by the page being served, when only a lent role opens it.
    """

    id: str
    intitule: str
    utilisateur: Utilisateur
    roles: frozenset[Role]
    collectivite: Collectivite | None = None
    contextes: tuple[tuple[str, str], ...] = ()  # all that the person may act for: (id, name), for the page head
    delegations: tuple[Delegation, ...] = ()
    roles_propres: frozenset[Role] = frozenset()
    au_nom_de: str = ""

    @property
    def url_compte(self) -> str:
        """Where the person sees their own account."""
        return url_for("compte.show")

    @property
    def nom(self) -> str:
        """Author's name, for the journal and the papers: who acts, and for whom when the role is lent."""
        if not self.au_nom_de:
            return self.utilisateur.nom
        return f"{self.utilisateur.nom}, par délégation de {self.au_nom_de}"[:NOM_MAX]

    @property
    def utilisateur_id(self) -> int:
        """Author's account, for the journal."""
        return self.utilisateur.id

    @property
    def collectivite_id(self) -> int | None:
        """The body acted for, if any."""
        return self.collectivite.id if self.collectivite else None

    @property
    def est_cdg(self) -> bool:
        """Acts for the Centre de gestion: sees every body."""
        return bool(self.roles & ROLES_CDG)

    def a_role(self, *roles: Role) -> bool:
        """Has at least one of these roles here."""
        return bool(self.roles & set(roles))

    def pour_ces_roles(self, roles: frozenset[Role]) -> "Contexte":
        """This context, naming who is acted for when no role of one's own opens a page of these roles."""
        if not self.delegations or self.roles_propres & roles:
            return self
        noms = dict.fromkeys(d.de for d in self.delegations if d.role in roles)
        return replace(self, au_nom_de=", ".join(noms))


def contextes_de(utilisateur: Utilisateur, le: date) -> list[Contexte]:
    """Everything the person may act for on that day: the CdG first, then bodies by name. One statement."""
    groupes: dict[str, list[Habilitation]] = {}
    for habilitation in queries.habilitations_en_cours(utilisateur.id, le):
        groupes.setdefault(_cle_et_intitule(habilitation)[0], []).append(habilitation)
    contextes = [_contexte(utilisateur, tenues) for tenues in groupes.values()]
    return sorted(contextes, key=lambda c: (c.collectivite is not None, c.intitule))


def _cle_et_intitule(habilitation: Habilitation) -> tuple[str, str]:
    """For whom a role makes one act: an identifier, and the name shown in the page head."""
    if habilitation.collectivite is not None:
        return f"collectivite-{habilitation.collectivite.id}", habilitation.collectivite.nom
    if habilitation.role in ROLES_CDG:
        return "cdg", "Centre de gestion 62"
    if habilitation.role is Role.CONTROLE:
        return "controle", "Archives départementales"
    return "fournisseur", "Espace fournisseur"


def _contexte(utilisateur: Utilisateur, tenues: list[Habilitation]) -> Contexte:
    """The context made of these roles, all held for the same body or house."""
    delegations = tuple(
        Delegation(h.role, h.origine.utilisateur.nom, h.au)
        for h in tenues
        if h.origine is not None and h.au is not None
    )
    roles = frozenset(h.role for h in tenues)
    propres = frozenset(h.role for h in tenues if h.origine is None)
    cle, intitule = _cle_et_intitule(tenues[0])
    return Contexte(
        cle, intitule, utilisateur, roles, tenues[0].collectivite, delegations=delegations, roles_propres=propres
    )


def charger_contexte() -> None:
    """Before each request: who asks, and for whom.

    A form says for whom its page was shown: it acts for that body even if another tab has switched since, or the
    session ended meanwhile. Otherwise the last choice made in the page head, else the first.
    """
    g.contexte, g.contextes = None, []
    if request.endpoint in {"static", "bootstrap.static"} or not current_user.is_authenticated:
        return
    g.contextes = contextes_de(current_user._get_current_object(), aujourdhui())
    choix = {c.id: c for c in g.contextes}
    actuel = choix.get(request.form.get(CHAMP_POUR, "")) or choix.get(session.get(CLE_DE_SESSION, ""))
    actuel = actuel or next(iter(g.contextes), None)
    if actuel is not None:
        g.contexte = replace(actuel, contextes=tuple((c.id, c.intitule) for c in g.contextes))
        if CHAMP_POUR in request.form and session.get(CLE_DE_SESSION) != actuel.id:
            session[CLE_DE_SESSION] = actuel.id


def contexte_affiche() -> str:
    """The context a form is shown in, for its hidden field; nothing for a visitor."""
    contexte = g.get("contexte")
    return contexte.id if contexte else ""


def utilisateur_connecte() -> Utilisateur | None:
    """The person signed in, as a row of the session; None for a visitor."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def second_facteur_exige() -> bool:
    """In production, whoever acts for the Centre de gestion signs in with a second factor."""
    return not current_app.config["DEMO"] and any(c.est_cdg for c in g.get("contextes", []))


def exiger_le_second_facteur() -> Response | None:
    """Before anything else, the set-up page for those who must have a second factor and have none.

    Whoever registered a telephone was asked for its code on entering. A passkey, or ProConnect where it saw two
    factors, is remembered by the session: no statement is spent on asking at each page.
    """
    if request.endpoint is None or request.endpoint.startswith(LIBRES):
        return None
    if request.endpoint == "cles.index" or not second_facteur_exige():
        return None
    if current_user.tf_primary_method or SECOND_FACTEUR in session:
        return None
    flash("Avant de continuer, protégez votre compte avec votre téléphone ou une clé d’accès.", "attention")
    return redirect(url_for("security.two_factor_setup"))


def recevoir_sans_habilitation() -> tuple[str, int] | None:
    """Somebody whose habilitations have all ended can do one thing: understand, and sign out."""
    if request.endpoint is None or request.endpoint.startswith(LIBRES):
        return None  # asked first: a picture or a style sheet must not cost a look at the database
    if not current_user.is_authenticated or g.contexte is not None:
        return None
    return render_template("security/sans_habilitation.html"), 403


def role_requis(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Serve the route to these roles only; a visitor is sent to the sign-in page, anybody else gets a 403."""

    def decorer(vue: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(vue)
        def gardee(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
            if g.contexte is None or not g.contexte.a_role(*roles):
                abort(403)
            g.contexte = g.contexte.pour_ces_roles(frozenset(roles))
            return vue(*args, **kwargs)

        gardee.roles = frozenset(roles)  # type: ignore[attr-defined]
        return gardee

    return decorer


def publique(vue: Callable[..., Any]) -> Callable[..., Any]:
    """Serve the route to everybody, signed in or not."""
    vue.roles = PUBLIC  # type: ignore[attr-defined]
    return vue


def refuser_les_routes_sans_role() -> Response | None:
    """A route that forgot to say whom it serves serves nobody."""
    if request.endpoint is None or request.endpoint.startswith(LIBRES):
        return None
    if not hasattr(current_app.view_functions[request.endpoint], "roles"):
        abort(403)
    return None


def installer(app: Flask) -> None:
    """Load the context before each request and close the routes that name no role."""
    app.jinja_env.globals["contexte_affiche"] = contexte_affiche
    app.before_request(charger_contexte)
    app.before_request(refuser_les_routes_sans_role)
    app.before_request(exiger_le_second_facteur)
    app.before_request(recevoir_sans_habilitation)
    app.context_processor(
        lambda: {"contexte": g.get("contexte"), "contextes": g.get("contextes", []), "demo": app.config["DEMO"]}
    )
