"""``python -m tests.bancs.bench``: the figures of the README, each with its floor measured in the same run."""
