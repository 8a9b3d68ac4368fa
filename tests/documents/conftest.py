"""What every test of the documents needs: a thread in which pyHanko may run the event loop that it starts."""

import asyncio
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True, scope="module")
def sans_boucle() -> Iterator[None]:
    """Once a browser test ran in this process, Playwright's loop is marked as running in its thread until the end.

    The tests call pyHanko themselves, which would refuse to run there (the site asks ``lib.boucle``). It is marked
    again afterwards, for the next browser test.
    """
    boucle = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(boucle)
