"""State laid out as rows, cells and roles: pure, no markup, no widget."""
