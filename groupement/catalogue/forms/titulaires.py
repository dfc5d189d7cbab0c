"""What a buyer types of a titulaire: the delivery terms it offered, where they are not those of the lot."""

from groupement.socle.forms import DecimalFr, EntierFr, Entre, Facultatif, Formulaire


class ConditionsForm(Formulaire):
    """A box left empty: as the lot says."""

    delai_livraison_jours = EntierFr("Délai de livraison", [Facultatif(), Entre(1, 365, "Entre 1 et 365 jours.")])
    minimum_commande_ht = DecimalFr("Minimum de commande HT", [Facultatif(), Entre(0, 10**9, "Indiquez 0 ou plus.")])
    port_ht = DecimalFr("Port HT", [Facultatif(), Entre(0, 10**9, "Indiquez 0 si le port est compris.")])
    franco_ht = DecimalFr("Franco de port HT", [Facultatif(), Entre(0, 10**9, "Indiquez 0 ou plus.")])
