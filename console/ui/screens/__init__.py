"""Textual screens, one in each module."""
