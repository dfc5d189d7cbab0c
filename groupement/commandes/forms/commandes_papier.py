"""An order received on paper, as the buyer types it: whose, signed by whom, what, and the scanned sheet."""

import re
from collections.abc import Sequence
from datetime import date

from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice

from groupement.commandes.rules.papier_tardif import MOTIF_MAXIMUM, refus_de_la_date, refus_du_papier
from groupement.commandes.rules.saisie_rapide import LIGNES_MAX, LigneSaisie, lire_collage
from groupement.commandes.states import ModeDeRemise
from groupement.documents.pieces import PieceVerifiee
from groupement.socle.forms import AuPlus, DateFr, Facultatif, Formulaire, Requis, Saisi, TexteCourt
from groupement.socle.nombres import entier_fr

SIREN = re.compile(r"\d{9}")


class CommandePapierForm(Formulaire):
    """What the sheet says; shown again as a preview, then confirmed with the scan."""

    lettre_lue: tuple[str, PieceVerifiee] | None = None  # the scan, once read

    collectivite = TexteCourt("Collectivité", [Requis("Choisissez la collectivité, ou tapez son SIREN."), AuPlus(300)])
    recu_le = DateFr("Reçue le", [Saisi("Indiquez le jour où le papier est arrivé, par exemple 24/11/2026.")])
    signe_par = TexteCourt(
        "Signée par", [Requis("Écrivez qui a signé\u00a0: c’est ce qui engage la collectivité."), AuPlus(120)]
    )
    engagement = TexteCourt("Numéro d’engagement", [AuPlus(50)])
    code_service = TexteCourt("Code service", [AuPlus(100)])
    mode = RadioField(
        "Où va la commande",
        [Saisi("Choisissez où va la commande.")],
        choices=[SelectChoice(mode.value, mode.libelle()) for mode in ModeDeRemise],
        default=ModeDeRemise.LIVRAISON.value,
    )
    motif = TextAreaField(
        "Pourquoi l’accepter s’il est arrivé après le dernier jour",
        [Facultatif(), AuPlus(MOTIF_MAXIMUM)],
        render_kw={"rows": 2},
    )
    lignes = TextAreaField("Articles", [Requis("Tapez une référence et une quantité par ligne.")])
    version = HiddenField()
    lettre = FileField("Le bon papier scanné (PDF ou photo)", [Facultatif()])

    @property
    def siren(self) -> str:
        """The SIREN in what was chosen; empty when there is none."""
        trouve = SIREN.search((self.collectivite.data or "").replace(" ", "").replace("\u00a0", ""))
        return trouve.group() if trouve else ""

    def exiger_la_date(self, du: date, au: date, le: date) -> bool:
        """Whether the paper can have come that day, in time or with a reason to be taken; else a sentence by its field.

        `du`, `au`: the days of the window; `le`: the day it is typed.
        """
        recu_le = self.recu_le.data
        if recu_le is None:
            return True
        if refus := refus_de_la_date(recu_le, du, le):
            self.recu_le.errors = [refus]
        elif refus := refus_du_papier(recu_le, au, self.motif.data or ""):
            self.motif.errors = [refus]
        return refus is None

    def lire(self) -> Sequence[LigneSaisie]:
        """The lines; none, with a message by the field, when nothing can be read."""
        lues = lire_collage(self.lignes.data or "")
        if len(lues) > LIGNES_MAX:
            self.lignes.errors = [f"{entier_fr(LIGNES_MAX)} lignes au plus\u00a0: il y en a {entier_fr(len(lues))}."]
            return ()
        return lues
