"""Where the private services of a checkout are, and whether they are the ones in use."""

import os
from typing import NamedTuple

from mespoints.local.places import locate


class Urls(NamedTuple):
    """Addresses of the private services: the database for the application and for its owner, and Redis."""

    database: str
    migration: str
    redis: str


def urls() -> Urls:
    """Compute the addresses of the private services; nothing is started or looked at."""
    places = locate()
    return Urls(places.database_url, places.migration_url, places.redis_url)


def private_services_wanted() -> bool:
    """Tell whether a private server is in use: the environment names none, or ours, as the settings make it do.

    One of the two is enough: who names a database alone still needs our Redis.
    """
    ours = urls()
    named = {"DATABASE_URL": ours.database, "REDIS_URL": ours.redis}
    given = {name: os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in named}
    return any(given[name] in {None, "", address} for name, address in named.items())
