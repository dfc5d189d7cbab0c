"""What a supplier answers on its signed link."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bon_de_commande") as table:
        table.add_column(sa.Column("lien_numero", sa.Integer(), server_default="1", nullable=False))
        table.add_column(sa.Column("lien_coupe_le", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("consulte_le", sa.DateTime(), nullable=True))
    _propositions()
    _observations()
    _envois()


def _etat(nom: str, *valeurs: str) -> sa.Enum:
    return sa.Enum(*valeurs, native_enum=False, create_constraint=True, length=32, name=nom)


def _reponse() -> list[sa.Column]:
    return [
        sa.Column("repondue_le", sa.DateTime(), nullable=True),
        sa.Column("repondue_par", sa.String(length=200), nullable=False),
        sa.Column("reponse", sa.Text(), nullable=False),
    ]


def _propositions() -> None:
    en_attente = sa.text("etat = 'proposee'")
    op.create_table(
        "proposition_de_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bon_id", sa.Integer(), nullable=False),
        sa.Column("etat", _etat("etatproposition_connu", "proposee", "acceptee", "refusee"), nullable=False),
        sa.Column("a_livrer_avant_le", sa.Date(), nullable=False),
        sa.Column("date_proposee", sa.Date(), nullable=False),
        sa.Column("cause_le", sa.Date(), nullable=False),
        sa.Column("motif", sa.Text(), nullable=False),
        sa.Column("proposee_le", sa.DateTime(), nullable=False),
        sa.Column("proposee_par", sa.String(length=200), nullable=False),
        sa.Column("a_repondre_avant_le", sa.Date(), nullable=False),
        *_reponse(),
        sa.CheckConstraint(
            "(etat = 'proposee') = (repondue_le IS NULL)", name=op.f("ck_proposition_de_date_repondue_a_une_date")
        ),
        sa.CheckConstraint(
            "date_proposee > a_livrer_avant_le", name=op.f("ck_proposition_de_date_plus_tard_que_le_delai")
        ),
        sa.ForeignKeyConstraint(
            ["bon_id"], ["bon_de_commande.id"], name=op.f("fk_proposition_de_date_bon_id_bon_de_commande")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposition_de_date")),
    )
    op.create_index(op.f("ix_proposition_de_date_bon_id"), "proposition_de_date", ["bon_id"], unique=False)
    op.create_index(
        "uq_proposition_de_date_en_attente",
        "proposition_de_date",
        ["bon_id"],
        unique=True,
        sqlite_where=en_attente,
        postgresql_where=en_attente,
    )


def _observations() -> None:
    op.create_table(
        "observation_de_fournisseur",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bon_id", sa.Integer(), nullable=False),
        sa.Column("etat", _etat("etatobservation_connu", "recue", "repondue"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("texte", sa.Text(), nullable=False),
        sa.Column("faite_le", sa.DateTime(), nullable=False),
        sa.Column("faite_par", sa.String(length=200), nullable=False),
        *_reponse(),
        sa.CheckConstraint(
            "(etat = 'recue') = (repondue_le IS NULL)", name=op.f("ck_observation_de_fournisseur_repondue_a_une_date")
        ),
        sa.ForeignKeyConstraint(
            ["bon_id"], ["bon_de_commande.id"], name=op.f("fk_observation_de_fournisseur_bon_id_bon_de_commande")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_de_fournisseur")),
    )
    op.create_index(
        op.f("ix_observation_de_fournisseur_bon_id"), "observation_de_fournisseur", ["bon_id"], unique=False
    )


def _envois() -> None:
    op.create_table(
        "envoi_annonce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bon_id", sa.Integer(), nullable=False),
        sa.Column("pour", sa.Date(), nullable=False),
        sa.Column("transporteur", sa.String(length=100), nullable=False),
        sa.Column("colis", sa.Integer(), nullable=True),
        sa.Column("bordereau", sa.String(length=60), nullable=False),
        sa.Column("annonce_le", sa.DateTime(), nullable=False),
        sa.Column("annonce_par", sa.String(length=200), nullable=False),
        sa.CheckConstraint("colis IS NULL OR colis > 0", name=op.f("ck_envoi_annonce_colis_positifs")),
        sa.ForeignKeyConstraint(
            ["bon_id"], ["bon_de_commande.id"], name=op.f("fk_envoi_annonce_bon_id_bon_de_commande")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envoi_annonce")),
    )
    op.create_index(op.f("ix_envoi_annonce_bon_id"), "envoi_annonce", ["bon_id"], unique=False)
    cles = {"envoi_id": "envoi_annonce", "livraison_id": "livraison", "ligne_bon_id": "ligne_bon"}
    op.create_table(
        "ligne_envoi",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(nom, sa.Integer(), nullable=False) for nom in cles),
        sa.Column("unites", sa.Integer(), nullable=False),
        sa.CheckConstraint("unites > 0", name=op.f("ck_ligne_envoi_unites_positives")),
        *(
            sa.ForeignKeyConstraint([nom], [f"{table}.id"], name=op.f(f"fk_ligne_envoi_{nom}_{table}"))
            for nom, table in cles.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ligne_envoi")),
        sa.UniqueConstraint(
            "envoi_id", "livraison_id", "ligne_bon_id", name=op.f("uq_ligne_envoi_envoi_id_livraison_id_ligne_bon_id")
        ),
    )
    op.create_index(op.f("ix_ligne_envoi_livraison_id"), "ligne_envoi", ["livraison_id"], unique=False)


def downgrade() -> None:
    dites = "SELECT 1 FROM proposition_de_date UNION SELECT 1 FROM observation_de_fournisseur"
    if op.get_bind().execute(sa.text(f"{dites} UNION SELECT 1 FROM envoi_annonce LIMIT 1")).first():
        raise RuntimeError("Des fournisseurs ont écrit : leurs demandes et leurs envois ne peuvent pas être oubliés.")
    for nom in ("ligne_envoi", "envoi_annonce", "observation_de_fournisseur", "proposition_de_date"):
        op.drop_table(nom)
    with op.batch_alter_table("bon_de_commande") as table:
        table.drop_column("consulte_le")
        table.drop_column("lien_coupe_le")
        table.drop_column("lien_numero")
