"""What a person typed, as Python values; messages in French."""
