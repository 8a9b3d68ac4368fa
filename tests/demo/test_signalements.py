"""The demonstration's signalements: told once, however often the demonstration starts."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

import demo
from accounts.models import Signalement
from tests.dossier.bureau import du_rhone

pytestmark = pytest.mark.django_db


def test_la_demonstration_a_des_signalements_une_fois(tmp_path: Path, settings: Any) -> None:
    settings.MESPOINTS_DEMONSTRATION = True
    contenu = json.loads(Path(demo.__file__).with_name("comptes.json").read_text(encoding="utf-8"))
    dits = contenu["signalements"]
    qui = {dit["email"] for dit in dits}
    contenu |= {"comptes": [c for c in contenu["comptes"] if c["email"] in qui], "agents": [], "franceconnect": []}
    for compte in contenu["comptes"]:
        du_rhone(neph=compte["neph"])
    fichier = tmp_path / "comptes.json"
    fichier.write_text(json.dumps(contenu), encoding="utf-8")
    for _ in range(2):
        call_command("create_comptes_demo", str(fichier))
    assert sorted(Signalement.objects.values_list("email", "motif")) == sorted((d["email"], d["motif"]) for d in dits)
