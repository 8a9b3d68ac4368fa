"""What visitors and agents do that writes: each answer noted, then every mail that left."""

import re
import time
import urllib.request
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

from demo.codes import code
from tests.bancs.comparaison.arbre import COURRIER, PATIENCE, aujourd_hui
from tests.bancs.comparaison.lecture import texte
from tests.bancs.comparaison.visites import MOT_DE_PASSE, Manque, Note, Passant, tenter
from tests.bancs.production.parcours import SANS_COMPTE

NOUVEAU = "cinq mots de plus pour la route"
DOUBLE, CREER = "/compte/double-authentification", "/compte/creer/"
#: What leads to the other shapes of a number.
AUTRES_NUMEROS = {
    "numero": {"permis": "pas_encore"},
    "numero-carte-sans-espace": {"permis": "oui", "format": "carte", "espace": "sans_espace"},
    "numero-carte-avec-espace": {"permis": "oui", "format": "carte", "espace": "avec_espace"},
    "numero-deux-lignes": {"permis": "oui", "format": "trois_volets", "lignes": "deux_lignes"},
    "numero-avant-1975": {"permis": "oui", "format": "trois_volets", "lignes": "une_ligne", "delivrance": "avant_1975"},
}


class Boite:
    """What the mail catcher received."""

    def __init__(self, port: int) -> None:
        self.adresse = f"http://127.0.0.1:{port + COURRIER}"
        self.lus: dict[str, str] = {}

    def relever(self) -> dict[str, str]:
        """Every mail by its number: its page."""
        for numero in re.findall(r'href="/(\d+)"', self._lire("/")):
            if numero not in self.lus:
                self.lus[numero] = self._lire(f"/{numero}")
        return self.lus

    def _lire(self, chemin: str) -> str:
        reponse: bytes = urllib.request.urlopen(self.adresse + chemin, timeout=30).read()  # noqa: S310 - the loopback
        return reponse.decode()

    def attendre(self, a: str, contient: str) -> str:
        """The path of the first link of that kind in the newest mail to somebody, once it is there."""
        fin = time.monotonic() + PATIENCE
        while time.monotonic() < fin:
            for numero in sorted(self.relever(), key=int, reverse=True):
                lu = unescape(self.lus[numero])
                if f"<dd>{a}</dd>" in lu and (lien := re.search(rf'href="([^"]*{contient}[^"]*)"', lu)):
                    return urlsplit(lien[1]).path
            time.sleep(0.3)
        raise Manque(f"aucun courriel à {a} ne mène à {contient}")

    def noter(self, notes: list[Note]) -> None:
        for page in self.relever().values():
            lu = texte(page)
            a, sujet = re.search(r"<dd>([^<]*)</dd><dt>Reçu", page), lu.partition("\n")[0]
            notes.append(Note("courriels", f"à {a[1] if a else ''}, {sujet}", lu))


