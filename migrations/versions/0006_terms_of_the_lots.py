"""Terms of the lots, documents and amendments of the marché."""

import json

import sqlalchemy as sa
from alembic import op

from groupement.socle import immuable

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

FIGEES = {
    'avenant': [
        'id', 'marche_id', 'rang', 'numero', 'objet', 'fondement', 'motif', 'notifie_le', 'fin_avant', 'fin_apres',
        'publie_le', 'enregistre_le', 'par',
    ],
    'effet_avenant': [
        'id', 'avenant_id', 'lot_id', 'plafond_avant_ht', 'plafond_apres_ht', 'titulaires_avant', 'titulaires_apres',
    ],
}
PAR_DEFAUT = 15  # days to check a delivery, CCAG-FCS 28.2


def choix(nom: str, *valeurs: str) -> sa.Enum:
    """A column that holds one of these words."""
    return sa.Enum(*valeurs, name=nom, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    with op.batch_alter_table('marche') as marche:
        marche.add_column(sa.Column('fin_initiale', sa.Date(), nullable=True))
    op.execute('UPDATE marche SET fin_initiale = au')
    with op.batch_alter_table('marche') as marche:
        marche.alter_column('fin_initiale', existing_type=sa.Date(), nullable=False)
        marche.create_check_constraint(op.f('ck_marche_fin_initiale_dans_l_ordre'), 'fin_initiale >= du')
    with op.batch_alter_table('lot') as lot:
        lot.add_column(sa.Column('derogations', sa.JSON(), nullable=False, server_default='{}'))
    deroger()
    with op.batch_alter_table('lot') as lot:
        lot.drop_column('verification_jours')
        lot.alter_column('derogations', existing_type=sa.JSON(), nullable=False, server_default=None)
    with op.batch_alter_table('titulaire') as titulaire:
        titulaire.add_column(sa.Column('groupement', choix('typegroupement_connu', 'seul', 'conjoint', 'solidaire'), nullable=False, server_default='seul'))
    with op.batch_alter_table('titulaire') as titulaire:
        titulaire.alter_column('groupement', existing_type=sa.String(32), server_default=None)
    tables_des_periodes()
    tables_des_actes()
    for ordre in immuable.ordres(op.get_bind().dialect.name, FIGEES):
        op.get_bind().exec_driver_sql(ordre)


def deroger() -> None:
    """A time to check of its own becomes a derogation of the lot."""
    lot = sa.table('lot', sa.column('id'), sa.column('verification_jours'), sa.column('derogations', sa.JSON()))
    propres = sa.select(lot.c.id, lot.c.verification_jours).where(lot.c.verification_jours != PAR_DEFAUT)
    for numero, jours in op.get_bind().execute(propres).all():
        clause = {'verification': {'valeur': str(jours), 'article': 'CCAP'}}
        op.get_bind().execute(sa.update(lot).where(lot.c.id == numero).values(derogations=clause))


def tables_des_periodes() -> None:
    """Reconductions of a marché, members of a group of operators."""
    op.create_table('reconduction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('marche_id', sa.Integer(), nullable=False),
    sa.Column('rang', sa.Integer(), nullable=False),
    sa.Column('mois', sa.Integer(), nullable=False),
    sa.Column('mode', choix('modereconduction_connu', 'tacite', 'expresse'), nullable=False),
    sa.Column('preavis_mois', sa.Integer(), nullable=False),
    sa.Column('etat', choix('etatreconduction_connu', 'prevue', 'reconduite', 'non_reconduite'), nullable=False),
    sa.Column('au', sa.Date(), nullable=True),
    sa.Column('decidee_le', sa.Date(), nullable=True),
    sa.Column('decidee_par', sa.String(length=200), nullable=False),
    sa.Column('motif', sa.String(length=500), nullable=False),
    sa.CheckConstraint('rang >= 1 AND mois >= 1 AND preavis_mois >= 0', name=op.f('ck_reconduction_duree_positive')),
    sa.CheckConstraint("(etat = 'prevue') = (decidee_le IS NULL)", name=op.f('ck_reconduction_decidee_a_une_date')),
    sa.CheckConstraint("(etat = 'reconduite') = (au IS NOT NULL)", name=op.f('ck_reconduction_reconduite_a_une_fin')),
    sa.ForeignKeyConstraint(['marche_id'], ['marche.id'], name=op.f('fk_reconduction_marche_id_marche')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reconduction')),
    sa.UniqueConstraint('marche_id', 'rang', name=op.f('uq_reconduction_marche_id_rang'))
    )
    op.create_index(op.f('ix_reconduction_marche_id'), 'reconduction', ['marche_id'], unique=False)
    op.create_table('cotraitant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('titulaire_id', sa.Integer(), nullable=False),
    sa.Column('nom', sa.String(length=200), nullable=False),
    sa.Column('siret', sa.String(length=14), nullable=False),
    sa.ForeignKeyConstraint(['titulaire_id'], ['titulaire.id'], name=op.f('fk_cotraitant_titulaire_id_titulaire')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cotraitant')),
    sa.UniqueConstraint('titulaire_id', 'siret', name=op.f('uq_cotraitant_titulaire_id_siret'))
    )
    op.create_index(op.f('ix_cotraitant_titulaire_id'), 'cotraitant', ['titulaire_id'], unique=False)


def tables_des_actes() -> None:
    """Avenants, papers, essential data, alerts of ceilings."""
    op.create_table('avenant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('marche_id', sa.Integer(), nullable=False),
    sa.Column('rang', sa.Integer(), nullable=False),
    sa.Column('numero', sa.String(length=30), nullable=False),
    sa.Column('objet', sa.String(length=300), nullable=False),
    sa.Column('fondement', choix('fondementavenant_connu', 'clause', 'supplement', 'imprevu', 'titulaire', 'non_substantielle', 'faible_montant', 'erreur_de_saisie'), nullable=False),
    sa.Column('motif', sa.String(length=500), nullable=False),
    sa.Column('notifie_le', sa.Date(), nullable=False),
    sa.Column('fin_avant', sa.Date(), nullable=True),
    sa.Column('fin_apres', sa.Date(), nullable=True),
    sa.Column('publie_le', sa.Date(), nullable=True),
    sa.Column('enregistre_le', sa.DateTime(), nullable=False),
    sa.Column('par', sa.String(length=200), nullable=False),
    sa.CheckConstraint('(fin_avant IS NULL) = (fin_apres IS NULL)', name=op.f('ck_avenant_duree_entiere')),
    sa.ForeignKeyConstraint(['marche_id'], ['marche.id'], name=op.f('fk_avenant_marche_id_marche')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avenant')),
    sa.UniqueConstraint('marche_id', 'rang', name=op.f('uq_avenant_marche_id_rang'))
    )
    op.create_index(op.f('ix_avenant_marche_id'), 'avenant', ['marche_id'], unique=False)
    op.create_table('effet_avenant',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('avenant_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('plafond_avant_ht', sa.BigInteger(), nullable=False),
    sa.Column('plafond_apres_ht', sa.BigInteger(), nullable=False),
    sa.Column('titulaires_avant', sa.JSON(), nullable=True),
    sa.Column('titulaires_apres', sa.JSON(), nullable=True),
    sa.CheckConstraint('plafond_avant_ht > 0 AND plafond_apres_ht > 0', name=op.f('ck_effet_avenant_plafonds_positifs')),
    sa.ForeignKeyConstraint(['avenant_id'], ['avenant.id'], name=op.f('fk_effet_avenant_avenant_id_avenant')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_effet_avenant_lot_id_lot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_effet_avenant')),
    sa.UniqueConstraint('avenant_id', 'lot_id', name=op.f('uq_effet_avenant_avenant_id_lot_id'))
    )
    op.create_index(op.f('ix_effet_avenant_avenant_id'), 'effet_avenant', ['avenant_id'], unique=False)
    op.create_index(op.f('ix_effet_avenant_lot_id'), 'effet_avenant', ['lot_id'], unique=False)
    op.create_table('document_marche',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('marche_id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=True),
    sa.Column('nature', choix('naturedocument_connu', 'acte_d_engagement', 'ccap', 'cctp', 'bpu', 'avenant', 'autre'), nullable=False),
    sa.Column('intitule', sa.String(length=200), nullable=False),
    sa.Column('signe_le', sa.Date(), nullable=True),
    sa.Column('visibilite', choix('visibilitedocument_connu', 'centre_de_gestion', 'titulaires', 'tous'), nullable=False),
    sa.Column('fichier_id', sa.Integer(), nullable=False),
    sa.Column('depose_par', sa.String(length=200), nullable=False),
    sa.Column('retire_le', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['fichier_id'], ['fichier.id'], name=op.f('fk_document_marche_fichier_id_fichier')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_document_marche_lot_id_lot')),
    sa.ForeignKeyConstraint(['marche_id'], ['marche.id'], name=op.f('fk_document_marche_marche_id_marche')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_marche'))
    )
    op.create_index(op.f('ix_document_marche_lot_id'), 'document_marche', ['lot_id'], unique=False)
    op.create_index(op.f('ix_document_marche_marche_id'), 'document_marche', ['marche_id'], unique=False)
    op.create_table('donnees_essentielles',
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('identifiant', sa.String(length=16), nullable=False),
    sa.Column('code_cpv', sa.String(length=10), nullable=False),
    sa.Column('procedure', sa.String(length=80), nullable=False),
    sa.Column('ccag', sa.String(length=80), nullable=False),
    sa.Column('offres_recues', sa.Integer(), nullable=True),
    sa.Column('type_prix', sa.String(length=40), nullable=False),
    sa.Column('innovant', sa.Boolean(), nullable=False),
    sa.Column('sous_traitance', sa.Boolean(), nullable=False),
    sa.Column('avance', sa.Boolean(), nullable=False),
    sa.Column('taux_avance_pct', sa.Integer(), nullable=False),
    sa.Column('lieu_code', sa.String(length=10), nullable=False),
    sa.Column('lieu_type', sa.String(length=30), nullable=False),
    sa.Column('considerations_sociales', sa.JSON(), nullable=False),
    sa.Column('considerations_environnementales', sa.JSON(), nullable=False),
    sa.Column('publiee_le', sa.Date(), nullable=True),
    sa.CheckConstraint('offres_recues IS NULL OR offres_recues >= 1', name=op.f('ck_donnees_essentielles_au_moins_une_offre')),
    sa.CheckConstraint('taux_avance_pct BETWEEN 0 AND 10000', name=op.f('ck_donnees_essentielles_avance_plausible')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_donnees_essentielles_lot_id_lot')),
    sa.PrimaryKeyConstraint('lot_id', name=op.f('pk_donnees_essentielles'))
    )
    op.create_table('alerte_plafond',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('lot_id', sa.Integer(), nullable=False),
    sa.Column('seuil_pct', sa.Integer(), nullable=False),
    sa.Column('plafond_ht', sa.BigInteger(), nullable=False),
    sa.Column('commande_ht', sa.BigInteger(), nullable=False),
    sa.Column('le', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_alerte_plafond_lot_id_lot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerte_plafond')),
    sa.UniqueConstraint('lot_id', 'seuil_pct', 'plafond_ht', name=op.f('uq_alerte_plafond_lot_id_seuil_pct_plafond_ht'))
    )


def downgrade() -> None:
    for ordre in immuable.levees(op.get_bind().dialect.name, FIGEES):
        op.get_bind().exec_driver_sql(ordre)
    for table in ('alerte_plafond', 'donnees_essentielles', 'document_marche', 'effet_avenant', 'avenant', 'cotraitant', 'reconduction'):
        op.drop_table(table)
    with op.batch_alter_table('titulaire') as titulaire:
        titulaire.drop_constraint('typegroupement_connu', type_='check')
        titulaire.drop_column('groupement')
    with op.batch_alter_table('lot') as lot:
        lot.add_column(sa.Column('verification_jours', sa.Integer(), nullable=False, server_default=str(PAR_DEFAUT)))
    reprendre()
    with op.batch_alter_table('lot') as lot:
        lot.alter_column('verification_jours', existing_type=sa.Integer(), nullable=False, server_default=None)
        lot.drop_column('derogations')
    with op.batch_alter_table('marche') as marche:
        marche.drop_constraint(op.f('ck_marche_fin_initiale_dans_l_ordre'), type_='check')
        marche.drop_column('fin_initiale')


def reprendre() -> None:
    """The time to check goes back to its column; the other derogations have no place there."""
    lot = sa.table('lot', sa.column('id'), sa.column('verification_jours'), sa.column('derogations', sa.JSON()))
    for numero, derogations in op.get_bind().execute(sa.select(lot.c.id, lot.c.derogations)).all():
        textes = json.loads(derogations) if isinstance(derogations, str) else derogations
        if 'verification' in textes:
            jours = int(textes['verification']['valeur'])
            op.get_bind().execute(sa.update(lot).where(lot.c.id == numero).values(verification_jours=jours))
