"""Everything Flask-Security may say to a person, in French, with the categories our pages know."""

ECHEC = (
    "L’adresse, le mot de passe ou le code ne correspond pas. "
    "Vérifiez votre saisie, ou demandez un nouveau mot de passe."
)

_ERREURS = {
    "API_ERROR": "Cette demande est incomplète. Recommencez depuis la page précédente.",
    "GENERIC_AUTHN_FAILED": ECHEC,
    "UNAUTHORIZED": "Vous n’avez pas accès à cette page.",
    "IDENTITY_NOT_REGISTERED": ECHEC,
    "USER_DOES_NOT_EXIST": ECHEC,
    "DISABLED_ACCOUNT": ECHEC,
    "CONFIRMATION_REQUIRED": ECHEC,
    "US_SPECIFY_IDENTITY": "Indiquez votre adresse de courriel.",
    "INVALID_PASSWORD": "Ce mot de passe n’est pas le bon.",
    "INVALID_PASSWORD_CODE": "Ce mot de passe ou ce code n’est pas le bon.",
    "PASSWORD_MISMATCH": "Ce mot de passe n’est pas le bon.",
    "RETYPE_PASSWORD_MISMATCH": "Les deux mots de passe diffèrent. Écrivez deux fois le même.",
    "PASSWORD_NOT_PROVIDED": "Indiquez un mot de passe.",
    "PASSWORD_INVALID_LENGTH": "Choisissez un mot de passe d’au moins %(length)s caractères, par exemple quatre mots.",
    "PASSWORD_TOO_SIMPLE": "Choisissez un mot de passe plus difficile à deviner.",
    "PASSWORD_BREACHED": "Ce mot de passe a déjà été divulgué ailleurs\u00a0: choisissez-en un autre.",
    "PASSWORD_BREACHED_SITE_ERROR": "Ce mot de passe n’a pas pu être vérifié. Réessayez dans quelques minutes.",
    "PASSWORD_IS_THE_SAME": "Choisissez un mot de passe différent de l’ancien.",
    "EMAIL_NOT_PROVIDED": "Indiquez votre adresse de courriel.",
    "INVALID_EMAIL_ADDRESS": "Écrivez une adresse de courriel complète, par exemple mairie@exemple.fr.",
    "INVALID_CODE": "Ce code n’est pas le bon.",
    "INVALID_INPUT": "Cette valeur n’est pas attendue ici.",
    "INVALID_INPUT_LENGTH": "Cette valeur est trop longue.",
    "INVALID_REDIRECT": "L’adresse de retour a été ignorée\u00a0: elle menait hors du site.",
    "INVALID_RECOVERY_CODE": "Ce code de secours n’est pas le bon, ou il a déjà servi.",
    "PASSWORD_RESET_EXPIRED": "Ce lien n’est plus valable\u00a0: il l’était %(within)s. Demandez-en un nouveau.",
    "INVALID_RESET_PASSWORD_TOKEN": "Ce lien n’est plus valable, ou il a déjà servi. Demandez-en un nouveau.",
    "FAILED_TO_SEND_CODE": "Le code n’a pas pu être envoyé. Réessayez dans quelques minutes.",
    "TWO_FACTOR_INVALID_TOKEN": "Ce code n’est pas le bon. Attendez le suivant, puis recopiez ses 6 chiffres.",
    "TWO_FACTOR_PERMISSION_DENIED": "Connectez-vous d’abord avec votre mot de passe.",
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": "Ce moyen n’est pas proposé.",
    "TWO_FACTOR_SETUP_EXPIRED": "La mise en place a pris trop de temps. Recommencez.",
    "US_METHOD_NOT_AVAILABLE": "Ce moyen n’est pas proposé.",
    "US_SETUP_EXPIRED": "La mise en place a pris trop de temps. Recommencez.",
}
_INFORMATIONS = {
    "GENERIC_RECOVERY": "Si cette adresse est connue, un lien vient d’y être envoyé.",
    "GENERIC_US_SIGNIN": "Si cette adresse est connue, un code vient d’y être envoyé. Il est valable dix minutes.",
    "PASSWORD_RESET_REQUEST": "Si l’adresse %(email)s est connue, un lien valable deux heures vient d’y être envoyé.",
    "UNAUTHENTICATED": "Connectez-vous pour voir cette page.",
    "REAUTHENTICATION_REQUIRED": "Pour changer ce réglage, confirmez d’abord que c’est bien vous.",
    "ANONYMOUS_USER_REQUIRED": "Vous êtes déjà connecté.",
    "NO_RECOVERY_CODES_SETUP": "Vous n’avez pas encore de codes de secours.",
    "CODE_HAS_BEEN_SENT": "Un code vient de vous être envoyé par courriel.",
    "FORGOT_PASSWORD": "Mot de passe oublié\u00a0?",
    "LOGIN": "Connectez-vous pour voir cette page.",
    "REFRESH": "Confirmez que c’est bien vous.",
    "USE_CODE": "Votre code de connexion\u00a0: %(code)s",
}
_SUCCES = {
    "PASSWORD_RESET_NO_LOGIN": "Votre mot de passe est enregistré. Connectez-vous avec lui.",
    "PASSWORD_RESET": "Votre mot de passe est enregistré.",
    "PASSWORD_CHANGE": "Votre mot de passe est changé.",
    "REAUTHENTICATION_SUCCESSFUL": "Merci, c’est bien vous.",
    "TWO_FACTOR_LOGIN_SUCCESSFUL": "Vous êtes connecté.",
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": "Votre téléphone est enregistré\u00a0: il servira à chaque connexion.",
    "TWO_FACTOR_DISABLED": "Le second facteur est retiré\u00a0: votre mot de passe suffit de nouveau.",
    "US_SETUP_SUCCESSFUL": "Réglage enregistré.",
}
MESSAGES = {
    nom: (texte, categorie)
    for categorie, textes in (("erreur", _ERREURS), ("info", _INFORMATIONS), ("succes", _SUCCES))
    for nom, texte in textes.items()
}
SUJET_D_INVITATION = "Votre accès au Groupement Archives 62"
# Subjects of the mails, and the templates/courriels that say them.
SUJETS = {
    "EMAIL_SUBJECT_PASSWORD_RESET": "Choisir un nouveau mot de passe",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "mot_de_passe_oublie",
    "EMAIL_SUBJECT_PASSWORD_NOTICE": "Votre mot de passe a été changé",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "mot_de_passe_change",
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Votre mot de passe a été changé",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "mot_de_passe_change",
    "US_EMAIL_SUBJECT": "Votre code de connexion",
    "US_EMAIL_TEMPLATE": "code_de_connexion",
}
# Mails that open a door: only whoever receives them may read them.
SUJETS_SECRETS = frozenset({SUJET_D_INVITATION, SUJETS["EMAIL_SUBJECT_PASSWORD_RESET"], SUJETS["US_EMAIL_SUBJECT"]})
