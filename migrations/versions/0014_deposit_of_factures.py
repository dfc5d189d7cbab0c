"""Deposit of factures on Chorus Pro or in the finance software."""

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

FIGEES = {
    'transmission': [
        'id', 'destination', 'deposee_le', 'reference', 'factures', 'total_ttc', 'fichier_id', 'sha256', 'saisie_le',
        'par',
    ],
    'facture_transmise': ['id', 'transmission_id', 'facture_id'],
    'erreur_de_transmission': ['id', 'ligne_id', 'motif', 'le', 'par'],
}
DESTINATIONS = sa.Enum(
    'chorus_pro', 'logiciel', native_enum=False, create_constraint=True, length=32, name='destination_connu'
)


def upgrade() -> None:
    op.create_table(
        'transmission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('destination', DESTINATIONS, nullable=False),
        sa.Column('deposee_le', sa.Date(), nullable=False),
        sa.Column('reference', sa.String(length=100), nullable=False),
        sa.Column('factures', sa.Integer(), nullable=False),
        sa.Column('total_ttc', sa.BigInteger(), nullable=False),
        sa.Column('fichier_id', sa.Integer(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('saisie_le', sa.DateTime(), nullable=False),
        sa.Column('par', sa.String(length=200), nullable=False),
        sa.CheckConstraint('factures > 0', name=op.f('ck_transmission_quelque_chose')),
        sa.ForeignKeyConstraint(['fichier_id'], ['fichier.id'], name=op.f('fk_transmission_fichier_id_fichier')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_transmission')),
        sa.UniqueConstraint('fichier_id', name=op.f('uq_transmission_fichier_id')),
    )
    op.create_table(
        'facture_transmise',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('transmission_id', sa.Integer(), nullable=False),
        sa.Column('facture_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['facture_id'], ['facture.id'], name=op.f('fk_facture_transmise_facture_id_facture')
        ),
        sa.ForeignKeyConstraint(
            ['transmission_id'], ['transmission.id'], name=op.f('fk_facture_transmise_transmission_id_transmission')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_facture_transmise')),
        sa.UniqueConstraint(
            'transmission_id', 'facture_id', name=op.f('uq_facture_transmise_transmission_id_facture_id')
        ),
    )
    op.create_index(op.f('ix_facture_transmise_facture_id'), 'facture_transmise', ['facture_id'], unique=False)
    op.create_table(
        'erreur_de_transmission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ligne_id', sa.Integer(), nullable=False),
        sa.Column('motif', sa.Text(), nullable=False),
        sa.Column('le', sa.DateTime(), nullable=False),
        sa.Column('par', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ['ligne_id'],
            ['facture_transmise.id'],
            name=op.f('fk_erreur_de_transmission_ligne_id_facture_transmise'),
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_erreur_de_transmission')),
        sa.UniqueConstraint('ligne_id', name=op.f('uq_erreur_de_transmission_ligne_id')),
    )
    for ordre in immuable.ordres(op.get_bind().dialect.name, FIGEES):
        op.get_bind().exec_driver_sql(ordre)


def downgrade() -> None:
    if op.get_bind().execute(sa.text('SELECT 1 FROM transmission LIMIT 1')).first():
        raise RuntimeError('Des dépôts de factures sont enregistrés : ils ne peuvent pas être oubliés.')
    for ordre in immuable.levees(op.get_bind().dialect.name, FIGEES):
        op.get_bind().exec_driver_sql(ordre)
    op.drop_table('erreur_de_transmission')
    op.drop_index(op.f('ix_facture_transmise_facture_id'), table_name='facture_transmise')
    op.drop_table('facture_transmise')
    op.drop_table('transmission')
