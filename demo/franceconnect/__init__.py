"""A stand-in for FranceConnect v2 (niveau faible): the same questions, answers and refusals, for invented citizens.

It is no part of the site: a process of its own, started by `make demo` and by the tests.
"""
