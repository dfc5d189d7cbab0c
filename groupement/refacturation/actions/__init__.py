"""The verbs of the re-billing, one module per noun. They never commit."""
