"""What bodies intend: the enquêtes sent to them, the letters, and the answers, typed here or brought from LimeSurvey.

Lengths are whole millimetres of shelf. A figure somebody wrote in words (« environ 59 ») is kept with its words in
`a_confirmer` until a person confirms it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groupement.adherents.models.corps import Collectivite
from groupement.adherents.states import EtatEnquete, EtatIntention, OrigineIntention
from groupement.socle.db import Base, DateHeure, colonne_etat


class Enquete(Base):
    """A campaign of letters asking the bodies what they intend; its questions are always the same."""

    __tablename__ = "enquete"
    __table_args__ = (CheckConstraint("grace_jours BETWEEN 0 AND 365", name="grace_plausible"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    titre: Mapped[str] = mapped_column(String(200))
    texte: Mapped[str] = mapped_column(Text)  # the body of the letter
    echeance: Mapped[date]  # last day to answer, included
    grace_jours: Mapped[int] = mapped_column(default=30)  # how long a link still shows its answer afterwards
    etat: Mapped[EtatEnquete] = mapped_column(colonne_etat(EtatEnquete), default=EtatEnquete.PREPAREE)
    creee_le: Mapped[datetime] = mapped_column(DateHeure)
    version: Mapped[int] = mapped_column(default=1)


class Sollicitation(Base):
    """The letter of one enquête to one body: by mail when an address is known, else on paper."""

    __tablename__ = "sollicitation"
    __table_args__ = (
        UniqueConstraint("enquete_id", "collectivite_id"),
        CheckConstraint("relances >= 0", name="relances_comptees"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enquete_id: Mapped[int] = mapped_column(ForeignKey("enquete.id"))
    enquete: Mapped[Enquete] = relationship()
    collectivite_id: Mapped[int] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite] = relationship()
    courriel: Mapped[str] = mapped_column(String(255), default="")  # empty: a paper letter
    envoyee_le: Mapped[datetime] = mapped_column(DateHeure)
    relancee_le: Mapped[datetime | None] = mapped_column(DateHeure)
    relances: Mapped[int] = mapped_column(default=0)


class Intention(Base):
    """What a body answered. It counts once it is complete and attached to a body; the latest of a body wins."""

    __tablename__ = "intention"
    __table_args__ = (
        UniqueConstraint("numero_limesurvey", "numero_reponse"),
        Index("ix_intention_enquete_id_etat", "enquete_id", "etat"),
        CheckConstraint("etat IN ('recue', 'ecartee') OR collectivite_id IS NOT NULL", name="rattachee_a_quelqu_un"),
        CheckConstraint("etat <> 'ecartee' OR motif <> ''", name="ecartee_avec_motif"),
        CheckConstraint("(numero_limesurvey IS NULL) = (numero_reponse IS NULL)", name="provenance_entiere"),
        CheckConstraint(
            "archives_mm >= 0 AND boites >= 0 AND rayonnages_mm >= 0 AND reliures >= 0", name="estimations_positives"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    enquete_id: Mapped[int] = mapped_column(ForeignKey("enquete.id"))
    enquete: Mapped[Enquete] = relationship()
    origine: Mapped[OrigineIntention] = mapped_column(colonne_etat(OrigineIntention))
    sollicitation_id: Mapped[int | None] = mapped_column(ForeignKey("sollicitation.id"), unique=True)
    numero_limesurvey: Mapped[str | None] = mapped_column(String(40))
    numero_reponse: Mapped[str | None] = mapped_column(String(40))
    collectivite_id: Mapped[int | None] = mapped_column(ForeignKey("collectivite.id"), index=True)
    collectivite: Mapped[Collectivite | None] = relationship()
    etat: Mapped[EtatIntention] = mapped_column(colonne_etat(EtatIntention), default=EtatIntention.RECUE)
    motif: Mapped[str] = mapped_column(String(300), default="")  # why it was set aside
    rapprochee_par: Mapped[str] = mapped_column(String(20), default="")  # siret, siren, insee, lien or personne
    nom_declare: Mapped[str] = mapped_column(String(200), default="")
    siret_declare: Mapped[str] = mapped_column(String(20), default="")
    siren_declare: Mapped[str] = mapped_column(String(20), default="")
    insee_declare: Mapped[str] = mapped_column(String(20), default="")
    repondant: Mapped[str] = mapped_column(String(200), default="")
    qualite: Mapped[str] = mapped_column(String(100), default="")
    courriel: Mapped[str] = mapped_column(String(255), default="")
    participe: Mapped[bool | None]  # None: the question was not answered
    veut_etat_des_lieux: Mapped[bool] = mapped_column(default=False)
    veut_archivage: Mapped[bool] = mapped_column(default=False)
    veut_groupement: Mapped[bool] = mapped_column(default=False)
    veut_sae: Mapped[bool] = mapped_column(default=False)
    veut_autre: Mapped[str] = mapped_column(String(300), default="")
    archives_mm: Mapped[int | None]
    boites: Mapped[int | None]
    rayonnages_mm: Mapped[int | None]
    reliures: Mapped[int | None]
    a_confirmer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # field → what was written in words
    commentaire: Mapped[str] = mapped_column(Text, default="")
    complete: Mapped[bool] = mapped_column(default=True)
    recue_le: Mapped[datetime] = mapped_column(DateHeure)
    modifiee_le: Mapped[datetime | None] = mapped_column(DateHeure)
    version: Mapped[int] = mapped_column(default=1)


class CorrespondanceLimeSurvey(Base):
    """Which column of a LimeSurvey file answers which question, remembered survey by survey."""

    __tablename__ = "correspondance_limesurvey"
    id: Mapped[int] = mapped_column(primary_key=True)
    numero: Mapped[str] = mapped_column(String(40), unique=True)
    colonnes: Mapped[dict[str, str]] = mapped_column(JSON)  # heading → field
    apprise_le: Mapped[datetime] = mapped_column(DateHeure)
    apprise_par: Mapped[str] = mapped_column(String(200))
