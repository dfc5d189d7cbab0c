"""One function per verb; nothing here commits."""
