"""Executed notebooks become the report: one HTML file, nothing in it that a cell wrote as HTML."""
