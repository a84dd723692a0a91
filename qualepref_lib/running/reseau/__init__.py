"""Many sites at once: invented ones for trials."""
