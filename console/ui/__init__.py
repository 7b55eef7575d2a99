"""The terminal: Textual screens and widgets that paint what the view says."""
