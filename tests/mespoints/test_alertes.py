"""docs/alerts.yml: what Prometheus would refuse, names that nobody exports, figures that nobody watches, alerts that
cannot fire."""

import math
import operator
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as reglages
from django.test import Client
from django.utils import timezone
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from accounts.models import Courriel, DemandeCompte
from documents.code.cles import fabriquer
from dossier.models import Dossier, Importation, Incident, Lettre, Passage, VerificationDuLivre
from mespoints import figures
from mespoints.lib import metrics
from tests.accounts.factories import DossierFactory

ALERTES = {
    regle["alert"]: regle
    for groupe in YAML(typ="safe").load((reglages.BASE_DIR / "docs/alerts.yml").read_text())["groups"]
    for regle in groupe["rules"]
}
#: Exported, and in no alert.
SANS_ALERTE = {
    "mespoints_batch_overdue_dossiers": "how many: the age of the oldest is the alert",
    "mespoints_outbox_mails": "how many: the same",
    "mespoints_ledger_verified_dossiers": "how many were looked at: that it ended is the alert",
}
MATCHER = re.compile(r'(\w+)(=~|=)"([^"]*)"')
SIMPLE = re.compile(r"(max|min)(?: by \(\w+\))? ?\((mespoints_\w+)\) (>=|>|<|==) (\d+)")
COMPARE = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "==": operator.eq}
pytestmark = pytest.mark.django_db


def exportees() -> dict[str, Metric]:
    """What a server exports, every label that is ours seen at least once."""
    Client().get("/connexion/")
    for issue in ("ouverte", "interrompu", "indisponible", "recommencer"):
        metrics.FRANCECONNECT.labels(issue).inc(0)
    texte = (metrics.exposition() + figures.exposition()).decode()
    lues = {famille.name: famille for famille in text_string_to_metric_families(texte)}
    return {nom: famille for nom, famille in lues.items() if not nom.endswith("_created")}  # the client library's own


def echantillons() -> dict[str, list[Any]]:
    lus: dict[str, list[Any]] = {}
    for famille in exportees().values():
        for echantillon in famille.samples:
            lus.setdefault(echantillon.name, []).append(echantillon)
    return lus


def sonnent() -> set[str]:
    """The alerts about a figure of the business that would fire now, their « for » apart."""
    lus = echantillons()
    dites = set()
    for nom, regle in ALERTES.items():
        if simple := SIMPLE.fullmatch(regle["expr"]):
            choisir, figure, compare, seuil = simple.groups()
            valeurs = [e.value for e in lus.get(figure, [])]
            if valeurs and COMPARE[compare]({"max": max, "min": min}[choisir](valeurs), float(seuil)):
                dites.add(nom)
    return dites


@pytest.mark.parametrize("nom", ALERTES)
def test_une_alerte_est_ecrite_comme_prometheus_la_lit(nom: str) -> None:
    regle = ALERTES[nom]
    assert set(regle) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"[A-Z]\w+", nom)
    assert re.fullmatch(r"\d+[mh]", regle.get("for", "1m"))
    assert regle["labels"]["severity"] in {"page", "ticket"}
    assert all(len(regle["annotations"][texte]) > 20 for texte in ("summary", "description"))
    for ouvre, ferme in ("()", "{}", "[]"):
        assert regle["expr"].count(ouvre) == regle["expr"].count(ferme)
    assert set(re.findall(r"manage\.py (\w+)", regle["annotations"]["description"])) <= {
        "verify_ledger", "settle", "check"
    }  # fmt: skip


def test_chaque_nom_est_exporte_et_chaque_figure_est_surveillee(settings: Any) -> None:
    DossierFactory()
    VerificationDuLivre.objects.create(started_at=timezone.now(), verifies=1, differents=0)
    familles, lus = exportees(), echantillons()
    ecrits = {nom for regle in ALERTES.values() for nom in re.findall(r"mespoints_\w+", regle["expr"])}
    assert ecrits <= set(lus), "an alert on what nobody exports never fires"
    cites = {n for r in ALERTES.values() for t in r["annotations"].values() for n in re.findall(r"mespoints_\w+", t)}
    assert cites <= set(lus)
    for famille in familles.values():
        if not {echantillon.name for echantillon in famille.samples} & ecrits:
            assert famille.name in SANS_ALERTE, f"{famille.name}: nobody is told"
    assert set(SANS_ALERTE) <= set(familles)


