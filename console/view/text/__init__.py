"""Text on screen: labels, phone numbers, refusals and the layout of a line."""
