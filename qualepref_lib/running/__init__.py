"""Runs notebooks: which ones, how, and how nothing is ever half written."""
