"""The journal on disk: its log in SQLite, recorder, replay, retention, notes and audit."""
