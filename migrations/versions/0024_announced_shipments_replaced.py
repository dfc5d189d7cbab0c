"""Which announced shipment takes the place of which, so that none is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

CLE = "fk_ligne_envoi_remplacee_par_id_envoi_annonce"
# The last day announced was the only one shown: where more was announced than is expected, it replaced the others.
REMPLACER = """
UPDATE ligne_envoi SET remplacee_par_id = (
    SELECT MAX(derniere.envoi_id) FROM ligne_envoi derniere WHERE derniere.livraison_id = ligne_envoi.livraison_id
)
WHERE ligne_envoi.envoi_id < (
    SELECT MAX(autre.envoi_id) FROM ligne_envoi autre WHERE autre.livraison_id = ligne_envoi.livraison_id
)
AND (
    SELECT SUM(dite.unites) FROM ligne_envoi dite WHERE dite.livraison_id = ligne_envoi.livraison_id
) > (
    SELECT SUM(ligne.unites_attendues) FROM ligne_livraison ligne WHERE ligne.livraison_id = ligne_envoi.livraison_id
)
"""


def upgrade() -> None:
    with op.batch_alter_table("ligne_envoi") as table:
        table.add_column(sa.Column("remplacee_par_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(CLE), "envoi_annonce", ["remplacee_par_id"], ["id"])
    op.execute(REMPLACER)


def downgrade() -> None:
    with op.batch_alter_table("ligne_envoi") as table:
        table.drop_constraint(op.f(CLE), type_="foreignkey")
        table.drop_column("remplacee_par_id")