class Gestes:
    """The journeys, each by somebody new."""

    def __init__(self, port: int, notes: list[Note], secrets: dict[str, str]) -> None:
        self.port, self.notes, self.boite, self.secrets = port, notes, Boite(port), secrets

    def faire(self) -> None:
        for geste in (
            self.creer,
            self.oublier,
            self.changer,
            self.protester,
            self.signaler,
            self.verifier,
            self.bureau,
        ):
            with tenter(self.notes, geste.__name__):
                geste()

    def venu(self, qui: str) -> Passant:
        return Passant(self.port, qui, self.notes)

    def entre(self, qui: str, mot_de_passe: str = MOT_DE_PASSE) -> Passant:
        return self.venu(qui).entrer(f"{qui}@exemple.fr", mot_de_passe, self.secrets.get(qui, ""))

    def _demander(self, qui: str, *, essais: bool = False, **change: dict[str, str]) -> Passant:
        """The wizard, step by step, each answered wrong before if one wants to see what it says then."""
        venu = self.venu(qui)
        etapes = SANS_COMPTE | change | {"courriel": {"email": f"{qui}@exemple.fr"}}
        for etape, reponses in etapes.items():
            if essais and etape != "mot-de-passe":
                venu.etats([f"{CREER}{etape}/"])
            venu.remplir(f"{CREER}{etape}/", **{f"{etape}-{champ}": lu for champ, lu in reponses.items()})
        return venu

    def creer(self) -> None:
        """An account made; then a number unknown, somebody else's, an address that has one, a dossier that has one."""
        venu = self._demander("marie.oeuvrard", essais=True)
        venu.remplir(self.boite.attendre("marie.oeuvrard@exemple.fr", "/compte/activer/"))
        self.entre("marie.oeuvrard", SANS_COMPTE["mot-de-passe"]["mot_de_passe"]).parcourir(["/mes-points/"])
        self._demander("camille.martin")
        camille: dict[str, dict[str, str]] = {
            "numero-une-ligne": {"numero": "990175100001"}, "nom": {"nom": "Martin"},
            "prenoms": {"prenoms": "Camille"}, "naissance": {"jour": "31", "mois": "12", "annee": "1979"},
        }  # fmt: skip
        self._demander("camille.bis", **camille)
        venu = self.venu("camille.bis, ailleurs")
        lien = self.boite.attendre("camille.bis@exemple.fr", "/compte/activer/")
        venu.remplir(lien, mot_de_passe="faux")
        venu.envoyer(lien, mot_de_passe=SANS_COMPTE["mot-de-passe"]["mot_de_passe"])
        for numero, choix in AUTRES_NUMEROS.items():
            venu = self.venu(f"pour {numero}")
            for etape, choisi in choix.items():
                venu.remplir(f"{CREER}{etape}/", **{f"{etape}-choisi": choisi})
            venu.etats([f"{CREER}{numero}/"])
        inconnu = {"numero-une-ligne": {"numero": "991399100099"}}
        for qui, change in (("inconnu", inconnu), *((f"autre.{n}", {"nom": {"nom": "Dupont"}}) for n in range(6))):
            self._demander(qui, **change)
            self.boite.attendre(f"{qui}@exemple.fr", CREER)
        for qui in ("inconnu", "autre.0"):
            self.venu(qui).remplir(
                self.boite.attendre(f"{qui}@exemple.fr", "/signalements/ouvrir/"), message="J'ai bien relu mon permis."
            )
            self.venu(qui).ouvrir(self.boite.attendre(f"{qui}@exemple.fr", "/signalements/suivi/"))

    def oublier(self) -> None:
        """A password lost, by who has an account and by who has none; one tried at random."""
        for qui in ("manon.roche", "personne"):
            self.venu(qui).remplir("/compte/password/reset/", email=f"{qui}@exemple.fr")
        venu = self.venu("manon.roche")
        lien = venu.aller("GET", self.boite.attendre("manon.roche@exemple.fr", "/compte/password/reset/key/"))
        venu.remplir(venu.ici(lien), password1=NOUVEAU, password2=NOUVEAU)
        self.entre("manon.roche", NOUVEAU)
        for _ in range(6):
            self.entre("hugo.perrin", "ce n'est pas le mien")

    def changer(self) -> None:
        """The address, the password, a second factor put and taken away; the account closed."""
        venu = self.entre("chloe.garnier")
        venu.remplir("/compte/reauthenticate/", password=MOT_DE_PASSE)
        venu.remplir("/compte/email/", presser="action_add", email="chloe.autre@exemple.fr")
        venu.remplir(self.boite.attendre("chloe.autre@exemple.fr", "/compte/confirm-email/"), "confirm-email")
        venu.remplir("/compte/password/change/", oldpassword=MOT_DE_PASSE, password1=NOUVEAU, password2=NOUVEAU)
        venu = self.entre("karim.haddad")
        venu.remplir("/compte/reauthenticate/", password=MOT_DE_PASSE)
        venu.parcourir([f"{DOUBLE}/webauthn/add/", f"{DOUBLE}/totp/activate/"], "pages, identité confirmée")
        venu.ouvrir(f"{DOUBLE}/totp/activate/")
        cle = venu.trouver(r"<code[^>]*>([A-Z2-7]{32})</code>")
        venu.envoyer("", "totp", code=code(cle, time.time()))
        venu.remplir(f"{DOUBLE}/recovery-codes/generate/", "generate")
        venu.remplir(f"{DOUBLE}/totp/deactivate/", "deactivate")
        self.entre("patrick.dubois").remplir("/compte/fermer/", "fermer", password=MOT_DE_PASSE)

    def protester(self) -> None:
        """« Ce n'était pas moi », from the mail of a sign-in."""
        self.entre("olivier.legoff")
        lien = self.boite.attendre("olivier.legoff@exemple.fr", "/compte/pas-moi/")
        self.venu("olivier.legoff").remplir(lien)
        self.venu("olivier.legoff").parcourir([lien])

    def signaler(self) -> None:
        """What a driver tells of their dossier; a course said to be followed, and taken back."""
        venu = self.entre("thomas.moreau")
        venu.remplir("/signalements/nouveau/", motif="donnees", message="La date de mon permis B n'est pas la bonne.")
        venu = self.entre("gerard.lemoine")
        hier = aujourd_hui() - timedelta(days=1)
        venu.remplir("/stages/annoncer/", date_fin=f"{hier:%d/%m/%Y}", agrement="R 19 069 0012 0", nature="volontaire")
        venu.remplir("/stages/", "retirer")

    def verifier(self) -> None:
        """The code of an attestation taken before, typed by somebody who checks it."""
        [pris, *_] = (note.texte for note in self.notes if note.genre == "fichiers" and "/adcs/" in note.cle)
        for saisi in re.findall(r"\b\w{4}(?:-\w{4}){3}\b", pris):
            self.venu("un contrôle").remplir("/verification/", code=saisi)

    def bureau(self) -> None:
        """An offence recorded, approved, its letter made, opened, printed, gone; a RII asked by post; an answer."""
        agent, second = self.entre("agent.rhone"), self.entre("valideur.rhone")
        fiche = agent.ouvrir_le_dossier("080469100002")
        commise, finale = (f"{aujourd_hui() - timedelta(days=n):%d/%m/%Y}" for n in (100, 60))
        agent.remplir(
            f"{fiche}enregistrer/infraction/", date_commission=commise, bareme="hors-bareme", lieu="Lyon",
            date_definitive=finale, etablie_par="condamnation", piece="jugement du tribunal de Lyon", points="2",
            libelle="Excès de vitesse de 20 km/h à 30 km/h", nature="contravention", classe="4",
        )  # fmt: skip
        agent.envoyer(f"{fiche}enregistrer/infraction/", presser="vu")
        second.ouvrir("/admin/dossier/decision/")
        second.remplir(second.trouver(r'href="(/admin/dossier/decision/\d+/)"'), presser="valider")
        self._courrier(agent)
        rii = {"recue_le": finale, "moyen": "courrier", "identite": "on", "permis": "on"}
        agent.remplir(f"{fiche}rii/", **rii)
        self._repondre(agent, second)

    def _courrier(self, agent: Passant) -> None:
        conducteur, fin = self.entre("julien.lefevre"), time.monotonic() + PATIENCE
        lettre = re.compile(r'href="(/mes-documents/courriers/[^"/]+/)"')
        while not (siennes := lettre.findall(conducteur.ouvrir("/mes-documents/courriers/").texte)):
            if time.monotonic() > fin:
                raise Manque("la lettre de Julien n'est pas faite")
            time.sleep(0.5)
        conducteur.prendre(*siennes)
        conducteur.parcourir(["/mes-documents/courriers/", "/mes-points/"], "pages, après le bureau")
        agent.remplir("/admin/documents/envoi/")
        envoi = agent.trouver(r"(/admin/documents/envoi/\d+/)")
        agent.remplir(envoi, "fichier")
        agent.remplir(envoi, parties_le=f"{aujourd_hui():%d/%m/%Y}")

    def _repondre(self, agent: Passant, second: Passant) -> None:
        """The first signalement: taken, answered, a tie proposed and approved."""
        la = "/admin/accounts/signalement/"
        agent.ouvrir(la)
        fiche = agent.trouver(rf'href="({la}\d+/)"')
        agent.remplir(fiche, "prendre")
        agent.envoyer(fiche, "repondre", **{"reponse-texte": "Nous avons demandé l'attestation au centre."})
        choix = agent.trouver(r'value="((?:retirer|rattacher):\d+)"')
        agent.envoyer(fiche, "proposer", **{"proposition-choix": choix, "proposition-raisons": "Pièces vues ici."})
        second.ouvrir(fiche)
        second.envoyer(fiche, "propositions", presser="verdict-verdict")
        agent.remplir(fiche, "clore")

    def finir(self) -> None:
        """Note every mail, once one asked after all others is there: the outbox sends the oldest first."""
        self.venu("nathalie.rousseau").remplir("/compte/password/reset/", email="nathalie.rousseau@exemple.fr")
        self.boite.attendre("nathalie.rousseau@exemple.fr", "/compte/password/reset/key/")
        self.boite.noter(self.notes)
