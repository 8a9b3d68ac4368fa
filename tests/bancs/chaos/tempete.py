"""A storm: a seeded list of faults falls on processes at work, then all is left to finish.

Time is compressed a hundred times (``tests.bancs.chaos.settings``): the sweeper, every five minutes in production,
is called every three seconds.
"""

import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from celery import Celery
from kombu.exceptions import OperationalError as BrokerError

from mespoints.settings.environment import broker_and_cache
from tests.bancs.chaos import controles
from tests.bancs.chaos.banc import JOUR, VEILLE, Banc, Modele
from tests.bancs.chaos.controles import Constat, Temoin
from tests.bancs.chaos.troupe import LOT, OUVRIER, Role, Troupe, lot, ouvrier, tuer

AVANCER, REPRENDRE = "dossier.avancer_la_nuit", "dossier.reprendre_les_nuits"
BATTEMENT = 3.0  # seconds
MARQUE = "chaos-"  # and the number of the process: see ``tests.bancs.chaos.apps``
ATTENTE_DE_VICTIME = 8.0
FIN_AU_PLUS = 120.0
AU_TRAVAIL = "SELECT application_name FROM pg_stat_activity WHERE xact_start IS NOT NULL"
PRESENTS = "SELECT application_name FROM pg_stat_activity"
RIEN_A_FAIRE = "réglés: 0, changés: 0, laissés: 0\n"
#: What the naive twin must show, or the storms would prove nothing.
PREUVES = {"doublons", "de_trop", "soldes_faux", "verify_ledger"}
PASSAGES = "SELECT id FROM dossier_passage"


@dataclass(frozen=True)
class Programme:
    """How many of each fault: pool children, workers (with their children or without), batches, servers, messages."""

    enfants: int = 0
    ouvriers: int = 0
    lots: int = 0
    postgres: int = 0
    redis: int = 0
    messages: int = 0
    repit: float = 0.5  # seconds at most between two of them

    def tirer(self, hasard: random.Random) -> deque[str]:
        evenements = [nom for nom, combien in vars(self).items() if nom != "repit" for _ in range(combien)]
        hasard.shuffle(evenements)
        return deque(evenements)


@dataclass
class Bilan:
    """What fell, and what was seen meanwhile."""

    faits: Counter[str] = field(default_factory=Counter)
    en_transaction: int = 0  # kills that cut an open transaction
    regards: int = 0
    etats_rompus: int = 0

    @property
    def morts(self) -> int:
        return sum(self.faits[nom] for nom in ("enfants", "ouvriers", "lots"))

    def __iadd__(self, autre: "Bilan") -> "Bilan":
        self.faits += autre.faits
        self.en_transaction += autre.en_transaction
        self.regards += autre.regards
        self.etats_rompus += autre.etats_rompus
        return self


