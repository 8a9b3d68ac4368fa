"""What is sent: what a careful enemy types, what nobody can type, and what passes the first look."""

import json
import random
from collections.abc import Callable
from urllib.parse import quote

from tests.accounts.factories import MOT_DE_PASSE

#: Bytes are sent as they are, texts as UTF-8, lone surrogates included.
Valeur = str | bytes

CONTROLES: tuple[Valeur, ...] = (
    *("\x00", "a\x00b", "\x1b[2J", "\x7f", "\x85", "\x9b31m", "a\r\nSet-Cookie: x=y", "a\nBcc: b@exemple.fr", "\t"),
    *("\u202eabc", "\u200f", "\ufeff", "\u2028", "\ufffd", "\ufffe", "\U000e0001", "é́", "ﬁ", "İ", "ß", "\u3164"),
    *("\ud800", "\udfff", "a\ud83d", b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"%", b"%zz"),
)
NOMBRES: tuple[Valeur, ...] = (
    *("0", "-1", "-0", "1", "2", "3", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 40, "9" * 5000),
    *("1e400", "NaN", "inf", "0x10", "1_000", "１２", "²", "٣", "1.5", "+1", " 1 ", "true", "null", "last", "p1"),
)
JOURS: tuple[Valeur, ...] = (
    *("00/00/0000", "31/12/9999", "01/01/0001", "29/02/2023", "0000-00-00", "9999-12-31", "-0001-01-01", "32/13/2026"),
    *("01/01/10000", "1/1/1", "2026-W01-1", "14 mars 2026", "00/00/1950", "1er janvier 0001", "29/02/1900"),
    *("9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "31/12/2025", "01/06/2026", "20260101"),
)
TEXTES: tuple[Valeur, ...] = (
    *("", " ", "\u00a0", "'", '"', "' OR 1=1 --", "'; SELECT pg_sleep(9); --", "\\", "%", "_", "%s%n", "%(a)s", "{0}"),
    *("{{ 7*7 }}", "{% include 'x' %}", "${x}", "<script>x()</script>", "<!--", "]]>", "&amp;", "javascript:x()"),
    *("//mechant.example/", "/\\mechant.example", "https://mechant.example/", "/" * 50, "../../etc/passwd", "/admin/"),
    *("/mes-points/?page=2", "?a=b", "#", "a@b", "a@exemple.fr", "a" * 250 + "@exemple.fr", "é@exemple.fr", "a@[::1]"),
    *('"a b"@exemple.fr', "a@exemple.fr\n", "[]", "{}", "[[[[", '{"a":', "null", '"\\ud800"', '{"id": "\\u0000"}'),
    *("ADC1.AAAA", "ADC1." + "A" * 3000, "http://testserver/verification/#ADC1.0oRDoQEm", "oA==", "====", "ABCD-EFGH"),
    *(MOT_DE_PASSE, "123456", "000 000", "abcd-efgh", "oui", "on", "pas_encore", "carte", "Martin", "12345678901"),
)
PLAGES = (0x20, 0x80, 0x300, 0x2000, 0x1F600)
CLES = (
    {"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}},
    {"id": "AAAA", "rawId": "AAAA", "type": "x", "response": {"clientDataJSON": "e30", "attestationObject": "oA"}},
    {
        "id": "AAAA",
        "rawId": "AAAA",
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "AA"},
    },
    {"id": [], "rawId": None, "type": 1, "response": []},
)


def hostile(hasard: random.Random) -> Valeur:
    """One value, whatever is asked for."""
    tirer: list[tuple[int, Callable[[], Valeur]]] = [
        (5, lambda: hasard.choice(CONTROLES)),
        (5, lambda: hasard.choice(NOMBRES)),
        (4, lambda: hasard.choice(JOURS)),
        (8, lambda: hasard.choice(TEXTES)),
        (1, lambda: _longue(hasard)),
        (1, lambda: _cle(hasard)),
        (1, lambda: bytes(hasard.randrange(256) for _ in range(hasard.randrange(40)))),
        (
            2,
            lambda: "".join(
                chr(hasard.choice((0x20, 0x80, 0x300, 0x2000, 0x1F600)) + hasard.randrange(96)) for _ in range(9)
            ),
        ),
    ]
    poids, faire = zip(*tirer, strict=True)
    return hasard.choices(faire, poids)[0]()


def _longue(hasard: random.Random) -> str:
    return hasard.choice(("a", "1", "é", "\U0001f697", " a", "\u0301", "1/", "(")) * hasard.choice(
        (500, 3_000, 10_000, 40_000)
    )


def _cle(hasard: random.Random) -> str:
    """What a security key answers, more or less."""
    cle = dict(hasard.choice(CLES))
    if hasard.random() < 0.5:
        cle[hasard.choice(sorted(cle))] = hasard.choice(
            ("\ud800", "\x00", 10**30, None, [], {}, "A" * 5000, "é", "AA==")
        )
    return json.dumps(cle)


def alterer(hasard: random.Random, valeur: str) -> Valeur:
    """A good value, spoilt at one place: what passes the first looks."""
    place = hasard.randrange(len(valeur) + 1)
    morceau = hasard.choice(("\x00", "\n", "\ud800", "é", "\u200f", "'", "%", "A", "0", "_", "", "=", ".", ":", " "))
    match hasard.randrange(4):
        case 0:
            return valeur[:place] + morceau + valeur[place:]
        case 1:
            return valeur[:place]
        case 2:
            return valeur[:place] + morceau + valeur[place + 1 :]
        case _:
            return valeur * 2


def octets(valeur: Valeur) -> bytes:
    return valeur if isinstance(valeur, bytes) else valeur.encode("utf-8", "surrogatepass")


def encoder(couples: list[tuple[Valeur, Valeur]]) -> str:
    """The pairs as an address or a form carries them."""
    return "&".join(f"{quote(octets(nom), safe='')}={quote(octets(valeur), safe='')}" for nom, valeur in couples)
