"""The mystery survey as it is run: a plan, grids to fill in, their collection, its state."""
