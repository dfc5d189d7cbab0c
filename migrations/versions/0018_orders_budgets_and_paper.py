"""Budgets of the bodies, orders received on paper."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campagne_id", sa.Integer(), nullable=False),
        sa.Column("collectivite_id", sa.Integer(), nullable=False),
        sa.Column("montant_ttc", sa.BigInteger(), nullable=False),
        sa.Column(
            "effet",
            sa.Enum(
                "prevenir",
                "bloquer",
                name="effetdubudget_connu",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("fixe_le", sa.DateTime(), nullable=False),
        sa.Column("fixe_par", sa.String(length=200), nullable=False),
        sa.CheckConstraint("montant_ttc > 0", name=op.f("ck_budget_budget_positif")),
        sa.ForeignKeyConstraint(["campagne_id"], ["campagne.id"], name=op.f("fk_budget_campagne_id_campagne")),
        sa.ForeignKeyConstraint(
            ["collectivite_id"], ["collectivite.id"], name=op.f("fk_budget_collectivite_id_collectivite")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("campagne_id", "collectivite_id", name=op.f("uq_budget_campagne_id_collectivite_id")),
    )
    with op.batch_alter_table("budget") as table:
        table.create_index(table.f("ix_budget_collectivite_id"), ["collectivite_id"], unique=False)
    with op.batch_alter_table("commande") as table:
        table.add_column(sa.Column("papier_recu_le", sa.Date(), nullable=True))
        table.add_column(sa.Column("papier_signe_par", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("papier_id", sa.Integer(), nullable=True))
        table.create_foreign_key(table.f("fk_commande_papier_id_fichier"), "fichier", ["papier_id"], ["id"])
        table.create_index(table.f("ix_commande_papier_id"), ["papier_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("commande") as table:
        table.drop_index(table.f("ix_commande_papier_id"))
        table.drop_constraint(table.f("fk_commande_papier_id_fichier"), type_="foreignkey")
        for nom in ("papier_id", "papier_signe_par", "papier_recu_le"):
            table.drop_column(nom)
    op.drop_table("budget")
