"""Sources of facts: the webhook receiver, the poller, the clock."""
