"""Messages to and from the core: webhooks, other facts, intents, effects, read scopes."""
