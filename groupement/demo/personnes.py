"""The fictitious people of the demonstration: one sign-in for each role, and one secretary for three town halls."""

from dataclasses import dataclass

from groupement.adherents.states import DOMAINE_DEMONSTRATION, Role

MOT_DE_PASSE = "archives-du-pas-de-calais"
# Three villages of some three hundred people, and a small town: real bodies, fictitious people.
AYETTE, ACHIET, ABLAINZEVELLE, BAPAUME = "216200683", "216200063", "216200022", "216200808"


@dataclass(frozen=True, slots=True)
class Porte:
    """Somebody the sign-in page offers: a name, an address, and roles with the SIREN of the body they are for."""

    nom: str
    adresse: str
    roles: tuple[tuple[Role, str | None], ...]

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.adresse}@{DOMAINE_DEMONSTRATION}"

    @property
    def role(self) -> str:
        """The first role, as the sign-in list names it."""
        return self.roles[0][0].value


PORTES = (
    Porte(
        "Nathalie Caron",
        "agent",
        ((Role.AGENT, AYETTE), (Role.AGENT, ACHIET), (Role.AGENT, ABLAINZEVELLE)),
    ),
    Porte("Michel Dubois", "valideur", ((Role.VALIDEUR, AYETTE),)),
    Porte("Hélène Vasseur", "acheteur", ((Role.ACHETEUR, None),)),
    Porte("Philippe Caudron", "comptable", ((Role.COMPTABLE, None),)),
    Porte("Julie Bernard", "archiviste", ((Role.ARCHIVISTE, None),)),
    Porte("Thomas Leroy", "administrateur", ((Role.ADMINISTRATEUR, None),)),
    Porte("Anne Delattre", "controle", ((Role.CONTROLE, None),)),
    Porte("Marc Petit", "fournisseur", ((Role.FOURNISSEUR, None),)),
    Porte("Karine Lefebvre", "agent.bapaume", ((Role.AGENT, BAPAUME), (Role.VALIDEUR, BAPAUME))),
    Porte("Sylvie Morel", "valideur.achiet", ((Role.VALIDEUR, ACHIET), (Role.VALIDEUR, ABLAINZEVELLE))),
)


def sirens_des_portes() -> set[str]:
    """The bodies people of the demonstration sign in for."""
    return {siren for porte in PORTES for _, siren in porte.roles if siren}
