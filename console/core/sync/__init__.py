"""Merge listings into the state: reconcile, gaps, parked legs, identities, expiry."""
