"""Qual-e-Pref audit workbench."""
