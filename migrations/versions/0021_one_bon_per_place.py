"""Lots whose contract wants one bon per delivery place, and the only place such a bon goes to."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("lot") as lot:
        lot.add_column(sa.Column("un_bon_par_lieu", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("bon_de_commande") as bon:
        bon.add_column(sa.Column("lieu", sa.String(length=300), nullable=False, server_default=""))


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM bon_de_commande WHERE lieu <> '' LIMIT 1")).first():
        raise RuntimeError("Des lots ont donné un bon par lieu : à quel lieu va chacun ne peut pas être oublié.")
    with op.batch_alter_table("bon_de_commande") as bon:
        bon.drop_column("lieu")
    with op.batch_alter_table("lot") as lot:
        lot.drop_column("un_bon_par_lieu")
