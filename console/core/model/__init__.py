"""Values of the core: resources as Telnyx lists them, entities, state, policy, commands."""
