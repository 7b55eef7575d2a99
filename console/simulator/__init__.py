"""A stateful simulator of the Telnyx Voice API: conferences, queues, calls and signed webhooks.

The core is pure and synchronous: ``world``, the modules that act on it, and ``api``. ``server``
adds HTTP. The simulator imports nothing of the console, and the console nothing of the simulator: a
shared model would let both be wrong together.
"""
