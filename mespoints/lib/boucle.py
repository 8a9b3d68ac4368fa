"""Calling a library that starts an event loop of its own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

R = TypeVar("R")


def sans_boucle(faire: Callable[[], R]) -> R:
    """Call it here, or in a thread apart where this one has a loop already: an ASGI server's, a browser test's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return faire()
    with ThreadPoolExecutor(1) as ailleurs:
        return ailleurs.submit(faire).result()
