"""readonly_view: a view that only reads cannot write, whatever it calls."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import Client

from mespoints.lib.http import EcritureInterdite, is_own_path, keep_private, readonly_view

pytestmark = pytest.mark.django_db


def lire(request) -> None:
    list(Group.objects.filter(name="x"))


def lire_dans_une_transaction(request) -> None:
    with transaction.atomic():
        lire(request)


def lire_puis_renoncer(request) -> None:
    with transaction.atomic():
        lire(request)
        transaction.set_rollback(True)


def creer(request) -> None:
    Group.objects.create(name="x")


def modifier(request) -> None:
    Group.objects.update(name="x")


def supprimer(request) -> None:
    Group.objects.all().delete()


def supprimer_un(request) -> None:
    Group(pk=1).delete()


def verrouiller(request) -> None:
    list(Group.objects.select_for_update())


def verrouiller_faiblement(request) -> None:
    list(Group.objects.select_for_update(no_key=True))


def ecrire_en_sql(request) -> None:
    with connection.cursor() as curseur:
        curseur.execute("WITH ligne AS (INSERT INTO auth_group (name) VALUES ('x') RETURNING id) SELECT id FROM ligne")


def ecrire_en_lot(request) -> None:
    Group.objects.bulk_create([Group(name="x"), Group(name="y")])


def vider(request) -> None:
    with connection.cursor() as curseur:
        curseur.execute("TRUNCATE auth_group CASCADE")


def vue(action):
    @readonly_view
    def view(request):
        action(request)
        return HttpResponse("lu")

    return view


@pytest.mark.parametrize("action", [lire, lire_dans_une_transaction, lire_puis_renoncer])
def test_une_vue_lit(rf, action) -> None:
    assert vue(action)(rf.get("/")).content == b"lu"


@pytest.mark.parametrize(
    "action",
    [creer, modifier, supprimer_un, verrouiller, verrouiller_faiblement, ecrire_en_sql, ecrire_en_lot, vider],
)
def test_une_vue_n_ecrit_pas(rf, action) -> None:
    with pytest.raises(EcritureInterdite), transaction.atomic():
        vue(action)(rf.get("/"))
    assert not Group.objects.exists()


def test_une_vue_ne_supprime_pas(rf) -> None:
    Group.objects.create(name="x")
    with pytest.raises(EcritureInterdite), transaction.atomic():
        vue(supprimer)(rf.get("/"))
    assert Group.objects.exists()


class Paresseuse(TemplateResponse):
    """Writes when it is rendered."""

    def resolve_context(self, context):
        creer(None)


def test_le_gabarit_rendu_apres_la_vue_n_ecrit_pas_non_plus(rf) -> None:
    @readonly_view
    def view(request):
        return Paresseuse(request, "404.html")

    with pytest.raises(EcritureInterdite), transaction.atomic():
        view(rf.get("/"))


def test_hors_de_la_vue_un_intergiciel_ecrit(rf) -> None:
    vue(lire)(rf.get("/"))
    creer(None)
    assert Group.objects.exists()


def test_l_erreur_ne_porte_aucune_valeur(rf) -> None:
    with pytest.raises(EcritureInterdite, match="^INSERT$"), transaction.atomic():
        vue(creer)(rf.get("/"))


def test_une_reponse_privee_n_est_gardee_par_personne() -> None:
    reponse = HttpResponse()
    keep_private(reponse)
    assert {"private", "no-store", "no-cache"} <= set(reponse["Cache-Control"].split(", "))


@pytest.mark.parametrize("adresse", ["/a\x00b", "/a\rb", "/a\x7fb", "/\ud800", "//autre.fr/", "/\\autre.fr", "a", ""])
def test_ce_qui_n_est_pas_un_chemin_du_site_ne_mene_nulle_part(adresse: str) -> None:
    assert not is_own_path(adresse)


def test_un_chemin_du_site_peut_porter_des_accents() -> None:
    assert is_own_path("/aide/?q=été")


class _Jamais:
    """A body that nobody may read."""

    def read(self, *_: int) -> bytes:
        raise AssertionError("read")

    readline = read


@pytest.mark.parametrize("longueur", ["1048577", "500000000", "9" * 40, "x", "-1", "²"])
@pytest.mark.parametrize(
    "type_", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"]
)
def test_un_corps_trop_grand_est_refuse_sans_etre_lu(client: Client, longueur: str, type_: str) -> None:
    reponse = client.generic("POST", "/connexion/", b"", type_, CONTENT_LENGTH=longueur, **{"wsgi.input": _Jamais()})
    assert reponse.status_code == 400
    assert "Rien n'a été enregistré" in reponse.content.decode()


@pytest.mark.parametrize("adresse", ["/connexion/", "/compte/creer/permis/", "/verification/"])
def test_un_fichier_est_refuse_et_rien_n_est_ecrit(client: Client, adresse: str, monkeypatch) -> None:
    monkeypatch.setattr("tempfile._mkstemp_inner", lambda *_: pytest.fail("written"))
    reponse = client.post(adresse, {"fichier": SimpleUploadedFile("a.bin", b"x" * 500_000)})
    assert reponse.status_code == 400
