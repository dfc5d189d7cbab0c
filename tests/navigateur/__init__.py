"""Journeys of the year, in a real browser, on the loaded demonstration."""
