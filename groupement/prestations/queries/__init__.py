"""Named selects on rates, missions and SESAM, and the doors to one of them."""
