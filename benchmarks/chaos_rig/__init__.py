"""Parts of `benchmarks.chaos`: the world, the webhook sender, the API proxy and the faults."""
