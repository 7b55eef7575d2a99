"""A command from the key to its proof: availability, progress, proof, undo and roles."""
