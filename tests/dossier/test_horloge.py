"""A clock that is ahead posts nothing early (L2a): PostgreSQL's own day is the last that may be settled."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dossier import nuit, tasks
from dossier.livre import JourAVenir, aujourd_hui
from dossier.models import Dossier, Fait, Mouvement, Passage, VerificationDuLivre
from dossier.services import record_faits
from tests.dossier.lignes import PERMIS, dossier, infraction, ligne, octets

pytestmark = pytest.mark.django_db


@pytest.fixture
def presente() -> date:
    return aujourd_hui()


@pytest.fixture
def avancer(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move the clock of this machine, PostgreSQL's left as it is."""
    vraie = timezone.now

    def deplacer(jours: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: vraie() + timedelta(days=jours))

    return deplacer


def perte(jour: date) -> dict[str, Any]:
    """An offence that is final on that day: its points go then."""
    return infraction("i1", f"{jour - timedelta(days=60)}", f"{jour}", 3)


def du_le(jour: date, neph: str = "990175100001") -> Dossier:
    """A dossier that waits for that day."""
    return dossier(perte(jour), neph=neph, au=jour - timedelta(days=3))


def test_le_jour_est_celui_de_paris_chez_postgresql(presente: date) -> None:
    assert abs(presente - timezone.localdate()) <= timedelta(days=1)
    assert isinstance(presente, date)
    assert not isinstance(presente, datetime)


def test_la_nuit_d_une_horloge_en_avance_ne_pose_rien(presente: date, avancer: Callable[[float], None]) -> None:
    pose = du_le(presente + timedelta(days=1))
    avancer(1)
    avant = Mouvement.objects.count()
    with pytest.raises(JourAVenir, match="n'est pas venu"):
        tasks.ouvrir_la_nuit()
    for options in ([], ["--tous"], ["--au", f"{presente + timedelta(days=1)}"]):
        with pytest.raises(CommandError, match="horloge"):
            call_command("settle", *options)
    assert (Mouvement.objects.count(), Passage.objects.count()) == (avant, 0)
    pose.refresh_from_db()
    assert pose.points == 12


def test_la_nuit_du_jour_et_celle_d_une_horloge_en_retard_ont_lieu(
    presente: date, avancer: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    du_le(presente)
    monkeypatch.setattr(tasks.avancer_la_nuit, "delay", lambda passage: None)
    avancer(-1)
    tasks.ouvrir_la_nuit()
    avancer(0)
    call_command("settle")
    assert Dossier.objects.get().points == 9


def test_un_passage_ouvert_en_avance_attend_son_jour(presente: date) -> None:
    """Opened by who asked no one, or before a base was restored: it is neither settled nor taken up by the sweep."""
    passage = Passage.objects.create(jour=presente + timedelta(days=1))
    Passage.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert nuit.passages_en_souffrance() == []
    with pytest.raises(JourAVenir):
        tasks.avancer_la_nuit(passage.pk)
    Passage.objects.filter(pk=passage.pk).update(jour=presente)
    assert nuit.passages_en_souffrance() == [passage.pk]


def test_un_chargement_d_une_horloge_en_avance_est_du_jour_de_la_base(
    presente: date, avancer: Callable[[float], None], tmp_path: Path
) -> None:
    demain = presente + timedelta(days=1)
    flux = tmp_path / "f.ndjson"
    flux.write_bytes(octets(ligne(PERMIS, perte(demain))) + b"\n")
    avancer(2)
    call_command("import_dossiers", str(flux))
    charge = Dossier.objects.get()
    assert (charge.points, charge.mis_a_jour_le) == (12, presente)


def test_le_bureau_d_une_horloge_en_avance_pose_au_jour_de_la_base(presente: date) -> None:
    pose = du_le(presente + timedelta(days=1))
    record_faits(
        dossier_id=pose.pk,
        faits=[infraction("i2", "2026-01-05", "2026-02-05", 1)],
        au=presente + timedelta(days=2),
    )
    pose.refresh_from_db()
    assert pose.mis_a_jour_le == presente
    assert not pose.mouvements.filter(date__gt=presente).exists()


def test_les_dix_ans_ne_passent_pas_plus_vite(presente: date) -> None:
    """What is erased early cannot be given back."""
    du_le(presente)
    avant = Fait.objects.count()
    with pytest.raises(CommandError, match="n'est pas venu"):
        call_command("effacer_mentions", "--au", "2090-01-01", "--pour-de-bon")
    assert Fait.objects.count() == avant


def verifier() -> tuple[int, str]:
    sortie = io.StringIO()
    try:
        call_command("verify_ledger", stdout=sortie)
    except SystemExit as fin:
        return int(fin.code or 0), sortie.getvalue()
    return 0, sortie.getvalue()


def test_la_verification_d_une_horloge_en_avance_est_refusee(avancer: Callable[[float], None]) -> None:
    avancer(1)
    with pytest.raises(CommandError, match="horloge"):
        call_command("verify_ledger")
    assert not VerificationDuLivre.objects.exists()


def test_la_verification_compte_et_nomme_les_lignes_d_un_jour_a_venir(presente: date) -> None:
    """As a clock a day ahead left them before it was refused: they add up, nothing else would tell."""
    demain = presente + timedelta(days=1)
    poses = [du_le(demain, neph=f"9901751{n:05d}") for n in range(2)]
    du_le(presente + timedelta(days=9), neph="990175199999")
    from dossier.services import settle

    settle(dossier_ids=[pose.pk for pose in poses], au=demain)
    code, dit = verifier()
    assert code == 1
    for pose in poses:
        assert f"dossier n° {pose.pk} : ligne " in dit
    assert f"datée du {demain}, un jour à venir" in dit
    assert dit.endswith("vérifiés: 3, différents: 2\nlignes d'un jour à venir: 2\n")


@pytest.mark.parametrize("pays", ["Europe/Paris", "Pacific/Auckland", "Pacific/Honolulu"])
def test_le_jour_ne_suit_pas_le_fuseau_de_la_session(pays: str, presente: date, settings: Any) -> None:
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute(f"SET LOCAL timezone = '{pays}'")
    assert aujourd_hui() == presente
