"""Prints the code of the moment of each agent of the demonstration, as their application would."""

import base64
import hmac
import json
import struct
import sys
import time
from pathlib import Path

COMPTES = Path(__file__).with_name("comptes.json")


def code(secret: str, instant: float) -> str:
    """The TOTP of RFC 6238: six digits, thirty seconds, SHA-1."""
    empreinte = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(instant) // 30), "sha1")
    debut = empreinte[-1] & 15
    return f"{(int.from_bytes(empreinte[debut : debut + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def main() -> int:
    for agent in json.loads(COMPTES.read_text(encoding="utf-8"))["agents"]:
        print(f"{agent['email']:<28} {code(agent['secret_totp'], time.time())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
