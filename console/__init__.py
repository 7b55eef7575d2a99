"""A terminal console for supervisors of live Telnyx queues and conferences."""
