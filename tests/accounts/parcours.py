"""The wizard walked through with Django's client: one answer a step, by name."""

import re
from html import unescape
from typing import Any

from django.core import mail
from django.test import Client

from accounts import courriels
from accounts.models import AvisRattachement, DemandeCompte
from accounts.tasks import avertir_les_autres_comptes, instruire_demande

CREER = "/compte/creer/"
MOT_DE_PASSE = "quatre mots pour la route"

#: The way to each format of the number: the choices, then the number as typed, then its key.
FORMATS: dict[str, tuple[dict[str, dict[str, str]], str]] = {
    "carte_sans_espace": (
        {
            **{"permis": {"choisi": "oui"}, "format": {"choisi": "carte"}, "espace": {"choisi": "sans_espace"}},
            "numero-carte-sans-espace": {"ligne_1": "1809751", "ligne_2": "00023"},
        },
        "180975100023",
    ),
    "carte_avec_espace": (
        {
            **{"permis": {"choisi": "oui"}, "format": {"choisi": "carte"}, "espace": {"choisi": "avec_espace"}},
            "numero-carte-avec-espace": {"ligne_1": "dk4821", "ligne_2": "71 35"},
        },
        "DK48217135",
    ),
    "deux_lignes": (
        {
            **{"permis": {"choisi": "oui"}, "format": {"choisi": "trois_volets"}, "lignes": {"choisi": "deux_lignes"}},
            "numero-deux-lignes": {"ligne_1": "BRN742", "ligne_2": "6913"},
        },
        "BRN7426913",
    ),
    "depuis_1975": (
        {
            **{"permis": {"choisi": "oui"}, "format": {"choisi": "trois_volets"}, "lignes": {"choisi": "une_ligne"}},
            "delivrance": {"choisi": "depuis_1975"},
            "numero-une-ligne": {"numero": "780913100027"},
        },
        "780913100027",
    ),
    "avant_1975": (
        {
            **{"permis": {"choisi": "oui"}, "format": {"choisi": "trois_volets"}, "lignes": {"choisi": "une_ligne"}},
            "delivrance": {"choisi": "avant_1975"},
            "numero-avant-1975": {"numero": "418.LMP.207", "annee": "68", "departement": "2A"},
        },
        "418LMP2076820",
    ),
    "pas_encore": ({"permis": {"choisi": "pas_encore"}, "numero": {"numero": "26 01 34 100 099"}}, "260134100099"),
}
PERSONNE: dict[str, dict[str, str]] = {
    "nom": {"nom": "Martin"},
    "prenoms": {"prenoms": "Camille Anne"},
    "naissance": {"jour": "31", "mois": "12", "annee": "1979"},
}
DERNIERE = {"mot_de_passe": MOT_DE_PASSE, "conditions": "on"}


def texte(reponse: Any) -> str:
    """The page as one reads it in a sentence: entities and no-break spaces made plain."""
    return unescape(reponse.content.decode()).replace("\u00a0", " ")


def donnees(etape: str, reponses: dict[str, str]) -> dict[str, str]:
    return {f"{etape}-{champ}": valeur for champ, valeur in reponses.items()}


def repondre(client: Client, etape: str, reponses: dict[str, str], **autres: str) -> Any:
    return client.post(f"{CREER}{etape}/", donnees(etape, reponses) | autres)


def jusqu_au_mot_de_passe(
    client: Client, *, format: str = "depuis_1975", email: str = "camille@exemple.fr", **change: dict[str, str]
) -> None:
    """Answer every question but the last; ``change`` replaces the answer of a step."""
    etapes = FORMATS[format][0] | PERSONNE | {"courriel": {"email": email}}
    for etape, reponses in (etapes | change).items():
        reponse = repondre(client, etape, reponses)
        assert reponse.status_code == 302, (etape, reponse.context and reponse.context["form"].errors)


def demander(client: Client, **options: Any) -> Any:
    """The whole wizard; the answer of its last POST."""
    jusqu_au_mot_de_passe(client, **options)
    return repondre(client, "mot-de-passe", DERNIERE)


def instruire() -> DemandeCompte:
    """What the worker does of the last demande."""
    demande = DemandeCompte.objects.latest("pk")
    instruire_demande(demande.pk)
    demande.refresh_from_db()
    poster()
    return demande


def poster() -> None:
    """Send what waits in the outbox, as the worker does."""
    while courriels.envoyer_les_dus():
        pass


def lien_recu(rang: int = -1) -> str:
    """The path of the site's link in a mail, its first: what the mail asks to open."""
    poster()
    liens = re.findall(
        r"http://testserver(/(?:compte/activer|signalements/(?:ouvrir|suivi))/\S+)", mail.outbox[rang].body
    )
    return liens[0]


def avertir() -> None:
    """What the worker does of the accounts attached: tell the others."""
    for avis in AvisRattachement.objects.all():
        avertir_les_autres_comptes(avis.pk)
    poster()
