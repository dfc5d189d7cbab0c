"""What a deposit of factures must satisfy. Pure."""

from datetime import date

from groupement.socle.nombres import accorde


def refus_de_depot(trouvees: int, attendues: int) -> str | None:
    """Why nothing is recorded: the factures are no longer those the page showed; None when they are."""
    if not trouvees:
        return "Aucune de ces factures n’est à déposer\u00a0: elles l’ont été entre-temps, ou ne sont plus dues."
    if trouvees != attendues:
        lues = accorde(attendues, "facture à déposer", "factures à déposer")
        return (
            f"La liste a changé pendant que vous lisiez la page\u00a0: {lues} alors, {trouvees} maintenant. Rien n’a "
            "été enregistré\u00a0: relisez la liste, puis recommencez."
        )
    return None


def refus_de_date(deposee_le: date, derniere_emission: date, jour: date) -> str | None:
    """Why the day of a deposit cannot be; None when it can."""
    if deposee_le > jour:
        return "Cette date est dans le futur\u00a0: indiquez le jour où le dépôt a été fait."
    if deposee_le < derniere_emission:
        return "Une de ces factures a été émise après cette date\u00a0: vérifiez le jour du dépôt."
    return None


def ce_qui_manque(
    *, siret: str, service_exige: bool, code_service: str, engagement_exige: bool, engagement: str
) -> list[str]:
    """What Chorus Pro will ask for and the facture does not say."""
    manques = []
    if not siret:
        manques.append("SIRET")
    if service_exige and not code_service:
        manques.append("code de service")
    if engagement_exige and not engagement:
        manques.append("engagement")
    return manques


def minutes_pour(factures: int, par_seconde: int) -> int:
    """Minutes to draw that many papers, rounded up."""
    return -(-factures // (60 * par_seconde))
