"""Messages of the core: webhooks and other facts, intents, effects, scopes of reads."""
