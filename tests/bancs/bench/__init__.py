"""``python -m tests.bancs.bench``: the figures of docs/mesures.md, each with its floor measured in the same run."""
