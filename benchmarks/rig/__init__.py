"""The rig of `benchmarks.chaos`: a world, a sender, an API in between, and what goes wrong."""
