"""The survey of a campaign: what its export becomes."""
