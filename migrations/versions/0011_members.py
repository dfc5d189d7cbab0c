"""Members: Chorus services, lots joined, délibérations kept, withdrawals, versions of what two people may edit."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'service_chorus',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('collectivite_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=100), nullable=False),
        sa.Column('nom', sa.String(length=200), nullable=False),
        sa.Column('actif', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['collectivite_id'], ['collectivite.id'], name=op.f('fk_service_chorus_collectivite_id_collectivite')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_service_chorus')),
        sa.UniqueConstraint('collectivite_id', 'code', name=op.f('uq_service_chorus_collectivite_id_code')),
    )
    op.create_index(op.f('ix_service_chorus_collectivite_id'), 'service_chorus', ['collectivite_id'], unique=False)
    with op.batch_alter_table('collectivite', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('point_de_livraison', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('convention', schema=None) as batch_op:
        batch_op.add_column(sa.Column('cloture_le', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('lots', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('texte_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_convention_texte_id_fichier'), 'fichier', ['texte_id'], ['id'])
    with op.batch_alter_table('adhesion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deliberation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('lots', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('retiree_le', sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column('retrait_motif', sa.String(length=300), nullable=False, server_default='')
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_adhesion_deliberation_id_fichier'), 'fichier', ['deliberation_id'], ['id']
        )


def downgrade() -> None:
    with op.batch_alter_table('adhesion', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_adhesion_deliberation_id_fichier'), type_='foreignkey')
        batch_op.drop_column('retrait_motif')
        batch_op.drop_column('retiree_le')
        batch_op.drop_column('lots')
        batch_op.drop_column('deliberation_id')
    with op.batch_alter_table('convention', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_convention_texte_id_fichier'), type_='foreignkey')
        batch_op.drop_column('texte_id')
        batch_op.drop_column('lots')
        batch_op.drop_column('cloture_le')
    with op.batch_alter_table('point_de_livraison', schema=None) as batch_op:
        batch_op.drop_column('version')
    with op.batch_alter_table('collectivite', schema=None) as batch_op:
        batch_op.drop_column('version')
    op.drop_index(op.f('ix_service_chorus_collectivite_id'), table_name='service_chorus')
    op.drop_table('service_chorus')
