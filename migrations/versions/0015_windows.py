"""Windows: lots open, who may order, delivery announced, mails already sent."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ACCES = sa.Enum(
    "tous", "types", "liste", name="accescampagne_connu", native_enum=False, create_constraint=True, length=32
)
GENRES = sa.Enum(
    *("ouverture", "j7", "j1", "colis", "report", "cloture", "reouverture", "annulation"),
    name="genreannonce_connu",
    native_enum=False,
    create_constraint=True,
    length=32,
)


def upgrade() -> None:
    with op.batch_alter_table("campagne") as campagne:
        campagne.add_column(sa.Column("lots", sa.JSON(), nullable=True))
        campagne.add_column(sa.Column("acces", ACCES, nullable=False, server_default="tous"))
        campagne.add_column(sa.Column("types", sa.JSON(), nullable=False, server_default="[]"))
        campagne.add_column(sa.Column("livraison_du", sa.Date(), nullable=True))
        campagne.add_column(sa.Column("livraison_au", sa.Date(), nullable=True))
        # A window prepared before this version waits for its buyer, as was promised then.
        campagne.add_column(sa.Column("s_ouvre_seule", sa.Boolean(), nullable=False, server_default=sa.false()))
        campagne.add_column(sa.Column("annonces_coupees", sa.JSON(), nullable=False, server_default="[]"))
        campagne.create_check_constraint(
            campagne.f("ck_campagne_livraison_dans_l_ordre"), "livraison_au >= livraison_du"
        )
    _tables()


def _tables() -> None:
    op.create_table(
        "collectivite_admise",
        sa.Column("campagne_id", sa.Integer(), nullable=False),
        sa.Column("collectivite_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campagne_id"], ["campagne.id"], name=op.f("fk_collectivite_admise_campagne_id_campagne")
        ),
        sa.ForeignKeyConstraint(
            ["collectivite_id"], ["collectivite.id"], name=op.f("fk_collectivite_admise_collectivite_id_collectivite")
        ),
        sa.PrimaryKeyConstraint("campagne_id", "collectivite_id", name=op.f("pk_collectivite_admise")),
    )
    op.create_index(
        op.f("ix_collectivite_admise_collectivite_id"), "collectivite_admise", ["collectivite_id"], unique=False
    )
    op.create_table(
        "annonce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campagne_id", sa.Integer(), nullable=False),
        sa.Column("genre", GENRES, nullable=False),
        sa.Column("au", sa.Date(), nullable=False),
        sa.Column("prevue_le", sa.DateTime(), nullable=False),
        sa.Column("motif", sa.String(length=500), nullable=False),
        sa.Column("reglee_le", sa.DateTime(), nullable=True),
        sa.Column("courriels", sa.Integer(), nullable=False),
        sa.Column("sans_adresse", sa.Integer(), nullable=False),
        sa.Column("non_envoyee", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["campagne_id"], ["campagne.id"], name=op.f("fk_annonce_campagne_id_campagne")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annonce")),
    )
    op.create_index(op.f("ix_annonce_campagne_id"), "annonce", ["campagne_id"], unique=False)
    rappel = sa.text("genre IN ('j7', 'j1', 'colis')")
    op.create_index(
        "uq_annonce_rappel",
        "annonce",
        ["campagne_id", "genre", "au"],
        unique=True,
        sqlite_where=rappel,
        postgresql_where=rappel,
    )


def downgrade() -> None:
    op.drop_table("annonce")
    op.drop_table("collectivite_admise")
    with op.batch_alter_table("campagne") as campagne:
        campagne.drop_constraint("accescampagne_connu", type_="check")
        campagne.drop_constraint(campagne.f("ck_campagne_livraison_dans_l_ordre"), type_="check")
        for colonne in (
            *("annonces_coupees", "s_ouvre_seule", "livraison_au", "livraison_du", "types", "acces", "lots"),
        ):
            campagne.drop_column(colonne)
