"""scripts/deploy.sh, before a `docker` that writes down what it is asked, in a checkout of one commit."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from mespoints.local.places import CHECKOUT

#: Fails for what FAILS names, and tells which version each command is given.
DOCKER = """#!/bin/sh
echo "$VERSION $*" >> "$CALLS"
case "$*" in *"${FAILS:-nothing}"*) exit 1;; esac
"""
SERVERS = ["up -d --no-deps --no-build --wait web-a", "up -d --no-deps --no-build --wait web-b"]
WORKERS = "up -d --no-deps --no-build worker worker-pdf worker-mail beat"
BASE, MIGRATE = "up -d --no-recreate --no-build --wait db redis", "run --rm --no-deps migrate"
BUILD = "-f docker-compose.build.yml build"


class Machine(NamedTuple):
    folder: Path

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.fr", "-c", "commit.gpgsign=false", *words]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def deploy(self, *words: str, fails: str = "nothing", **more: str) -> tuple[int, list[str], str]:
        """The exit code, what Compose was asked, and what was said. ``fails``: what Docker refuses."""
        calls = self.folder.parent / "calls"
        calls.write_text("")
        environ = {"PATH": f"{self.folder.parent}:{os.environ['PATH']}", "CALLS": str(calls), "FAILS": fails} | more
        done = subprocess.run(
            ["sh", "scripts/deploy.sh", *words],
            cwd=self.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        asked = calls.read_text().splitlines()
        assert all(call.split(" ", 1)[0] == self.meant(words) for call in asked), "a command was given another version"
        compose = [call.partition(" compose ")[2] for call in asked if " compose " in call]
        assert not (compose and done.returncode == 0 and any("image inspect" in c for c in asked[1:]))
        return done.returncode, compose, done.stderr

    def meant(self, words: tuple[str, ...]) -> str:
        return words[-1] if words and words[-1] != "--retour" else self.git("describe", "--tags", "--always")

    def written(self) -> str:
        return (self.folder / ".env").read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    here = Machine(tmp_path / "site")
    (here.folder / "scripts").mkdir(parents=True)
    shutil.copy(CHECKOUT / "scripts" / "deploy.sh", here.folder / "scripts")
    shutil.copy(CHECKOUT / ".env.example", here.folder / ".env")
    (here.folder / ".gitignore").write_text(".env\n")
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    here.git("init", "-q")
    here.git("add", ".")
    here.git("commit", "-qm", "un")
    here.git("tag", "v1")
    return here


def test_un_deploiement_construit_migre_puis_remplace_un_serveur_apres_l_autre(machine: Machine) -> None:
    code, asked, said = machine.deploy(fails="image inspect")
    assert (code, asked) == (0, [BUILD, BASE, MIGRATE, *SERVERS, WORKERS]), said
    assert "VERSION=v1\n" in machine.written()
    assert machine.written().replace("VERSION=v1", "VERSION=") == (CHECKOUT / ".env.example").read_text()


def test_ce_qui_est_deja_fabrique_ne_l_est_pas_deux_fois(machine: Machine) -> None:
    code, asked, _ = machine.deploy("v1")
    assert (code, asked) == (0, [BASE, MIGRATE, *SERVERS, WORKERS])


def test_revenir_ne_construit_ni_ne_migre(machine: Machine) -> None:
    code, asked, _ = machine.deploy("--retour", "v0.9")
    assert (code, asked) == (0, [BASE, *SERVERS, WORKERS])
    assert "VERSION=v0.9\n" in machine.written()


def test_revenir_a_une_version_dont_les_images_sont_parties_ne_touche_a_rien(machine: Machine) -> None:
    """The image of the drill alone is enough to refuse: in an incident, it is the one that is wanted."""
    for missing in ("image inspect mespoints-site:v0.9", "mespoints-drill:v0.9"):
        code, asked, said = machine.deploy("--retour", "v0.9", fails=missing)
        assert (code, asked) == (1, [])
        assert "ne sont plus ici" in said
    assert machine.deploy("--retour")[:2] == (1, [])
    assert "VERSION=\n" in machine.written()


def test_le_code_d_aujourd_hui_ne_prend_pas_le_nom_d_hier(machine: Machine) -> None:
    (machine.folder / "plus.txt").write_text("x")
    code, asked, said = machine.deploy(fails="image inspect")
    assert (code, asked) == (1, [])
    assert "aucun commit" in said
    machine.git("add", ".")
    machine.git("commit", "-qm", "deux")
    code, asked, said = machine.deploy("v1", fails="image inspect")
    assert (code, asked) == (1, [])
    assert "git checkout v1" in said
    assert "VERSION=\n" in machine.written()


@pytest.mark.parametrize(
    ("fails", "asked", "version"),
    [
        (BUILD, [BUILD], ""),
        (MIGRATE, [BUILD, BASE, MIGRATE], ""),
        ("--wait web-a", [BUILD, BASE, MIGRATE, SERVERS[0]], "v1"),
        ("--wait web-b", [BUILD, BASE, MIGRATE, *SERVERS], "v1"),
    ],
)
def test_ce_qui_echoue_arrete_tout_et_laisse_servir_le_reste(
    machine: Machine, fails: str, asked: list[str], version: str
) -> None:
    (machine.folder.parent / "docker").write_text(
        DOCKER.replace("esac", 'esac\ncase "$*" in "image inspect"*) exit 1;; esac')
    )
    done = machine.deploy(fails=fails)
    assert done[:2] == (1, asked)
    assert f"VERSION={version}\n" in machine.written()


def test_le_mandataire_est_prevenu_avant_et_apres_chaque_serveur(machine: Machine) -> None:
    drain = machine.folder.parent / "vider"
    drain.write_text('#!/bin/sh\necho "$VERSION compose $*" >> "$CALLS"\n')
    drain.chmod(0o755)
    code, asked, _ = machine.deploy("v1", DRAIN=str(drain))
    around = ["web-a out", SERVERS[0], "web-a in", "web-b out", SERVERS[1], "web-b in"]
    assert (code, asked) == (0, [BASE, MIGRATE, *around, WORKERS])
