"""The lines of the illustrative price list a need can lead to: reference → (type, pack, tiers, sizes and the rest)."""

from decimal import Decimal

from groupement.catalogue.rules.prix import Palier
from groupement.etats_des_lieux.rules.articles import ArticleDispo

CONSERVATION = "ISO 16245-A; ISO 9706"


def article(reference, type_element, colis, paliers, **faits):
    """An article whose tiers are written as in the price list: "50:0.58|500:0.54"."""
    lus = (palier.split(":") for palier in paliers.split("|"))
    return ArticleDispo(
        reference, type_element, colis, tuple(Palier(int(seuil), Decimal(prix)) for seuil, prix in lus), **faits
    )


def boite(reference, colis, paliers, dos_mm, norme="", cotes=(250, 330)):
    """An upright box."""
    hauteur, profondeur = cotes
    return article(
        reference, "boite", colis, paliers, dos_mm=dos_mm, capacite_mm=dos_mm, norme=norme,
        hauteur_mm=hauteur, profondeur_mm=profondeur,
    )  # fmt: skip


def travee(reference, type_element, paliers, capacite_mm, profondeur_mm, hauteur_mm=2200):
    """A bay."""
    return article(
        reference, type_element, 1, paliers, capacite_mm=capacite_mm, profondeur_mm=profondeur_mm, hauteur_mm=hauteur_mm
    )


def reliure(reference, paliers, feuillets_max, epaisseur_mm, type_element="reliure"):
    """A binding."""
    return article(reference, type_element, 1, paliers, feuillets_max=feuillets_max, capacite_mm=epaisseur_mm)


BPU = (
    boite("BTE-STD-08", 50, "50:0.52|500:0.48|2000:0.45", 80),
    boite("BTE-STD-10", 50, "50:0.58|500:0.54|2000:0.50", 100),
    boite("BTE-STD-15", 50, "50:0.74|500:0.69|2000:0.65", 150),
    boite("BTE-STD-20", 25, "25:0.92|500:0.86|2000:0.81", 200),
    boite("BTE-CON-10", 25, "25:1.74|250:1.61|1000:1.48", 100, CONSERVATION),
    boite("BTE-CON-15", 25, "25:2.12|250:1.96|1000:1.80", 150, CONSERVATION),
    boite("BTE-PLN-10", 20, "20:4.65|100:4.30|400:3.95", 100, CONSERVATION, (260, 340)),
    article("BTE-A3-10", "boite", 10, "10:0.10", dos_mm=100, norme=CONSERVATION, hauteur_mm=320, profondeur_mm=440),
    article("CTN-AR-05", "conteneur", 10, "10:2.35|100:2.15|300:1.98"),
    travee("RF-100-35-220-D", "depart", "1:186.00|10:176.70|40:167.40", 6000, 350),
    travee("RF-100-35-220-S", "suivant", "1:142.00|10:134.90|40:127.80", 6000, 350),
    travee("RF-120-35-220-D", "depart", "1:212.00|10:201.40|40:190.80", 7200, 350),
    travee("RF-120-35-220-S", "suivant", "1:166.00|10:157.70|40:149.40", 7200, 350),
    travee("RF-100-40-220-D", "depart", "1:201.00|10:190.95|40:180.90", 6000, 400),
    travee("RF-100-40-220-S", "suivant", "1:154.00|10:146.30|40:138.60", 6000, 400),
    travee("RF-100-30-220-D", "depart", "1:164.00|10:155.80|40:147.60", 5000, 300),
    travee("RF-100-30-220-S", "suivant", "1:124.00|10:117.80|40:111.60", 5000, 300),
    travee("RF-100-35-200-D", "depart", "1:168.00|10:159.60|40:151.20", 5000, 350, 2000),
    travee("RF-100-35-200-S", "suivant", "1:128.00|10:121.60|40:115.20", 5000, 350, 2000),
    travee("RD-100-70-220-D", "depart_double", "1:338.00|10:321.10|40:304.20", 12000, 700),
    travee("RD-100-70-220-S", "suivant_double", "1:266.00|10:252.70|40:239.40", 12000, 700),
    article("POS-TRA", "service", 1, "1:28.00|20:25.00"),
    article("LIV-RAY", "service", 1, "1:145.00"),
    reliure("REL-A4-100", "1:44.00|5:42.00|20:39.50", 100, 17),
    reliure("REL-A4-200", "1:52.00|5:49.50|20:46.50", 200, 28),
    reliure("REL-A4-300", "1:61.00|5:58.00|20:54.50", 300, 39),
    reliure("REL-A3-200", "1:82.00|5:78.00", 200, 28),
    reliure("REL-EC-100", "1:48.00|5:45.50|20:43.00", 100, 17, "reliure_ec"),
    reliure("REL-TAB", "1:46.00|5:43.50", 100, 12, "reliure_ec"),
    article("RES-ENL", "service", 1, "1:42.00"),
)


def sans(*references):
    """The price list without these references."""
    return tuple(ligne for ligne in BPU if ligne.reference not in references)
