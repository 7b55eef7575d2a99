"""Panes of the workspace, its header, receipt line and hints."""
