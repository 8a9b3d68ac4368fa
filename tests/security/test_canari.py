"""A canary driver goes all the way: nothing of them is in a log, a mail's subject, a metric, a task or an address."""

import json
import logging
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import celery
import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from accounts import tasks
from accounts.models import Courriel, DemandeCompte, DemandeLien
from dossier.models import Dossier
from mespoints.lib import metrics
from mespoints.lib.logs import JsonFormatter, PlainFormatter
from tests.accounts.parcours import DERNIERE, MOT_DE_PASSE, jusqu_au_mot_de_passe, lien_recu, repondre
from tests.dossier.lignes import PERMIS, importer, infraction, ligne

pytestmark = pytest.mark.django_db

NEPH, NOM, PRENOM, ADRESSE = "990175100099", "ZZCANARI", "Zoecanari", "zoe.zzcanari@exemple.fr"
LIEU, MESSAGE, COMMUNE = "Rue du Canari-Témoin", "Le message du canari témoin", "Canariville"
#: As typed, as kept, and as they may be written down on the way.
CANARIS = (
    *(NEPH, "99 01 75 100099", "ZZCANARI", "zoecanari", "canari-témoin", "canari témoin"),
    *("1963-03-17", "17/03/1963", "17 mars 1963", "canariville", MOT_DE_PASSE),
)


