"""A stateful Telnyx Voice API of our own: conferences, queues, calls and their signed webhooks.

The core is pure and synchronous (``world`` and the modules that act on it, ``api``); ``server``
is a thin skin of HTTP round it. Nothing here imports the console and nothing there imports this:
a shared model would let both be wrong together.
"""
