"""What makes the page of an article pleasant: its pictures, its data sheet, and who keeps it at hand.

`MarqueDuCatalogue` tells when articles or prices have changed: the database writes it itself, by triggers.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from groupement.socle.db import Base, DateHeure
from groupement.socle.fichiers import Fichier


class PhotoArticle(Base):
    """A picture of an article: large and small in its file, of the width of a page in `page`. The lowest `rang` is
    the main one. Never changed once written: another picture is another row, so that browsers may keep it."""

    __tablename__ = "photo_article"
    __table_args__ = (CheckConstraint("texte <> ''", name="texte_de_remplacement"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    fichier_id: Mapped[int] = mapped_column(ForeignKey("fichier.id"))
    fichier: Mapped[Fichier] = relationship()
    page: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    texte: Mapped[str] = mapped_column(String(200))  # what the picture shows, for who does not see it
    rang: Mapped[int]


class FicheTechnique(Base):
    """The supplier's data sheet of an article: one PDF, checked."""

    __tablename__ = "fiche_technique"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True)
    fichier_id: Mapped[int] = mapped_column(ForeignKey("fichier.id"))
    fichier: Mapped[Fichier] = relationship()


class Favori(Base):
    """An article somebody keeps at hand. A person's, not a body's: a secretary of three town halls buys the same
    boxes for all three."""

    __tablename__ = "favori"
    utilisateur_id: Mapped[int] = mapped_column(ForeignKey("utilisateur.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, index=True)
    le: Mapped[datetime] = mapped_column(DateHeure)


class MarqueDuCatalogue(Base):
    """One row, whose value is new each time articles or prices change, whoever changes them and however. It is no data:
    a backup leaves it out, and a restored catalogue gets a mark of its own."""

    __tablename__ = "marque_du_catalogue"
    __table_args__ = {"info": {"propre_a_cette_base": True}}
    id: Mapped[int] = mapped_column(primary_key=True)
    valeur: Mapped[str] = mapped_column(String(64))
