"""What a buyer types to revise or cancel a bon."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.commandes.forms.desistements import LETTRE, Lettre
from groupement.commandes.rules.bon_a_reviser import BonAReviser, Demande, Faute
from groupement.socle.etats import RegleRefusee
from groupement.socle.forms import (
    AuPlus,
    ChoixFr,
    DateFr,
    DecimalFr,
    EntierFr,
    Facultatif,
    Formulaire,
    Requis,
    Saisi,
)

POURQUOI = "Écrivez pourquoi, en une phrase\u00a0: le fournisseur et les membres la liront."
SANS_SUITE, DEPOT = "abandon", "depot"


class AnnulationForm(Formulaire):
    """Why, and what becomes of the demand. `revision`, `empreinte`: those of the page."""

    lettre_lue: Lettre = None  # once read

    revision = HiddenField()
    empreinte = HiddenField()
    motif = TextAreaField("Motif", [Requis(POURQUOI), AuPlus(400)])
    lettre = FileField("Lettre du titulaire qui décline (PDF ou photo)", [Facultatif()], render_kw=LETTRE)
    suite = ChoixFr("Que deviennent les commandes des membres\u00a0?", [Requis("Choisissez ce qu’elles deviennent.")])

    def proposer(self, suites: Iterable[tuple[str, str]]) -> None:
        """The titulaires who may take the demand over, and giving it up."""
        self.suite.choices = [
            SelectChoice("", "Choisissez…"),
            *(SelectChoice(*suite) for suite in suites),
            SelectChoice(SANS_SUITE, "Les abandonner\u00a0: chaque collectivité en est prévenue"),
        ]

    @property
    def titulaire_id(self) -> int | None:
        """Who takes the demand over; None when it is given up."""
        return None if self.suite.data == SANS_SUITE else int(self.suite.data)


class LigneForm(Form):
    """An article, or a body's part of one: how much is kept. `vu`: what it speaks of, put there by `lier`."""

    vu: Any = None
    cle = HiddenField()
    garder = EntierFr("Unités à garder", [Facultatif()])


class CorpsForm(Form):
    """A body: where its goods go, and its parts."""

    vu: Any = None
    cle = HiddenField()
    lieu = ChoixFr("Lieu de livraison")
    parts = FieldList(FormField(LigneForm))


class RevisionForm(Formulaire):
    """What changes. Articles come from the bon; bodies are those the buyer has brought in, in their order."""

    revision = HiddenField()
    empreinte = HiddenField()
    a_livrer_avant_le = DateFr("À livrer au plus tard le", [Saisi("Indiquez le jour, par exemple 22/01/2027.")])
    port_ht = DecimalFr("Port HT", [Saisi("Indiquez 0 s’il n’y a pas de port.")])
    recalculer = BooleanField("Recalculer les prix au palier atteint")
    motif = TextAreaField("Motif de la révision", [Requis(POURQUOI), AuPlus(400)])
    articles = FieldList(FormField(LigneForm))
    corps = FieldList(FormField(CorpsForm))
    ajouter = ChoixFr("Changer la part d’une collectivité", validate_choice=False)

    def lier(self, bon: BonAReviser) -> None:
        """Say to each row what it speaks of. Raises RegleRefusee for a row of another bon."""
        lignes = {str(ligne.ligne_id): ligne for ligne in bon.lignes}
        parts = {str(part.affectation_id): (ligne, part) for ligne in bon.lignes for part in ligne.membres}
        noms = {str(cle): nom for cle, nom in bon.noms.items()}
        for article in self.articles:
            article.form.vu = _connu(lignes, article.form.cle.data)
        for bloc in self.corps:
            bloc.form.vu = _connu(noms, bloc.form.cle.data)
            lieux = bon.lieux[int(bloc.form.cle.data)].items()
            bloc.form.lieu.choices = [SelectChoice(DEPOT if cle is None else str(cle), lieu) for cle, lieu in lieux]
            for part in bloc.form.parts:
                part.form.vu = _connu(parts, part.form.cle.data)
        deja = {bloc.form.cle.data for bloc in self.corps}
        restantes = [SelectChoice(cle, nom) for cle, nom in noms.items() if cle not in deja]
        self.ajouter.choices = [SelectChoice("", "Choisissez une collectivité…"), *restantes]

    def faire_venir(self, bon: BonAReviser, cle: str) -> None:
        """Bring a body in, with its parts as they are; nothing when it is none of the bon's."""
        corps = next((corps for corps in bon.noms if str(corps) == cle), None)
        siennes = [part for ligne in bon.lignes for part in ligne.membres if part.collectivite_id == corps]
        if corps is not None and cle not in {bloc.form.cle.data for bloc in self.corps}:
            point = siennes[0].point_id
            lieu = DEPOT if point is None else str(point)
            lignes = [{"cle": str(part.affectation_id)} for part in siennes]
            self.corps.append_entry({"cle": cle, "lieu": lieu, "parts": lignes})
        self.lier(bon)

    def demande(self) -> Demande:
        """What is asked; an empty box keeps everything."""
        blocs = [bloc.form for bloc in self.corps]
        return Demande(
            a_livrer_avant_le=self.a_livrer_avant_le.data or date.min,
            port_ht=self.port_ht.data or Decimal("0.00"),
            unites={int(p.form.cle.data): _entier(p.form) for bloc in blocs for p in bloc.parts if _saisi(p.form)},
            garder={int(a.form.cle.data): _entier(a.form) for a in self.articles if _saisi(a.form)},
            lieux={int(b.cle.data): None if b.lieu.data == DEPOT else int(b.lieu.data) for b in blocs},
            recalculer=bool(self.recalculer.data),
        )

    def dire(self, fautes: Iterable[Faute]) -> str:
        """Each sentence by its field; returns those that are about the whole."""
        nommes: dict[str, Any] = {"date": self.a_livrer_avant_le, "port": self.port_ht}
        nommes |= {f"ligne-{article.form.cle.data}": article.form.garder for article in self.articles}
        for bloc in self.corps:
            nommes[f"lieu-{bloc.form.cle.data}"] = bloc.form.lieu
            nommes |= {f"part-{part.form.cle.data}": part.form.garder for part in bloc.form.parts}
        autres = []
        for faute in fautes:
            if faute.champ in nommes:
                nommes[faute.champ].errors = [*nommes[faute.champ].errors, faute.motif]
            else:
                autres.append(faute.motif)
        return " ".join(autres)


def _connu(connus: Mapping[str, Any], cle: Any) -> Any:
    """What a row speaks of."""
    if cle not in connus:
        raise RegleRefusee("Cette page n’est plus à jour\u00a0: rouvrez le bon, puis recommencez.")
    return connus[cle]


def _saisi(ligne: Any) -> bool:
    """Whether a quantity was typed."""
    return ligne.garder.data is not None


def _entier(ligne: Any) -> int:
    """The quantity typed."""
    return int(ligne.garder.data)
