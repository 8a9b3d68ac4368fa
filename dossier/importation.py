"""A feed read by batches: bounded memory whatever its length, and a clear account of what was refused.

Each batch is one transaction. Interrupted anywhere, the command is run again on the same file: what is held is
skipped, the rest is loaded.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, Never, TextIO

from django.db import OperationalError, connection
from tqdm import tqdm

from dossier import feed, services
from dossier.feed import LigneDossier, LigneRefusee
from dossier.models import Importation

LOT = 1000
LOT_OCTETS = 16_000_000  # a line takes ten times its bytes once read
RECOPIE_MAX = 10_000  # characters of a refused line written beside its reason

DEUX_FOIS = "ce numéro NEPH figure déjà à la ligne {ligne} de ce fichier, avec un autre contenu"


@dataclass
class Bilan:
    """Lines of a feed, by what became of them."""

    acceptes: int = 0
    inchanges: int = 0
    refuses: int = 0

    def __iadd__(self, autre: "Bilan") -> "Bilan":
        self.acceptes += autre.acceptes
        self.inchanges += autre.inchanges
        self.refuses += autre.refuses
        return self


def write_importation(bilan: Bilan, *, started_at: datetime) -> None:
    """Keep what a loading gave, for the desk's first page: numbers alone. To be called once it has ended."""
    Importation.objects.create(
        started_at=started_at, acceptes=bilan.acceptes, inchanges=bilan.inchanges, refuses=bilan.refuses
    )


@dataclass(frozen=True)
class Brute:
    """A line as read: its number in the file and its bytes."""

    numero: int
    brut: bytes

    @property
    def empreinte(self) -> int:
        """64 bits that tell two contents apart."""
        return int.from_bytes(hashlib.blake2b(self.brut.strip(), digest_size=8).digest(), signed=True)


class Rejets:
    """Refused lines, with their number, the reason and what they held; the file exists only if it has one."""

    def __init__(self, chemin: Path | None, flux: TextIO | None = None) -> None:
        self.chemin = chemin
        self.flux = flux
        self.nombre = 0
        if chemin is not None:
            chemin.unlink(missing_ok=True)

    def ecrire(self, brute: Brute, raison: str, neph: str | None) -> None:
        self.nombre += 1
        if self.flux is None:
            assert self.chemin is not None
            descripteur = os.open(self.chemin, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # personal data
            self.flux = os.fdopen(descripteur, "w", encoding="utf-8")
        rejet: dict[str, object] = {"ligne": brute.numero, "raison": raison}
        if self.chemin is not None:  # a stream of refusals may end in a log: no personal data there
            contenu = brute.brut.decode("utf-8", "backslashreplace").strip()[:RECOPIE_MAX]
            rejet |= {"neph": neph, "contenu": contenu}
        self.flux.write(json.dumps(rejet, ensure_ascii=False) + "\n")

    def fermer(self) -> None:
        if self.chemin is not None and self.flux is not None:
            self.flux.close()


def importer_fichier(chemin: Path, *, au: date) -> Bilan:
    """Load one file; refusals go to ``FILE.rejets.ndjson``."""
    rejets = Rejets(chemin.with_name(chemin.name + ".rejets.ndjson"))
    try:
        with chemin.open("rb") as fichier, _progression(chemin) as barre:
            return _importer(fichier, au, rejets, barre)
    finally:
        rejets.fermer()


def importer_flux(fichier: BinaryIO, *, au: date, rejets: TextIO) -> Bilan:
    """Load a stream; refusals go to ``rejets``."""
    with _progression(None) as barre:
        return _importer(fichier, au, Rejets(None, rejets), barre)


@contextmanager
def _progression(chemin: Path | None) -> Iterator["tqdm[Never]"]:
    """A progress bar in bytes, on a terminal only."""
    taille = chemin.stat().st_size if chemin else None
    with tqdm(total=taille, unit="o", unit_scale=True, disable=None, desc=chemin.name if chemin else None) as barre:
        yield barre


def _importer(fichier: BinaryIO, au: date, rejets: Rejets, barre: "tqdm[Never]") -> Bilan:
    bilan = Bilan()
    with _nephs_vus():
        lot: list[tuple[Brute, LigneDossier]] = []
        octets = 0
        for numero, brut in feed.lignes(fichier):
            brute = Brute(numero, brut)
            try:
                lot.append((brute, feed.lire_ligne(brut)))
            except LigneRefusee as refus:
                rejets.ecrire(brute, refus.raison, refus.neph)
            else:
                octets += len(brut)
            if len(lot) == LOT or octets > LOT_OCTETS:
                _charger(lot, au, rejets, bilan)
                lot.clear()
                octets = 0
            barre.update(len(brut))
        if lot:
            _charger(lot, au, rejets, bilan)
    bilan.refuses = rejets.nombre
    return bilan


def _charger(lot: list[tuple[Brute, LigneDossier]], au: date, rejets: Rejets, bilan: Bilan) -> None:
    """One batch: each NEPH once in the file, then one transaction."""
    uniques: list[tuple[Brute, LigneDossier]] = []
    premieres = _premieres_lignes(lot)
    for brute, ligne in lot:
        numero, empreinte = premieres[ligne.neph]
        if numero == brute.numero:
            uniques.append((brute, ligne))
        elif empreinte == brute.empreinte:
            bilan.inchanges += 1
        else:
            rejets.ecrire(brute, DEUX_FOIS.format(ligne=numero), ligne.neph)
    resultats = services.import_lot(lignes=[ligne for _, ligne in uniques], au=au)
    for (brute, ligne), resultat in zip(uniques, resultats, strict=True):
        if resultat.etat == "accepte":
            bilan.acceptes += 1
        elif resultat.etat == "inchange":
            bilan.inchanges += 1
        else:
            rejets.ecrire(brute, resultat.raison or "", ligne.neph)


@contextmanager
def _nephs_vus() -> Iterator[None]:
    """The NEPHs of the file so far, in a temporary table: a national file does not fit in memory."""
    with connection.cursor() as curseur:
        curseur.execute(
            "CREATE TEMPORARY TABLE nephs_vus (neph text PRIMARY KEY, ligne bigint NOT NULL, empreinte bigint NOT NULL)"
        )
    try:
        yield
    finally:
        with suppress(OperationalError), connection.cursor() as curseur:  # a closed connection took it away
            curseur.execute("DROP TABLE IF EXISTS nephs_vus")


def _premieres_lignes(lot: list[tuple[Brute, LigneDossier]]) -> dict[str, tuple[int, int]]:
    """For each NEPH of the batch, the number and the print of the first line of the file that holds it."""
    premieres: dict[str, tuple[int, int]] = {}
    for brute, ligne in lot:
        if ligne.neph not in premieres:
            premieres[ligne.neph] = (brute.numero, brute.empreinte)
    nephs = list(premieres)
    with connection.cursor() as curseur:
        curseur.execute("SELECT neph, ligne, empreinte FROM nephs_vus WHERE neph = ANY(%s)", [nephs])
        premieres |= {neph: (ligne, empreinte) for neph, ligne, empreinte in curseur.fetchall()}
        curseur.execute(
            "INSERT INTO nephs_vus SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [nephs, [premieres[n][0] for n in nephs], [premieres[n][1] for n in nephs]],
        )
    return premieres
