"""Everything that is true only because Telnyx says so."""
