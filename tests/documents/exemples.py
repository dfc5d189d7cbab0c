"""Papers for the tests: fictitious bodies, round figures, any number of lines or places."""

from collections import Counter
from datetime import date
from decimal import Decimal as D
from typing import Any

from groupement.documents import papiers as p
from groupement.socle.argent import arrondir, montant_ligne

JOUR = date(2026, 11, 12)
ARTICLES = (
    ("BTE-STD-10", "Boîte archives standard kraft dos 10 cm à monter", "pièce", 50, D("0.54")),
    ("BTE-CON-10", "Boîte de conservation carton permanent cannelé dos 10 cm", "pièce", 25, D("1.61")),
    (
        "BTE-PLN-12",
        "Boîte de conservation carton compact pH neutre à réserve alcaline dos 12 cm",
        "pièce",
        20,
        D("4.58"),
    ),
    ("CHE-PER-A4", "Chemise papier permanent 120 g, format A4", "pièce", 100, D("0.1825")),
    ("SGL-COT-01", "Sangle coton à boucle, 1,20 m", "pièce", 25, D("0.92")),
    ("RAY-SUI-100", "Travée suivante simple face 1,00 m × 0,35 m × 2,20 m, 6 tablettes", "travée", 1, D("142")),
)

CDG = p.Organisme(
    nom="Centre de gestion du Pas-de-Calais",
    service="Groupement de commandes archives",
    adresse=p.Adresse(
        lignes=("Allée du Château, Labuissière", "BP 67"), code_postal="62702", commune="Bruay-la-Buissière Cedex"
    ),
    siret="28629999500014",
    telephone="03 21 00 00 00",
    courriel="achats@cdg62.example",
)
FOURNISSEUR = p.Organisme(
    nom="Cartonnages de la Lys (fictif)",
    adresse=p.Adresse(
        lignes=("12 rue des Papetiers", "Zone d’activités des Moulins"), code_postal="62120", commune="Aire-sur-la-Lys"
    ),
    siret="99999999800019",
    tva_intracommunautaire="FR15999999998",
    courriel="commandes@cartonnages.example",
)
COMMUNE = p.Organisme(
    nom="Commune de Hesdin-la-Forêt",
    service="Mairie, service du secrétariat général",
    adresse=p.Adresse(lignes=("Place d’Armes",), code_postal="62140", commune="Hesdin-la-Forêt"),
    siret="21629990900012",
)
LONGUE = p.Organisme(
    nom=(
        "Syndicat intercommunal à vocation unique pour la construction et la gestion "
        "des équipements scolaires de la vallée de la Ternoise"
    ),
    service="Direction générale des services, à l’attention de la responsable du pôle archives",
    adresse=p.Adresse(
        lignes=("Maison des services publics, bâtiment B", "1457 bis avenue du Maréchal-de-Lattre-de-Tassigny"),
        code_postal="62130",
        commune="Saint-Pol-sur-Ternoise",
    ),
    siret="21629990900012",
)
SIGNATAIRE = p.Signataire(
    nom="Camille Delattre",
    qualite="La directrice générale des services",
    lieu="Fait à Bruay-la-Buissière, le 12 novembre 2026",
)
COMMUNES = (
    "Azincourt",
    "Bouin-Plumoison",
    "Camblain-l’Abbé",
    "Divion",
    "Écoivres",
    "Frévent",
    "Guînes",
    "Houdain",
    "Isbergues",
    "Lillers",
)


def totaux(bases: dict[D, D], *, sans_tva: bool = False) -> p.Totaux:
    """Totals from the base of each rate, VAT rounded once per rate."""
    ht = sum(bases.values(), D("0.00"))
    if sans_tva:
        return p.Totaux(total_ht=ht, tvas=(), total_ttc=ht)
    tvas = tuple(
        p.TvaTaux(taux_pct=taux, base_ht=base, montant=arrondir(base * taux / 100))
        for taux, base in sorted(bases.items())
    )
    return p.Totaux(total_ht=ht, tvas=tvas, total_ttc=ht + sum((tva.montant for tva in tvas), D("0.00")))


