"""Lighter tables for the regroupement: an affectation is held by the keys to its lines.

Every row written checks every key it carries. Those to the article, the campagne and the delivery place repeated what
the order says already; the keys to the order line and to the bon line now hold the article too.
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

REPETEES = ('article', 'campagne', 'point_de_livraison')
LIGNES = ('ligne_commande', 'ligne_bon')
D_UNE_LIGNE = 'ligne_commande_id IS NOT NULL OR ligne_bon_id IS NOT NULL'


def upgrade() -> None:
    for ligne in LIGNES:
        with op.batch_alter_table(ligne) as table:
            table.create_unique_constraint(table.f(f'uq_{ligne}_id_article_id'), ['id', 'article_id'])
    with op.batch_alter_table('affectation') as table:
        for parent in REPETEES:
            table.drop_constraint(table.f(f'fk_affectation_{parent}_id_{parent}'), type_='foreignkey')
        for ligne in LIGNES:
            table.drop_constraint(table.f(f'fk_affectation_{ligne}_id_{ligne}'), type_='foreignkey')
            table.create_foreign_key(
                table.f(f'fk_affectation_{ligne}_id_article_id_{ligne}'),
                ligne,
                [f'{ligne}_id', 'article_id'],
                ['id', 'article_id'],
            )
        table.create_check_constraint(table.f('ck_affectation_d_une_ligne'), D_UNE_LIGNE)


def downgrade() -> None:
    with op.batch_alter_table('affectation') as table:
        table.drop_constraint(table.f('ck_affectation_d_une_ligne'), type_='check')
        for ligne in LIGNES:
            table.drop_constraint(table.f(f'fk_affectation_{ligne}_id_article_id_{ligne}'), type_='foreignkey')
            table.create_foreign_key(table.f(f'fk_affectation_{ligne}_id_{ligne}'), ligne, [f'{ligne}_id'], ['id'])
        for parent in REPETEES:
            table.create_foreign_key(table.f(f'fk_affectation_{parent}_id_{parent}'), parent, [f'{parent}_id'], ['id'])
    for ligne in LIGNES:
        with op.batch_alter_table(ligne) as table:
            table.drop_constraint(table.f(f'uq_{ligne}_id_article_id'), type_='unique')
