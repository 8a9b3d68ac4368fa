"""The QR code of an address, as the smallest picture that holds it."""

import io
from typing import NamedTuple

import segno

MARGE = 4  # modules of white around, which readers need
#: M survives a fold or a stain of 15 %; Q would make an address of this length too dense for a poor camera.
CORRECTION = "m"


class CodeQR(NamedTuple):
    """One pixel a module, to be enlarged without smoothing; ``modules`` a side, the margin included."""

    png: bytes
    modules: int


def code_qr(adresse: str) -> CodeQR:
    """Draw an address. As a PNG of one pixel a module it costs WeasyPrint 4 ms, as SVG 40 to 70."""
    code = segno.make_qr(adresse, error=CORRECTION, boost_error=False)
    tampon = io.BytesIO()
    code.save(tampon, kind="png", scale=1, border=MARGE)
    return CodeQR(tampon.getvalue(), int(code.symbol_size(scale=1, border=MARGE)[0]))
