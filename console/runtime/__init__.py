"""What moves facts and effects: the store, the runner, the pace."""
