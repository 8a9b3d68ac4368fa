"""``make production``: the journey over TLS, then again during a deployment; exit 1 on one error.

One JSON line a step. Needs no Docker engine: PostgreSQL, Redis and every container of ours are processes.
"""

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from ssl import SSLContext

from tests.bancs.production import parcours
from tests.bancs.production.mandataire import Mandataire, certificat, mandataire
from tests.bancs.production.table import DEMO, Echec, Table, charger_la_demonstration, demarrer, lire_env, table
from tests.visiteur import Visiteur

LECTEURS = 3
CONDUCTEURS = ("camille.martin", "julien.lefevre", "ines.benali", "hugo.perrin", "karim.haddad", "sebastien.girard")
LANCES = (
    *("web-a", "web-b", "worker", "worker-pdf", "worker-mail", "beat"),
    *("demo-franceconnect", "demo-courriels"),
)


def dire(etape: str, **dit: object) -> None:
    sys.stdout.write(json.dumps({"etape": etape} | dit, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@dataclass
class Foule:
    """Visitors who go on and on until told to stop."""

    port: int
    tls: SSLContext
    pages: int = 0
    erreurs: list[str] = field(default_factory=list)
    assez: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Foule":
        self.fils = [threading.Thread(target=self._aller, args=(rang,)) for rang in range(LECTEURS)]
        for fil in self.fils:
            fil.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.assez.set()
        for fil in self.fils:
            fil.join()

    def _aller(self, rang: int) -> None:
        for nom in cycle(CONDUCTEURS[rang::LECTEURS]):
            if self.assez.is_set():
                return
            try:
                self.pages += parcours.visiter(Visiteur("localhost", self.port, tls=self.tls), f"{nom}@exemple.fr")
            except (parcours.Inattendu, *parcours.COUPURES) as faute:
                self.erreurs.append(f"{type(faute).__name__} {faute}")


def deployer(dresse: Table, relais: Mandataire) -> None:
    """As docs/exploitation.md: migrate, then replace each web server out of the proxy's sight, then the workers."""
    ajouts = {"DJANGO_SETTINGS_MODULE": "tests.bancs.production.settings"}
    dresse.jouer("migrate", **ajouts)
    for nom in ("web-a", "web-b"):
        relais.retirer(dresse.ports[nom])
        dresse.arreter(nom)
        dresse.lancer(nom)
        dresse.attendre_pret(nom)
        relais.remettre(dresse.ports[nom])
    for nom, rang in (("worker", 1), ("worker", 2), ("worker-pdf", 1), ("worker-mail", 1), ("beat", 1)):
        dresse.arreter(nom, rang, grace=90)
        dresse.lancer(nom, rang)
    dresse.jouer("migrate", "python", "manage.py", "migrate", "production", "zero", "-v0", **ajouts)  # and back


def sonder(dresse: Table) -> None:
    """Every container is well by its own health check; the metrics are on an internal port, and nowhere else."""
    for nom in ("web-a", "worker", "worker-pdf", "worker-mail", "beat"):
        dresse.controler(nom)
    for nom in ("web-a", "web-b"):
        ici, public = Visiteur("127.0.0.1", dresse.ports[f"{nom}-metrics"]), Visiteur("127.0.0.1", dresse.ports[nom])
        dit = parcours.verifier(ici.aller("GET", "/metrics"), "mesures", contient="mespoints_figures_read 1.0")
        parcours.verifier(public.aller("GET", "/metrics"), "mesures, port public", 404)
        parcours.verifier(ici.aller("GET", "/"), "site, port interne", 404)
        if "mespoints_redis_up 1.0" not in dit.texte:
            raise parcours.Inattendu("Redis ne répond pas aux mesures")


def restaurer(dresse: Table) -> None:
    """The service `drill`, while the site runs: it says how many dossiers of the copy it verified."""
    dit = json.loads(dresse.jouer("drill"))
    if not re.fullmatch(r"vérifiés: [1-9]\d*, différents: 0", dit["grand_livre"]):
        raise parcours.Inattendu(f"restauration : {dit}")


def relire_les_journaux(dresse: Table) -> int:
    """Every line of the servers and workers is one JSON object; an error among them is ours to explain."""
    lignes = 0
    for journal in sorted(dresse.dossier.glob("*.log")):
        if journal.name.startswith("demo-"):
            continue
        for ligne in journal.read_text().splitlines():
            if not ligne or ligne.startswith("worker: "):  # what Celery says itself when it is asked to end
                continue
            lignes += 1
            try:
                dite = json.loads(ligne)
            except ValueError:
                raise Echec(f"{journal.name} : une ligne n'est pas du JSON : {ligne[:200]}") from None
            if dite["level"] in {"ERROR", "CRITICAL"}:
                raise Echec(f"{journal.name} : {ligne[:600]}")
    return lignes


def main() -> int:
    from tests.franceconnect import choisir

    with table(lire_env(DEMO)) as dresse:
        charger_la_demonstration(dresse)
        demarrer(dresse, LANCES)
        dresse.lancer("worker", 2)  # --scale worker=2
        dire("démarrés", processus=sorted(dresse.processus))
        fichier, tls = certificat(dresse.dossier)
        with mandataire(dresse.ports["tls"], [dresse.ports["web-a"], dresse.ports["web-b"]], fichier) as relais:
            return _eprouver(dresse, relais, tls, choisir)


def _eprouver(dresse: Table, relais: Mandataire, tls: SSLContext, choisir: Callable[[str], str]) -> int:
    port = dresse.ports["tls"]
    boite = f"http://127.0.0.1:{dresse.ports['demo-courriels']}"
    etapes: dict[str, Callable[[], object]] = {
        "parcours": lambda: parcours.visiter(Visiteur("localhost", port, tls=tls), "camille.martin@exemple.fr"),
        "franceconnect": lambda: parcours.venir_par_franceconnect(Visiteur("localhost", port, tls=tls), choisir),
        "compte créé": lambda: parcours.creer_un_compte(Visiteur("localhost", port, tls=tls), boite),
        "mesures": lambda: sonder(dresse),
        "restauration": lambda: restaurer(dresse),
    }
    try:
        for etape, faire in etapes.items():
            depart = time.monotonic()
            faire()
            dire(etape, secondes=round(time.monotonic() - depart, 1))
        with Foule(port, tls) as foule:
            deployer(dresse, relais)
        dire("déploiement sous les visites", pages=foule.pages, erreurs=len(foule.erreurs), dont=foule.erreurs[:5])
        dire("journaux", lignes=relire_les_journaux(dresse))
    except (Echec, parcours.Inattendu, *parcours.COUPURES) as faute:
        dire("échec", raison=str(faute), journaux={n: dresse.fin_du_journal(n, 4) for n in LANCES})
        return 1
    return 0 if foule.pages and not foule.erreurs else 1


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.dev")
    sys.exit(main())
