"""A signalement: opened from the mailbox of a demande that failed, followed with its reference, without an account."""

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts import tasks
from accounts.models import DemandeCompte, DemandeLien, MessageSignalement, Signalement
from tests.accounts.factories import CompteFactory, DossierFactory, RattachementFactory
from tests.accounts.parcours import demander, instruire, lien_recu, poster, texte
from tests.dossier.bureau import agent as agent_du_bureau

pytestmark = pytest.mark.django_db


def envoyer() -> None:
    for demande in DemandeLien.objects.all():
        tasks.envoyer_lien(demande.pk)
    poster()


@pytest.fixture
def lien(client: Client) -> str:
    """The link of the mail that says « numéro introuvable »."""
    demander(client)
    assert instruire().issue == "inconnu"
    return lien_recu()


def test_du_courriel_a_la_reference_puis_a_la_reponse(lien: str) -> None:
    telephone = Client()  # the mail is read anywhere
    page = texte(telephone.get(lien))
    for saisi in ("780913100027", "Martin", "Camille Anne", "31/12/1979", "camille@exemple.fr"):
        assert saisi in page
    assert not Signalement.objects.exists(), "a GET makes nothing"
    suite = telephone.post(lien, {"message": "Mon permis est de 1978.\nPréfecture de Marseille."})
    signalement = Signalement.objects.get()
    assert re.fullmatch(r"S-\d{4}-[A-HJ-NP-Z2-9]{6}", signalement.reference)
    page = texte(telephone.get(suite["Location"]))
    assert f"Signalement {signalement.reference}" in page
    assert "Préfecture de Marseille." in page
    mail.outbox.clear()
    envoyer()
    assert signalement.reference in mail.outbox[0].body
    assert mail.outbox[0].to == ["camille@exemple.fr"]
    agent = agent_du_bureau()
    Signalement.objects.update(statut="repondu", agent=agent.pk, repondu_at=timezone.now())
    MessageSignalement.objects.create(
        signalement=signalement, agent_id=agent.pk, texte="Votre dossier est à Marseille.\nRecommencez."
    )
    assert "Votre dossier est à Marseille." in texte(Client().get(lien_recu()))


def test_appuyer_deux_fois_est_un_signalement(client: Client, lien: str) -> None:
    assert client.post(lien).status_code == client.post(lien).status_code == 302
    assert Signalement.objects.count() == 1


def test_il_survit_a_l_oubli_de_la_demande(client: Client, lien: str) -> None:
    client.post(lien)
    DemandeCompte.objects.all().delete()
    assert Signalement.objects.get().contenu["neph"] == "780913100027"
    assert client.get(lien).status_code == 410


def test_la_reference_et_l_adresse_font_venir_le_lien(client: Client, lien: str) -> None:
    client.post(lien)
    envoyer()
    mail.outbox.clear()
    reference = Signalement.objects.get().reference
    tapee = reference.lower().replace("-", " ")
    reponses = [
        client.post("/signalements/", {"reference": r, "email": e})
        for r, e in [
            (tapee, " Camille@exemple.fr "),
            (reference, "autre@exemple.fr"),
            ("S-2026-ZZZZZZ", "camille@exemple.fr"),
        ]
    ]
    envoyer()
    assert {reponse.status_code for reponse in reponses} == {200}
    assert len({len(reponse.content) for reponse in reponses}) == 1
    assert [message.to for message in mail.outbox] == [["camille@exemple.fr"]]
    assert client.get(lien_recu()).status_code == 200


@pytest.mark.parametrize("reference", ["", "S-2026", "x" * 41, "S-2026-AB23CDE", "2026AB23CD", "١" * 11])
def test_une_reference_mal_ecrite_le_dit(client: Client, reference: str) -> None:
    reponse = client.post("/signalements/", {"reference": reference, "email": "a@exemple.fr"})
    assert reponse.context["form"].errors["reference"]
    assert not DemandeLien.objects.exists()


@pytest.mark.parametrize("chemin", ["ouvrir", "suivi"])
@pytest.mark.parametrize("jeton", ["a", "MQ:1:x", "%0a", "é" * 50])
def test_un_lien_contrefait_n_ouvre_rien(client: Client, chemin: str, jeton: str) -> None:
    assert client.get(f"/signalements/{chemin}/{jeton}/").status_code == 410
    assert client.post(f"/signalements/{chemin}/{jeton}/").status_code in {405, 410}