def test_les_etiquettes_et_leurs_valeurs_existent() -> None:
    DossierFactory()
    lus = echantillons()
    for regle in ALERTES.values():
        for nom, filtre in re.findall(r"(mespoints_\w+)\{([^}]*)\}", regle["expr"]):
            for etiquette, _, valeur in MATCHER.findall(filtre):
                vues = {e.labels[etiquette] for e in lus[nom]}  # KeyError: nobody exports this label
                attendues = set() if etiquette == "status" else set(valeur.split("|"))  # no 5xx has to have happened
                assert attendues <= vues, regle["alert"]


def test_rien_ne_sonne_sur_une_base_vide() -> None:
    assert sonnent() <= {"QueueLong"}, "what other tests have told the worker"


def test_chaque_alerte_sonne_quand_son_mal_est_la(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = DossierFactory()
    assert "LedgerNotVerified" in sonnent(), "dossiers that nobody ever verified"
    il_y_a, hier = timezone.now() - timedelta(hours=30), timezone.localdate() - timedelta(days=1)
    verification = VerificationDuLivre.objects.create(started_at=il_y_a, verifies=1, differents=0)
    assert "LedgerNotVerified" not in sonnent()
    VerificationDuLivre.objects.filter(pk=verification.pk).update(finished_at=il_y_a, differents=1)
    Dossier.objects.filter(pk=dossier.pk).update(prochaine_echeance=hier)
    Importation.objects.create(started_at=il_y_a, etat="refuse")
    passage = Passage.objects.create(jour=timezone.localdate())
    Passage.objects.filter(pk=passage.pk).update(started_at=il_y_a)
    Incident.objects.create(passage=passage, dossier=dossier, raison="grand livre incohérent")
    Courriel.objects.create(destinataire="b@exemple.fr", modele="m", sujet="s")
    attend = Courriel.objects.create(destinataire="a@exemple.fr", modele="m", sujet="s", prochain_essai_at=il_y_a)
    Courriel.objects.filter(pk=attend.pk).update(created_at=il_y_a)
    DemandeCompte.objects.create(email="d@exemple.fr", prenoms=["D"], issue=DemandeCompte.Issue.RETENUE)
    demande = DemandeCompte.objects.create(email="c@exemple.fr", prenoms=["C"])
    DemandeCompte.objects.filter(pk=demande.pk).update(created_at=il_y_a)
    lettre = Lettre.objects.create(dossier=dossier, reference="48", date=hier, fait="i1")
    Lettre.objects.filter(pk=lettre.pk).update(recorded_at=il_y_a)
    finie = fabriquer(timezone.now() - timedelta(days=9), timezone.now() - timedelta(days=1), "Essai")
    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = (pem.decode() for pem in finie)
    simples = {nom for nom, regle in ALERTES.items() if SIMPLE.fullmatch(regle["expr"])}
    assert len(simples) >= 13
    assert sonnent() >= simples - {"FiguresNotRead", "RedisDown", "QueueLong"}
    settings.CELERY_BROKER_URL = "redis+socket:///nulle/part.sock?virtual_host=3"
    assert "RedisDown" in sonnent()


def test_les_jours_qui_restent_a_chaque_cle(settings: Any) -> None:
    def jours() -> dict[str, float]:
        return {e.labels["key"]: e.value for e in echantillons().get("mespoints_document_key_days", [])}

    def paire(reste: int) -> list[str]:
        maintenant = timezone.now()
        couple = fabriquer(maintenant - timedelta(days=300), maintenant + timedelta(days=reste), "Essai")
        return [pem.decode() for pem in couple]

    settings.CACHET_CLE, settings.CACHET_CERTIFICAT = paire(20)
    cle, certificat = paire(400)
    settings.ADCS_CLE, settings.ADCS_CERTIFICATS = cle, paire(10)[1] + certificat
    dits = jours()
    assert dits == {"cachet": pytest.approx(20, abs=0.1), "adcs": pytest.approx(400, abs=0.1)}, "the one that signs"
    assert sonnent() >= {"DocumentKeySoonOver"}
    settings.CACHET_CERTIFICAT = certificat  # another key's
    assert jours()["cachet"] == 0
    settings.ADCS_CERTIFICATS = "pas un certificat"
    assert jours()["adcs"] == 0
    settings.ADCS_CLE = settings.CACHET_CLE = settings.CACHET_CERTIFICAT = ""
    assert jours() == {}, "a site without keys asks for none"


def test_une_base_chargee_et_jamais_verifiee_a_un_age_sans_fin() -> None:
    assert "mespoints_ledger_verified_age_seconds" not in echantillons()
    DossierFactory()
    assert echantillons()["mespoints_ledger_verified_age_seconds"][0].value == math.inf
