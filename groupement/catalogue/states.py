"""Settings of the catalogue that are a choice in a list, and the states of a reconduction."""

from groupement.socle.etats import EtatLibelle, Transitions


class PorteePalier(EtatLibelle):
    """Which quantity reaches a price tier: a setting of the lot."""

    BON = "bon", "par bon de commande"
    CAMPAGNE = "campagne", "sur toute la campagne"
    MARCHE = "marche", "sur toute la durée du marché"


class ModeReconduction(EtatLibelle):
    """How a marché is renewed (R2112-4 CCP): by silence, unless the contract asks for a decision."""

    TACITE = "tacite", "tacite"
    EXPRESSE = "expresse", "expresse"


class EtatReconduction(EtatLibelle):
    """Where a reconduction stands."""

    PREVUE = "prevue", "Prévue"
    RECONDUITE = "reconduite", "Reconduite"
    NON_RECONDUITE = "non_reconduite", "Non reconduite"


TRANSITIONS_RECONDUCTION: Transitions = {
    "reconduire": ({EtatReconduction.PREVUE}, EtatReconduction.RECONDUITE),
    "ne pas reconduire": ({EtatReconduction.PREVUE}, EtatReconduction.NON_RECONDUITE),
}


class TypeGroupement(EtatLibelle):
    """How several operators answer together (R2142-20 CCP)."""

    SEUL = "seul", "entreprise seule"
    CONJOINT = "conjoint", "groupement conjoint"
    SOLIDAIRE = "solidaire", "groupement solidaire"


class FondementAvenant(EtatLibelle):
    """What allows a marché to change without a new consultation (L2194-1 CCP), or a typing mistake put right."""

    CLAUSE = "clause", "R2194-1\u00a0: le contrat le prévoit (clause de réexamen)"
    SUPPLEMENT = "supplement", "R2194-2\u00a0: fournitures supplémentaires devenues nécessaires"
    IMPREVU = "imprevu", "R2194-5\u00a0: circonstances qu’on ne pouvait pas prévoir"
    TITULAIRE = "titulaire", "R2194-6\u00a0: une autre entreprise remplace le titulaire"
    NON_SUBSTANTIELLE = "non_substantielle", "R2194-7\u00a0: modification non substantielle"
    FAIBLE_MONTANT = "faible_montant", "R2194-8\u00a0: faible montant (moins de 10\u00a0%)"
    ERREUR_DE_SAISIE = "erreur_de_saisie", "Aucun avenant\u00a0: erreur de saisie dans ce logiciel"


class MotifDeChangement(EtatLibelle):
    """Why a titulaire goes."""

    CESSION = "cession", "Cession ou restructuration\u00a0: une autre entreprise reprend le lot"
    DEFAILLANCE = "defaillance", "Défaillance\u00a0: le titulaire de rang suivant prend sa place"


class NatureDocument(EtatLibelle):
    """Which paper of the contract a file is."""

    ACTE_D_ENGAGEMENT = "acte_d_engagement", "Acte d’engagement"
    CCAP = "ccap", "CCAP (clauses administratives)"
    CCTP = "cctp", "CCTP (clauses techniques)"
    BPU = "bpu", "Bordereau des prix signé"
    AVENANT = "avenant", "Avenant"
    AUTRE = "autre", "Autre document"


class VisibiliteDocument(EtatLibelle):
    """Who may open a paper of the contract."""

    CENTRE_DE_GESTION = "centre_de_gestion", "le Centre de gestion seulement"
    TITULAIRES = "titulaires", "le Centre de gestion et les titulaires du lot"
    TOUS = "tous", "le Centre de gestion, les titulaires et les collectivités"


class EtatImportBordereau(EtatLibelle):
    """Where the loading of a BPU stands."""

    A_LIRE = "a_lire", "Lecture du fichier"
    LU = "lu", "À vérifier"
    REFUSE = "refuse", "Illisible"
    A_ENREGISTRER = "a_enregistrer", "Enregistrement des prix"
    ENREGISTRE = "enregistre", "Enregistré"


TRANSITIONS_IMPORT_BORDEREAU: Transitions = {
    "lire": ({EtatImportBordereau.A_LIRE}, EtatImportBordereau.LU),
    "refuser": ({EtatImportBordereau.A_LIRE, EtatImportBordereau.A_ENREGISTRER}, EtatImportBordereau.REFUSE),
    "confirmer": ({EtatImportBordereau.LU}, EtatImportBordereau.A_ENREGISTRER),
    "rendre": ({EtatImportBordereau.A_ENREGISTRER}, EtatImportBordereau.LU),
    "enregistrer": ({EtatImportBordereau.A_ENREGISTRER}, EtatImportBordereau.ENREGISTRE),
}
