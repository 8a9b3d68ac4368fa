"""A feed read by batches: bounded memory whatever its length, and a clear account of what was refused.

A file is read twice: looked at to its end, then loaded. What shows in the file alone (a line that cannot be read, a
NEPH twice, too many refusals, a manifest of another file) is known before anything is posted. Then each batch is one
transaction. Interrupted anywhere, the command is run again on the same file: what is held is skipped, the rest is
loaded.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, NamedTuple, Never, TextIO, TypeVar, cast

from django.db import DatabaseError, OperationalError, connection
from django.utils.timezone import now
from tqdm import tqdm

from dossier import feed, manifeste, services
from dossier.feed import LigneDossier, LigneRefusee
from dossier.manifeste import ChargementRefuse
from dossier.models import Importation

T = TypeVar("T")

LOT = 1000
LOT_OCTETS = 16_000_000  # a line takes ten times its bytes once read
BATTEMENT = 10  # seconds: how often a loading says that it goes on
RECOPIE_MAX = 10_000  # characters of a refused line written beside its reason

DEUX_FOIS = "ce numéro NEPH figure déjà à la ligne {ligne} de ce fichier, avec un autre contenu"


@dataclass
class Bilan:
    """Lines of a feed, by what became of them."""

    acceptes: int = 0
    inchanges: int = 0
    refuses: int = 0
    corriges: int = 0  # of those accepted: lines that make a dossier another person's

    def __iadd__(self, autre: "Bilan") -> "Bilan":
        self.acceptes += autre.acceptes
        self.inchanges += autre.inchanges
        self.refuses += autre.refuses
        self.corriges += autre.corriges
        return self


class Exigences(NamedTuple):
    """What a file must be, to be loaded."""

    au_plus_de: Decimal | None = None  # refused lines, in percent; None: however many
    manifeste: Path | None = None
    sans_manifeste: bool = False
    repartir: bool = False


TOUT = Exigences()


class ChargementArrete(Exception):
    """Stopped on the way: what precedes is loaded. Its text is French, and names neither a person nor the file."""


@dataclass
class Suivi:
    """A loading, and its row: written when it begins, now and then, and when it ends, however it ends."""

    ligne: Importation
    bilan: Bilan = field(default_factory=Bilan)
    ecrit: float = field(default_factory=time.monotonic)

    def battre(self) -> None:
        """Say that it goes on, and how far."""
        if time.monotonic() - self.ecrit > BATTEMENT:
            self.ecrire()

    def ecrire(self) -> None:
        self.ligne.acceptes, self.ligne.inchanges = self.bilan.acceptes, self.bilan.inchanges
        self.ligne.refuses, self.ligne.vu_at = self.bilan.refuses, now()
        self.ligne.save()
        self.ecrit = time.monotonic()

    def finir(self, etat: Importation.Etat, raison: str = "") -> None:
        """The last thing that is written; a base that is gone keeps it « en cours », which is then said."""
        self.ligne.etat, self.ligne.raison, self.ligne.finished_at = etat, raison[:400], now()
        with suppress(DatabaseError):
            if not connection.in_atomic_block and not connection.is_usable():
                connection.close()  # another one will do
            self.ecrire()


@contextmanager
def inscrire() -> Iterator[Suivi]:
    """A loading from its beginning: what stops it is in its row."""
    suivi = Suivi(Importation.objects.create(started_at=now(), vu_at=now()))
    try:
        yield suivi
    except ChargementRefuse as refus:
        suivi.finir(Importation.Etat.REFUSE, str(refus))
        raise
    except BaseException as arret:
        suivi.finir(Importation.Etat.ARRETE, _raison(arret))
        raise
    suivi.finir(Importation.Etat.TERMINE)


def _raison(arret: BaseException) -> str:
    """Never the text of what is not ours: it may quote a row, or the name of the file."""
    if isinstance(arret, ChargementArrete):
        return str(arret)
    if isinstance(arret, KeyboardInterrupt):
        return "interrompu au clavier"
    code = getattr(arret.__cause__, "sqlstate", None) or getattr(arret, "strerror", None)
    return f"{type(arret).__name__} ({code})" if code else type(arret).__name__


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


def importer_fichier(chemin: Path, *, au: date, exige: Exigences = TOUT) -> Bilan:
    """Load one file; refusals go to ``FILE.rejets.ndjson``. Raises ``ChargementRefuse`` and ``ChargementArrete``."""
    a_cote = chemin.with_name(chemin.name + manifeste.SUFFIXE)
    if exige.manifeste is None and a_cote.is_file():
        exige = exige._replace(manifeste=a_cote)
    with inscrire() as suivi:
        rejets = Rejets(chemin.with_name(chemin.name + ".rejets.ndjson"))
        try:
            with chemin.open("rb") as fichier, _progression(chemin) as barre:
                return _importer(fichier, au, rejets, Chargement(suivi, exige, barre))
        finally:
            rejets.fermer()


def importer_flux(fichier: BinaryIO, *, au: date, rejets: TextIO, exige: Exigences = TOUT) -> Bilan:
    """Load what can be read twice; refusals go to ``rejets``. Raises as ``importer_fichier``."""
    with inscrire() as suivi, _progression(None) as barre:
        return _importer(fichier, au, Rejets(None, rejets), Chargement(suivi, exige, barre))


class Chargement(NamedTuple):
    """What both readings of a file need."""

    suivi: Suivi
    exige: Exigences
    barre: "tqdm[Never]"


@contextmanager
def _progression(chemin: Path | None) -> Iterator["tqdm[Never]"]:
    """A progress bar in bytes, on a terminal only."""
    taille = 2 * chemin.stat().st_size if chemin else None  # read twice
    with tqdm(total=taille, unit="o", unit_scale=True, disable=None, desc=chemin.name if chemin else None) as barre:
        yield barre


def _importer(fichier: BinaryIO, au: date, rejets: Rejets, charge: Chargement) -> Bilan:
    suivi, exige = charge.suivi, charge.exige
    dit = manifeste.lire_manifeste(exige.manifeste) if exige.manifeste else None
    suivi.ligne.sequence = dit.sequence if dit else None
    manifeste.verifier_sequence(dit, sans_manifeste=exige.sans_manifeste, repartir=exige.repartir)
    debut = fichier.tell()
    sautees, suivi.ligne.sha256 = _examiner(fichier, rejets, charge)
    if dit:
        manifeste.verifier_contenu(dit, lignes=len(sautees), sha256=suivi.ligne.sha256)
    if trop := _trop(rejets, len(sautees), exige):
        raise ChargementRefuse(f"{trop} Rien n'a été chargé : corrigez à la source{AUTREMENT}")
    suivi.ecrire()
    fichier.seek(debut)
    _charger(fichier, au, rejets, charge, sautees)
    return suivi.bilan


AUTREMENT = ", ou relancez avec un autre --au-plus-de après avoir lu les raisons."
CHANGE = (
    "le fichier a changé pendant son chargement : ce qui précède est chargé, relancez la commande quand il est fini."
)


def _trop(rejets: Rejets, lignes: int, exige: Exigences) -> str:
    """What there is to say when too many lines are refused, "" when there are not."""
    if exige.au_plus_de is None or rejets.nombre * 100 <= exige.au_plus_de * lignes:
        return ""
    seuil = f"{exige.au_plus_de}".replace(".", ",")
    return f"{rejets.nombre} lignes refusées sur {lignes}, plus que les {seuil} % admis."


class Empreinte:
    """A file whose bytes are added up as they are read."""

    def __init__(self, fichier: BinaryIO) -> None:
        self.fichier, self.sha = fichier, hashlib.sha256()

    def readline(self, limite: int, /) -> bytes:
        lu = self.fichier.readline(limite)
        self.sha.update(lu)
        return lu


def _examiner(fichier: BinaryIO, rejets: Rejets, charge: Chargement) -> tuple[bytearray, str]:
    """Look at the whole file: for each line, whether it is to be left (1); and its SHA-256. Nothing is posted."""
    sautees, lu = bytearray(), Empreinte(fichier)
    with _nephs_vus():
        for lot in _par_lots(_lisibles(lu, rejets, charge, sautees)):
            premieres = _premieres_lignes(lot)
            for brute, neph in lot:
                numero, empreinte = premieres[neph]
                if numero == brute.numero:
                    continue
                sautees[brute.numero - 1] = 1
                if empreinte == brute.empreinte:
                    charge.suivi.bilan.inchanges += 1
                else:
                    rejets.ecrire(brute, DEUX_FOIS.format(ligne=numero), neph)
            charge.suivi.bilan.refuses = rejets.nombre
            charge.suivi.battre()
    charge.suivi.bilan.refuses = rejets.nombre
    return sautees, lu.sha.hexdigest()


def _lisibles(lu: Empreinte, rejets: Rejets, charge: Chargement, sautees: bytearray) -> Iterator[tuple[Brute, str]]:
    """The lines that can be read, with their NEPH; the others are refused."""
    for numero, brut in feed.lignes(cast("BinaryIO", lu)):  # which asks for lines alone
        brute = Brute(numero, brut)
        sautees.append(0)
        charge.barre.update(len(brut))
        try:
            neph = feed.lire_ligne(brut).neph
        except LigneRefusee as refus:
            sautees[-1] = 1
            rejets.ecrire(brute, refus.raison, refus.neph)
            continue
        yield brute, neph


def _charger(fichier: BinaryIO, au: date, rejets: Rejets, charge: Chargement, sautees: bytearray) -> None:
    """Load what was not left. Stops where what the base refuses is too much, or where the file is another one."""
    suivi, lu = charge.suivi, Empreinte(fichier)
    for lot in _par_lots(_retenues(lu, charge, sautees)):
        resultats = services.import_lot(lignes=[ligne for _, ligne in lot], au=au)
        for (brute, ligne), resultat in zip(lot, resultats, strict=True):
            if resultat.etat in ("accepte", "corrige"):
                suivi.bilan.acceptes += 1
                suivi.bilan.corriges += resultat.etat == "corrige"
            elif resultat.etat == "inchange":
                suivi.bilan.inchanges += 1
            else:
                rejets.ecrire(brute, resultat.raison or "", ligne.neph)
        suivi.bilan.refuses = rejets.nombre
        suivi.battre()
        if trop := _trop(rejets, len(sautees), charge.exige):
            raise ChargementArrete(f"{trop} Ce qui précède est chargé : corrigez à la source{AUTREMENT}")
    if lu.sha.hexdigest() != suivi.ligne.sha256:
        raise ChargementArrete(CHANGE)


def _retenues(lu: Empreinte, charge: Chargement, sautees: bytearray) -> Iterator[tuple[Brute, LigneDossier]]:
    """The lines that were found good, read again: the file of the first reading, or nothing."""
    for numero, brut in feed.lignes(cast("BinaryIO", lu)):  # which asks for lines alone
        charge.barre.update(len(brut))
        if numero > len(sautees):
            raise ChargementArrete(CHANGE)
        if not sautees[numero - 1]:
            try:
                ligne = feed.lire_ligne(brut)
            except LigneRefusee:
                raise ChargementArrete(CHANGE) from None
            yield Brute(numero, brut), ligne


def _par_lots(lues: Iterator[tuple[Brute, T]]) -> Iterator[list[tuple[Brute, T]]]:
    lot: list[tuple[Brute, T]] = []
    octets = 0
    for lue in lues:
        lot.append(lue)
        octets += len(lue[0].brut)
        if len(lot) == LOT or octets > LOT_OCTETS:
            yield lot
            lot, octets = [], 0
    if lot:
        yield lot


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


def _premieres_lignes(lot: list[tuple[Brute, str]]) -> dict[str, tuple[int, int]]:
    """For each NEPH of the batch, the number and the print of the first line of the file that holds it."""
    premieres: dict[str, tuple[int, int]] = {}
    for brute, neph in lot:
        if neph not in premieres:
            premieres[neph] = (brute.numero, brute.empreinte)
    nephs = list(premieres)
    with connection.cursor() as curseur:
        curseur.execute("SELECT neph, ligne, empreinte FROM nephs_vus WHERE neph = ANY(%s)", [nephs])
        premieres |= {neph: (ligne, empreinte) for neph, ligne, empreinte in curseur.fetchall()}
        curseur.execute(
            "INSERT INTO nephs_vus SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
            [nephs, [premieres[n][0] for n in nephs], [premieres[n][1] for n in nephs]],
        )
    return premieres
