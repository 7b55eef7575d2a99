"""Value types of the core: Telnyx resources, entities, state, policy, commands."""
