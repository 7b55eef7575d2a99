"""The engine's machinery: store, runner, rate limiter, threads, log file and demo simulator."""
