"""Letters: each made once from what settling found due, with its deadlines; listed; opened by a POST that is kept."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.management import CommandError, call_command
from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from documents import tasks
from documents.contenus import CachetIndisponible, RenduImpossible
from documents.courriers import selectors
from documents.courriers import services as courriers
from documents.courriers.contenu import Courrier, delais, relire
from documents.courriers.selectors import list_courriers
from documents.courriers.services import record_acheminement
from documents.models import DocumentEmis, Ouverture
from dossier.feed import LigneRefusee
from dossier.models import Dossier, Lettre
from dossier.rules.calendrier import plus_mois
from dossier.rules.francais import en_francais, en_lettres
from dossier.selectors import get_situation
from dossier.services import record_faits, settle
from mespoints.lib.logs import describe
from tests.documents.dossiers import client_of, make_dossier
from tests.documents.pdf import open_pdf, plain, tags_of, text_of
from tests.dossier.lignes import PERMIS, infraction

pytestmark = pytest.mark.django_db

PAGE = "/mes-documents/courriers/"
HIER = localdate() - timedelta(days=1)
RECENT = PERMIS | {"date_obtention": f"{localdate().year - 1}-06-15"}


def perte(id: str, points: int, jours: int = 60, **autres: Any) -> dict[str, Any]:
    """An offence of some days ago, final since yesterday."""
    commise = (localdate() - timedelta(days=jours)).isoformat()
    return infraction(id, commise, HIER.isoformat(), points, etablie_par="paiement") | autres


def dossier_with(*faits: dict[str, Any], probatoire: bool = False) -> int:
    """A dossier to which these facts come after it was first settled: they call for letters."""
    dossier_id = make_dossier(*([RECENT] if probatoire else []), permis=not probatoire)
    record_faits(dossier_id=dossier_id, faits=list(faits), au=localdate())
    return dossier_id


def made(dossier_id: int) -> DocumentEmis:
    tasks.editer_les_lettres()
    return DocumentEmis.objects.get(dossier_id=dossier_id)


CAS = [
    pytest.param("48", [perte("i1", 3)], False, id="48"),
    pytest.param("48M", [perte("i1", 6)], False, id="48M"),
    pytest.param("48N", [perte("i1", 3)], True, id="48N"),
    pytest.param("48SI", [perte("i1", 6, 90), perte("i2", 6, lieu="Rue <b>du Port</b>, Brest")], False, id="48SI"),
]


@pytest.mark.parametrize(("reference", "faits", "probatoire"), CAS)
def test_a_retrait_makes_its_letter(reference: str, faits: list[Any], probatoire: bool) -> None:
    dossier_id = dossier_with(*faits, probatoire=probatoire)
    tasks.editer_les_lettres()
    document = DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference=reference)
    assert (document.par, document.niveau, document.genre) == ("tache", "", "lettre")
    texte = text_of(document.octets)
    lettre = relire(document.contenu)
    for fait in facts(lettre):
        assert plain(fait) in texte, fait
    assert "Camille DUPRÉ" in texte
    assert "75012 Paris" in texte
    assert "Contester devant le tribunal administratif" in texte


def facts(lettre: Courrier) -> list[str]:
    lignes = [texte for ligne in (*lettre.lignes_mouvement, *lettre.lignes_dossier, *lettre.delais) for texte in ligne]
    pertes = [texte for p in lettre.pertes for texte in (p.date, p.nature, p.lieu, p.etablie, p.points)]
    return [*lettre.paragraphes, *lignes, *pertes]


def test_points_given_back_make_a_46_and_a_course_a_47() -> None:
    deux_ans = [infraction("i1", "2023-01-10", "2023-02-20", 1, classe=2)]
    dossier_id = make_dossier(*deux_ans, au=date(2023, 3, 1))
    stage = {"id": "s1", "type": "stage", "nature": "volontaire"}
    autre = make_dossier(perte("i1", 4))
    jours = {"date_debut": (HIER - timedelta(days=1)).isoformat(), "date_fin": HIER.isoformat()}
    record_faits(dossier_id=autre, faits=[stage | jours], au=localdate())
    settle(dossier_ids=[dossier_id], au=localdate())
    assert made(dossier_id).contenu["reference"] == "46"
    lettre = DocumentEmis.objects.get(dossier_id=autre)
    assert lettre.contenu["reference"] == "47"
    assert "Points rendus 4" in text_of(lettre.octets)
    assert lettre.contenu["delais"] == []


@pytest.mark.usefixtures("sans_rendu")
def test_a_course_that_is_not_enough_tells_no_negative_balance_and_does_not_reassure() -> None:
    """Three offences of six points, then a course: -2 for the engine, and a 48SI to come."""
    stage = {"id": "s1", "type": "stage", "nature": "volontaire", "date_fin": HIER.isoformat()}
    dossier_id = dossier_with(*(perte(f"i{n}", 6, 90 - n) for n in range(3)), stage)
    tasks.editer_les_lettres()
    lettre = relire(DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference="47").contenu)
    dits = plain(" ".join(lettre.paragraphes))
    assert lettre.mouvement.solde == -2
    assert "-2" not in dits
    assert dits.count("0 sur 12") + dits.count("0 point sur 12") == 2, "the explanation and the balance say the same"
    assert "rien à faire" not in dits
    assert "perd sa validité le jour où la lettre 48SI vous est notifiée" in dits


def test_the_48si_lists_the_offences_oldest_first() -> None:
    dossier_id = dossier_with(perte("i1", 6, 90, libelle="Alcool"), perte("i2", 6, libelle="Téléphone"))
    tasks.editer_les_lettres()
    document = DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference="48SI")
    assert [(p["nature"], p["points"]) for p in document.contenu["pertes"]] == [("Alcool", "6"), ("Téléphone", "6")]
    tags = [enfant for _, enfant in tags_of(bytes(document.octets))]
    assert tags.count("/TH") == 5 + 2
    with open_pdf(document.octets) as pdf:
        assert "48SI" in str(pdf.docinfo.Title)


@pytest.mark.parametrize(
    ("reference", "recue", "attendus"),
    [
        ("48N", date(2026, 10, 31), ["28\u00a0février\u00a02027", "4\u00a0janvier\u00a02027"]),
        ("48SI", date(2026, 11, 20), ["1er\u00a0décembre\u00a02026", "21\u00a0janvier\u00a02027"]),
        ("48", date(2026, 12, 31), ["1er\u00a0mars\u00a02027"]),
        ("46", date(2026, 10, 31), []),
    ],
)
def test_deadlines_are_computed(reference: str, recue: date, attendus: list[str]) -> None:
    dits = delais(reference, notification=recue, emission=recue)
    assert [f"Jusqu'au {jour} inclus" for jour in attendus] == [quand for _, quand in dits]
    exemple = delais(reference, notification=None, emission=recue - timedelta(days=3))
    finis = delais(reference, notification=recue, emission=recue, au=date(2030, 1, 1))
    assert [quand for _, quand in finis] == [f"Délai terminé le {jour}" for jour in attendus]
    assert all(jour in quand for jour, (_, quand) in zip(attendus, exemple, strict=True))


# --- Once -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sans_rendu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courriers, "produire", lambda _, contenu: f"%PDF {contenu.numero}".encode())


@pytest.mark.usefixtures("sans_rendu")
def test_settling_tells_the_worker_and_each_letter_is_made_once(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    dites: list[str] = []
    monkeypatch.setattr("mespoints.lib.worker.current_app.send_task", lambda nom, *_, **__: dites.append(nom))
    with django_capture_on_commit_callbacks(execute=True):
        dossier_id = dossier_with(perte("i1", 3))
    assert "documents.editer_les_lettres" in dites
    for _ in range(3):
        tasks.editer_les_lettres()
    (lettre,) = Lettre.objects.filter(dossier_id=dossier_id)
    assert courriers.make_lettre(lettre_id=lettre.pk) is None
    assert DocumentEmis.objects.filter(lettre=lettre).count() == 1


@pytest.mark.usefixtures("sans_rendu")
def test_two_rows_for_one_letter_are_refused() -> None:
    document = made(dossier_with(perte("i1", 3)))
    document.pk, document.numero = None, "LETTRE-AUTRE-AUTRE"
    with pytest.raises(DatabaseError, match="lettre_id"), transaction.atomic():
        document.save(force_insert=True)


@pytest.mark.usefixtures("sans_rendu")
def test_a_driver_without_given_name_has_letters_and_so_has_the_next_one() -> None:
    poses = [make_dossier(prenoms=[]), make_dossier()]
    for dossier_id in poses:
        record_faits(dossier_id=dossier_id, faits=[perte("i1", 3)], au=localdate())
    tasks.editer_les_lettres()
    faites = DocumentEmis.objects.filter(dossier_id__in=poses).order_by("dossier_id")
    assert [relire(faite.contenu).destinataire[0] for faite in faites] == ["DUPRÉ", "Camille DUPRÉ"]


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("panne", [RenduImpossible(), IndexError("Camille DUPRÉ"), DataError("Camille DUPRÉ")])
def test_a_letter_that_cannot_be_made_stays_due_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, panne: Exception
) -> None:
    ratee, bonne = dossier_with(perte("i1", 3)), dossier_with(perte("i1", 3))
    produire = courriers.produire

    def parfois(modele: str, contenu: Courrier) -> bytes:
        if contenu.neph == Dossier.objects.get(pk=ratee).neph:
            raise panne
        return produire(modele, contenu)

    monkeypatch.setattr(courriers, "produire", parfois)
    tasks.editer_les_lettres()
    assert list(DocumentEmis.objects.values_list("dossier_id", flat=True)) == [bonne]
    (dite,) = [describe(ligne) for ligne in caplog.records if ligne.msg == "letter_not_made"]
    assert dite["reason"] == type(panne).__name__
    assert "DUPRÉ" not in str(dite)
    monkeypatch.setattr(courriers, "produire", produire)
    tasks.editer_les_lettres()
    assert DocumentEmis.objects.filter(dossier_id=ratee).exists()


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("panne", [OperationalError(), CachetIndisponible(), SoftTimeLimitExceeded()])
def test_what_is_no_letter_s_fault_stops_the_run(monkeypatch: pytest.MonkeyPatch, panne: Exception) -> None:
    dossier_with(perte("i1", 3))

    def rater(*_: Any) -> bytes:
        raise panne

    monkeypatch.setattr(courriers, "produire", rater)
    with pytest.raises(type(panne)):
        tasks.editer_les_lettres()


@pytest.mark.usefixtures("sans_rendu")
def test_a_long_queue_goes_on_in_another_task(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier_with(perte("i1", 3))
    assert courriers.make_lettres(secondes=0) is True
    assert courriers.make_lettres(secondes=10) is False


def test_without_a_seal_letters_wait(settings: Any) -> None:
    dossier_id = dossier_with(perte("i1", 3))
    cle, settings.CACHET_CLE = settings.CACHET_CLE, ""
    tasks.editer_les_lettres()
    assert not DocumentEmis.objects.filter(dossier_id=dossier_id).exists()
    premiere = Lettre.objects.order_by("pk").values_list("recorded_at", flat=True)[0]
    assert selectors.get_plus_ancienne_a_faire() == premiere
    settings.CACHET_CLE = cle
    tasks.editer_les_lettres()
    assert selectors.get_plus_ancienne_a_faire() is None


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(client: Client, page: str) -> str:
    contenu = client.get(page).content.decode()
    return plain(html.unescape(re.sub(r"<[^>]+>", " ", contenu.partition("<main")[2].partition("</main>")[0])))


@pytest.mark.usefixtures("sans_rendu")
def test_a_letter_is_announced_then_opened_and_the_day_is_kept() -> None:
    document = made(dossier_id := dossier_with(perte("i1", 3)))
    client, page = client_of(dossier_id), f"{PAGE}{document.numero}/"
    assert "Ouvrir la lettre 48" in read(client, PAGE)
    assert "Vous ne l'avez pas encore ouverte" in read(client, page)
    assert not Ouverture.objects.exists()  # reading about it does not open it
    response = client.post(page)
    assert response.content == bytes(document.octets)
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    ouverture = Ouverture.objects.get()
    assert (ouverture.jour, ouverture.niveau) == (localdate(), "password")
    client.post(page)
    assert Ouverture.objects.get().opened_at == ouverture.opened_at
    texte = read(client, page)
    for fait in facts(relire(document.contenu)):
        assert plain(fait) in texte, fait
    assert "Relire la lettre 48" in read(client, PAGE)
    for requete in ("UPDATE documents_ouverture SET jour = '2020-01-01'", "DELETE FROM documents_ouverture"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(requete)


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("methode", ["get", "post"])
def test_nobody_reads_the_letter_of_another(methode: str) -> None:
    document = made(dossier_with(perte("i1", 3)))
    page = f"{PAGE}{document.numero}/"
    assert getattr(client_of(make_dossier()), methode)(page).status_code == 404
    assert getattr(Client(), methode)(page).status_code == 302
    assert getattr(client_of(None), methode)(page).status_code == 403
    assert not Ouverture.objects.exists()


def test_the_list_reads_little_whatever_its_length(django_assert_num_queries: Any) -> None:
    lettres = [{"id": f"l{n}", "type": "lettre", "reference": "48", "date_envoi": "2025-03-01"} for n in range(20)]
    court, long = make_dossier(lettres[0]), make_dossier(*lettres)
    for dossier_id, combien in ((court, 1), (long, 20)):
        with django_assert_num_queries(3):
            assert len(list_courriers(get_situation(dossier_id, au=localdate()))) == combien


def test_no_letter_is_said_and_a_letter_of_the_file_alone_is_listed() -> None:
    assert "Aucune lettre" in read(client_of(make_dossier()), PAGE)
    envoyee = localdate() - timedelta(days=10)
    jours = {"date_envoi": envoyee.isoformat(), "date_notification": envoyee.isoformat()}
    dite = {"id": "l1", "type": "lettre", "reference": "48N"} | jours
    texte = read(client_of(make_dossier(dite)), PAGE)
    assert f"Envoyée le {en_francais(envoyee)}" in texte
    assert f"Jusqu'au {en_lettres(plus_mois(envoyee, 4))} inclus".replace("\u00a0", " ") in texte
    assert "son texte n'est pas gardé ici" in texte


# --- Delivery ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("sans_rendu")
def test_the_post_s_answer_comes_by_command(capsys: pytest.CaptureFixture[str]) -> None:
    dossier_id = dossier_with(perte("i1", 6, 90), perte("i2", 6))
    tasks.editer_les_lettres()
    document = DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference="48SI")
    call_command("record_lettre", document.numero, envoyee=HIER, notifiee=localdate())
    call_command("record_lettre", document.numero, envoyee=HIER, notifiee=localdate())
    assert capsys.readouterr().out.split("\n")[:2] == ["inscrit au dossier", "déjà inscrit"]
    assert Dossier.objects.get(pk=dossier_id).etat == "invalide"
    (courrier,) = [p for p in list_courriers(get_situation(dossier_id, au=localdate())) if p.reference == "48SI"]
    assert courrier.numero == document.numero
    assert len(courrier.suivi) == 2
    assert all(quand.startswith("Jusqu'au") for _, quand in courrier.delais)
    with pytest.raises(CommandError, match="autre date"):
        call_command("record_lettre", document.numero, notifiee=HIER)
    with pytest.raises(CommandError, match="Aucune lettre"):
        call_command("record_lettre", "LETTRE-00000-00000", notifiee=HIER)
    with pytest.raises(CommandError, match="au moins une date"):
        call_command("record_lettre", document.numero)


@pytest.mark.usefixtures("sans_rendu")
@pytest.mark.parametrize("reference", ["48N", "46"])
def test_the_steps_of_a_letter_come_as_they_are_known(reference: str) -> None:
    """Sent by the desk, presented, then notified: three facts, one letter; told again, nothing."""
    perdus = {"48N": perte("i1", 3), "46": infraction("i1", "2020-01-10", "2020-02-10", 3)}  # given back in 2023
    dossier_id = dossier_with(perdus[reference], probatoire=reference == "48N")
    tasks.editer_les_lettres()
    document = DocumentEmis.objects.get(dossier_id=dossier_id, contenu__reference=reference)
    pas = [("date_envoi", HIER), ("date_presentation", localdate()), ("date_notification", localdate())]
    for champ, quand in pas:
        for nouveau in (True, False):
            assert record_acheminement(numero=document.numero, dates={champ: quand}, au=localdate()) is nouveau
    (courrier,) = [c for c in list_courriers(get_situation(dossier_id, au=localdate())) if c.reference == reference]
    assert [mot.split()[0] for mot in courrier.suivi] == ["Envoyée", "Présentée", "Notifiée"]
    assert len(get_situation(dossier_id, au=localdate()).ordres_de_stage) == (reference == "48N")
    with pytest.raises(LigneRefusee, match="autre date"):
        record_acheminement(numero=document.numero, dates={"date_envoi": localdate()}, au=localdate())


@pytest.mark.usefixtures("sans_rendu")
def test_a_letter_whose_movement_was_corrected_meanwhile_is_still_made() -> None:
    dossier_id = dossier_with(perte("i1", 3))
    annulee = {"id": "a1", "type": "infraction_annulee", "infraction": "i1", "date_decision": localdate().isoformat()}
    record_faits(dossier_id=dossier_id, faits=[annulee], au=localdate())
    assert made(dossier_id).contenu["mouvement"]["points"] == -3


def test_a_letter_without_a_line_is_not_invented() -> None:
    lettre = Lettre.objects.create(dossier_id=make_dossier(), reference="48", date=HIER, fait="jamais-vu")
    with pytest.raises(selectors.LigneIntrouvable):
        selectors.get_lettre_a_faire(lettre.pk, now=timezone.now(), numero="x")
