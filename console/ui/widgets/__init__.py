"""Textual widgets, and the parts that they draw with."""
