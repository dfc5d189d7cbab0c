"""Declarations of intent."""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def etat(nom: str, *valeurs: str) -> sa.Enum:
    """The column type of a state."""
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        'correspondance_limesurvey',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('numero', sa.String(length=40), nullable=False),
        sa.Column('colonnes', sa.JSON(), nullable=False),
        sa.Column('apprise_le', sa.DateTime(), nullable=False),
        sa.Column('apprise_par', sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_correspondance_limesurvey')),
        sa.UniqueConstraint('numero', name=op.f('uq_correspondance_limesurvey_numero')),
    )
    op.create_table(
        'enquete',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('titre', sa.String(length=200), nullable=False),
        sa.Column('texte', sa.Text(), nullable=False),
        sa.Column('echeance', sa.Date(), nullable=False),
        sa.Column('grace_jours', sa.Integer(), nullable=False),
        sa.Column('etat', etat('etatenquete_connu', 'preparee', 'ouverte', 'close'), nullable=False),
        sa.Column('creee_le', sa.DateTime(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint('grace_jours BETWEEN 0 AND 365', name=op.f('ck_enquete_grace_plausible')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_enquete')),
    )
    op.create_table(
        'sollicitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enquete_id', sa.Integer(), nullable=False),
        sa.Column('collectivite_id', sa.Integer(), nullable=False),
        sa.Column('courriel', sa.String(length=255), nullable=False),
        sa.Column('envoyee_le', sa.DateTime(), nullable=False),
        sa.Column('relancee_le', sa.DateTime(), nullable=True),
        sa.Column('relances', sa.Integer(), nullable=False),
        sa.CheckConstraint('relances >= 0', name=op.f('ck_sollicitation_relances_comptees')),
        sa.ForeignKeyConstraint(
            ['collectivite_id'], ['collectivite.id'], name=op.f('fk_sollicitation_collectivite_id_collectivite')
        ),
        sa.ForeignKeyConstraint(['enquete_id'], ['enquete.id'], name=op.f('fk_sollicitation_enquete_id_enquete')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sollicitation')),
        sa.UniqueConstraint(
            'enquete_id', 'collectivite_id', name=op.f('uq_sollicitation_enquete_id_collectivite_id')
        ),
    )
    op.create_index(op.f('ix_sollicitation_collectivite_id'), 'sollicitation', ['collectivite_id'])
    _intentions()


def _intentions() -> None:
    op.create_table(
        'intention',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('enquete_id', sa.Integer(), nullable=False),
        sa.Column('origine', etat('origineintention_connu', 'formulaire', 'limesurvey'), nullable=False),
        sa.Column('sollicitation_id', sa.Integer(), nullable=True),
        sa.Column('numero_limesurvey', sa.String(length=40), nullable=True),
        sa.Column('numero_reponse', sa.String(length=40), nullable=True),
        sa.Column('collectivite_id', sa.Integer(), nullable=True),
        sa.Column(
            'etat', etat('etatintention_connu', 'recue', 'rattachee', 'convertie', 'ecartee'), nullable=False
        ),
        sa.Column('motif', sa.String(length=300), nullable=False),
        sa.Column('rapprochee_par', sa.String(length=20), nullable=False),
        sa.Column('nom_declare', sa.String(length=200), nullable=False),
        sa.Column('siret_declare', sa.String(length=20), nullable=False),
        sa.Column('siren_declare', sa.String(length=20), nullable=False),
        sa.Column('insee_declare', sa.String(length=20), nullable=False),
        sa.Column('repondant', sa.String(length=200), nullable=False),
        sa.Column('qualite', sa.String(length=100), nullable=False),
        sa.Column('courriel', sa.String(length=255), nullable=False),
        sa.Column('participe', sa.Boolean(), nullable=True),
        sa.Column('veut_etat_des_lieux', sa.Boolean(), nullable=False),
        sa.Column('veut_archivage', sa.Boolean(), nullable=False),
        sa.Column('veut_groupement', sa.Boolean(), nullable=False),
        sa.Column('veut_sae', sa.Boolean(), nullable=False),
        sa.Column('veut_autre', sa.String(length=300), nullable=False),
        sa.Column('archives_mm', sa.Integer(), nullable=True),
        sa.Column('boites', sa.Integer(), nullable=True),
        sa.Column('rayonnages_mm', sa.Integer(), nullable=True),
        sa.Column('reliures', sa.Integer(), nullable=True),
        sa.Column('a_confirmer', sa.JSON(), nullable=False),
        sa.Column('commentaire', sa.Text(), nullable=False),
        sa.Column('complete', sa.Boolean(), nullable=False),
        sa.Column('recue_le', sa.DateTime(), nullable=False),
        sa.Column('modifiee_le', sa.DateTime(), nullable=True),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "etat IN ('recue', 'ecartee') OR collectivite_id IS NOT NULL",
            name=op.f('ck_intention_rattachee_a_quelqu_un'),
        ),
        sa.CheckConstraint("etat <> 'ecartee' OR motif <> ''", name=op.f('ck_intention_ecartee_avec_motif')),
        sa.CheckConstraint(
            '(numero_limesurvey IS NULL) = (numero_reponse IS NULL)', name=op.f('ck_intention_provenance_entiere')
        ),
        sa.CheckConstraint(
            'archives_mm >= 0 AND boites >= 0 AND rayonnages_mm >= 0 AND reliures >= 0',
            name=op.f('ck_intention_estimations_positives'),
        ),
        sa.ForeignKeyConstraint(
            ['collectivite_id'], ['collectivite.id'], name=op.f('fk_intention_collectivite_id_collectivite')
        ),
        sa.ForeignKeyConstraint(['enquete_id'], ['enquete.id'], name=op.f('fk_intention_enquete_id_enquete')),
        sa.ForeignKeyConstraint(
            ['sollicitation_id'], ['sollicitation.id'], name=op.f('fk_intention_sollicitation_id_sollicitation')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_intention')),
        sa.UniqueConstraint(
            'numero_limesurvey', 'numero_reponse', name=op.f('uq_intention_numero_limesurvey_numero_reponse')
        ),
        sa.UniqueConstraint('sollicitation_id', name=op.f('uq_intention_sollicitation_id')),
    )
    op.create_index(op.f('ix_intention_collectivite_id'), 'intention', ['collectivite_id'])
    op.create_index('ix_intention_enquete_id_etat', 'intention', ['enquete_id', 'etat'])


def downgrade() -> None:
    for table in ('intention', 'sollicitation', 'enquete', 'correspondance_limesurvey'):
        op.drop_table(table)
