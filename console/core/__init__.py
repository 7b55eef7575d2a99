"""The pure state and rules of the console. Uses the standard library only."""
