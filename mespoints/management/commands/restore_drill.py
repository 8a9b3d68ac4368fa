"""``manage.py restore_drill``: dump, restore beside, compare, verify the ledger of the copy, drop it. One JSON line."""

import json
import secrets
import signal
import tempfile
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from mespoints import restoration
from mespoints.settings.environment import required


class Command(BaseCommand):
    help = "Sauvegarde la base, la restaure à côté, et y vérifie le grand livre. Code 1 si la copie n'est pas bonne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vers", default="", help="adresse d'un autre serveur où restaurer, pour son propriétaire")
        parser.add_argument("--garder", type=Path, help="répertoire où garder la sauvegarde")

    def handle(self, *args: Any, vers: str, garder: Path | None, **options: Any) -> None:
        owner, application = required("MIGRATION_DATABASE_URL"), required("DATABASE_URL")
        before = signal.signal(signal.SIGTERM, _stop)  # `docker stop` leaves no copy of everybody behind
        name = f"{urlsplit(owner).path.lstrip('/')}_restauration_{secrets.token_hex(4)}"
        copy = restoration.elsewhere(vers or owner, name)
        if vers:  # the site's role, on the other server
            role = urlsplit(application).netloc.rpartition("@")[0]
            application = urlsplit(vers)._replace(netloc=f"{role}@{urlsplit(vers).netloc.rpartition('@')[2]}").geturl()
        with tempfile.TemporaryDirectory() as scratch:
            file = (garder or Path(scratch)) / f"mespoints-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
            try:
                said = drill(owner, copy, restoration.elsewhere(application, name), file)
            except restoration.DrillFailed as failure:
                raise CommandError(str(failure)) from None
            finally:
                restoration.drop(copy)
                signal.signal(signal.SIGTERM, before)
        self.stdout.write(json.dumps(said, ensure_ascii=False))


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def drill(owner: str, copy: str, application: str, file: Path) -> dict[str, Any]:
    """The whole drill, and how long each step took."""
    seconds: dict[str, float] = {}

    def timed(step: str, since: float) -> float:
        seconds[step] = round(time.monotonic() - since, 2)
        return time.monotonic()

    start = time.monotonic()
    with restoration.moment(owner) as (before, snapshot):
        since = time.monotonic()
        restoration.dump(owner, file, snapshot)
    since = timed("sauvegarde", since)
    restoration.restore(copy, file)
    since = timed("restauration", since)
    after = restoration.count(copy)
    restoration.compare(before, after)
    since = time.monotonic()
    verified = restoration.verify(application)
    timed("verification", since)
    timed("en_tout", start)
    octets = file.stat().st_size
    return {"exercice": "restauration", "le": datetime.now(UTC).isoformat(timespec="seconds"), "secondes": seconds,
            "octets": octets, "lignes": sum(after.rows.values()), "grand_livre": verified}  # fmt: skip
