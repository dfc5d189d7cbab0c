"""What the depot did not hand over of an urgent order, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

MOTIFS = ("pas_pris", "introuvable", "abime")


def upgrade() -> None:
    op.create_table(
        "ecart_de_remise",
        sa.Column("ligne_commande_id", sa.Integer(), nullable=False),
        sa.Column("unites", sa.Integer(), nullable=False),
        sa.Column("montant_ht", sa.BigInteger(), nullable=False),
        sa.Column(
            "motif",
            sa.Enum(*MOTIFS, name="motifdecart_connu", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("precision", sa.String(length=200), nullable=False),
        sa.CheckConstraint("montant_ht >= 0", name=op.f("ck_ecart_de_remise_montant_positif")),
        sa.CheckConstraint("unites > 0", name=op.f("ck_ecart_de_remise_unites_positives")),
        sa.ForeignKeyConstraint(
            ["ligne_commande_id"],
            ["ligne_commande.id"],
            name=op.f("fk_ecart_de_remise_ligne_commande_id_ligne_commande"),
        ),
        sa.PrimaryKeyConstraint("ligne_commande_id", name=op.f("pk_ecart_de_remise")),
    )


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM ecart_de_remise LIMIT 1")).first():
        raise RuntimeError("Des dépannages ont été remis en partie\u00a0: cela ne peut pas être oublié.")
    op.drop_table("ecart_de_remise")
