"""Who: the member bodies, where they take delivery, their membership, the people acting for them, what they intend."""

from groupement.adherents.models.cles import CleDAcces
from groupement.adherents.models.corps import Adhesion, Collectivite, Convention, PointDeLivraison, ServiceChorus
from groupement.adherents.models.intentions import CorrespondanceLimeSurvey, Enquete, Intention, Sollicitation
from groupement.adherents.models.personnes import Habilitation, Utilisateur

__all__ = [
    "Adhesion",
    "CleDAcces",
    "Collectivite",
    "Convention",
    "CorrespondanceLimeSurvey",
    "Enquete",
    "Habilitation",
    "Intention",
    "PointDeLivraison",
    "ServiceChorus",
    "Sollicitation",
    "Utilisateur",
]
