"""Money given back."""

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

FACTURE = [
    'id', 'numero', 'refacturation_id', 'collectivite_id', 'etat', 'emise_le', 'echeance_le', 'total_ht', 'total_tva',
    'total_ttc', 'paye_ttc', 'avoirs_ttc', 'fige', 'empreinte_precedente', 'empreinte',
]
REMBOURSEMENT = ['id', 'facture_id', 'montant_ttc', 'rembourse_le', 'reference', 'saisi_le', 'par']
NOUVELLES = ('trop_percu_ttc', 'rembourse_ttc')
DANS_LE_TROP = (
    'trop_percu_ttc >= 0 AND rembourse_ttc >= 0 AND (rembourse_ttc = 0 '
    'OR total_ttc + rembourse_ttc <= paye_ttc + trop_percu_ttc + avoirs_ttc)'
)


def lever(*tables: str) -> None:
    """The guards of frozen tables name their columns: they come off before these change."""
    for ordre in immuable.levees(op.get_bind().dialect.name, tables):
        op.get_bind().exec_driver_sql(ordre)


def garder(tables: dict[str, list[str]]) -> None:
    """The guards, on the columns as they are now."""
    for ordre in immuable.ordres(op.get_bind().dialect.name, tables):
        op.get_bind().exec_driver_sql(ordre)


def upgrade() -> None:
    op.create_table(
        'remboursement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('facture_id', sa.Integer(), nullable=False),
        sa.Column('montant_ttc', sa.BigInteger(), nullable=False),
        sa.Column('rembourse_le', sa.Date(), nullable=False),
        sa.Column('reference', sa.String(length=100), nullable=False),
        sa.Column('saisi_le', sa.DateTime(), nullable=False),
        sa.Column('par', sa.String(length=200), nullable=False),
        sa.CheckConstraint('montant_ttc > 0', name=op.f('ck_remboursement_montant_positif')),
        sa.ForeignKeyConstraint(['facture_id'], ['facture.id'], name=op.f('fk_remboursement_facture_id_facture')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_remboursement')),
    )
    op.create_index(op.f('ix_remboursement_facture_id'), 'remboursement', ['facture_id'], unique=False)
    lever('facture')
    with op.batch_alter_table('facture') as table:
        for nom in NOUVELLES:
            table.add_column(sa.Column(nom, sa.BigInteger(), nullable=False, server_default='0'))
        table.drop_constraint(table.f('ck_facture_avoirs_dans_le_total'), type_='check')
        table.create_check_constraint(
            table.f('ck_facture_avoirs_dans_le_total'), 'avoirs_ttc >= 0 AND avoirs_ttc <= total_ttc'
        )
        table.create_check_constraint(table.f('ck_facture_rembourse_dans_le_trop'), DANS_LE_TROP)
    with op.batch_alter_table('facture') as table:
        for nom in NOUVELLES:
            table.alter_column(nom, existing_type=sa.BigInteger(), existing_nullable=False, server_default=None)
    op.execute(
        'UPDATE facture SET trop_percu_ttc = (SELECT SUM(p.trop_percu_ttc) FROM paiement_en_ligne p '
        'WHERE p.facture_id = facture.id) '
        'WHERE id IN (SELECT facture_id FROM paiement_en_ligne WHERE trop_percu_ttc > 0)'
    )
    garder({'facture': [*FACTURE, *NOUVELLES], 'remboursement': REMBOURSEMENT})


def downgrade() -> None:
    if op.get_bind().execute(sa.text('SELECT 1 FROM remboursement LIMIT 1')).first():
        raise RuntimeError('Des remboursements sont enregistrés : ils ne peuvent pas être oubliés.')
    lever('facture', 'remboursement')
    # An avoir beyond what was owed cannot be told without these columns: the database refuses to go down with one.
    with op.batch_alter_table('facture') as table:
        table.drop_constraint(table.f('ck_facture_rembourse_dans_le_trop'), type_='check')
        table.drop_constraint(table.f('ck_facture_avoirs_dans_le_total'), type_='check')
        table.create_check_constraint(
            table.f('ck_facture_avoirs_dans_le_total'), 'avoirs_ttc >= 0 AND avoirs_ttc + paye_ttc <= total_ttc'
        )
        for nom in NOUVELLES:
            table.drop_column(nom)
    garder({'facture': FACTURE})
    op.drop_index(op.f('ix_remboursement_facture_id'), table_name='remboursement')
    op.drop_table('remboursement')
