"""A small world holding one object of each kind, and who it belongs to: what the tests of every page walk through.

An address such as `/commandes/<int:commande_id>` needs an order to be tried. `exemples` gives the values to put in the
addresses, and the people who try them: everybody of Ayette owns what belongs to a body, Cartonnages de la Lys owns what
belongs to a supplier; Bapaume and Papeteries de la Canche are the strangers.

A new kind of object: make one in `objets`, and say in `personnes.PROPRIETAIRES` whose it is.
A page that asks for an object in a given state: give that one under `blueprint.view:parameter`.
"""
