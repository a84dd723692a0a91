"""Many campaigns in one run: on this machine, or on a cluster; one failing never stops the rest."""