def lieu(rang: int, lignes: int) -> p.LieuPapier:
    """The delivery place number `rang`, which receives some packs of each of `lignes` articles."""
    commune = COMMUNES[rang % len(COMMUNES)]
    return p.LieuPapier(
        collectivite=f"Commune de {commune}" if rang else LONGUE.nom,
        intitule="Mairie" if rang % 3 else "Médiathèque, ancien presbytère",
        adresse=p.Adresse(
            lignes=(f"{rang + 1} place de la République",), code_postal=f"62{100 + rang % 800}", commune=commune
        ),
        contact="Mme Anne Lefebvre",
        telephone="03 21 11 22 33",
        horaires="mardi et jeudi 9 h – 12 h, vendredi 14 h – 17 h",
        acces=("Escalier, 2e étage", "Pas de quai", "Hayon nécessaire") if rang % 2 else (),
        commande=f"C2026-{rang + 1:04}",
        lignes=tuple(ligne_lieu(rang_article) for rang_article in range(lignes)),
    )


def article(rang: int) -> tuple[str, str, str, int, D]:
    """The article number `rang`: the catalogue over again, with references that differ."""
    reference, designation, unite, colis, prix = ARTICLES[rang % len(ARTICLES)]
    tour = rang // len(ARTICLES)
    return (f"{reference}-{tour}" if tour else reference), designation, unite, colis, prix


def ligne_lieu(rang: int) -> p.LigneLieuPapier:
    """Two packs of the article number `rang`."""
    reference, designation, unite, colis, _ = article(rang)
    return p.LigneLieuPapier(
        reference=reference, designation=designation, unite=unite, unites=2 * colis, unites_par_colis=colis, colis=2
    )


def bon(lignes: int = 3, lieux: int = 2, **changes: object) -> p.BonDeCommandePapier:
    """A bon of `lignes` articles for `lieux` places."""
    places = tuple(lieu(rang, lignes) for rang in range(lieux))
    unites = Counter({ligne.reference: ligne.unites * lieux for ligne in places[0].lignes})
    articles = []
    for rang in range(lignes):
        reference, designation, unite, colis, prix = article(rang)
        nombre = unites[reference]
        articles.append(
            p.LigneBonPapier(
                reference=reference,
                designation=designation,
                unite=unite,
                unites=nombre,
                unites_par_colis=colis,
                colis=nombre // colis,
                prix_unitaire_ht=prix,
                tva_pct=D(20),
                montant_ht=montant_ligne(nombre, prix),
                precision="Palier à partir de 250 pièces" if rang % 4 == 1 else "",
            )
        )
    port = D("145.00")
    base = sum((ligne.montant_ht for ligne in articles), port)
    champs: dict[str, object] = {
        "numero": "2026-0042",
        "emis_le": JOUR,
        "marche": "2025-ARCH-01",
        "objet": "Fournitures d’archivage",
        "lot": "Lot 1 : boîtes et conditionnement",
        "donneur_d_ordre": CDG,
        "fournisseur": FOURNISSEUR,
        "lignes": tuple(articles),
        "totaux": totaux({D(20): base}),
        "lieux": places,
        "livraison_au_plus_tard": date(2026, 12, 14),
        "calcul_du_delai": (
            "30 jours à compter du lendemain de la notification (12 novembre 2026), soit le samedi 12 décembre, "
            "reporté au premier jour ouvrable suivant (CCAG-FCS, article 3.2)."
        ),
        "facturation": CDG,
        "signataire": SIGNATAIRE,
        "port_ht": port,
        "port_tva_pct": D(20),
        "port_precision": "Forfait par bon, lot 1",
        "engagement": "EJ-2026-00817",
        "code_service": "ARCHIVES",
        "prix_en_vigueur_le": date(2026, 7, 1),
    }
    return p.BonDeCommandePapier(**(champs | changes))  # type: ignore[arg-type]


def bon_de_livraison(lignes: int = 3, rang: int = 1) -> p.BonDeLivraisonPapier:
    """The slip of one place."""
    return p.BonDeLivraisonPapier(
        bon="2026-0042",
        bon_emis_le=JOUR,
        marche="2025-ARCH-01",
        lot="Lot 1 : boîtes et conditionnement",
        donneur_d_ordre=CDG,
        fournisseur=FOURNISSEUR,
        lieu=lieu(rang, lignes),
        livraison_au_plus_tard=date(2026, 12, 14),
        annonces=((date(2026, 12, 3), None),),
    )


