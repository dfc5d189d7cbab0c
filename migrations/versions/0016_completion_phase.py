"""An optional completion phase after the last day of a campagne."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

AVANT = ("preparee", "ouverte", "close", "regroupee", "soldee", "annulee")
ETATS = ("preparee", "ouverte", "en_complement", *AVANT[2:])


def _etats(valeurs: tuple[str, ...]) -> str:
    """What the database checks of a state."""
    return f"etat IN ({', '.join(repr(valeur) for valeur in valeurs)})"


def upgrade() -> None:
    with op.batch_alter_table("campagne") as campagne:
        campagne.add_column(sa.Column("complement_au", sa.Date(), nullable=True))
        campagne.drop_constraint("etatcampagne_connu", type_="check")
        campagne.create_check_constraint("etatcampagne_connu", _etats(ETATS))
        campagne.create_check_constraint(campagne.f("ck_campagne_complement_apres"), "complement_au > au")


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM campagne WHERE etat = 'en_complement'")).first():
        raise RuntimeError("Une campagne est en phase de complément : closez-la d’abord.")
    with op.batch_alter_table("campagne") as campagne:
        campagne.drop_constraint(campagne.f("ck_campagne_complement_apres"), type_="check")
        campagne.drop_constraint("etatcampagne_connu", type_="check")
        campagne.create_check_constraint("etatcampagne_connu", _etats(AVANT))
        campagne.drop_column("complement_au")
