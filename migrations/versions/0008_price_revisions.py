"""Price revisions by index."""

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

REVISION = ['id', 'lot_id', 'du', 'coefficient', 'retenu', 'calcul', 'articles_revises', 'le', 'par']


def upgrade() -> None:
    op.create_table('formule_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('prix_du', sa.Date(), nullable=False),
    sa.Column('part_fixe_pct', sa.Integer(), nullable=False),
    sa.Column('decimales', sa.Integer(), nullable=False),
    sa.Column('mois_entre_revisions', sa.Integer(), nullable=False),
    sa.Column('seuil_pct', sa.Integer(), nullable=True),
    sa.Column('butoir_pct', sa.Integer(), nullable=True),
    sa.Column('sauvegarde_pct', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('part_fixe_pct >= 0 AND part_fixe_pct < 10000', name=op.f('ck_formule_revision_part_fixe_plausible')),
    sa.CheckConstraint('decimales BETWEEN 2 AND 4', name=op.f('ck_formule_revision_decimales_plausibles')),
    sa.CheckConstraint('mois_entre_revisions BETWEEN 1 AND 60', name=op.f('ck_formule_revision_periodicite_plausible')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_formule_revision_lot_id_lot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_formule_revision')),
    sa.UniqueConstraint('lot_id', name=op.f('uq_formule_revision_lot_id'))
    )
    op.create_table('indice_formule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('formule_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('libelle', sa.String(length=200), nullable=False),
    sa.Column('poids_pct', sa.Integer(), nullable=False),
    sa.Column('valeur_base', sa.BigInteger(), nullable=False),
    sa.Column('mois_base', sa.Date(), nullable=False),
    sa.CheckConstraint('poids_pct > 0 AND valeur_base > 0', name=op.f('ck_indice_formule_valeurs_positives')),
    sa.ForeignKeyConstraint(['formule_id'], ['formule_revision.id'], name=op.f('fk_indice_formule_formule_id_formule_revision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indice_formule')),
    sa.UniqueConstraint('formule_id', 'code', name=op.f('uq_indice_formule_formule_id_code'))
    )
    op.create_index(op.f('ix_indice_formule_formule_id'), 'indice_formule', ['formule_id'], unique=False)
    op.create_table('revision_prix',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('du', sa.Date(), nullable=False),
    sa.Column('coefficient', sa.BigInteger(), nullable=False),
    sa.Column('retenu', sa.BigInteger(), nullable=False),
    sa.Column('calcul', sa.JSON(), nullable=False),
    sa.Column('articles_revises', sa.Integer(), nullable=False),
    sa.Column('le', sa.DateTime(), nullable=False),
    sa.Column('par', sa.String(length=200), nullable=False),
    sa.CheckConstraint('articles_revises >= 0', name=op.f('ck_revision_prix_articles_comptes')),
    sa.CheckConstraint('coefficient > 0 AND retenu > 0', name=op.f('ck_revision_prix_coefficient_positif')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_revision_prix_lot_id_lot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision_prix')),
    sa.UniqueConstraint('lot_id', 'du', name=op.f('uq_revision_prix_lot_id_du'))
    )
    op.create_index(op.f('ix_revision_prix_lot_id'), 'revision_prix', ['lot_id'], unique=False)
    for ordre in immuable.ordres(op.get_bind().dialect.name, {'revision_prix': REVISION}):
        op.get_bind().exec_driver_sql(ordre)


def downgrade() -> None:
    op.drop_index(op.f('ix_revision_prix_lot_id'), table_name='revision_prix')
    op.drop_table('revision_prix')
    op.drop_index(op.f('ix_indice_formule_formule_id'), table_name='indice_formule')
    op.drop_table('indice_formule')
    op.drop_table('formule_revision')
