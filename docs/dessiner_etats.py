"""Draw docs/etats.md from the transition tables: `make docs-etats`. A test compares the file with what this gives."""

import importlib
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(RACINE))

from groupement.socle.etats import EtatLibelle, Transitions  # noqa: E402 (the checkout is not installed)

FICHIER = RACINE / "docs" / "etats.md"
TITRES = {
    "EtatEnquete": "L’enquête sur les intentions",
    "EtatIntention": "La déclaration d’intention",
    "EtatAdhesion": "L’adhésion d’une collectivité",
    "EtatImportBordereau": "Le chargement d’un bordereau",
    "EtatReconduction": "La reconduction d’un marché",
    "EtatEtatDesLieux": "L’état des lieux",
    "EtatCampagne": "La campagne",
    "EtatCommande": "La commande d’une collectivité",
    "EtatBonDeCommande": "Le bon de commande",
    "EtatProposition": "La date proposée par un fournisseur",
    "EtatObservation": "L’observation d’un fournisseur",
    "EtatLivraison": "La livraison",
    "EtatMission": "La mission d’un archiviste",
    "EtatPrestation": "La prestation à facturer",
    "EtatFacture": "La facture",
    "EtatPaiementEnLigne": "Le paiement en ligne",
}
PAQUETS = ("adherents", "catalogue", "etats_des_lieux", "commandes", "livraisons", "prestations", "refacturation")
ENTETE = """# Les états et ce qui les fait changer

Dessiné par `make docs-etats` d’après les tables `TRANSITIONS…` de `groupement/*/states.py` : cette page ne se
modifie pas à la main.
Un état ne change que par un de ces verbes, dans la transaction qui l’écrit au journal.
"""


def tables() -> list[tuple[type[EtatLibelle], Transitions]]:
    """Every state with its table, in the order of the consortium's year."""
    trouvees = []
    for paquet in PAQUETS:
        module = importlib.import_module(f"groupement.{paquet}.states")
        for nom, valeur in vars(module).items():
            if nom.startswith("TRANSITIONS"):
                trouvees.append((type(next(iter(valeur.values()))[1]), valeur))
    return trouvees


def dessiner(etats: type[EtatLibelle], transitions: Transitions) -> str:
    """One diagram, and the words each reader sees."""
    fleches = [
        f"  {depuis.value} --> {vers.value} : {verbe.replace('_', ' ')}"
        for verbe, (depuis_tous, vers) in transitions.items()
        for depuis in sorted(depuis_tous, key=list(etats).index)
    ]
    arrivees = {vers for _, vers in transitions.values()}
    atteints = arrivees | {etat for depuis, _ in transitions.values() for etat in depuis}
    premiers = [f"  [*] --> {etat.value}" for etat in etats if etat is next(iter(etats))]
    derniers = [
        f"  {etat.value} --> [*]"
        for etat in etats
        if etat in atteints and not any(etat in depuis for depuis, _ in transitions.values())
    ]
    lignes = ["", f"## {TITRES[etats.__name__]}", "", "```mermaid", "stateDiagram-v2", *premiers, *fleches, *derniers]
    lignes += ["```", "", "| état | la collectivité lit | le Centre de gestion lit |", "|---|---|---|"]
    lignes += [f"| `{e.value}` | {e.libelle_adherent} | {e.libelle_coordonnateur} |" for e in etats]
    return "\n".join(lignes) + "\n"


def page() -> str:
    """The whole page."""
    return ENTETE + "".join(dessiner(etats, transitions) for etats, transitions in tables())


if __name__ == "__main__":
    FICHIER.write_text(page())
    print(f"{FICHIER.relative_to(RACINE)} est à jour.")
