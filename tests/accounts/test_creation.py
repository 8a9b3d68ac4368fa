"""The making of an account: each question, what is refused, what is kept, and where it leads."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AvisRattachement, DemandeCompte, Rattachement, User
from tests.accounts.factories import CompteFactory, DossierFactory
from tests.accounts.parcours import (
    CREER,
    DERNIERE,
    FORMATS,
    MOT_DE_PASSE,
    PERSONNE,
    demander,
    donnees,
    instruire,
    jusqu_au_mot_de_passe,
    lien_recu,
    repondre,
    texte,
)

pytestmark = pytest.mark.django_db


# --- It works -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_chaque_format_mene_a_un_compte_rattache(client: Client, format: str) -> None:
    dossier = DossierFactory(neph=FORMATS[format][1])
    assert demander(client, format=format)["Location"] == f"{CREER}envoye/"
    assert "Un courriel part à camille@exemple.fr" in texte(client.get(f"{CREER}envoye/")).replace(
        '<span class="mp-adresse">', ""
    )
    assert not User.objects.exists()
    assert instruire().issue == DemandeCompte.Issue.ACTIVABLE
    lien = lien_recu()
    page = client.get(lien)
    assert "Activer mon compte" in texte(page)
    assert not User.objects.exists(), "a GET makes nothing"
    assert client.post(lien)["Location"] == "/connexion/"
    rattachement = Rattachement.objects.get()
    assert (rattachement.dossier, rattachement.origine) == (dossier, "numero")
    assert AvisRattachement.objects.get(lettre_at=None).rattachement == rattachement
    connexion = client.post("/connexion/", {"login": "camille@exemple.fr", "password": MOT_DE_PASSE})
    assert connexion["Location"] == "/mes-points/"
    assert client.get("/mes-points/").status_code == 200
    assert client.get("/mes-documents/adcs/").status_code == 200
    assert client.get("/mes-documents/rii/").status_code == 403, "a number and a mailbox never open the RII"


def test_les_reponses_restent_a_l_ecran_avec_leur_modifier(client: Client) -> None:
    jusqu_au_mot_de_passe(client, format="avant_1975")
    page = texte(client.get(f"{CREER}mot-de-passe/"))
    for reponse in (
        *("J'ai mon permis de conduire", "Format 3 volets (cartonné)", "Numéro sur 1 ligne", "Délivré avant le 1er"),
        "Nous avons lu le numéro 418LMP207, l'année 1968 et le département 20 (Corse), soit 418LMP2076820",
        *("Martin", "Camille Anne", "31/12/1979", "camille@exemple.fr"),
    ):
        assert reponse in page, reponse
    assert page.count(">Modifier<") == 9
    assert "Étape 5 sur 5" in page


def test_modifier_une_reponse_ramene_ou_l_on_en_etait(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    assert 'value="Martin"' in texte(client.get(f"{CREER}nom/"))
    assert repondre(client, "nom", {"nom": "Martin-Roche"})["Location"] == f"{CREER}mot-de-passe/"
    assert repondre(client, "format", {"choisi": "carte"})["Location"] == f"{CREER}espace/"
    assert repondre(client, "format", {"choisi": "trois_volets"})["Location"] == f"{CREER}mot-de-passe/"


@pytest.mark.parametrize("etape", ["permis", *(e for f in FORMATS.values() for e in f[0]), *PERSONNE, "courriel"])
def test_chaque_question_vide_dit_son_erreur_et_garde_la_page(client: Client, etape: str) -> None:
    format = next(nom for nom, (etapes, _) in FORMATS.items() if etape in etapes | PERSONNE | {"courriel": {}})
    jusqu_au_mot_de_passe(client, format=format)
    reponse = repondre(client, etape, {})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    page = texte(reponse)
    assert "<title>Erreur" in page
    ids = set(re.findall(r' id="([^"]+)"', page))
    cibles = re.findall(r'<p><a href="#([^"]+)">', page)
    assert cibles
    assert set(cibles) <= ids


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("naissance", "message"),
    [
        (("00", "00", "1960"), None),
        (("00", "07", "1960"), None),
        (("0", "0", "1960"), None),
        (("29", "2", "2000"), None),
        (("29", "02", "1900"), "n'existe pas"),
        (("31", "02", "1979"), "n'existe pas"),
        (("32", "01", "1979"), "n'existe pas"),
        (("01", "13", "1979"), "n'existe pas"),
        (("01", "01", "0001"), "à partir de 1900"),
        (("31", "12", "9999"), "n'existe pas"),
        (("31", "12", "2199"), "dans le futur"),
        (("1", "1", "79"), "à partir de 1900"),
        (("", "12", "1979"), "Saisissez le jour"),
        (("31", "", "1979"), "Saisissez le mois"),
        (("31", "12", ""), "Saisissez l'année"),
        (("٣١", "12", "1979"), "Saisissez le jour"),
        (("-1", "12", "1979"), "Saisissez le jour"),
        (("31", "12", "19 9"), "Saisissez l'année"),
    ],
)
def test_la_date_de_naissance(client: Client, naissance: tuple[str, str, str], message: str | None) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "naissance", dict(zip(("jour", "mois", "annee"), naissance, strict=True)))
    if message is None:
        assert reponse["Location"] == f"{CREER}mot-de-passe/"
    else:
        assert message in texte(reponse)


def test_demain_est_dans_le_futur(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    demain = timezone.localdate() + timedelta(days=1)
    reponse = repondre(
        client, "naissance", {"jour": str(demain.day), "mois": str(demain.month), "annee": str(demain.year)}
    )
    assert "dans le futur" in texte(reponse)


@pytest.mark.parametrize(
    "nom", ["O'Connor", "D’Arc", "Nguyễn", "de La Tour", "O", "A" * 80, "Nguye\u0302\u0303n", "LE GOFF", "Ωμέγα"]
)
def test_un_nom_d_ici_ou_d_ailleurs_est_accepte(client: Client, nom: str) -> None:
    jusqu_au_mot_de_passe(client)
    assert repondre(client, "nom", {"nom": nom}).status_code == 302


@pytest.mark.parametrize("nom", ["", "   ", "🚗", "Mar\u202etin", "Mar\u200btin", "A" * 121, "123", "ﬁnot", "<b>"])
def test_un_nom_impossible_est_une_erreur_de_formulaire(client: Client, nom: str) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "nom", {"nom": nom})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors
    assert b"<b>" not in reponse.content


@pytest.mark.parametrize(
    ("reponses", "passe"),
    [
        ({"prenoms": "Camille"}, True),
        ({"prenoms": "Jean-Pierre, Marie"}, True),
        ({"sans_prenom": "on"}, True),
        ({"prenoms": " ", "sans_prenom": "on"}, True),
        ({"prenoms": ""}, False),
        ({"prenoms": "Camille", "sans_prenom": "on"}, False),
        ({"prenoms": "Cam\u202eille"}, False),
        ({"prenoms": "A " * 100}, False),
    ],
)
def test_les_prenoms(client: Client, reponses: dict[str, str], passe: bool) -> None:
    jusqu_au_mot_de_passe(client)
    assert (repondre(client, "prenoms", reponses).status_code == 302) is passe


@pytest.mark.parametrize("email", ["", "x", "a@b", "a\r\nBcc: b@exemple.fr@exemple.fr", "a" * 300])
def test_une_adresse_impossible(client: Client, email: str) -> None:
    jusqu_au_mot_de_passe(client)
    assert repondre(client, "courriel", {"email": email}).status_code == 200


@pytest.mark.parametrize(
    "mot_de_passe",
    ["", "court", "motdepasse123"[:11], "x" * 257, "x" * 100_000, "camille@exemple.fr", "123456789012345"],
)
def test_un_mot_de_passe_refuse_n_est_pas_hache(client: Client, mot_de_passe: str, monkeypatch) -> None:
    jusqu_au_mot_de_passe(client)
    monkeypatch.setattr("accounts.creation.demandes.make_password", lambda *_: pytest.fail("hashed"))
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": mot_de_passe, "conditions": "on"})
    assert reponse.status_code == 200
    assert reponse.context["form"].errors["mot_de_passe"]


def test_sans_accepter_les_conditions_rien_n_est_demande(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": MOT_DE_PASSE})
    assert "acceptez les conditions" in texte(reponse)
    assert not DemandeCompte.objects.exists()
    assert client.get("/conditions-d-utilisation/").status_code == 200


def test_un_champ_en_double_ne_decide_de_rien(client: Client) -> None:
    reponse = client.post(f"{CREER}permis/", {"permis-choisi": ["oui", "plus"]})
    assert reponse.status_code == 400
    assert client.get(f"{CREER}format/")["Location"] == f"{CREER}permis/"


@pytest.mark.parametrize("charge", [{"permis-choisi": "x" * 1_048_576}, {f"c{n}": "1" for n in range(10_000)}])
def test_une_charge_demesuree_est_refusee_par_une_page(client: Client, charge: dict[str, str]) -> None:
    assert client.post(f"{CREER}permis/", charge).status_code == 400


# --- Out of order -----------------------------------------------------------------------------------------------------


def test_une_question_en_avance_ramene_a_la_premiere_sans_reponse(client: Client) -> None:
    assert client.get(CREER)["Location"] == f"{CREER}permis/"
    assert client.get(f"{CREER}courriel/")["Location"] == f"{CREER}permis/"
    assert client.get(f"{CREER}nexiste-pas/")["Location"] == f"{CREER}permis/"
    reponse = client.post(f"{CREER}nom/", donnees("nom", PERSONNE["nom"]), follow=True)
    assert reponse.redirect_chain == [(f"{CREER}permis/", 302)]
    assert "Il manque une réponse" in texte(reponse)
    reponse = repondre(client, "mot-de-passe", DERNIERE)
    assert reponse["Location"] == f"{CREER}permis/"
    assert not DemandeCompte.objects.exists()


@pytest.mark.parametrize("etape", ["nom", "prenoms", "naissance", "courriel", "mot-de-passe"])
@pytest.mark.parametrize("envoi", [{}, {"nom-nom": "12345"}, {"brouillon": "x"}], ids=["vide", "refusé", "brouillon"])
@pytest.mark.parametrize("apres_la_premiere", [False, True])
def test_toute_question_hors_de_son_tour_ramene_a_la_premiere(
    client: Client, etape: str, envoi: dict[str, str], apres_la_premiere: bool
) -> None:
    """A session that ended in the middle of the questions, and the button of the page that was left open."""
    if apres_la_premiere:
        repondre(client, *next(iter(FORMATS["depuis_1975"][0].items())))
    reponse = client.post(f"{CREER}{etape}/", envoi)
    assert reponse.status_code == 302
    assert client.get(reponse["Location"]).status_code == 200


def test_deux_onglets_sur_deux_formats_ne_se_melangent_pas(client: Client) -> None:
    repondre(client, "permis", {"choisi": "oui"})
    repondre(client, "format", {"choisi": "carte"})
    repondre(client, "format", {"choisi": "trois_volets"})  # the other tab
    assert repondre(client, "espace", {"choisi": "avec_espace"})["Location"] == f"{CREER}lignes/"


def test_un_get_ne_touche_pas_a_la_session(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    avant = dict(client.session.items())
    for etape in ("permis", "nom", "mot-de-passe", "nexiste-pas"):
        client.get(f"{CREER}{etape}/")
    assert dict(client.session.items()) == avant
    assert "sid" not in Client().get(f"{CREER}permis/").cookies


def test_le_mot_de_passe_n_est_ni_dans_la_session_ni_dans_la_page(client: Client) -> None:
    reponse = client.post(f"{CREER}mot-de-passe/", donnees("mot-de-passe", DERNIERE))
    jusqu_au_mot_de_passe(client)
    reponse = repondre(client, "mot-de-passe", {"mot_de_passe": MOT_DE_PASSE})
    assert MOT_DE_PASSE not in reponse.content.decode()
    demander(client)
    assert MOT_DE_PASSE not in str(dict(client.session.items()))
    assert DemandeCompte.objects.get().password.startswith("md5$")


def brouillon(client: Client, etape: str) -> str:
    return re.search(r'name="brouillon" value="([^"]*)"', client.get(f"{CREER}{etape}/").content.decode())[1]


def test_une_session_expiree_ne_perd_que_le_mot_de_passe(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    garde = brouillon(client, "naissance")
    nouveau = Client()
    suite = repondre(nouveau, "naissance", PERSONNE["naissance"] | {"annee": "1980"}, brouillon=garde)
    assert suite["Location"] == f"{CREER}mot-de-passe/"
    page = texte(nouveau.get(f"{CREER}mot-de-passe/"))
    assert "31/12/1980" in page
    assert "camille@exemple.fr" in page


@pytest.mark.parametrize("faux", ["", "x", "eyJ9:1:x", "\n"])
def test_un_brouillon_contrefait_est_une_reponse_qui_manque(client: Client, faux: str) -> None:
    reponse = repondre(client, "nom", PERSONNE["nom"], brouillon=faux)
    assert reponse["Location"] == f"{CREER}permis/"


def test_effacer_oublie_tout(client: Client) -> None:
    demander(client)
    client.post(f"{CREER}mot-de-passe/", {"effacer": "1"})
    assert not {"creation_brouillon", "creation_envoyee"} & set(client.session.keys())


def test_qui_est_connecte_n_en_cree_pas_un_second(client: Client) -> None:
    client.force_login(CompteFactory())
    assert client.get(CREER)["Location"] == "/compte/"
    assert client.post(f"{CREER}permis/", {"permis-choisi": "oui"})["Location"] == "/compte/"


# --- Once -------------------------------------------------------------------------------------------------------------


def test_envoyer_deux_fois_les_memes_reponses_est_une_demande(client: Client) -> None:
    jusqu_au_mot_de_passe(client)
    for _ in range(3):
        assert repondre(client, "mot-de-passe", DERNIERE)["Location"] == f"{CREER}envoye/"
    assert DemandeCompte.objects.count() == 1


def test_corriger_l_adresse_apres_l_envoi_est_une_autre_demande(client: Client) -> None:
    demander(client, email="cammile@exemple.fr")
    assert repondre(client, "courriel", {"email": "camille@exemple.fr"})["Location"] == f"{CREER}mot-de-passe/"
    repondre(client, "mot-de-passe", DERNIERE)
    assert [d.email for d in DemandeCompte.objects.order_by("pk")] == ["cammile@exemple.fr", "camille@exemple.fr"]


def test_instruire_deux_fois_est_un_courriel(client: Client) -> None:
    demander(client)
    instruire()
    instruire()
    assert len(mail.outbox) == 1
