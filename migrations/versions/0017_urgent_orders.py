"""Urgent orders, served from the stock of the depot."""

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NATURES = sa.Enum(
    "fenetre", "depannage", name="naturecampagne_connu", native_enum=False, create_constraint=True, length=32
)
PAR_COLLECTIVITE = "uq_commande_par_collectivite"
FACTURE = [
    *("id", "numero", "refacturation_id", "collectivite_id", "etat", "emise_le", "echeance_le"),
    *("total_ht", "total_tva", "total_ttc", "paye_ttc", "avoirs_ttc", "trop_percu_ttc", "rembourse_ttc"),
    *("fige", "empreinte_precedente", "empreinte"),
]
UNE_PAR_CORPS = "uq_facture_refacturation_id_collectivite_id"


def upgrade() -> None:
    with op.batch_alter_table("campagne") as campagne:
        campagne.add_column(sa.Column("nature", NATURES, nullable=False, server_default="fenetre"))
    depannage = sa.text("nature = 'depannage'")
    op.create_index(
        "uq_campagne_depannages",
        "campagne",
        ["marche_id", "du"],
        unique=True,
        sqlite_where=depannage,
        postgresql_where=depannage,
    )
    for table, colonne in (("commande", "urgente"), ("depot", "livre")):
        with op.batch_alter_table(table) as change:
            change.add_column(sa.Column(colonne, sa.Boolean(), nullable=False, server_default=sa.false()))
    _une_commande_par_collectivite("etat <> 'annulee' AND urgente = 0", "etat <> 'annulee' AND NOT urgente")
    op.create_index(
        "ix_commande_urgente",
        "commande",
        ["etat"],
        sqlite_where=sa.text("urgente = 1"),
        postgresql_where=sa.text("urgente"),
    )
    _tables()
    _factures()


def _factures() -> None:
    """A run bills a body once; urgent orders one by one, each with its own engagement."""
    _lever_les_gardes()
    with op.batch_alter_table("facture") as facture:
        facture.drop_constraint(facture.f(UNE_PAR_CORPS), type_="unique")
        facture.add_column(sa.Column("commande_id", sa.Integer(), nullable=True))
        facture.create_foreign_key(facture.f("fk_facture_commande_id_commande"), "commande", ["commande_id"], ["id"])
    _garder([*FACTURE, "commande_id"])
    for nom, colonnes, quand in (
        ("uq_facture_par_collectivite", ["refacturation_id", "collectivite_id"], "commande_id IS NULL"),
        ("uq_facture_par_commande", ["commande_id", "refacturation_id"], "commande_id IS NOT NULL"),
    ):
        condition = sa.text(quand)
        op.create_index(nom, "facture", colonnes, unique=True, sqlite_where=condition, postgresql_where=condition)


def _lever_les_gardes() -> None:
    """The guards of a frozen table name its columns: they come off before these change."""
    for ordre in immuable.levees(op.get_bind().dialect.name, ["facture"]):
        op.get_bind().exec_driver_sql(ordre)


def _garder(colonnes: list[str]) -> None:
    """The guards, on the columns as they are now."""
    for ordre in immuable.ordres(op.get_bind().dialect.name, {"facture": colonnes}):
        op.get_bind().exec_driver_sql(ordre)


def _une_commande_par_collectivite(sqlite: str, postgresql: str) -> None:
    """A body has one order in a window; `sqlite` and `postgresql` say which orders count."""
    op.drop_index(PAR_COLLECTIVITE, table_name="commande")
    op.create_index(
        PAR_COLLECTIVITE,
        "commande",
        ["campagne_id", "collectivite_id"],
        unique=True,
        sqlite_where=sa.text(sqlite),
        postgresql_where=sa.text(postgresql),
    )


def _tables() -> None:
    op.create_table(
        "depannage",
        sa.Column("commande_id", sa.Integer(), nullable=False),
        sa.Column("motif", sa.String(length=300), nullable=False),
        sa.Column("remis_le", sa.Date(), nullable=True),
        sa.Column("remis_a", sa.String(length=200), nullable=True),
        sa.CheckConstraint("(remis_le IS NULL) = (remis_a IS NULL)", name=op.f("ck_depannage_remise_entiere")),
        sa.CheckConstraint("motif <> ''", name=op.f("ck_depannage_urgence_motivee")),
        sa.ForeignKeyConstraint(["commande_id"], ["commande.id"], name=op.f("fk_depannage_commande_id_commande")),
        sa.PrimaryKeyConstraint("commande_id", name=op.f("pk_depannage")),
    )
    op.create_table(
        "reserve_de_stock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("unites", sa.Integer(), nullable=False),
        sa.CheckConstraint("unites > 0", name=op.f("ck_reserve_de_stock_unites_positives")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_reserve_de_stock_article_id_article")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_reserve_de_stock_depot_id_depot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reserve_de_stock")),
        sa.UniqueConstraint("depot_id", "article_id", name=op.f("uq_reserve_de_stock_depot_id_article_id")),
    )
    op.create_index(op.f("ix_reserve_de_stock_article_id"), "reserve_de_stock", ["article_id"], unique=False)


def downgrade() -> None:
    # Two urgent orders of a body billed together, or not annulled, cannot be told any more: the database refuses.
    op.drop_index("uq_facture_par_commande", table_name="facture")
    op.drop_index("uq_facture_par_collectivite", table_name="facture")
    _lever_les_gardes()
    with op.batch_alter_table("facture") as facture:
        facture.drop_constraint(facture.f("fk_facture_commande_id_commande"), type_="foreignkey")
        facture.drop_column("commande_id")
        facture.create_unique_constraint(facture.f(UNE_PAR_CORPS), ["refacturation_id", "collectivite_id"])
    _garder(FACTURE)
    op.drop_table("reserve_de_stock")
    op.drop_table("depannage")
    op.drop_index("ix_commande_urgente", table_name="commande")
    _une_commande_par_collectivite("etat <> 'annulee'", "etat <> 'annulee'")
    with op.batch_alter_table("depot") as depot:
        depot.drop_column("livre")
    with op.batch_alter_table("commande") as commande:
        commande.drop_column("urgente")
    op.drop_index("uq_campagne_depannages", table_name="campagne")
    with op.batch_alter_table("campagne") as campagne:
        campagne.drop_constraint("naturecampagne_connu", type_="check")
        campagne.drop_column("nature")
