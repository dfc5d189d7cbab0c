"""Verbs of an audit: entering it, deciding what to order, finishing it, sending it."""
