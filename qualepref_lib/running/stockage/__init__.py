"""Campaigns and reports on a shared or object store, through fsspec: nothing home-made.

A campaign is fetched into a private folder, run there exactly as a local one, and its report put
back. What a store promises is little: it has no lock, no rename of a folder, sometimes none of a
file. The order of writing makes up for it (:mod:`~qualepref_lib.running.stockage.publication`).
"""
