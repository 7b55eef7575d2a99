"""Text on the screen: labels, phone numbers, error texts and the layout of a line."""
