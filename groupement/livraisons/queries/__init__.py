"""Named selects on deliveries, and the doors `<objet>_visible`."""
