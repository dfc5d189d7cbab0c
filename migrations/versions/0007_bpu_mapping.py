"""How a BPU is read, remembered; a BPU being loaded is a row."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'import_bordereau',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marche_id', sa.Integer(), nullable=False),
        sa.Column('fichier_id', sa.Integer(), nullable=False),
        sa.Column('etat', sa.Enum('a_lire', 'lu', 'refuse', 'a_enregistrer', 'enregistre', name='etatimportbordereau_connu', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('du', sa.Date(), nullable=False),
        sa.Column('par', sa.String(length=200), nullable=False),
        sa.Column('utilisateur_id', sa.Integer(), nullable=True),
        sa.Column('depose_le', sa.DateTime(), nullable=False),
        sa.Column('expire_le', sa.DateTime(), nullable=False),
        sa.Column('pris_le', sa.DateTime(), nullable=True),
        sa.Column('rangees_lues', sa.Integer(), nullable=False),
        sa.Column('avancement_pct', sa.Integer(), nullable=False),
        sa.Column('tables', sa.LargeBinary(), nullable=True),
        sa.Column('correspondance', sa.JSON(), nullable=True),
        sa.Column('choix', sa.JSON(), nullable=True),
        sa.Column('bilan', sa.JSON(), nullable=True),
        sa.Column('message', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['fichier_id'], ['fichier.id'], name=op.f('fk_import_bordereau_fichier_id_fichier')),
        sa.ForeignKeyConstraint(['marche_id'], ['marche.id'], name=op.f('fk_import_bordereau_marche_id_marche')),
        sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], name=op.f('fk_import_bordereau_utilisateur_id_utilisateur')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_bordereau')),
    )
    for colonne in ('marche_id', 'fichier_id', 'etat', 'utilisateur_id', 'expire_le'):
        op.create_index(op.f(f'ix_import_bordereau_{colonne}'), 'import_bordereau', [colonne], unique=False)
    op.create_table(
        'lecture_bordereau_retenue',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('fournisseur_id', sa.Integer(), nullable=False),
        sa.Column('signature', sa.String(length=64), nullable=False),
        sa.Column('correspondance', sa.JSON(), nullable=False),
        sa.Column('par', sa.String(length=200), nullable=False),
        sa.Column('le', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['fournisseur_id'], ['fournisseur.id'], name=op.f('fk_lecture_bordereau_retenue_fournisseur_id_fournisseur')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lecture_bordereau_retenue')),
        sa.UniqueConstraint('fournisseur_id', 'signature', name=op.f('uq_lecture_bordereau_retenue_fournisseur_id_signature')),
    )


def downgrade() -> None:
    op.drop_table('lecture_bordereau_retenue')
    op.drop_table('import_bordereau')
