"""A library that starts an event loop may be called from a thread that has one."""

import asyncio
import threading

from mespoints.lib.boucle import sans_boucle


def appel() -> int:
    asyncio.run(asyncio.sleep(0))
    return threading.get_ident()


def test_here_where_there_is_no_loop_apart_where_there_is_one() -> None:
    async def avec_boucle() -> int:
        return sans_boucle(appel)

    boucle = asyncio._get_running_loop()
    asyncio._set_running_loop(None)  # a browser test may have left its own
    try:
        assert sans_boucle(appel) == threading.get_ident()
        assert asyncio.run(avec_boucle()) != threading.get_ident()
    finally:
        asyncio._set_running_loop(boucle)
