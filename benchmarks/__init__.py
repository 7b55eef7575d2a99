"""Measurements side by side in one run; each exits non-zero where a target is missed."""
