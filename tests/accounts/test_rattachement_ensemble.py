"""FranceConnect's identities found and confirmed at the same time, and while an account is blocked: real threads."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from accounts.bureau.services import bloquer
from accounts.franceconnect import rattachement
from accounts.franceconnect.echange import Identite
from accounts.franceconnect.rattachement import PasPropose, accueillir, confirmer
from accounts.models import IdentiteFranceConnect, Rattachement, User
from accounts.services import tenir_compte
from tests.accounts.factories import DossierFactory
from tests.accounts.test_identite_franceconnect import PIVOT
from tests.base_de_donnees import attendre_des_verrous

pytestmark = pytest.mark.django_db(transaction=True)


def venu(sub: str) -> Identite:
    return Identite(sub=sub, pivot=PIVOT, email="", id_token="")


def en_meme_temps(*actions: Callable[[], Any]) -> list[Any]:
    """Each in a thread, together; what each gave or raised."""
    barriere, rendus = threading.Barrier(len(actions)), [None] * len(actions)

    def faire(rang: int) -> None:
        barriere.wait()
        try:
            rendus[rang] = actions[rang]()
        except Exception as erreur:  # noqa: BLE001 - given back
            rendus[rang] = erreur
        finally:
            connection.close()

    fils = [threading.Thread(target=faire, args=[rang]) for rang in range(len(actions))]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return rendus


def test_f28_deux_retours_ensemble_font_un_compte() -> None:
    recus = en_meme_temps(*[lambda: accueillir(venu("a" * 64 + "v1"))] * 4)
    assert len({accueil.user.pk for accueil in recus}) == 1
    assert User.objects.count() == IdentiteFranceConnect.objects.count() == 1


def test_x7_deux_identites_confirment_ensemble_une_seule_gagne() -> None:
    dossier = DossierFactory(lieu_naissance="69123", pays_naissance="99100")
    un, deux = (accueillir(venu(lettre * 64 + "v1")) for lettre in "ab")
    assert un.propose == deux.propose == dossier.pk
    recus = en_meme_temps(
        *[lambda u=u: confirmer(user_id=u.user.pk, dossier_id=dossier.pk) for u in (un, deux)]
    )  # fmt: skip
    assert sorted(map(repr, recus)) == ["None", "PasPropose()"]
    assert Rattachement.objects.filter(revoked_at=None).count() == 1


@pytest.mark.parametrize("compte_d_abord", [True, False], ids=["tel quel", "jumeau : l'identité d'abord"])
def test_un_blocage_et_une_confirmation_ensemble(monkeypatch: pytest.MonkeyPatch, compte_d_abord: bool) -> None:
    """The blocking holds the account when the confirmation comes: the twin holds the identity, and one of them dies."""
    dossier = DossierFactory(lieu_naissance="69123", pays_naissance="99100")
    user = accueillir(venu("a" * 64 + "v1")).user
    if not compte_d_abord:
        monkeypatch.setattr(rattachement, "tenir_compte", lambda _: None)

    def confirmer_apres() -> list[Any]:
        return en_meme_temps(lambda: confirmer(user_id=user.pk, dossier_id=dossier.pk))

    morts: list[str] = []
    with ThreadPoolExecutor(1) as fil:
        try:
            with transaction.atomic():
                tenir_compte(user.pk)
                suite = fil.submit(confirmer_apres)
                attendre_des_verrous()
                bloquer(user_id=user.pk)
        except OperationalError as mort:
            morts.append(str(mort))
        (rendu,) = suite.result(timeout=60)
    if isinstance(rendu, OperationalError):
        morts.append(str(rendu))
    if compte_d_abord:
        assert (morts, type(rendu)) == ([], PasPropose)
    else:
        assert [("deadlock" in mort) for mort in morts] == [True]


def test_le_pivot_change_est_dit_au_journal(caplog) -> None:
    accueillir(venu("a" * 64 + "v1"))
    caplog.set_level(logging.WARNING)
    autre = venu("a" * 64 + "v1")
    autre.pivot = PIVOT._replace(prenoms=["Autre"])
    accueillir(autre)
    assert [ligne.getMessage() for ligne in caplog.records] == ["franceconnect_pivot_changed"]
