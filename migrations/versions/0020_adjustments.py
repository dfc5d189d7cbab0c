"""What the buyer changes in a regroupement, with a reason, and the lines that are not ordered in the end."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

GENRES = ("ecarter", "reporter", "viser", "ajouter")
UNE_CIBLE = (
    "(lot_id IS NOT NULL AND article_id IS NULL AND commande_id IS NULL) "
    "OR (lot_id IS NULL AND (article_id IS NOT NULL OR commande_id IS NOT NULL))"
)
EN_PLUS = (
    "(genre IN ('ecarter', 'reporter') AND unites = 0) "
    "OR (genre IN ('viser', 'ajouter') AND unites > 0 AND article_id IS NOT NULL AND commande_id IS NULL)"
)
UNIQUES = {
    "uq_ajustement_lot": (["lot_id"], "lot_id IS NOT NULL"),
    "uq_ajustement_article": (["article_id"], "article_id IS NOT NULL AND commande_id IS NULL"),
    "uq_ajustement_commande": (["commande_id"], "commande_id IS NOT NULL AND article_id IS NULL"),
    "uq_ajustement_ligne": (["commande_id", "article_id"], "commande_id IS NOT NULL AND article_id IS NOT NULL"),
}


def upgrade() -> None:
    _ajustements()
    _lignes_ecartees()


def _ajustements() -> None:
    cles = {"campagne_id": "campagne", "lot_id": "lot", "article_id": "article", "commande_id": "commande"}
    op.create_table(
        "ajustement",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=nom != "campagne_id") for nom in cles),
        sa.Column(
            "genre",
            sa.Enum(*GENRES, native_enum=False, create_constraint=True, length=32, name="genreajustement_connu"),
            nullable=False,
        ),
        sa.Column("unites", sa.Integer(), nullable=False),
        sa.Column("motif", sa.String(length=500), nullable=False),
        sa.Column("par", sa.String(length=200), nullable=False),
        sa.Column("le", sa.DateTime(), nullable=False),
        sa.Column("retire_par", sa.String(length=200), nullable=False),
        sa.Column("retire_le", sa.DateTime(), nullable=True),
        sa.CheckConstraint(UNE_CIBLE, name=op.f("ck_ajustement_une_cible")),
        sa.CheckConstraint(EN_PLUS, name=op.f("ck_ajustement_en_plus_d_un_article")),
        sa.CheckConstraint("motif <> ''", name=op.f("ck_ajustement_a_un_motif")),
        sa.CheckConstraint("(retire_le IS NULL) = (retire_par = '')", name=op.f("ck_ajustement_retire_par_quelqu_un")),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_ajustement_{nom}_{table}"))
            for nom, table in cles.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ajustement")),
    )
    for nom, (colonnes, condition) in UNIQUES.items():
        ou = sa.text(f"retire_le IS NULL AND {condition}")
        champs = ["campagne_id", *colonnes]
        op.create_index(nom, "ajustement", champs, unique=True, sqlite_where=ou, postgresql_where=ou)
    op.create_index(op.f("ix_ajustement_campagne_id"), "ajustement", ["campagne_id"], unique=False)


def _lignes_ecartees() -> None:
    cles = {
        "campagne_id": "campagne",
        "ligne_commande_id": "ligne_commande",
        "collectivite_id": "collectivite",
        "ajustement_id": "ajustement",
    }
    op.create_table(
        "ligne_ecartee",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=nom == "ajustement_id") for nom in cles),
        sa.Column("reportee", sa.Boolean(), nullable=False),
        sa.Column("motif", sa.String(length=500), nullable=False),
        sa.Column("reprise", sa.Boolean(), nullable=True),
        sa.Column("suite_le", sa.DateTime(), nullable=True),
        sa.CheckConstraint("motif <> ''", name=op.f("ck_ligne_ecartee_a_un_motif")),
        sa.CheckConstraint("(suite_le IS NULL) = (reprise IS NULL)", name=op.f("ck_ligne_ecartee_suite_datee")),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_ligne_ecartee_{nom}_{table}"))
            for nom, table in cles.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ligne_ecartee")),
        sa.UniqueConstraint("ligne_commande_id", name=op.f("uq_ligne_ecartee_ligne_commande_id")),
    )
    ou = sa.text("reportee AND suite_le IS NULL")
    op.create_index(
        *("ix_ligne_ecartee_a_reprendre", "ligne_ecartee", ["collectivite_id"]),
        unique=False,
        sqlite_where=ou,
        postgresql_where=ou,
    )
    op.create_index(op.f("ix_ligne_ecartee_campagne_id"), "ligne_ecartee", ["campagne_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM ligne_ecartee LIMIT 1")).first():
        raise RuntimeError("Des lignes ont été laissées de côté ou reportées : leur motif ne peut pas être oublié.")
    op.drop_table("ligne_ecartee")
    op.drop_table("ajustement")
