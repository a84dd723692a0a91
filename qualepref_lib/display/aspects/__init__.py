"""How each kind of bilan is shown: one file a measure, one row of ``table`` to choose it."""
