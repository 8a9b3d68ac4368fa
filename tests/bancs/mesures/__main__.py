"""``python -m tests.bancs.mesures poids|phare|html|a11y|images``: what the pages weigh, how Lighthouse notes them,
whether their HTML is valid, what axe and the keyboard find, and their pictures for docs/etats.md.

One JSON line a figure; exit 1 when one is not what is asked.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.bancs.mesures import site
from tests.browser.navigateur import ARGUMENTS, CHROMIUM


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bancs.mesures", description=__doc__)
    parser.add_argument("quoi", nargs="+", choices=list(MESURES))
    options = parser.parse_args()
    site.preparer()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped

    from tests.bancs.bench.__main__ import dire

    tenus = [dire(**figure) for quoi in options.quoi for figure in MESURES[quoi]()]
    return 0 if all(tenus) else 1


def _poids() -> Iterator[dict[str, Any]]:
    from tests.bancs.mesures import poids

    with _navigateur() as navigateur, site.site() as ici:
        yield from poids.mesurer(navigateur, ici)


def _phare() -> Iterator[dict[str, Any]]:
    from tests.bancs.mesures import phare, programmes

    programmes.installer()
    with site.site() as ici:
        yield from phare.mesurer(ici)


def _html() -> Iterator[dict[str, Any]]:
    from tests.bancs.mesures import html, programmes

    programmes.installer()
    with sync_playwright() as playwright, site.site() as ici:
        yield from html.mesurer(playwright, ici)


def _a11y() -> Iterator[dict[str, Any]]:
    from tests.bancs.mesures import accessibilite

    with sync_playwright() as playwright, site.site() as ici:
        yield from accessibilite.mesurer(playwright, ici)


def _images() -> Iterator[dict[str, Any]]:
    from tests.bancs.mesures import images

    with _navigateur() as navigateur, site.site(images.AU) as ici:
        yield from images.dessiner(navigateur, ici)


@contextmanager
def _navigateur() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


MESURES = {"poids": _poids, "phare": _phare, "html": _html, "a11y": _a11y, "images": _images}

if __name__ == "__main__":
    sys.exit(main())
