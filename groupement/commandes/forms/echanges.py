"""What a supplier types about a bon, by its link (it gives its name) or its account; and what the buyer answers."""

from datetime import date

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.commandes.rules.echanges import DateDemandee
from groupement.socle.forms import AuPlus, DateFr, Formulaire, Requis, Saisi, TexteCourt

ACCEPTER, REFUSER = "accepter", "refuser"


def numero_lu(texte: object) -> int:
    """The revision a page showed; -1, which none has, for anything else."""
    chiffres = str(texte or "")
    return int(chiffres) if chiffres.isascii() and chiffres.isdigit() and len(chiffres) < 10 else -1


class FournisseurForm(Formulaire):
    """Who acts, and on which revision."""

    revision = HiddenField()
    nom = TexteCourt(
        "Votre nom",
        [Requis("Indiquez votre nom\u00a0: il est noté avec ce que vous faites."), AuPlus(80)],
        render_kw={"autocomplete": "name"},
    )

    @property
    def vue(self) -> int:
        """The revision the page showed."""
        return numero_lu(self.revision.data)

    @property
    def nom_tape(self) -> str:
        """The name typed; an account has one already."""
        return str(self.nom.data or "") if "nom" in self else ""


class ConfirmationForm(FournisseurForm):
    """Nothing more than a name."""


class PropositionForm(FournisseurForm):
    """Another date, since when it is known, why."""

    date_proposee = DateFr("Date de livraison proposée", [Saisi("Indiquez le jour que vous proposez.")])
    cause_le = DateFr("Depuis quand le savez-vous\u00a0?", [Saisi("Indiquez le jour où vous l’avez su.")])
    motif = TextAreaField(
        "Pourquoi\u00a0?",
        [Requis("Écrivez ce qui vous empêche de tenir la date\u00a0: l’acheteur décide d’après cela."), AuPlus(1000)],
        render_kw={"rows": 4},
    )

    @property
    def demande(self) -> DateDemandee:
        """What is asked."""
        jamais = date.min  # both dates were checked
        motif = str(self.motif.data).strip()
        return DateDemandee(self.date_proposee.data or jamais, self.cause_le.data or jamais, motif)


class ObservationForm(FournisseurForm):
    """A remark on the bon."""

    texte = TextAreaField(
        "Votre observation",
        [Requis("Écrivez votre observation."), AuPlus(2000)],
        render_kw={"rows": 6},
    )


class ReponseForm(Formulaire):
    """What the buyer answers an observation."""

    reponse = TextAreaField(
        "Votre réponse", [Requis("Écrivez votre réponse\u00a0: le fournisseur la lira."), AuPlus(2000)],
        render_kw={"rows": 5},
    )  # fmt: skip


class ReponseDateForm(Formulaire):
    """Yes or no to another date, and why. `revision`: the one the page showed."""

    revision = HiddenField()
    decision = RadioField(
        "Que répondez-vous\u00a0?",
        [Saisi("Choisissez d’accepter ou de refuser.")],
        choices=[
            SelectChoice(ACCEPTER, "Accepter cette date\u00a0: le bon est révisé, tout le monde est prévenu"),
            SelectChoice(REFUSER, "Refuser\u00a0: la date du bon reste due"),
        ],
        validate_choice=False,
    )
    reponse = TextAreaField("Votre réponse au fournisseur", [AuPlus(400)], render_kw={"rows": 4})

    @property
    def vue(self) -> int:
        """The revision the page showed."""
        return numero_lu(self.revision.data)

    @property
    def accepte(self) -> bool:
        """Yes."""
        return bool(self.decision.data == ACCEPTER)

    def validate(self, extra_validators: object = None) -> bool:
        """A refusal says why."""
        juste = bool(super().validate(extra_validators))
        if juste and self.decision.data not in (ACCEPTER, REFUSER):
            self.decision.errors = ["Choisissez d’accepter ou de refuser."]
        elif juste and not self.accepte and not str(self.reponse.data or "").strip():
            self.reponse.errors = ["Écrivez pourquoi vous refusez\u00a0: le fournisseur le lira."]
        return juste and not (self.decision.errors or self.reponse.errors)
