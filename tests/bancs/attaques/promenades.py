"""Walks: what a visitor does one thing after the other, in an order that no page suggests."""

import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.accounts.agents import SECRET
from tests.accounts.parcours import DERNIERE, FORMATS, PERSONNE, donnees
from tests.bancs.attaques.garde import Demande, Garde, entete_hostile
from tests.bancs.attaques.pages import Formulaire, Route, lire, remplir
from tests.bancs.attaques.valeurs import Valeur, alterer, encoder, hostile
from tests.bancs.attaques.visiteurs import AUTRE, LIBRE, NEPH, NOM, PRENOM, Monde
from tests.dossier.bureau import RECHERCHE
from tests.franceconnect import choisir

METHODES = ("GET", "GET", "GET", "HEAD", "POST", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
#: Names that addresses take; those of forms are learnt on the way.
NOMS = (
    *("next", "page", "q", "o", "p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters", "state"),
    *("code", "iss", "error", "error_description", "motif", "ou", "numero", "recue", "points", "etat", "genre", "vu"),
    *("ecartes", "at__year", "jour__year", "dossier__neph", "user__password__startswith", "id__in", "at__gte", "acte"),
    *("acte__exact", "motif__exact", "role__exact", "effacer", "brouillon", "theme", "csrfmiddlewaretoken", "cle"),
    *("valider", "ecarter", "action", "_selected_action", "credential", "passwordless", "login", "password", "otp"),
)
#: What a field takes, so that a form gets past its first look.
BONS: dict[str, list[str]] = {
    "neph": [NEPH, AUTRE, LIBRE], "nom": [NOM, "Martin"], "prenom": [PRENOM], "date_naissance": ["31/12/1979"],
    "numero": [NEPH, AUTRE, "R 19 069 0012 0"], "precision": ["au guichet"], "piece": ["PV 2026-1"],
    "date_commission": ["01/06/2026"], "date_definitive": ["01/09/2026"], "date_fin": ["01/06/2026"],
    "date_debut": ["31/05/2026"], "libelle": ["Excès"], "points": ["2"], "lieu": ["Lyon"], "ou": ["69", "Lyon"],
    "email": ["camille@exemple.fr"], "message": ["Bonjour"], "reponse": ["Bonjour"], "recue": ["25/03/2026"],
    "code": ["123456"], "password": ["demonstration-2026"], "oldpassword": ["demonstration-2026"],
    "mot_de_passe": ["demonstration-2026"], "date_effet": ["01/06/2026"], "date_notification": ["01/06/2026"],
}  # fmt: skip
#: What draws and seals a file takes half a second: seldom, or the others would wait.
CHERES = re.compile(r"/(adcs|rir|rii|fichier|courriers/[^/]+)/$")
CREER = "/compte/creer/"


class Promenade:
    """One visitor, for one walk."""

    def __init__(self, garde: Garde, hasard: random.Random, monde: Monde, adresses: list[Route]) -> None:
        self.garde, self.hasard, self.monde, self.adresses = garde, hasard, monde, adresses
        self.noms: list[str] = list(NOMS)
        self.formulaires: list[Formulaire] = []
        self.liens: list[str] = ["/"]

    def envoyer(self, demande: Demande) -> Any:
        """Send, and learn from the page what else there is to send."""
        if demande.methode == "POST" and CHERES.search(demande.chemin) and self.hasard.random() < 0.97:
            demande = demande._replace(methode="GET", champs=[])
        if self.hasard.random() < 0.08:
            demande = demande._replace(entetes=entete_hostile(self.hasard))
        reponse = self.garde.demander(demande)
        if reponse.status_code in {200, 422} and "text/html" in reponse.get("Content-Type", ""):
            self._apprendre(reponse.content.decode(), demande.chemin)
        elif reponse.status_code in {302, 303} and reponse["Location"].startswith("/"):
            self.liens.append(reponse["Location"])
        return reponse

    def _apprendre(self, page: str, ici: str) -> None:
        formulaires, liens = lire(page, ici)
        self.formulaires = formulaires or self.formulaires
        self.liens = liens or self.liens
        for formulaire in formulaires:
            self.noms += [nom for nom in (*dict(formulaire.champs), *formulaire.choix) if nom not in self.noms]

    # --- One step -----------------------------------------------------------------------------------------------------

    def frapper(self) -> None:
        """An address of the site, a method, parameters of any page."""
        methode = self.hasard.choice(METHODES)
        route = self.hasard.choice(self.adresses)
        if route.nom.startswith("admin:") and self.garde.visiteur not in AGENTS and self.hasard.random() < 0.8:
            route = self.hasard.choice(self.adresses)  # who is no agent has nothing to see there, and is sent away
        chemin = route.chemin(self.hasard, self.monde.connus)
        couples: list[tuple[Valeur, Valeur]] = [self._couple() for _ in range(self.hasard.choice((0, 1, 1, 2, 3)))]
        if self.hasard.random() < 0.01:
            couples = [(f"n{n}", hostile(self.hasard)) for n in range(70)]
        if methode in {"GET", "HEAD", "OPTIONS"}:
            self.envoyer(Demande(methode, chemin, couples))
        else:
            self.envoyer(Demande(methode, chemin, couples[3:], couples, self._type()))

    def _couple(self) -> tuple[Valeur, Valeur]:
        nom = self.hasard.choice(self.noms) if self.hasard.random() < 0.95 else hostile(self.hasard)
        bon = isinstance(nom, str) and nom in BONS and self.hasard.random() < 0.3
        return nom, self.hasard.choice(BONS[str(nom)]) if bon else hostile(self.hasard)

    def _type(self) -> str:
        return self.hasard.choice(
            (
                *("application/x-www-form-urlencoded",) * 12,
                *("multipart/form-data; boundary=b", "multipart/form-data", "application/json", "text/plain"),
                *("application/x-www-form-urlencoded; charset=utf-16", "text/plain; charset=base64", ""),
            )
        )

    def suivre(self) -> None:
        """A link of the page, its parameters spoilt sometimes."""
        lien = urlsplit(self.hasard.choice(self.liens))
        demande: list[tuple[Valeur, Valeur]] = list(parse_qsl(lien.query))
        if demande and self.hasard.random() < 0.5:
            demande[0] = (demande[0][0], hostile(self.hasard))
        self.envoyer(Demande("GET", lien.path or "/", demande))

    def remplir(self) -> None:
        """A form of the page, spoilt or not."""
        if not self.formulaires:
            self.suivre()
            return
        formulaire = self.hasard.choice(self.formulaires)
        ou, champs = urlsplit(formulaire.action), remplir(formulaire, self.hasard, BONS)
        if formulaire.methode == "POST":
            self.envoyer(Demande("POST", ou.path, list(parse_qsl(ou.query)), champs))
        else:
            self.envoyer(Demande("GET", ou.path, champs))

    def errer(self) -> None:
        """Anything, as a visitor might."""
        self.hasard.choice((self.frapper, self.suivre, self.remplir, self.remplir))()


# --- The walks --------------------------------------------------------------------------------------------------------


def partout(p: Promenade, combien: int) -> None:
    """Blindly, over the whole site."""
    for _ in range(combien):
        p.frapper()


def au_fil(p: Promenade, combien: int) -> None:
    """From page to page."""
    p.envoyer(Demande("GET", p.hasard.choice(("/", "/compte/", "/mes-points/", "/admin/", "/connexion/", CREER))))
    for _ in range(combien - 1):
        p.errer()


def creation(p: Promenade, combien: int) -> None:
    """The questions of an account in any order, well answered or not."""
    etapes = p.hasard.choice(list(FORMATS.values()))[0] | PERSONNE | {"courriel": {"email": "a@exemple.fr"}}
    etapes = {**etapes, "mot-de-passe": DERNIERE}
    suite = list(etapes)
    for rang in range(combien):
        etape = suite[rang % len(suite)] if p.hasard.random() < 0.6 else p.hasard.choice(suite)
        champs: list[tuple[Valeur, Valeur]] = list(donnees(etape, etapes[etape]).items())
        if p.hasard.random() < 0.3:
            place = p.hasard.randrange(len(champs))
            champs[place] = (champs[place][0], hostile(p.hasard))
        if p.hasard.random() < 0.1:
            champs.append((p.hasard.choice(("effacer", "brouillon")), hostile(p.hasard)))
        match p.hasard.randrange(6):
            case 0:
                p.envoyer(Demande("GET", f"{CREER}{etape}/"))
            case 1:
                p.errer()
            case _:
                p.envoyer(Demande("POST", f"{CREER}{etape}/", [], champs))


def franceconnect(p: Promenade, combien: int) -> None:
    """There and back, with what was given spoilt, missing or given twice, and claims that nobody has."""
    for _ in range(max(1, combien // 5)):
        depart = p.envoyer(Demande("POST", "/franceconnect/connexion/", [], [("next", hostile(p.hasard))]))
        if depart.status_code == 302 and depart["Location"].startswith("http://127."):
            _revenir(p, depart["Location"])
        for _ in range(3):
            p.hasard.choice((p.errer, p.remplir, lambda: p.envoyer(Demande("GET", "/franceconnect/confirmation/"))))()


def _revenir(p: Promenade, adresse: str) -> None:
    demande: list[tuple[Valeur, Valeur]] = list(parse_qsl(urlsplit(choisir(adresse)).query))
    for _ in range(p.hasard.choice((1, 1, 1, 2))):
        envoi = list(demande)
        match p.hasard.randrange(6):
            case 0:
                place = p.hasard.randrange(len(envoi))
                envoi[place] = (envoi[place][0], alterer(p.hasard, str(envoi[place][1])))
            case 1:
                del envoi[p.hasard.randrange(len(envoi))]
            case 2:
                envoi.append((p.hasard.choice(("state", "code", "iss", "error")), hostile(p.hasard)))
        p.envoyer(Demande("GET", "/franceconnect/retour/", envoi))


def second_facteur(p: Promenade, combien: int) -> None:
    """The pages of the second factor in any order: adding, proving, taking away, codes to keep, keys."""
    chemins = [route for route in p.adresses if route.nom.startswith("mfa_") or "reauth" in route.nom]
    cles = [route for route in chemins if "webauthn" in route.nom]
    for _ in range(combien):
        route = p.hasard.choice(cles if p.hasard.random() < 0.4 else chemins)
        chemin = route.chemin(p.hasard, p.monde.connus)
        match p.hasard.randrange(4):
            case 0:
                p.envoyer(Demande("GET", chemin))
            case 1:
                champs: list[tuple[Valeur, Valeur]] = [
                    (nom, hostile(p.hasard)) for nom in ("credential", "code", "name", "passwordless")
                ]
                p.envoyer(Demande("POST", chemin, [], champs))
            case 2:
                p.remplir()
            case _:
                p.envoyer(
                    Demande(
                        "POST",
                        chemin,
                        [],
                        [("code", _code(p.hasard, juste=p.garde.voit)), ("password", "demonstration-2026")],
                    )
                )


def _code(hasard: random.Random, *, juste: bool) -> str:
    from time import time

    from demo.codes import code

    return code(SECRET, time()) if juste and hasard.random() < 0.3 else f"{hasard.randrange(10**6):06}"


def liens(p: Promenade, combien: int) -> None:
    """The links that mails bear, each spoilt at one place."""
    bons = _liens_envoyes(p)
    for _ in range(combien - 3):
        lien = p.hasard.choice(bons)
        debut, _, jeton = lien.rstrip("/").rpartition("/")
        faux = alterer(p.hasard, jeton) if p.hasard.random() < 0.7 else jeton
        chemin = f"{debut}/{encoder([(faux, '')])[:-1]}/"
        if p.hasard.random() < 0.5:
            p.envoyer(Demande("GET", chemin))
            p.remplir()
        else:
            p.envoyer(Demande("POST", chemin, [], [p._couple() for _ in range(2)]))


def _liens_envoyes(p: Promenade) -> list[str]:
    """Ask for a new password, for an account, for a signalement; read the mails."""
    from accounts.models import Courriel

    p.envoyer(Demande("POST", "/compte/password/reset/", [], [("email", "autre@exemple.fr")]))
    p.envoyer(Demande("POST", "/connexion/", [], [("login", "autre@exemple.fr"), ("password", "demonstration-2026")]))
    corps = " ".join(str(champ) for ligne in Courriel.objects.values() for champ in ligne.values())
    trouves = re.findall(r"https?://testserver(/[^\s\"'<>\\]+)", corps)
    inventes = [
        *("/compte/activer/MQ:1abc:def/", "/signalements/ouvrir/MQ:1abc:def/", "/signalements/suivi/MQ:1abc:def/"),
        *("/compte/password/reset/key/1-abc-def/", "/compte/confirm-email/MQ:1abc:def/", "/compte/pas-moi/1:abc/"),
    ]
    return trouves + inventes


def bureau(p: Promenade, combien: int) -> None:
    """A dossier opened, then the forms about it in any order."""
    champs: list[tuple[Valeur, Valeur]] = list((RECHERCHE | {"neph": p.hasard.choice((NEPH, LIBRE, AUTRE))}).items())
    p.envoyer(Demande("POST", "/admin/dossier/dossier/", [], champs))
    ici = [route for route in p.adresses if route.nom.startswith("admin:") and route.nom != "admin:jsi18n"]
    for _ in range(combien - 1):
        match p.hasard.randrange(4):
            case 0:
                p.envoyer(Demande("GET", p.hasard.choice(ici).chemin(p.hasard, p.monde.connus), [p._couple()]))
            case 1:
                p.suivre()
            case _:
                p.remplir()


#: By weight: those of a kind of visitor are in ``CHEZ``.
PROMENADES: list[tuple[int, Callable[[Promenade, int], None]]] = [
    (6, partout), (5, au_fil), (2, creation), (1, franceconnect), (1, second_facteur), (1, liens),
]  # fmt: skip
#: The desk's walk is an agent's; the second factor's, of whoever may have one.
AGENTS = {"lecture", "instruction", "validation", "agent d'ailleurs", "administration"}
FACTEURS = {"conducteur qui vient de prouver", "conducteur à deux facteurs", "code attendu", "code attendu d'un agent"}


def choisir_une(hasard: random.Random, visiteur: str) -> Callable[[Promenade, int], None]:
    if visiteur in AGENTS and hasard.random() < 0.5:
        return bureau
    if visiteur in FACTEURS and hasard.random() < 0.5:
        return second_facteur
    poids, lesquelles = zip(*PROMENADES, strict=True)
    return hasard.choices(lesquelles, poids)[0]
