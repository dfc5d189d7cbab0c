"""Bons revised and cancelled: what each said before, and the bon that takes the place of a cancelled one."""

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = {
    "version_de_bon": [
        "id",
        "bon_id",
        "revision",
        "close_le",
        "close_par",
        "motif",
        "changements",
        "a_livrer_avant_le",
        "port_ht",
        "tva_port_pct",
        "total_ht",
        "total_tva",
        "total_ttc",
    ],
    "ligne_de_version": [
        "id",
        "version_id",
        "ligne_bon_id",
        "reference",
        "designation",
        "unite",
        "unites_par_colis",
        "unites_demandees",
        "unites_du_stock",
        "colis",
        "unites",
        "unites_acceptees_en_plus",
        "surplus_au_depot",
        "prix_unitaire_ht",
        "tva_pct",
        "montant_ht",
    ],
    "part_de_version": [
        "id",
        "version_id",
        "ligne_bon_id",
        "collectivite_id",
        "point_de_livraison_id",
        "commande_id",
        "unites",
        "montant_ht",
    ],
}


def upgrade() -> None:
    with op.batch_alter_table("bon_de_commande") as table:
        table.add_column(sa.Column("remplace_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            table.f("fk_bon_de_commande_remplace_id_bon_de_commande"), "bon_de_commande", ["remplace_id"], ["id"]
        )
        table.create_index(table.f("ix_bon_de_commande_remplace_id"), ["remplace_id"], unique=False)
    _versions()
    _lignes()
    _parts()
    for ordre in immuable.ordres(op.get_bind().dialect.name, TABLES):
        op.get_bind().exec_driver_sql(ordre)


def _versions() -> None:
    op.create_table(
        "version_de_bon",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bon_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("close_le", sa.DateTime(), nullable=False),
        sa.Column("close_par", sa.String(length=200), nullable=False),
        sa.Column("motif", sa.String(length=500), nullable=False),
        sa.Column("changements", sa.JSON(), nullable=False),
        sa.Column("a_livrer_avant_le", sa.Date(), nullable=False),
        sa.Column("port_ht", sa.BigInteger(), nullable=False),
        sa.Column("tva_port_pct", sa.Integer(), nullable=True),
        sa.Column("total_ht", sa.BigInteger(), nullable=False),
        sa.Column("total_tva", sa.BigInteger(), nullable=False),
        sa.Column("total_ttc", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bon_id"], ["bon_de_commande.id"], name=op.f("fk_version_de_bon_bon_id_bon_de_commande")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version_de_bon")),
        sa.UniqueConstraint("bon_id", "revision", name=op.f("uq_version_de_bon_bon_id_revision")),
    )


def _lignes() -> None:
    entiers = (
        "unites_par_colis",
        "unites_demandees",
        "unites_du_stock",
        "colis",
        "unites",
        "unites_acceptees_en_plus",
        "surplus_au_depot",
    )
    op.create_table(
        "ligne_de_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("ligne_bon_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=50), nullable=False),
        sa.Column("designation", sa.String(length=300), nullable=False),
        sa.Column("unite", sa.String(length=20), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=False) for nom in entiers),
        sa.Column("prix_unitaire_ht", sa.BigInteger(), nullable=False),
        sa.Column("tva_pct", sa.Integer(), nullable=False),
        sa.Column("montant_ht", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ligne_bon_id"], ["ligne_bon.id"], name=op.f("fk_ligne_de_version_ligne_bon_id_ligne_bon")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["version_de_bon.id"], name=op.f("fk_ligne_de_version_version_id_version_de_bon")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ligne_de_version")),
        sa.UniqueConstraint("version_id", "ligne_bon_id", name=op.f("uq_ligne_de_version_version_id_ligne_bon_id")),
    )


def _parts() -> None:
    cles = {
        "version_id": "version_de_bon",
        "ligne_bon_id": "ligne_bon",
        "collectivite_id": "collectivite",
        "point_de_livraison_id": "point_de_livraison",
        "commande_id": "commande",
    }
    op.create_table(
        "part_de_version",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=nom not in ("version_id", "ligne_bon_id")) for nom in cles),
        sa.Column("unites", sa.Integer(), nullable=False),
        sa.Column("montant_ht", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_part_de_version_{nom}_{table}"))
            for nom, table in cles.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_de_version")),
    )
    op.create_index(op.f("ix_part_de_version_version_id"), "part_de_version", ["version_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM version_de_bon LIMIT 1")).first():
        raise RuntimeError("Des bons ont été révisés ou annulés : ce qu’ils disaient avant ne peut pas être oublié.")
    for ordre in immuable.levees(op.get_bind().dialect.name, TABLES):
        op.get_bind().exec_driver_sql(ordre)
    for nom in ("part_de_version", "ligne_de_version", "version_de_bon"):
        op.drop_table(nom)
    with op.batch_alter_table("bon_de_commande") as table:
        table.drop_index(table.f("ix_bon_de_commande_remplace_id"))
        table.drop_constraint(table.f("fk_bon_de_commande_remplace_id_bon_de_commande"), type_="foreignkey")
        table.drop_column("remplace_id")