def lignes_facture(nombre: int) -> tuple[p.LigneFacturePapier, ...]:
    """`nombre` lines billed, at 20 %, with one at 5.5 % when there are several."""
    lignes = []
    for rang in range(nombre):
        reference, designation, unite, colis, prix = article(rang)
        lignes.append(
            p.LigneFacturePapier(
                reference=reference,
                designation=designation,
                unite=unite,
                unites=2 * colis,
                prix_unitaire_ht=prix,
                tva_pct=D("5.5") if rang == 3 else D(20),
                montant_ht=montant_ligne(2 * colis, prix),
                precision="Bon 2026-0042, admis le 18 décembre 2026" if rang == 0 else "",
            )
        )
    return tuple(lignes)


def bases(lignes: tuple[p.LigneFacturePapier, ...]) -> dict[D, D]:
    """The base of each rate."""
    sommes: dict[D, D] = {}
    for ligne in lignes:
        taux = ligne.tva_pct or D(0)
        sommes[taux] = sommes.get(taux, D("0.00")) + ligne.montant_ht
    return sommes


def facture(nombre: int = 3, *, debiteur: p.Organisme = COMMUNE, **changes: object) -> p.FacturePapier:
    """A facture of `nombre` lines, or of those given."""
    vendues: Any = changes.get("lignes", lignes_facture(nombre))
    champs: dict[str, object] = {
        "numero": "F2026-000123",
        "emise_le": date(2026, 12, 20),
        "echeance": date(2027, 1, 19),
        "emetteur": CDG,
        "debiteur": debiteur,
        "lignes": vendues,
        "totaux": totaux(bases(vendues)),
        "paiement": p.Paiement(
            iban="FR7630001007941234567890185",
            bic="BDFEFRPP",
            titulaire="Paierie départementale du Pas-de-Calais",
            reference="F2026-000123",
            moyens=(
                "Par virement au compte ci-contre, en rappelant la référence.",
                "Par carte bancaire, depuis votre espace adhérent.",
            ),
        ),
        "references": (
            p.ReferenceMarche(
                marche="2025-ARCH-01",
                bon="2026-0042",
                livraison="L-00311",
                livree_le=date(2026, 12, 3),
                admise_le=date(2026, 12, 18),
            ),
        ),
        "objet": "Fournitures d’archivage, campagne d’automne 2026",
        "engagement": "EJ-2026-00055",
        "code_service": "SECRETARIAT",
        "convention": "Convention constitutive du 3 février 2025",
        "emise_par": p.Signataire(nom="Camille Delattre", qualite="Directrice générale des services, par délégation"),
        "mentions": (
            "Refacturation au prix du marché, TVA au taux de chaque article (CGI, article 256 V).",
            "Contestation : deux mois à compter de la réception, devant le tribunal administratif de Lille.",
        ),
    }
    return p.FacturePapier(**(champs | changes))  # type: ignore[arg-type]


def avoir(nombre: int = 1, **changes: object) -> p.AvoirPapier:
    """An avoir of `nombre` lines."""
    rendues = lignes_facture(nombre)
    champs: dict[str, object] = {
        "numero": "A2026-000007",
        "emis_le": date(2027, 1, 8),
        "facture": "F2026-000123",
        "facture_du": date(2026, 12, 20),
        "motif": "Deux colis de boîtes reçus écrasés, refusés à la livraison et facturés par erreur.",
        "emetteur": CDG,
        "debiteur": COMMUNE,
        "lignes": rendues,
        "totaux": totaux(bases(rendues)),
        "engagement": "EJ-2026-00055",
    }
    return p.AvoirPapier(**(champs | changes))  # type: ignore[arg-type]


