"""A titulaire of another rank has its own prices and terms, and may decline.

On SQLite a table made anew loses its triggers: those that mark the catalogue are put back, and titulaires get theirs,
as the price in force is that of the first titulaire that has not declined.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

EVENEMENTS = ("INSERT", "UPDATE", "DELETE")
TERMES = ("delai_livraison_jours", "franco_ht", "port_ht", "minimum_commande_ht")


def suivre(table: str) -> None:
    """The triggers of 0009 on one more table."""
    for evenement in EVENEMENTS:
        tete = f"CREATE TRIGGER marquer_{evenement.lower()}_{table} AFTER {evenement} ON {table} "
        if op.get_bind().dialect.name == "postgresql":
            op.execute(tete + "FOR EACH STATEMENT EXECUTE FUNCTION marquer_le_catalogue()")
        else:
            op.execute(
                tete + "FOR EACH ROW BEGIN INSERT INTO marque_du_catalogue (id, valeur) "
                "VALUES (1, hex(randomblob(16))) ON CONFLICT (id) DO UPDATE SET valeur = excluded.valeur; END"
            )


def cesser_de_suivre(table: str) -> None:
    """Take them off."""
    sur = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    for evenement in EVENEMENTS:
        op.execute(f"DROP TRIGGER marquer_{evenement.lower()}_{table}{sur}")


def upgrade() -> None:
    cesser_de_suivre("prix_article")
    with op.batch_alter_table("prix_article") as table:
        table.add_column(sa.Column("fournisseur_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            table.f("fk_prix_article_fournisseur_id_fournisseur"), "fournisseur", ["fournisseur_id"], ["id"]
        )
        table.drop_constraint(table.f("uq_prix_article_article_id_du"), type_="unique")
        table.create_unique_constraint(
            table.f("uq_prix_article_article_id_fournisseur_id_du"), ["article_id", "fournisseur_id", "du"]
        )
    op.create_index(
        "uq_prix_article_du_lot",
        "prix_article",
        ["article_id", "du"],
        unique=True,
        sqlite_where=sa.text("fournisseur_id IS NULL"),
        postgresql_where=sa.text("fournisseur_id IS NULL"),
    )
    suivre("prix_article")
    with op.batch_alter_table("import_bordereau") as table:
        table.add_column(sa.Column("fournisseur_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            table.f("fk_import_bordereau_fournisseur_id_fournisseur"), "fournisseur", ["fournisseur_id"], ["id"]
        )
    _titulaires()
    _desistements()


def _titulaires() -> None:
    with op.batch_alter_table("titulaire") as table:
        table.add_column(sa.Column("prix_du_lot", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("retire_du", sa.Date(), nullable=True))
        table.add_column(sa.Column("delai_livraison_jours", sa.Integer(), nullable=True))
        for nom in TERMES[1:]:
            table.add_column(sa.Column(nom, sa.BigInteger(), nullable=True))
        table.create_check_constraint(
            table.f("ck_titulaire_delai_et_minimum_positifs"), "delai_livraison_jours >= 1 AND minimum_commande_ht >= 0"
        )
        table.create_check_constraint(table.f("ck_titulaire_port_positif"), "port_ht >= 0 AND franco_ht >= 0")
    op.execute("UPDATE titulaire SET prix_du_lot = (rang = 1)")
    suivre("titulaire")


def _desistements() -> None:
    cles = {
        "lot_id": "lot",
        "fournisseur_id": "fournisseur",
        "campagne_id": "campagne",
        "bon_id": "bon_de_commande",
        "lettre_id": "fichier",
    }
    op.create_table(
        "desistement",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=nom not in ("lot_id", "fournisseur_id")) for nom in cles),
        sa.Column("du", sa.Date(), nullable=False),
        sa.Column("motif", sa.String(length=500), nullable=False),
        sa.Column("par", sa.String(length=200), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("leve_le", sa.DateTime(), nullable=True),
        sa.Column("leve_par", sa.String(length=200), nullable=False),
        sa.CheckConstraint("campagne_id IS NULL OR bon_id IS NULL", name=op.f("ck_desistement_une_portee")),
        sa.CheckConstraint("(leve_le IS NULL) = (leve_par = '')", name=op.f("ck_desistement_leve_par_quelqu_un")),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_desistement_{nom}_{table}"))
            for nom, table in cles.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desistement")),
        sa.UniqueConstraint("bon_id", name=op.f("uq_desistement_bon_id")),
    )
    for colonne in ("lot_id", "campagne_id"):
        op.create_index(op.f(f"ix_desistement_{colonne}"), "desistement", [colonne], unique=False)
    _un_seul("uq_desistement_de_la_campagne", ["lot_id", "fournisseur_id", "campagne_id"], "leve_le IS NULL")
    _un_seul(
        "uq_desistement_pour_de_bon",
        ["lot_id", "fournisseur_id"],
        "leve_le IS NULL AND campagne_id IS NULL AND bon_id IS NULL",
    )


def _un_seul(nom: str, colonnes: list[str], quand: str) -> None:
    op.create_index(
        nom, "desistement", colonnes, unique=True, sqlite_where=sa.text(quand), postgresql_where=sa.text(quand)
    )


def downgrade() -> None:
    for sql in ("SELECT 1 FROM desistement LIMIT 1", "SELECT 1 FROM prix_article WHERE fournisseur_id IS NOT NULL"):
        if op.get_bind().execute(sa.text(sql)).first():
            raise RuntimeError("Des titulaires ont leurs propres prix ou ont décliné\u00a0: cela ne peut pas être oublié.")
    op.drop_table("desistement")
    cesser_de_suivre("titulaire")
    with op.batch_alter_table("titulaire") as table:
        table.drop_constraint(table.f("ck_titulaire_port_positif"), type_="check")
        table.drop_constraint(table.f("ck_titulaire_delai_et_minimum_positifs"), type_="check")
        for nom in ("prix_du_lot", "retire_du", *TERMES):
            table.drop_column(nom)
    with op.batch_alter_table("import_bordereau") as table:
        table.drop_constraint(table.f("fk_import_bordereau_fournisseur_id_fournisseur"), type_="foreignkey")
        table.drop_column("fournisseur_id")
    cesser_de_suivre("prix_article")
    op.drop_index("uq_prix_article_du_lot", table_name="prix_article")
    with op.batch_alter_table("prix_article") as table:
        table.drop_constraint(table.f("uq_prix_article_article_id_fournisseur_id_du"), type_="unique")
        table.drop_constraint(table.f("fk_prix_article_fournisseur_id_fournisseur"), type_="foreignkey")
        table.drop_column("fournisseur_id")
        table.create_unique_constraint(table.f("uq_prix_article_article_id_du"), ["article_id", "du"])
    suivre("prix_article")
