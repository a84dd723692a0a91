"""The network: what a site shares, masked, and what many sites say together."""
