"""Named selects of the re-billing, one module per noun."""
