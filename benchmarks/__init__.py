"""What a call costs, next to the same call made with the libraries underneath: ``python -m benchmarks``."""
