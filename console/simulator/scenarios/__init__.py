"""Scenarios: data files (``data/*.toml``) and the actors that play them."""
