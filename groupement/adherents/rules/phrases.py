"""The journal in plain French: each verb of the application as a sentence, each table by its everyday name."""

OBJETS = {
    "adhesion": "adhésion",
    "adhesion_sesam": "adhésion à SESAM",
    "affectation": "répartition",
    "article": "article",
    "avoir": "avoir",
    "besoin": "besoin",
    "bon_de_commande": "bon de commande",
    "campagne": "campagne",
    "collectivite": "collectivité",
    "commande": "commande",
    "convention": "convention",
    "courriel": "courriel",
    "decision": "décision",
    "depot": "dépôt",
    "encaissement": "encaissement",
    "enquete": "enquête",
    "etat_des_lieux": "état des lieux",
    "facture": "facture",
    "fournisseur": "fournisseur",
    "habilitation": "rôle",
    "intention": "déclaration d’intention",
    "livraison": "livraison",
    "local": "local",
    "lot": "lot",
    "marche": "marché",
    "mesure": "mesure",
    "mission": "mission",
    "mouvement_stock": "mouvement de stock",
    "paiement_en_ligne": "paiement par carte",
    "point_de_livraison": "lieu de livraison",
    "prestation": "prestation",
    "prix_article": "prix",
    "rayonnage": "rayonnage",
    "refacturation": "refacturation",
    "regroupement": "regroupement",
    "reversement_sesam": "reversement au CDG59",
    "service_chorus": "service Chorus",
    "tarif_prestation": "tarif",
    "utilisateur": "compte",
}
FEMININS = frozenset({
    "adhesion", "adhesion_sesam", "affectation", "campagne", "collectivite", "commande", "convention", "decision",
    "enquete", "facture", "intention", "livraison", "mesure", "mission", "prestation", "refacturation",
})  # fmt: skip
# Past participles, masculine; agreement adds the final e.
PARTICIPES = {
    "accuser": "reçu confirmé par le fournisseur",
    "adherer": "enregistré",
    "admettre": "admis",
    "admettre_avec_refaction": "admis avec réfaction",
    "admettre_tacitement": "admis par l’écoulement du délai",
    "ajourner": "ajourné",
    "ajouter": "ajouté",
    "annoncer": "annoncé",
    "annuler": "annulé",
    "annuler_par_avoir": "annulé par un avoir",
    "choisir le mot de passe": "mis en service par le choix d’un mot de passe",
    "clore": "clos",
    "appeler": "appelé",
    "commencer": "commencé",
    "constater": "constaté",
    "constater_trop_percu": "payé en trop",
    "corriger": "corrigé",
    "crediter": "crédité",
    "creer": "créé",
    "deliberer": "délibéré",
    "demander": "demandé",
    "deposer": "déposé",
    "désactiver": "désactivé",
    "déléguer": "suivi d’une délégation",
    "recevoir une délégation": "complété d’un rôle par délégation",
    "terminer une délégation": "mis à jour : une délégation est terminée",
    "lier à ProConnect": "lié à ProConnect",
    "ajouter une clé d’accès": "complété d’une clé d’accès",
    "retirer une clé d’accès": "privé d’une clé d’accès",
    "déverrouiller": "déverrouillé",
    "emettre": "émis",
    "encaisser": "encaissé",
    "encaisser_en_partie": "payé en partie",
    "enregistrer le visa": "complété du visa d’élimination",
    "expirer": "expiré",
    "habiliter": "complété d’un rôle",
    "importer": "importé d’un fichier",
    "importer le bordereau": "chargé d’un nouveau bordereau de prix",
    "inviter": "ouvert, avec une invitation",
    "livrer": "livré",
    "modifier": "modifié",
    "ouvrir": "ouvert",
    "ouvrir_paiement": "présenté au paiement par carte",
    "noter une journée": "complété d’une journée",
    "payer": "payé",
    "planifier": "planifié",
    "preparer": "préparé",
    "quitter": "terminé",
    "receptionner": "reçu",
    "refacter": "admis avec réfaction",
    "refacturer": "refacturé",
    "regrouper": "regroupé",
    "rejeter": "rejeté",
    "relever": "relevé",
    "remettre": "remis",
    "renvoyer": "renvoyé pour correction",
    "repartir": "réparti",
    "reprendre": "repris",
    "retirer": "retiré",
    "retirer le second facteur": "remis sans téléphone enregistré",
    "retirer une journée": "privé d’une journée",
    "retirer un rôle": "privé d’un rôle",
    "reverser": "enregistré",
    "rouvrir": "rouvert",
    "réactiver": "réactivé",
    "réessayer": "remis à l’envoi",
    "réinviter": "invité de nouveau",
    "servir": "servi",
    "signaler": "signalé pour vérification",
    "signer": "signé",
    "solder": "soldé",
    "soumettre": "soumis",
    "terminer": "terminé",
    "transmettre": "transmis",
    "valider": "validé",
    "voter": "enregistré",
    "verrouiller": "verrouillé après trop d’essais",
    "convertir": "suivi d’une demande d’adhésion",
    "detacher": "détaché de sa collectivité",
    "ecarter": "écarté",
    "envoyer": "envoyé",
    "rattacher": "rattaché à une collectivité",
    "relancer": "relancé",
    "remplacer": "remplacé par une réponse plus récente",
    "repondre": "rempli en ligne",
    "reporter": "reporté",
}


def nom_d_objet(objet: str) -> str:
    """The everyday name of a table: « bon de commande »."""
    return OBJETS.get(objet, objet.replace("_", " "))


def phrase(verbe: str, objet: str) -> str:
    """What happened: « Commande validée », « Bon de commande émis ». An unknown verb is quoted as it is."""
    nom = nom_d_objet(objet)
    nom = nom[:1].upper() + nom[1:]
    participe = PARTICIPES.get(verbe)
    if participe is None:
        return f"{nom}\u00a0: {verbe.replace('_', ' ')}"
    return f"{nom} {accorder(participe) if objet in FEMININS else participe}"


def accorder(participe: str) -> str:
    """The feminine of a past participle, whatever follows: « clos » → « close », « admis avec » → « admise avec »."""
    premier, espace, suite = participe.partition(" ")
    virgule = "," if premier.endswith(",") else ""
    return f"{premier.rstrip(',')}e{virgule}{espace}{suite}"
