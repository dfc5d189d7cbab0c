"""What is typed at the door: the day, the slip, and each article with what is wrong of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.documents.images import ImageRefusee, ImageVerifiee, lire_image
from groupement.livraisons.forms.versions import VersionForm
from groupement.livraisons.rules.arrivage import fautes_de_la_date
from groupement.livraisons.rules.decisions import Constat, fautes_du_constat
from groupement.livraisons.states import MotifDeRefus
from groupement.socle.forms import AuPlus, ChoixFr, DateFr, EntierFr, Facultatif, Saisi, TexteCourt

MOTIFS = [SelectChoice("", "Choisissez…"), *(SelectChoice(motif.value, motif.libelle()) for motif in MotifDeRefus)]
COMBIEN = "Indiquez combien d’unités sont arrivées, 0 si aucune."


class LigneReceptionForm(Form):
    """One article. `vu` is the row of the delivery it speaks of, put there by `ReceptionForm.lier`."""

    vu: Any = None
    image: ImageVerifiee | None = None
    article = HiddenField()
    livrees = EntierFr("Unités livrées", [Saisi(COMBIEN)])
    refusees = EntierFr("Dont unités refusées", [Facultatif()])
    motif = ChoixFr("Pourquoi les refusez-vous\u00a0?", choices=MOTIFS)
    commentaire = TexteCourt("Ce que vous avez vu", [AuPlus(500)])
    photo = FileField("Photo", render_kw={"accept": "image/*", "capture": "environment", "data-photo": ""})

    @property
    def constat(self) -> Constat:
        """The figures typed; an empty box of refusals is none."""
        return Constat(int(self.vu.attendues), int(self.livrees.data or 0), int(self.refusees.data or 0))

    @property
    def motif_choisi(self) -> MotifDeRefus | None:
        """Why pieces were refused; None when none was."""
        connus = {motif.value: motif for motif in MotifDeRefus}
        return connus.get(str(self.motif.data or "")) if self.constat.unites_refusees else None

    @property
    def en_cause(self) -> bool:
        """Something is said to be wrong with the article: its details are shown open."""
        champs = (self.refusees, self.motif, self.commentaire, self.photo)
        return bool(any(champ.errors for champ in champs) or self.refusees.data or self.commentaire.data)

    def tout_est_arrive(self) -> None:
        """Whatever was typed: as many as expected, none refused."""
        for champ, valeur in ((self.livrees, str(self.vu.attendues)), (self.refusees, "0")):
            champ.process_errors, champ.raw_data = [], [valeur]
            champ.process_formdata([valeur])
        self.motif.data, self.commentaire.data, self.photo.data = "", "", None

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, then the figures together, then the photograph; every sentence by its field."""
        juste = super().validate(extra_validators)
        if self.vu is None or self.livrees.errors or self.refusees.errors:
            return juste
        constat = self.constat
        quantites = fautes_du_constat(constat, motif=True)
        trop_refuse = constat.unites_refusees > constat.unites_livrees
        self._dire(self.refusees if trop_refuse else self.livrees, quantites)
        raisons = [faute for faute in fautes_du_constat(constat, motif=bool(self.motif.data)) if faute not in quantites]
        self._dire(self.motif, raisons)
        self._lire_la_photo()
        return juste and not any(champ.errors for champ in self)

    def _dire(self, champ: Any, fautes: Sequence[str]) -> None:
        """Add these sentences to a field, naming the article for the summary above the form."""
        champ.errors = [*champ.errors, *(f"{faute} ({self.vu.reference})" for faute in fautes)]

    def _lire_la_photo(self) -> None:
        """Keep the photograph checked, or say why it cannot be kept."""
        if not self.photo.data:
            return
        try:
            self.image = lire_image(self.photo.data.read())
        except ImageRefusee as refus:
            self._dire(self.photo, [str(refus)])


class ReceptionForm(VersionForm):
    """The whole delivery. `tout` is the button « Tout est arrivé, en bon état »."""

    tout = BooleanField("Tout est arrivé, en bon état")
    livree_le = DateFr("Date de la livraison", [Saisi("Indiquez le jour où la livraison est arrivée.")])
    bordereau = TexteCourt("Numéro du bon de livraison du transporteur", [AuPlus(60)])
    observations = TextAreaField("Observations", [AuPlus(2000)], render_kw={"rows": 3})
    lignes = FieldList(FormField(LigneReceptionForm), max_entries=1000)

    def lier(self, articles: Sequence[Any], *, emis_le: date, le: date) -> "ReceptionForm":
        """Tie each line typed to the article it speaks of; the dates between which it may have come. Returns itself."""
        par_id = {str(article.ligne_bon_id): article for article in articles}
        self.bornes = (emis_le, le)
        for ligne in self.lignes:
            ligne.form.vu = par_id.get(str(ligne.form.article.data))
            if self.tout.data and ligne.form.vu is not None:
                ligne.form.tout_est_arrive()
        return self

    @property
    def lignes_liees(self) -> list[LigneReceptionForm]:
        """The lines that speak of an article of this delivery."""
        return [ligne.form for ligne in self.lignes if ligne.form.vu is not None]

    @property
    def photos_perdues(self) -> bool:
        """A browser never sends a chosen file twice: after a fault, photographs must be chosen again."""
        return any(ligne.image is not None for ligne in self.lignes_liees)

    def validate_livree_le(self, champ: Any) -> None:
        """Neither to come nor before the bon."""
        if champ.data is not None:
            champ.errors = [*champ.errors, *fautes_de_la_date(champ.data, *self.bornes)]

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and what `validate_livree_le` said."""
        return super().validate(extra_validators) and not self.livree_le.errors