class Tempete:
    """One storm over one database."""

    def __init__(self, banc: Banc, hasard: random.Random, troupe: Troupe, courtier: Celery) -> None:
        self.banc, self.hasard, self.troupe, self.courtier = banc, hasard, troupe, courtier
        self.bilan = Bilan()
        self.battu_a = 0.0
        self.ouverte = True

    def passer(self, programme: Programme) -> None:
        """Each fault in turn, while there is work to disturb. One that finds nobody at work comes back later."""
        file = programme.tirer(self.hasard)
        essais = 2 * len(file)
        while file and essais and self._reste_du_travail():
            essais -= 1
            self._attendre(self.hasard.uniform(0, programme.repit))
            evenement = file.popleft()
            if not self._survenir(evenement):
                file.append(evenement)
            self._regarder()

    def finir(self) -> None:
        """The batches end by themselves and the queue is lost: what is left, the sweeper gives to the workers."""
        self._survenir("redis")
        self.ouverte = False
        ouvriers = [role for role in self.troupe.roles if role.genre == OUVRIER]
        fin = time.monotonic() + FIN_AU_PLUS
        while self._reste_a_finir() and time.monotonic() < fin:
            if ouvriers:  # a batch is not started again
                self.troupe.roles = [*ouvriers, *self.troupe.du_genre(LOT)]
            self._attendre(0.2)
        self.troupe.finir()

    def _reste_a_finir(self) -> bool:
        return self._reste_du_travail() or self.banc.lire(controles.OUVERTS) != [(0,)]

    # --- Faults -----------------------------------------------------------------------------------------------------

    def _survenir(self, evenement: str) -> bool:
        """Make one fault happen; tell whether it did."""
        match evenement:
            case "postgres":
                self.banc.couper_postgres()
            case "redis":
                self.banc.vider_redis()
            case "messages":
                self._repeter()
            case _:
                if not self._tuer(evenement):
                    return False
        self.bilan.faits[evenement] += 1
        return True

    def _tuer(self, genre: str) -> bool:
        """kill -9 of somebody at work, a random moment after it was seen to be."""
        fin = time.monotonic() + ATTENTE_DE_VICTIME
        while time.monotonic() < fin:
            occupes = self._au_travail()
            victimes = [(role, proies) for role, proies in self._proies(genre) if occupes & {p.pid for p in proies}]
            if victimes:
                role, proies = self.hasard.choice(victimes)
                time.sleep(self.hasard.uniform(0, 0.15))
                occupees = [proie for proie in proies if proie.pid in self._au_travail()]
                self._abattre(genre, role, self.hasard.choice(occupees or proies))
                self.bilan.en_transaction += bool(occupees)
                return True
            self._attendre(0.1)
        return False

    def _proies(self, genre: str) -> list[tuple[Role, list[psutil.Process]]]:
        """Who may be at work for each role of a kind: the children of a worker, a batch itself."""
        if genre == "lots":
            return [(role, role.lui_meme()) for role in self.troupe.du_genre(LOT)]
        return [(role, self.troupe.enfants(role)) for role in self.troupe.du_genre(OUVRIER)]

    def _abattre(self, genre: str, role: Role, proie: psutil.Process) -> None:
        if genre == "enfants":
            tuer(proie)
        else:
            self.troupe.tuer(role, avec_enfants=self.hasard.random() < 0.5)

    def _repeter(self) -> None:
        """The messages of the night, each two to five times, in any order; those of the day before with them."""
        passages = [cle for (cle,) in self.banc.lire(PASSAGES)]
        envois = [(AVANCER, [cle]) for cle in passages for _ in range(self.hasard.randint(2, 5))]
        envois += [(REPRENDRE, [])] * 2
        self.hasard.shuffle(envois)
        for tache, arguments in envois:
            self._envoyer(tache, arguments)

    # --- The clock and the eyes -------------------------------------------------------------------------------------

    def _attendre(self, secondes: float) -> None:
        """Let it work: start what died, sweep as beat would."""
        fin = time.monotonic() + secondes
        while True:
            self.troupe.relancer()
            if time.monotonic() >= self.battu_a + BATTEMENT:
                self.battu_a = time.monotonic()
                self._battre()
            if time.monotonic() >= fin:
                return
            time.sleep(0.05)

    def _battre(self) -> None:
        """What beat does: sweep and, until the end begins, share the night again as if it opened twice."""
        self._envoyer(REPRENDRE, [])
        if self.ouverte:
            for (cle,) in self.banc.lire(PASSAGES):
                self._envoyer(AVANCER, [cle])

    def _envoyer(self, tache: str, arguments: list[int]) -> None:
        with suppress(BrokerError):
            self.courtier.send_task(tache, arguments, ignore_result=True)

    def _au_travail(self) -> set[int]:
        noms = [nom for (nom,) in self.banc.lire(PRESENTS if self.banc.naif else AU_TRAVAIL)]
        return {int(nom.removeprefix(MARQUE)) for nom in noms if nom and nom.startswith(MARQUE)}

    def _reste_du_travail(self) -> bool:
        return self.banc.lire(controles.ECHUS, JOUR) != [(0,)]

    def _regarder(self) -> None:
        """At any instant, what can be read adds up."""
        self.bilan.regards += 1
        self.bilan.etats_rompus += self.banc.lire(controles.ETAT_ROMPU) != [(0,)]


def dechainer(modele: Modele, temoin: Temoin, graine: int, programme: Programme) -> tuple[Bilan, Constat]:
    """A storm over a fresh copy, its end, and the same nights once more, late: nothing is left for them."""
    with modele.banc() as banc, tempete(banc, graine) as celle_ci:
        celle_ci.passer(programme)
        celle_ci.finir()
        for jour in (VEILLE, JOUR):
            encore = banc.manage("settle", "--au", f"{jour}")
            assert encore.stdout == RIEN_A_FAIRE, encore.stdout + encore.stderr
        constat = controles.controler(banc, temoin)
        if constat.fautes():
            print("\n".join(celle_ci.troupe.fins_de_journaux()))
        return celle_ci.bilan, constat


def dechainer_sur_le_naif(modele: Modele, temoin: Temoin, graine: int) -> dict[str, int]:
    """The same harness over the naive twin: two batches at once, two kills, nothing worse; the faults found.

    Its two batches must overlap to be at fault: three storms at most.
    """
    fautes: dict[str, int] = {}
    for essai in range(3):
        with modele.banc(naif=True) as banc, tempete(banc, graine + essai) as celle_ci:
            celle_ci.passer(Programme(lots=2, repit=2))
            celle_ci.finir()
            fautes = controles.controler(banc, temoin).fautes()
        if fautes.keys() >= PREUVES:
            break
    return fautes


@contextmanager
def tempete(banc: Banc, graine: int) -> Iterator[Tempete]:
    """Two batches and, but for the naive twin, two workers; the runs of the day and of the day before are open."""
    if banc.naif:
        roles = [lot(f"naif-{n}", "settle_naif", "--au", f"{JOUR}") for n in (1, 2)]
    else:
        roles = [ouvrier("ouvrier-1"), ouvrier("ouvrier-2")]
        roles += [lot("lot-1", "settle", "--au", f"{JOUR}"), lot("lot-2", "settle", "--au", f"{JOUR}")]
        roles.append(lot("lot-3", "settle", "--au", f"{VEILLE}"))
    with tempfile.TemporaryDirectory(prefix="mespoints-chaos-") as journaux, _courtier(banc) as courtier:
        troupe = Troupe(roles, banc.environ, Path(journaux))
        try:
            yield Tempete(banc, random.Random(graine), troupe, courtier)
        except BaseException:
            print("\n".join(troupe.fins_de_journaux()))
            raise
        finally:
            troupe.tout_tuer()


@contextmanager
def _courtier(banc: Banc) -> Iterator[Celery]:
    """Who sends messages in the harness's name: nothing is read from the settings of its own process."""
    adresse, _ = broker_and_cache(banc.places.redis_url)
    with Celery("chaos", broker=adresse, set_as_current=False) as courtier:
        yield courtier
