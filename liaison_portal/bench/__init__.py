"""Speed as a ratio to its floor, timed in turns on a throw-away database (docs/bench.md)."""
