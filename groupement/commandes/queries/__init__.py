"""Named selects on campagnes, members' orders and bons, and the doors `<objet>_visible`."""