MESURES = (  # category, title, form, dates, measured, eliminable, temporary, definitive, already boxed (mm)
    ("D", "Administration communale", "registres", "1801-2025", 3200, 0, 0, 3200, 0),
    ("E", "État civil", "registres", "1793-2025", 4500, 0, 0, 4500, 0),
    ("T", "Urbanisme", "dossiers", "1968-2025", 14000, 1400, 0, 12600, 4000),
    ("L", "Finances", "dossiers", "1990-2025", 22000, 13200, 6600, 2200, 3000),
    ("M/O", "Bâtiments, travaux, voirie", "dossiers", "1950-2025", 16500, 4950, 3300, 8250, 3000),
    ("K", "Personnel", "dossiers", "1975-2025", 6000, 900, 600, 4500, 0),
    ("K", "Élections", "dossiers", "2001-2026", 5000, 2500, 500, 2000, 0),
    ("V", "Vrac", "liasses", "", 9000, 6300, 900, 1800, 0),
)
BESOINS = (
    p.BesoinPapier(
        intitule="Boîte standard dos 10 cm, pour les documents temporaires",
        reference="BTE-STD-10",
        unites=89,
        unite="boîte",
        raisonnement=("Temporaire 11,90 ml − déjà en boîtes 3,00 ml = 8,90 ml", "8,90 ml ÷ 0,10 m = 89 boîtes"),
        colis=2,
        unites_par_colis=50,
        unites_commandees=100,
        montant_ht=D("58.00"),
    ),
    p.BesoinPapier(
        intitule="Boîte de conservation dos 10 cm, pour les documents définitifs",
        reference="BTE-CON-10",
        unites=244,
        unite="boîte",
        raisonnement=(
            "Définitif 39,05 ml − registres 7,70 ml − déjà en boîtes 7,00 ml = 24,35 ml",
            "24,35 ml ÷ 0,10 m = 243,5, arrondi à 244 boîtes",
        ),
        colis=10,
        unites_par_colis=25,
        unites_commandees=250,
        montant_ht=D("402.50"),
    ),
    p.BesoinPapier(
        intitule="Travées simple face de 6 tablettes",
        unites=8,
        unite="travée",
        raisonnement=(
            "Horizon 50,95 ml + 10 ans × 1,20 ml = 62,95 ml",
            "÷ 0,90 de remplissage = 69,95 ml",
            "− 24,00 ml gardés = 45,95 ml, soit 8 travées de 6 ml",
        ),
    ),
)


def etat_des_lieux(locaux: int = 3, *, visa: bool = False, **changes: object) -> p.EtatDesLieuxPapier:
    """The report of a town of 1 850 inhabitants."""
    champs_mesure = (
        "categorie",
        "intitule",
        "forme",
        "dates_extremes",
        "mesure_mm",
        "eliminable_mm",
        "temporaire_mm",
        "definitif_mm",
        "deja_conditionne_mm",
    )
    mesures = tuple(p.MesurePapier(**dict(zip(champs_mesure, valeurs, strict=True))) for valeurs in MESURES)  # type: ignore[arg-type]
    sommes = {champ: sum(getattr(mesure, champ) for mesure in mesures) for champ in champs_mesure[4:]}
    local = p.LocalPapier(
        nom="Grenier de la mairie",
        situation="2e étage, escalier étroit",
        longueur_mm=6200,
        largeur_mm=4100,
        hauteur_mm=2350,
        occupe_mm=42300,
        libre_mm=1200,
        rayonnages=(
            p.RayonnagePapier(
                designation="Rayonnage métallique simple face", tablettes=6, longueur_utile_mm=24000, etat="À conserver"
            ),
            p.RayonnagePapier(designation="Étagères de bois", tablettes=4, longueur_utile_mm=12000, etat="À remplacer"),
        ),
        constats=("Traces d’humidité sous le velux ; trois liasses moisies isolées.", "Porte sans serrure."),
    )
    champs: dict[str, object] = {
        "numero": "EDL-2026-017",
        "releve_le": date(2026, 9, 15),
        "etabli_le": date(2026, 10, 2),
        "coordonnateur": CDG,
        "collectivite": COMMUNE,
        "archiviste": "Léa Vasseur",
        "present": "M. Bernard, secrétaire de mairie",
        "population": 1850,
        "locaux": (local,) * locaux,
        "mesures": mesures,
        "total": p.MesurePapier(categorie="", intitule="Total", **sommes),  # type: ignore[arg-type]
        "besoins": BESOINS,
        "estimation": totaux({D(20): D("460.50")}),
        "visa": p.Visa(numero="2026-214", accorde_le=date(2026, 9, 28)) if visa else None,
        "accroissement_mm_par_an": 1200,
        "horizon_ans": 10,
        "hypotheses": ("Horizon 10 ans", "remplissage 90 %", "1,20 ml de plus par an"),
        "synthese": (
            "Les archives sont classées jusqu’en 1982. Le reste est en vrac dans deux locaux, dont un humide.",
        ),
    }
    return p.EtatDesLieuxPapier(**(champs | changes))  # type: ignore[arg-type]
