"""What visitors do, over TLS, without a browser; anything unexpected raises ``Inattendu``, which says where."""

import http.client
import re
import time
import urllib.request
from collections.abc import Callable

from tests.visiteur import Reponse, Visiteur

MOT_DE_PASSE = "demonstration-2026"
PATIENCE = 60.0
#: A driver of the demonstration who has a licence and no account yet, and what they answer to each question.
SANS_COMPTE: dict[str, dict[str, str]] = {
    "permis": {"choisi": "oui"},
    "format": {"choisi": "trois_volets"},
    "lignes": {"choisi": "une_ligne"},
    "delivrance": {"choisi": "depuis_1975"},
    "numero-une-ligne": {"numero": "780913100027"},
    "nom": {"nom": "Œuvrard"},
    "prenoms": {"prenoms": "Marie-Monique Jeanne"},
    "naissance": {"jour": "15", "mois": "8", "annee": "1959"},
    "courriel": {"email": "marie.oeuvrard@exemple.fr"},
    "mot-de-passe": {"mot_de_passe": "quatre mots pour la route", "conditions": "on"},
}


class Inattendu(Exception):
    """What came is not what a visitor should see."""


def verifier(reponse: Reponse, ou: str, statut: int = 200, contient: str = "") -> Reponse:
    """Raise unless the answer is the one expected."""
    if reponse.statut != statut or (contient and contient not in reponse.texte):
        raise Inattendu(f"{ou} : {reponse.statut} au lieu de {statut} {contient}")
    return reponse


def se_connecter(visiteur: Visiteur, email: str, mot_de_passe: str = MOT_DE_PASSE) -> None:
    verifier(visiteur.ouvrir("/connexion/"), "connexion")
    verifier(visiteur.poster("/connexion/", login=email, password=mot_de_passe), f"mot de passe de {email}", 302)


def visiter(visiteur: Visiteur, email: str) -> int:
    """The main journey: from the home page to the certificate, and out. Gives how many pages were asked for."""
    accueil = verifier(visiteur.ouvrir("/"), "accueil", contient="permis")
    feuille = re.search(r'href="(/static/css/site\.[0-9a-f]+\.css)"', accueil.texte)
    if feuille is None:
        raise Inattendu("accueil : la feuille de style n'est pas nommée par son contenu")
    style = verifier(visiteur.aller("GET", feuille[1]), "feuille de style")
    if "immutable" not in (style.entetes["Cache-Control"] or ""):
        raise Inattendu("feuille de style : elle ne se garde pas")
    se_connecter(visiteur, email)
    if not any(nom.startswith("__Host-") for nom in visiteur.temoins):
        raise Inattendu("le témoin de session n'est pas __Host-")
    for page in ("/mes-points/", "/mes-points/previsionnel/", "/mes-documents/", "/mes-documents/adcs/"):
        verifier(visiteur.ouvrir(page), page, contient="<h1")
    pdf = verifier(visiteur.poster("/mes-documents/adcs/"), "ADCS")
    if not pdf.corps.startswith(b"%PDF-"):
        raise Inattendu("ADCS : ce n'est pas un PDF")
    verifier(visiteur.ouvrir("/compte/"), "compte")
    verifier(visiteur.poster("/deconnexion/"), "déconnexion", 302)
    verifier(visiteur.aller("GET", "/mes-points/"), "après la déconnexion", 302)
    return 11


def venir_par_franceconnect(visiteur: Visiteur, choisir: Callable[[str], str]) -> None:
    """The other door, to the RII that it alone opens."""
    verifier(visiteur.ouvrir("/franceconnect/connexion/"), "porte de FranceConnect")
    depart = verifier(visiteur.poster("/franceconnect/connexion/"), "départ", 302)
    retour = verifier(visiteur.ouvrir(choisir(depart.entetes["Location"])), "retour", contient="Camille")
    if "Est-ce bien vous" in retour.texte or "franceconnect/confirmer" in retour.texte:
        verifier(visiteur.poster("/franceconnect/confirmer/"), "confirmation", 302)
    verifier(visiteur.ouvrir("/mes-documents/rii/"), "RII", contient="<h1")


def creer_un_compte(visiteur: Visiteur, boite: str) -> None:
    """The wizard, then the mail that the workers decide and send, then the points."""
    verifier(visiteur.ouvrir("/compte/creer/"), "création")
    for etape, reponses in SANS_COMPTE.items():
        chemin = f"/compte/creer/{etape}/"
        verifier(visiteur.ouvrir(chemin), chemin)
        champs = {f"{etape}-{champ}": valeur for champ, valeur in reponses.items()}
        verifier(visiteur.poster(chemin, **champs), chemin, 302)
    lien = attendre_le_courriel(boite, "/compte/activer/")
    verifier(visiteur.ouvrir(lien), "lien du courriel")
    verifier(visiteur.poster(lien, mot_de_passe=SANS_COMPTE["mot-de-passe"]["mot_de_passe"]), "activation", 302)
    visiteur.temoins.clear()
    se_connecter(visiteur, SANS_COMPTE["courriel"]["email"], SANS_COMPTE["mot-de-passe"]["mot_de_passe"])
    verifier(visiteur.ouvrir("/mes-points/"), "ses points", contient="Marie-Monique")


def attendre_le_courriel(boite: str, expression: str) -> str:
    """The path of the first link of that kind in what the mail catcher has received."""
    fin = time.monotonic() + PATIENCE
    while time.monotonic() < fin:
        liste = urllib.request.urlopen(boite, timeout=5).read().decode()  # noqa: S310 - the loopback
        for numero in re.findall(r'href="/(\d+)"', liste):
            lettre = urllib.request.urlopen(f"{boite}/{numero}", timeout=5).read().decode()  # noqa: S310
            if trouve := re.search(rf"https://[^/\s\"]+({expression}[^\s\"<]+)", lettre):
                return trouve[1]
        time.sleep(0.3)
    raise Inattendu(f"aucun courriel ne mène à {expression} au bout de {PATIENCE:.0f} s")


#: What a visitor may meet when a server is not there.
COUPURES = (OSError, http.client.HTTPException)
