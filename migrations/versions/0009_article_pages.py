"""Pictures, data sheets and favourites of the articles; a mark that changes with the catalogue.

The mark is written by triggers, so that no way of writing an article or a price can forget it. SQLite gives it a random
value at each row; PostgreSQL one value a transaction, at its first statement: ten thousand updates of one row in one
transaction would each walk over the versions left by those before.
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

SUIVIES = ('article', 'prix_article', 'palier_prix')
EVENEMENTS = ('INSERT', 'UPDATE', 'DELETE')
FONCTION = """CREATE FUNCTION marquer_le_catalogue() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO marque_du_catalogue AS marque (id, valeur)
    VALUES (1, pg_current_xact_id()::text || '-' || gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET valeur = excluded.valeur
    WHERE split_part(marque.valeur, '-', 1) <> pg_current_xact_id()::text;
    RETURN NULL; END $$"""


def nom(table: str, evenement: str) -> str:
    return f'marquer_{evenement.lower()}_{table}'


def suivre() -> None:
    """Put the triggers on the tables the catalogue is read from."""
    postgresql = op.get_bind().dialect.name == 'postgresql'
    if postgresql:
        op.execute(FONCTION)
    for table in SUIVIES:
        for evenement in EVENEMENTS:
            tete = f'CREATE TRIGGER {nom(table, evenement)} AFTER {evenement} ON {table} '
            if postgresql:
                op.execute(tete + 'FOR EACH STATEMENT EXECUTE FUNCTION marquer_le_catalogue()')
            else:
                op.execute(
                    tete + 'FOR EACH ROW BEGIN INSERT INTO marque_du_catalogue (id, valeur) '
                    'VALUES (1, hex(randomblob(16))) ON CONFLICT (id) DO UPDATE SET valeur = excluded.valeur; END'
                )


def upgrade() -> None:
    op.create_table(
        'marque_du_catalogue',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('valeur', sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marque_du_catalogue')),
    )
    op.create_table(
        'favori',
        sa.Column('utilisateur_id', sa.Integer(), nullable=False),
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('le', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_favori_article_id_article')),
        sa.ForeignKeyConstraint(['utilisateur_id'], ['utilisateur.id'], name=op.f('fk_favori_utilisateur_id_utilisateur')),
        sa.PrimaryKeyConstraint('utilisateur_id', 'article_id', name=op.f('pk_favori')),
    )
    op.create_index(op.f('ix_favori_article_id'), 'favori', ['article_id'], unique=False)
    op.create_table(
        'fiche_technique',
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('fichier_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_fiche_technique_article_id_article')),
        sa.ForeignKeyConstraint(['fichier_id'], ['fichier.id'], name=op.f('fk_fiche_technique_fichier_id_fichier')),
        sa.PrimaryKeyConstraint('article_id', name=op.f('pk_fiche_technique')),
    )
    op.create_table(
        'photo_article',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('article_id', sa.Integer(), nullable=False),
        sa.Column('fichier_id', sa.Integer(), nullable=False),
        sa.Column('page', sa.LargeBinary(), nullable=False),
        sa.Column('texte', sa.String(length=200), nullable=False),
        sa.Column('rang', sa.Integer(), nullable=False),
        sa.CheckConstraint("texte <> ''", name=op.f('ck_photo_article_texte_de_remplacement')),
        sa.ForeignKeyConstraint(['article_id'], ['article.id'], name=op.f('fk_photo_article_article_id_article')),
        sa.ForeignKeyConstraint(['fichier_id'], ['fichier.id'], name=op.f('fk_photo_article_fichier_id_fichier')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_photo_article')),
    )
    op.create_index(op.f('ix_photo_article_article_id'), 'photo_article', ['article_id'], unique=False)
    suivre()


def downgrade() -> None:
    sur = ' ON {}' if op.get_bind().dialect.name == 'postgresql' else ''
    for table in SUIVIES:
        for evenement in EVENEMENTS:
            op.execute(f'DROP TRIGGER {nom(table, evenement)}{sur.format(table)}')
    if sur:
        op.execute('DROP FUNCTION marquer_le_catalogue()')
    op.drop_index(op.f('ix_photo_article_article_id'), table_name='photo_article')
    op.drop_table('photo_article')
    op.drop_table('fiche_technique')
    op.drop_index(op.f('ix_favori_article_id'), table_name='favori')
    op.drop_table('favori')
    op.drop_table('marque_du_catalogue')
