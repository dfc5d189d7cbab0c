"""What is typed to lend a role."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import current_app
from wtforms import EmailField

from groupement.adherents.forms.personnes import COURRIEL
from groupement.adherents.queries import delegations as queries
from groupement.adherents.rules import delegation as rules
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, Facultatif, Formulaire, Requis, Saisi, TexteCourt

UN_AUTRE = ""


class DelegationForm(Formulaire):
    """Which of my roles, to whom, from when to when, and why."""

    role = ChoixFr("Le rôle que je délègue")
    collegue = ChoixFr("À qui", validators=[Facultatif()])
    courriel = EmailField("Ou à l’adresse de courriel", [Facultatif(), COURRIEL, AuPlus(255)])
    du = DateFr("Premier jour", [Saisi("Indiquez le premier jour.")])
    au = DateFr("Dernier jour, inclus", [Saisi("Indiquez le dernier jour\u00a0: une délégation a toujours une fin.")])
    motif = TexteCourt("Motif", [Requis("Dites pourquoi, par exemple\u00a0: congés d’été."), AuPlus(300)])

    def __init__(self, miens: Sequence[Any], collegues: Sequence[Any], le: date, **kw: Any) -> None:
        """`miens`: the roles that may be lent; `collegues`: who is proposed; `le`: today."""
        super().__init__(**kw)
        self._miens, self._collegues, self._le = {h.id: h for h in miens}, {p.id: p for p in collegues}, le
        self.role.choices = [(str(h.id), h.intitule) for h in miens]
        noms = [(str(p.id), f"{p.nom} ({p.email})") for p in collegues]
        self.collegue.choices = [(UN_AUTRE, "Une autre personne\u00a0: écrivez son adresse"), *noms]

    def validate(self, extra_validators: Any = None) -> bool:
        """One person, with an open account; days that go together."""
        juste = bool(super().validate(extra_validators))
        self.delegue = self._designer()
        if not self.du.errors and self.du.data and (faute := rules.faute_du_debut(self.du.data, self._le)):
            self.du.errors = [faute]
        if not (self.du.errors or self.au.errors or self.role.errors) and self.origine is not None:
            premier, dernier = self.jours
            faute = rules.faute_de_la_fin(premier, dernier, self.origine.au)
            self.au.errors = [faute] if faute else []
        return juste and not any(champ.errors for champ in self)

    @property
    def jours(self) -> tuple[date, date]:
        """The first day and the last, once the form is right."""
        jours: Any = (self.du.data, self.au.data)
        return jours[0], jours[1]

    @property
    def origine(self) -> Any:
        """The role chosen."""
        numero = self.role.data or ""
        return self._miens.get(int(numero)) if str(numero).isdigit() else None

    def _designer(self) -> Any:
        """The person chosen in the list, or whose address was typed; a sentence by the field when there is none."""
        if self.collegue.errors or self.courriel.errors:
            return None
        if self.collegue.data:
            return self._collegues.get(int(self.collegue.data))
        if not self.courriel.data:
            self.collegue.errors = ["Choisissez une personne, ou écrivez son adresse ci-dessous."]
            return None
        trouve = queries.compte_a_l_adresse(self.courriel.data, demo=current_app.config["DEMO"])
        if trouve is None:
            self.courriel.errors = [
                "Personne n’a de compte à cette adresse. Demandez au Centre de gestion d’inviter cette personne, "
                "puis revenez ici."
            ]
        return trouve
