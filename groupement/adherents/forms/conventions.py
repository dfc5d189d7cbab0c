"""What the buyer types of a convention."""

from groupement.socle.forms import AuPlus, DateFr, Formulaire, Requis, Saisi, TexteCourt


class ConventionForm(Formulaire):
    """A version of the convention constitutive."""

    intitule = TexteCourt("Intitulé", [Requis("Donnez son intitulé à la convention."), AuPlus(200)])
    version = TexteCourt("Version", [Requis("Donnez un numéro à cette version, par exemple 2026-1."), AuPlus(20)])
    adoptee_le = DateFr("Adoptée le", [Saisi("Indiquez la date de la délibération qui l’adopte.")])
