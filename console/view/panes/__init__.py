"""Panes of the workspace, with its header, receipt line and hints."""
