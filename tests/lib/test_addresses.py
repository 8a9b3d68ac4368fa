"""Where the private services are, and whether they are the ones in use."""

from pathlib import Path

import pytest

from mespoints.local import addresses, services


def test_addresses_are_computed_without_starting_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MESPOINTS_SERVICES_DIR", str(tmp_path / "rien"))
    database, migration, cache = addresses.urls()
    assert database.startswith("postgres://mespoints@/mespoints?host=%2F")
    assert migration == database.replace("mespoints@", "mespoints_migration@")
    assert cache.endswith("/redis.sock")
    assert not (tmp_path / "rien").exists()


def test_private_services_serve_unless_both_servers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    database, _, cache = addresses.urls()
    named = {"DATABASE_URL": "postgres://u@h/b", "REDIS_URL": "redis://h"}
    for given, wanted in [
        ({}, True),
        (named, False),
        *((named | other, True) for other in ({"REDIS_URL": ""}, {"DATABASE_URL": database})),
        ({"DATABASE_URL": database, "REDIS_URL": cache}, True),  # what the settings write
        ({f"{name}_FILE": "/un/secret" for name in named}, False),
    ]:
        for name in [name + kind for name in named for kind in ("", "_FILE")]:
            monkeypatch.setenv(name, given.get(name, ""))
        assert addresses.private_services_wanted() is wanted


def test_the_path_begins_with_the_programs_of_our_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drill dumps with them: an older pg_dump refuses a newer server."""
    monkeypatch.setenv("PATH", "/usr/bin")
    first, *others = services.path_with_programs().split(":")
    assert (Path(first) / "pg_dump").is_file()
    assert others == ["/usr/bin"]
