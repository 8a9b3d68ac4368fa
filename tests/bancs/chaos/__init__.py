"""The night under a storm: real workers and batches killed, PostgreSQL cut, Redis emptied, messages repeated.

``banc`` has servers of its own, ``troupe`` the processes, ``tempete`` what befalls them, ``controles`` what must hold
afterwards, ``naif`` the twin without lock and without unique key, which must not come through. ``make test`` has a
short storm; ``python -m tests.bancs.chaos`` a long one.
"""

#: How much faster than in production the sweeper, the tasks and the broker's patience are.
ACCELERATION = 100
