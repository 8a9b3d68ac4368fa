"""`make audit` never says that all is well when nobody could be asked."""

import json
import os
import re
import subprocess
import sys
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


def paquets() -> dict[str, str]:
    """What production installs, and its version."""
    verrou = (CHECKOUT / "requirements" / "base.txt").read_text()
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[[^\]]*\])?==(\S+)", verrou, re.M))


def test_chaque_paquet_installe_est_tenu_par_son_empreinte() -> None:
    """Another file under the same name and version is refused, wherever it comes from."""
    verrou = re.sub(
        r"\s*\\\n\s*", " ", re.sub(r"^\s*#.*\n", "", (CHECKOUT / "requirements" / "base.txt").read_text(), flags=re.M)
    )
    lignes = [ligne for ligne in verrou.splitlines() if ligne.strip()]
    assert len(lignes) == len(paquets()) > 50
    assert [ligne for ligne in lignes if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", ligne)] == []
    assert "://" not in verrou, "nothing outside of the registry that pip is set to"
    installations = re.findall(r"pip install .+", (CHECKOUT / "Dockerfile").read_text())
    assert installations
    assert [ligne for ligne in installations if "--require-hashes" not in ligne] == []


def test_l_inventaire_dit_ce_qui_est_installe(tmp_path: Path) -> None:
    """`make sbom`, to a file of its own."""
    ecrit = tmp_path / "sbom.json"
    commande = [
        "cyclonedx-py",
        "requirements",
        "--pyproject",
        "pyproject.toml",
        "--of",
        "JSON",
        "--output-file",
        str(ecrit),
    ]
    lance = [str(Path(sys.executable).parent / commande[0]), *commande[1:], "requirements/base.txt"]
    subprocess.run(lance, cwd=CHECKOUT, check=True, capture_output=True)
    inventaire = {c["name"]: c["version"] for c in json.loads(ecrit.read_text())["components"]}
    assert inventaire == paquets()
