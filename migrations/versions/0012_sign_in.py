"""Delegation, ProConnect, passkeys."""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

PROPRE = sa.text('deleguee_par_id IS NULL')


def upgrade() -> None:
    with op.batch_alter_table('utilisateur', schema=None) as batch_op:
        batch_op.add_column(sa.Column('totp_compteur', sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column('proconnect_sub', sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column('poignee_de_cle', sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_utilisateur_proconnect_sub'), ['proconnect_sub'])
        batch_op.create_unique_constraint(batch_op.f('uq_utilisateur_poignee_de_cle'), ['poignee_de_cle'])
    op.create_table('cle_d_acces',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('utilisateur_id', sa.Integer(), nullable=False),
    sa.Column('nom', sa.String(length=60), nullable=False),
    sa.Column('identifiant', sa.LargeBinary(length=1024), nullable=False),
    sa.Column('cle_publique', sa.LargeBinary(), nullable=False),
    sa.Column('compteur', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.JSON(), nullable=False),
    sa.Column('creee_le', sa.DateTime(), nullable=False),
    sa.Column('utilisee_le', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], name=op.f('fk_cle_d_acces_utilisateur_id_utilisateur')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cle_d_acces')),
    sa.UniqueConstraint('identifiant', name=op.f('uq_cle_d_acces_identifiant')),
    sa.UniqueConstraint('utilisateur_id', 'nom', name=op.f('uq_cle_d_acces_utilisateur_id_nom'))
    )
    _delegations()


def _delegations() -> None:
    """A role may come from another; only one's own are unique."""
    op.drop_index('uq_habilitation_collectivite', table_name='habilitation')
    with op.batch_alter_table('habilitation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deleguee_par_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('motif', sa.String(length=300), nullable=False, server_default=''))
        batch_op.create_index(batch_op.f('ix_habilitation_deleguee_par_id'), ['deleguee_par_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_habilitation_deleguee_par_id_habilitation'), 'habilitation', ['deleguee_par_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_habilitation_delegation_bornee'), "deleguee_par_id IS NULL OR (au IS NOT NULL AND motif <> '')")
    op.create_index('uq_habilitation_collectivite', 'habilitation', ['utilisateur_id', 'role', 'collectivite_id'], unique=True, sqlite_where=PROPRE, postgresql_where=PROPRE)


def downgrade() -> None:
    # A role lent for a time must not become one's own: delegations go with the column that says what they are.
    op.execute('DELETE FROM habilitation WHERE deleguee_par_id IS NOT NULL')
    op.drop_index('uq_habilitation_collectivite', table_name='habilitation')
    with op.batch_alter_table('habilitation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_habilitation_delegation_bornee'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_habilitation_deleguee_par_id_habilitation'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_habilitation_deleguee_par_id'))
        batch_op.drop_column('motif')
        batch_op.drop_column('deleguee_par_id')
    op.create_index('uq_habilitation_collectivite', 'habilitation', ['utilisateur_id', 'role', 'collectivite_id'], unique=True)
    op.drop_table('cle_d_acces')
    with op.batch_alter_table('utilisateur', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_utilisateur_poignee_de_cle'), type_='unique')
        batch_op.drop_constraint(batch_op.f('uq_utilisateur_proconnect_sub'), type_='unique')
        batch_op.drop_column('poignee_de_cle')
        batch_op.drop_column('proconnect_sub')
        batch_op.drop_column('totp_compteur')
