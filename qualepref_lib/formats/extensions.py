"""How the names of workbooks end; whoever looks for files does not wait for the reader."""

EXTENSIONS = (".xlsx", ".ods", ".xls")
"""The extensions of the workbooks that are read."""
