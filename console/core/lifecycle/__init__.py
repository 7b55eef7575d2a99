"""The life of a command after its key: availability, sending, proof, undo."""
