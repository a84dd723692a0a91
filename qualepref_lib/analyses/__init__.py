"""One source, one module: each turns a Campagne into Bilans, and none knows the others."""
