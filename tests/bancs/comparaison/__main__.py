"""``make compare AVANT=<commit>``: the site of a commit and that of HEAD, side by side; exit 0 when nothing differs.

What is compared is what is committed. A commit is captured once a day (its drivers follow the day) into
``var/comparaison``, and kept there; ``APRES=<commit>`` compares another one than HEAD.
"""

import argparse
import json
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

from demo.identites import IDENTITES
from tests.bancs.comparaison import gestes
from tests.bancs.comparaison.arbre import Arbre, aujourd_hui, cloner
from tests.bancs.comparaison.ecarts import comparer
from tests.bancs.comparaison.visites import Note, Passant
from tests.bancs.mesures.bureau import AGENTS
from tests.mespoints.adresses import exemple

RACINE = Path(__file__).resolve().parents[3]
PLACE = RACINE / "var" / "comparaison"
#: Read once a capture is made: changing them makes none anew.
APRES_COUP = {"ecarts.py"}
#: What a driver sees of their own; each page leads to the others.
ENTREES = ("/mes-points/", "/mes-documents/", "/stages/", "/compte/", "/signalements/")
VERIFICATIONS, CONFIRMATION = "/mes-documents/verifications/", "/franceconnect/confirmation/"
DOCUMENTS = ("/mes-documents/adcs/", "/mes-documents/rir/")


def main() -> int:
    analyse = argparse.ArgumentParser(prog="python -m tests.bancs.comparaison", description=__doc__)
    analyse.add_argument("avant")
    analyse.add_argument("apres", nargs="?", default="HEAD")
    analyse.add_argument("--port", type=int, default=18400)
    options = analyse.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    if _git("status", "--porcelain"):
        dire("Attention : ce qui n'est pas commis n'est pas comparé.")
    avant = capturer(options.avant, options.port)
    apres = capturer(options.apres, options.port, encore=_commit(options.avant) == _commit(options.apres))
    return 0 if comparer(avant, apres, dire) else 1


def dire(ligne: str) -> None:
    sys.stdout.write(f"{ligne}\n")
    sys.stdout.flush()


def _git(*mots: str) -> str:
    return subprocess.run(["git", *mots], cwd=RACINE, capture_output=True, text=True, check=True).stdout.strip()


def _commit(nom: str) -> str:
    return _git("rev-parse", "--short=12", f"{nom}^{{commit}}")


def capturer(nom: str, port: int, *, encore: bool = False) -> Path:
    """The capture of a commit on this day by this very program, made if it is not there; its file."""
    modules = [la for la in sorted(Path(__file__).parent.glob("*.py")) if la.name not in APRES_COUP]
    programme = sha256(b"".join(la.read_bytes() for la in modules)).hexdigest()[:6]
    dossier = PLACE / f"{_commit(nom)}-{aujourd_hui()}-{programme}{'-bis' if encore else ''}"
    fichier = dossier / "captures.json"
    if not fichier.exists():
        dossier.mkdir(parents=True, exist_ok=True)
        depart = time.monotonic()
        dire(f"{nom} : capture dans {dossier.relative_to(RACINE)}…")
        with cloner(RACINE, _commit(nom), PLACE / f"arbre-{port}", port) as arbre:
            notes = releve(arbre, dossier)
        fichier.write_text(json.dumps(notes, ensure_ascii=False, indent=0))
        dire(f"{nom} : {len(notes)} textes en {time.monotonic() - depart:.0f} s")
    return fichier


def releve(arbre: Arbre, dossier: Path) -> list[Note]:
    """All that a commit shows, in an order that is always the same."""
    adresses = arbre.adresses(dossier)
    notes = [Note("adresses", "toutes", adresses)]
    notes += [Note("replay", nom, empreinte) for nom, empreinte in arbre.rejouer(dossier).items()]
    chemins = [exemple(ligne.partition("\t")[0]) for ligne in adresses.splitlines()]
    with arbre.demonstration(dossier / "demonstration.log") as port:
        comptes = json.loads((arbre.lieu / "demo" / "comptes.json").read_text())
        lire(port, notes, comptes, chemins)
        secrets = {agent["email"].partition("@")[0]: agent["secret_totp"] for agent in comptes["agents"]}
        ensuite = gestes.Gestes(port, notes, secrets)
        ensuite.faire()
        agent = ensuite.entre("agent.rhone")
        dossier_ouvert = agent.ouvrir_le_dossier(IDENTITES["julien"].neph)
        for venu in (agent, ensuite.entre("camille.martin"), ensuite.venu("anonyme")):
            venu.etats(venu.parcourir(["/", *ENTREES, "/admin/", dossier_ouvert, *chemins], "pages, à la fin"))
        ensuite.finir()
    return notes


def lire(port: int, notes: list[Note], comptes: dict[str, list[dict[str, str]]], chemins: list[str]) -> None:
    """Every page as each visitor gets it, then every file that each may take; agents first open a dossier."""
    Passant(port, "anonyme", notes).parcourir(["/", *chemins])
    for rang, compte in enumerate(comptes["comptes"]):
        venu = Passant(port, compte["email"], notes).entrer(compte["email"])
        venu.parcourir([*ENTREES, *chemins] if rang == 0 else ENTREES)
        venu.prendre(*DOCUMENTS)
        venu.noter("pages, document pris", VERIFICATIONS, venu.ouvrir(VERIFICATIONS))
    for citoyen in comptes["franceconnect"]:
        venu = Passant(port, f"FranceConnect {citoyen['cle']}", notes)
        venu.venir_de_franceconnect(citoyen["cle"])
        venu.parcourir([CONFIRMATION])
        if "franceconnect/confirmer" in venu.ouvrir(CONFIRMATION).texte:
            venu.remplir(CONFIRMATION, "confirmer")
            venu.parcourir(ENTREES, "pages, dossier relié")
            venu.prendre(*DOCUMENTS, "/mes-documents/rii/")
        else:
            venu.etats([CONFIRMATION])
    for agent in comptes["agents"]:
        venu = Passant(port, agent["email"], notes).entrer(agent["email"], secret=agent["secret_totp"])
        conducteur = AGENTS[agent["email"]]
        venu.parcourir(["/admin/", *([venu.ouvrir_le_dossier(IDENTITES[conducteur].neph)] if conducteur else [])])


if __name__ == "__main__":
    sys.exit(main())
