"""An optional completion phase after the last day of a campagne."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AVANT = ("preparee", "ouverte", "close", "regroupee", "soldee", "annulee")
ETATS = ("preparee", "ouverte", "en_complement", *AVANT[2:])
GENRES_AVANT = ("ouverture", "j7", "j1", "colis", "report", "cloture", "reouverture", "annulation")
GENRES = (*GENRES_AVANT[:5], "complement", *GENRES_AVANT[5:])


def _parmi(colonne: str, valeurs: tuple[str, ...]) -> str:
    """What the database checks of a state."""
    return f"{colonne} IN ({', '.join(repr(valeur) for valeur in valeurs)})"


def _genres(valeurs: tuple[str, ...]) -> None:
    """The mails of the calendar."""
    with op.batch_alter_table("annonce") as annonce:
        annonce.drop_constraint("genreannonce_connu", type_="check")
        annonce.create_check_constraint("genreannonce_connu", _parmi("genre", valeurs))


def upgrade() -> None:
    with op.batch_alter_table("campagne") as campagne:
        campagne.add_column(sa.Column("complement_au", sa.Date(), nullable=True))
        campagne.drop_constraint("etatcampagne_connu", type_="check")
        campagne.create_check_constraint("etatcampagne_connu", _parmi("etat", ETATS))
        campagne.create_check_constraint(campagne.f("ck_campagne_complement_apres"), "complement_au > au")
    _genres(GENRES)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM campagne WHERE etat = 'en_complement'")).first():
        raise RuntimeError("Une campagne est en phase de complément : closez-la d’abord.")
    op.execute("DELETE FROM annonce WHERE genre = 'complement'")
    _genres(GENRES_AVANT)
    with op.batch_alter_table("campagne") as campagne:
        campagne.drop_constraint(campagne.f("ck_campagne_complement_apres"), type_="check")
        campagne.drop_constraint("etatcampagne_connu", type_="check")
        campagne.create_check_constraint("etatcampagne_connu", _parmi("etat", AVANT))
        campagne.drop_column("complement_au")
