"""Tasks that bring facts in: the receiver, the poller, the clock."""
