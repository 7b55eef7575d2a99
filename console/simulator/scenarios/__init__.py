"""Scenarios are data (``data/*.toml``); the director makes their people act."""
