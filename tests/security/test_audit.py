"""`make audit` never says that all is well when nobody could be asked."""

import os
import re
import subprocess
from pathlib import Path

from mespoints.local.places import CHECKOUT


def test_un_audit_qui_n_a_rien_pu_demander_echoue(tmp_path: Path) -> None:
    epingle = re.search(r"^segno==.+?(?=^    #)", (CHECKOUT / "requirements" / "base.txt").read_text(), re.M | re.S)
    assert epingle
    un = tmp_path / "un.txt"
    un.write_text(epingle[0])
    coupe = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    fait = subprocess.run(
        ["make", "audit", f"AUDITED={un}", "ARGS=--timeout 2"], cwd=CHECKOUT, env=os.environ | coupe,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert fait.returncode != 0
    assert "No known vulnerabilities" not in fait.stdout + fait.stderr
