"""Showing what was found: a Bilan becomes a Tableau, a Graphique or a phrase."""
