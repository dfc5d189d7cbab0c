"""How many pieces of a line were left out, when some were ordered."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

POSITIVES = "ck_ligne_ecartee_unites_positives"


def upgrade() -> None:
    with op.batch_alter_table("ligne_ecartee") as table:
        table.add_column(sa.Column("unites", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f(POSITIVES), "unites IS NULL OR unites > 0")


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM ligne_ecartee WHERE unites IS NOT NULL LIMIT 1")).first():
        raise RuntimeError("Des lignes ont été commandées en partie\u00a0: cela ne peut pas être oublié.")
    with op.batch_alter_table("ligne_ecartee") as table:
        table.drop_constraint(op.f(POSITIVES), type_="check")
        table.drop_column("unites")
