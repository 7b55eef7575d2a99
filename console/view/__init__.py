"""Pure functions that turn the state into rows, cells and roles: no markup, no widget."""
