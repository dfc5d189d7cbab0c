"""Factories: plain functions that write one object, with traits; first names and towns of Pas-de-Calais."""