def indiscretions(traces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What each trace tells of the canary."""
    return [(ou, mot) for ou, texte in traces for mot in CANARIS if mot.lower() in texte.lower()]


@pytest.fixture
def traces(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[list[tuple[str, str]]]:
    """What leaves the process, as it is written: every record by both formatters at the lowest level, every message."""
    notees: list[tuple[str, str]] = []

    class Notes(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            notees.extend(("journal", ecrit.format(record)) for ecrit in (JsonFormatter(), PlainFormatter()))

    def noter(_app: celery.Celery, nom: str, args: Any = None, kwargs: Any = None, **options: Any) -> None:
        notees.append(("tâche", json.dumps([nom, args, kwargs, options.get("headers")], default=str)))

    monkeypatch.setattr(celery.Celery, "send_task", noter)
    racine, notes = logging.getLogger(), Notes(logging.DEBUG)
    bavards = [racine, *(logging.getLogger(nom) for nom in ("django", "django.server", "celery", "allauth"))]
    niveaux = [journal.level for journal in bavards]
    for journal in bavards:
        journal.setLevel(logging.DEBUG)
    racine.addHandler(notes)
    yield notees
    racine.removeHandler(notes)
    for journal, niveau in zip(bavards, niveaux, strict=True):
        journal.setLevel(niveau)


@pytest.fixture
def canari() -> int:
    perte = infraction("i1", "2026-01-10", "2026-02-20", 2, lieu=LIEU, libelle="Excès de vitesse")
    contenu = ligne(
        PERMIS, perte, neph=NEPH, nom_naissance=NOM, prenoms=[PRENOM], date_naissance="1963-03-17",
        lieu_naissance="75056", pays_naissance="99100",
        adresse={"lignes": ["1 place du Canari"], "code_postal": "75012", "commune": COMMUNE},
    )  # fmt: skip
    assert importer(contenu)[0].etat == "accepte"
    return Dossier.objects.get(neph=NEPH).pk


def demander(client: Client, *, numero: str = NEPH, email: str = ADRESSE) -> None:
    """The wizard, then what the worker does."""
    personne: dict[str, Any] = {
        "nom": {"nom": NOM},
        "prenoms": {"prenoms": PRENOM},
        "naissance": {"jour": "17", "mois": "3", "annee": "1963"},
    }
    jusqu_au_mot_de_passe(client, email=email, **personne, **{"numero-une-ligne": {"numero": numero}})
    assert repondre(client, "mot-de-passe", DERNIERE).status_code == 302
    tasks.reprendre_les_demandes()
    tasks.instruire_demande(DemandeCompte.objects.latest("pk").pk)


def parcourir(traces: list[tuple[str, str]]) -> Client:
    """Sign-up, sign-in, the pages, the ADCS, a signalement; addresses are noted on the way."""
    client = Client()
    demander(client)
    lien = lien_recu()
    assert client.post(lien, {"mot_de_passe": MOT_DE_PASSE}).status_code in {200, 302}
    client = Client()
    client.post("/connexion/", {"login": ADRESSE, "password": "ce n'est pas le bon " + NEPH})
    reponse = client.post("/connexion/", {"login": ADRESSE, "password": MOT_DE_PASSE})
    traces.append(("adresse", reponse["Location"]))
    for page in ("/mes-points/", "/mes-points/previsionnel/", "/mes-documents/", "/mes-documents/adcs/", "/compte/"):
        assert client.get(page).status_code == 200, page
    assert client.post("/mes-documents/adcs/").status_code == 200
    client.get("/mes-points/", {"nom": NOM, "neph": NEPH})
    client.get(f"/nexiste/{NEPH}/{NOM}/")
    client.get("/franceconnect/retour/", {"state": NEPH, "code": NOM, "error_description": MESSAGE})
    autre = Client()
    demander(autre, numero="990175100098", email="encore.zzcanari@exemple.fr")  # nobody's
    lien = lien_recu()
    traces.append(("adresse", autre.post(lien, {"message": MESSAGE})["Location"]))
    for voulu in DemandeLien.objects.all():
        tasks.envoyer_lien(voulu.pk)
    lien_recu()
    traces.extend(("adresse", lien) for lien in (lien, lien_recu()))
    return client


@pytest.mark.usefixtures("canari")
def test_le_canari_n_est_nulle_part(
    traces: list[tuple[str, str]],
    django_capture_on_commit_callbacks: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        client = parcourir(traces)
        casser(client, monkeypatch)
    traces.extend(("sujet", message.subject) for message in mail.outbox)
    traces.extend(("sujet", sujet) for sujet in Courriel.objects.values_list("sujet", flat=True))
    traces.append(("mesure", metrics.exposition().decode()))
    assert {ou for ou, _ in traces} == {"journal", "tâche", "sujet", "mesure", "adresse"}
    assert any("builtins.ValueError" in texte for _, texte in traces), (
        "the faults were written down, without their text"
    )
    assert indiscretions(traces) == []


def casser(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults whose text quotes the canary: in a page, in the database, in the mail server's refusal, in a task."""
    client.raise_request_exception = False

    def tomber(*_: Any, **__: Any) -> None:
        raise ValueError(f"{NOM} {NEPH} {ADRESSE}")

    with monkeypatch.context() as faute:
        faute.setattr("dossier.selectors.rejouer", tomber)
        for _ in range(3):
            assert client.get("/mes-points/", {"neph": NEPH}).status_code == 500
        assert client.post("/mes-documents/adcs/", {"nom": NOM}).status_code == 500
    with monkeypatch.context() as faute:
        refus = smtplib.SMTPRecipientsRefused({ADRESSE: (550, f"{ADRESSE} unknown".encode())})
        faute.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(refus))
        Courriel.objects.update(prochain_essai_at=Courriel.objects.latest("pk").created_at, sent_at=None)
        tasks.envoyer()
    with monkeypatch.context() as faute:
        faute.setattr("accounts.tasks.demandes.instruire_demande", tomber)
        tasks.instruire_demande.apply((1,), throw=False)


@pytest.mark.parametrize(
    "trahir",
    [
        lambda: logging.getLogger("accounts.courriels").warning(f"mail for {ADRESSE}"),
        lambda: celery.current_app.send_task("accounts.envoyer", (NEPH,)),
        lambda: logging.getLogger("accounts").warning("refused", extra={"reason": NOM.lower()}),
    ],
    ids=["journal", "tâche", "champ"],
)
def test_une_indiscretion_se_voit(traces: list[tuple[str, str]], trahir: Callable[[], None]) -> None:
    """The failing twin: each sink is really looked at."""
    trahir()
    assert indiscretions(traces)
