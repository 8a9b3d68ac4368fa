"""``make a11y`` is worth what it would find: a page that has every fault, looked at as it looks at all."""

from playwright.sync_api import Browser

from tests.bancs.mesures.accessibilite import CRITERES, examiner_une
from tests.bancs.mesures.parcours import Vue

#: A page that has each fault once, and what must be said of it.
FAUTIVE = """<!doctype html><html lang="fr"><head><title>T</title><style>
    :root { --a: 1 } a { outline: none } .large { width: 60rem } p { animation: clignoter 9s infinite }
    @keyframes clignoter { to { opacity: 0.9 } }</style></head>
    <body><main><h1 hidden>A</h1><h1 hidden>B</h1><img src="data:,"><p class="large">x</p><a href="/b/">b</a>
    <button tabindex="-1">hors d'atteinte</button></main></body></html>"""


def test_chaque_faute_est_vue(browser: Browser) -> None:
    constat = examiner_une(browser, Vue("x", "/fautive/", FAUTIVE), "http://localhost:1")
    assert set(constat.fautes) == set(CRITERES)
