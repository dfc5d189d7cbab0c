"""The same regroupement by hand: GROUP BY, INSERT … SELECT, and the largest remainder by window functions.

It takes no lock, checks no ceiling, proves nothing and explains nothing: it is the floor the application is measured
against. Amounts are centimes, unit prices ten-thousandths of a euro, as the tables hold them.
"""

from sqlalchemy import select, text

from groupement.commandes.models import BonDeCommande
from groupement.livraisons.actions.annonce import annoncer
from groupement.socle.db import db
from groupement.socle.journal import AUTOMATE
from tests.fabriques.commandes import APRES

DEMANDE = """
WITH demande AS (
  SELECT a.lot_id, lc.article_id, sum(lc.unites) AS unites, sum(lc.unites_acceptees_en_plus) AS en_plus
  FROM ligne_commande lc JOIN commande c ON c.id = lc.commande_id JOIN article a ON a.id = lc.article_id
  WHERE c.campagne_id = :campagne AND c.etat = 'validee' GROUP BY a.lot_id, lc.article_id
), colis AS (
  SELECT d.*, a.reference, a.designation, a.unite, a.tva_pct, a.unites_par_colis AS par_colis,
         (d.unites + a.unites_par_colis - 1) / a.unites_par_colis AS colis
  FROM demande d JOIN article a ON a.id = d.article_id
), prix AS (
  SELECT k.*, (SELECT p.prix_unitaire_ht FROM palier_prix p JOIN prix_article q ON q.id = p.prix_article_id
               WHERE q.article_id = k.article_id AND p.a_partir_de <= k.colis * k.par_colis
               ORDER BY p.a_partir_de DESC LIMIT 1) AS prix
  FROM colis k
), chiffre AS (
  SELECT p.*, (p.colis * p.par_colis * p.prix + 50) / 100 AS montant,
         CASE WHEN p.en_plus < p.colis * p.par_colis - p.unites THEN p.en_plus
              ELSE p.colis * p.par_colis - p.unites END AS pris
  FROM prix p
)
"""
BONS = """
INSERT INTO bon_de_commande (numero, revision, campagne_id, lot_id, fournisseur_id, etat, emis_le, emis_par,
  a_livrer_avant_le, fournisseur_fige, port_ht, total_ht, total_tva, total_ttc)
SELECT 'SQL-' || :campagne || '-' || lot_id, 0, :campagne, lot_id,
       (SELECT fournisseur_id FROM titulaire t WHERE t.lot_id = l.id AND t.rang = 1), 'emis', :le, 'SQL', :jour, '{}',
       l.port_ht, sum(montant) + l.port_ht, (sum(montant) + l.port_ht) / 5, (sum(montant) + l.port_ht) * 6 / 5
FROM chiffre JOIN lot l ON l.id = chiffre.lot_id GROUP BY l.id, lot_id, l.port_ht
"""
LIGNES = """
INSERT INTO ligne_bon (bon_id, article_id, reference, designation, unite, unites_par_colis, unites_demandees,
  unites_du_stock, colis, unites, unites_acceptees_en_plus, surplus_au_depot, prix_unitaire_ht, tva_pct, montant_ht)
SELECT b.id, article_id, reference, designation, unite, par_colis, unites, 0, colis, colis * par_colis, pris,
       colis * par_colis - unites - pris, prix, tva_pct, montant
FROM chiffre JOIN bon_de_commande b ON b.lot_id = chiffre.lot_id AND b.campagne_id = :campagne
"""
PARTS = """
INSERT INTO affectation (campagne_id, ligne_commande_id, ligne_bon_id, article_id, collectivite_id,
  point_de_livraison_id, rang, unites, unites_en_plus, prix_unitaire_ht, tva_pct, montant_ht, unites_admises,
  unites_refusees, unites_facturees, montant_facture_ht)
WITH demande AS (
  SELECT lc.id, lc.article_id, lc.unites, lc.unites_acceptees_en_plus AS acceptees, c.collectivite_id,
         c.point_de_livraison_id, row_number() OVER par_rang AS rang,
         sum(lc.unites_acceptees_en_plus) OVER par_rang - lc.unites_acceptees_en_plus AS avant
  FROM ligne_commande lc JOIN commande c ON c.id = lc.commande_id
  WHERE c.campagne_id = :campagne AND c.etat = 'validee'
  WINDOW par_rang AS (PARTITION BY lc.article_id ORDER BY lc.rang, lc.id)
), service AS (
  SELECT d.*, lb.id AS ligne_bon_id, lb.unites AS achetees, lb.prix_unitaire_ht, lb.tva_pct, lb.montant_ht,
         CASE WHEN lb.unites - lb.unites_demandees <= d.avant THEN 0
              WHEN lb.unites - lb.unites_demandees - d.avant < d.acceptees
              THEN lb.unites - lb.unites_demandees - d.avant
              ELSE d.acceptees END AS en_plus
  FROM demande d JOIN ligne_bon lb ON lb.article_id = d.article_id
  JOIN bon_de_commande b ON b.id = lb.bon_id AND b.campagne_id = :campagne
), recu AS (
  SELECT id, article_id, collectivite_id, point_de_livraison_id, ligne_bon_id, rang, unites + en_plus AS unites,
         en_plus, achetees, prix_unitaire_ht, tva_pct, montant_ht FROM service
  UNION ALL
  SELECT NULL, lb.article_id, NULL, NULL, lb.id, (SELECT max(rang) + 1 FROM demande), lb.surplus_au_depot, 0,
         lb.unites, lb.prix_unitaire_ht, lb.tva_pct, lb.montant_ht
  FROM ligne_bon lb JOIN bon_de_commande b ON b.id = lb.bon_id AND b.campagne_id = :campagne
  WHERE lb.surplus_au_depot > 0
), part AS (
  SELECT r.*, montant_ht * unites / achetees AS part, montant_ht * unites % achetees AS reste FROM recu r
), servi AS (
  SELECT p.*, row_number() OVER (PARTITION BY article_id ORDER BY reste DESC, rang) AS tour,
         montant_ht - sum(part) OVER (PARTITION BY article_id) AS reliquat FROM part p
)
SELECT :campagne, id, ligne_bon_id, article_id, collectivite_id, point_de_livraison_id, rang, unites, en_plus,
       prix_unitaire_ht, tva_pct, part + CASE WHEN tour <= reliquat THEN 1 ELSE 0 END, 0, 0, 0, 0
FROM servi
"""
PORTS = """
INSERT INTO part_de_port (bon_id, collectivite_id, montant_ht, tva_pct, montant_facture_ht)
WITH poids AS (
  SELECT lb.bon_id, a.collectivite_id, min(a.rang) AS rang, sum(a.montant_ht) AS poids
  FROM affectation a JOIN ligne_bon lb ON lb.id = a.ligne_bon_id
  WHERE a.campagne_id = :campagne AND a.collectivite_id IS NOT NULL GROUP BY lb.bon_id, a.collectivite_id
), somme AS (
  SELECT p.*, sum(poids) OVER (PARTITION BY bon_id) AS tout, b.port_ht
  FROM poids p JOIN bon_de_commande b ON b.id = bon_id
), part AS (
  SELECT s.*, CAST(port_ht * poids AS bigint) / CAST(tout AS bigint) AS part,
         CAST(port_ht * poids AS bigint) % CAST(tout AS bigint) AS reste FROM somme s
), servi AS (
  SELECT p.*, row_number() OVER (PARTITION BY bon_id ORDER BY reste DESC, rang) AS tour,
         port_ht - sum(part) OVER (PARTITION BY bon_id) AS reliquat FROM part p
)
SELECT bon_id, collectivite_id, part + CASE WHEN tour <= reliquat THEN 1 ELSE 0 END, 2000, 0 FROM servi
WHERE part + CASE WHEN tour <= reliquat THEN 1 ELSE 0 END > 0
"""
JOURNAL = """
INSERT INTO evenement (le, par, verbe, objet, objet_id, resume, avant, apres)
SELECT :le, 'SQL', 'regrouper', 'commande', id, '', 'validee', 'regroupee' FROM commande
WHERE campagne_id = :campagne AND etat = 'validee'
"""
ETATS = (
    "UPDATE commande SET etat = 'regroupee' WHERE campagne_id = :campagne AND etat = 'validee'",
    "UPDATE campagne SET etat = 'regroupee' WHERE id = :campagne",
)


def regrouper_en_sql(campagne_id: int) -> None:
    """Write what a regroupement writes; the caller commits."""
    valeurs = {"campagne": campagne_id, "le": APRES.replace(tzinfo=None), "jour": APRES.date()}
    if db.engine.dialect.name == "sqlite":
        valeurs |= {"le": str(valeurs["le"]), "jour": str(valeurs["jour"])}
    for ordre in (_avec(BONS), _avec(LIGNES), PARTS, PORTS, JOURNAL, *ETATS):
        gardees = {cle: valeur for cle, valeur in valeurs.items() if f":{cle}" in ordre}
        db.session.execute(text(ordre), gardees)
    bons = db.session.scalars(select(BonDeCommande).where(BonDeCommande.campagne_id == campagne_id)).all()
    annoncer(bons, AUTOMATE, APRES)


def _avec(ordre: str) -> str:
    """The demand as the head of an INSERT: after its column list, where both engines read it."""
    tete, _, selection = ordre.partition("\nSELECT")
    return f"{tete}\n{DEMANDE}\nSELECT{selection}"
