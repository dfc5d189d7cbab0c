"""Indexes of the pages: the demand of a campagne summed from an index alone, what can be billed found by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

A_FACTURER = sa.text("unites_admises > unites_facturees")


def upgrade() -> None:
    op.create_index("ix_ligne_commande_demande", "ligne_commande", ["commande_id", "article_id", "unites"])
    op.create_index(
        "ix_affectation_a_facturer",
        "affectation",
        ["collectivite_id"],
        sqlite_where=A_FACTURER,
        postgresql_where=A_FACTURER,
    )


def downgrade() -> None:
    op.drop_index("ix_affectation_a_facturer", "affectation")
    op.drop_index("ix_ligne_commande_demande", "ligne_commande")