def test_un_lien_ne_sert_que_a_ce_pour_quoi_il_est_signe(client: Client, lien: str) -> None:
    jeton = lien.rstrip("/").rpartition("/")[2]
    assert client.get(f"/compte/activer/{jeton}/").status_code == 410
    assert client.get(f"/signalements/suivi/{jeton}/").status_code == 410


def test_une_demande_qui_va_bien_n_a_rien_a_signaler(client: Client) -> None:
    from accounts.courriels import SIGNALER, signer_lien

    DossierFactory(neph="780913100027")
    demander(client)
    demande = instruire()
    assert client.post(f"/signalements/ouvrir/{signer_lien(SIGNALER, demande.pk)}/").status_code == 410
    assert not Signalement.objects.exists()


def test_un_message_trop_long_ou_etrange_est_une_erreur_de_formulaire(client: Client, lien: str) -> None:
    assert client.post(lien, {"message": "x" * 1001}).status_code == 200
    client.post(lien, {"message": "<script>alert(1)</script>"})
    suivi = client.post(lien)["Location"]
    assert b"<script>alert" not in client.get(suivi).content


@pytest.mark.parametrize(
    ("champs", "contrainte"),
    [
        ({"reference": "S-2026-AB0CDE"}, "signalement_reference"),
        ({"reference": "2026"}, "signalement_reference"),
        ({"statut": "en_cours"}, "signalement_suivi_par_quelqu_un"),
    ],
)
def test_la_base_refuse(champs: dict[str, str], contrainte: str) -> None:
    valeurs = {"reference": "S-2026-AB23CD", "motif": "inconnu", "email": "a@exemple.fr", "contenu": {}} | champs
    with pytest.raises(IntegrityError, match=contrainte), transaction.atomic():
        Signalement.objects.create(**valeurs)


# --- The accounts of a dossier ----------------------------------------------------------------------------------------


@pytest.fixture
def a_deux() -> tuple:
    mien = RattachementFactory(user__email="camille@exemple.fr", origine="franceconnect")
    return mien, RattachementFactory(user__email="autre@ailleurs.fr", dossier=mien.dossier)


def au_niveau(client: Client, user, niveau: str) -> None:
    client.force_login(user)
    session = client.session
    session["niveau"] = niveau
    session.save()


def test_chacun_voit_les_comptes_de_son_dossier_et_eux_seuls(client: Client, a_deux) -> None:
    RattachementFactory(user__email="zoe@etranger.fr")
    au_niveau(client, a_deux[1].user, "password")
    page = texte(client.get("/compte/acces/"))
    assert "autre@ailleurs.fr" in page
    assert "c…@e….fr" in page
    assert "camille@exemple.fr" not in page
    assert "z…@" not in page
    assert "Fermer cet accès" not in page
    assert "FranceConnect" in page


def test_seule_une_session_franceconnect_ferme_l_acces_d_un_autre(client: Client, a_deux) -> None:
    mien, autre = a_deux
    chemin = f"/compte/acces/{autre.pk}/fermer/"
    au_niveau(client, mien.user, "password")
    assert client.post(chemin).status_code == 403
    au_niveau(client, mien.user, "fc")
    assert "Fermer cet accès" in texte(client.get("/compte/acces/"))
    assert client.get(chemin).status_code == 405
    assert client.post(chemin)["Location"] == "/compte/acces/"
    autre.refresh_from_db()
    assert autre.revoked_at is not None
    assert client.post(chemin).status_code == 404
    ferme = Client()
    au_niveau(ferme, autre.user, "password")
    assert "Aucun dossier n'est rattaché" in texte(ferme.get("/mes-points/")), (
        "a session already open sees nothing more"
    )


def test_on_ne_ferme_ni_le_sien_ni_celui_d_un_autre_dossier(client: Client, a_deux) -> None:
    mien, _ = a_deux
    au_niveau(client, mien.user, "fc")
    for rattachement in (mien, RattachementFactory()):
        assert client.post(f"/compte/acces/{rattachement.pk}/fermer/").status_code == 404
        rattachement.refresh_from_db()
        assert rattachement.revoked_at is None


def test_sans_dossier_la_liste_le_dit(client: Client) -> None:
    client.force_login(CompteFactory())
    assert client.get("/compte/acces/").status_code == 403
