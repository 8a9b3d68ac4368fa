"""The launcher: `python -m mespoints.local.launcher services | stop | status | demo | clean`.

It starts what a checkout needs when the environment names no server: a private PostgreSQL and a private Redis.
"""

import argparse
import shutil
import sys

from mespoints.local.addresses import urls
from mespoints.local.places import ServiceError


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line asks; a problem is one French line and the exit code 1."""
    parser = argparse.ArgumentParser(
        prog="python -m mespoints.local.launcher", description="Services privés du projet."
    )
    parser.add_argument("action", choices=["services", "stop", "status", "demo", "clean"])
    action = parser.parse_args(arguments).action
    try:
        return {"services": _services, "stop": _stop, "status": _status, "demo": _demo, "clean": _clean}[action]()
    except ServiceError as problem:
        print(problem, file=sys.stderr)
        return 1


def _services() -> int:
    from mespoints.local import services

    started = services.start()
    for name, new in (("PostgreSQL", started.postgres), ("Redis", started.redis)):
        print(f"{name} : {'démarré' if new else 'tourne déjà'}")
    ours = urls()
    print(f"DATABASE_URL={ours.database}\nMIGRATION_DATABASE_URL={ours.migration}\nREDIS_URL={ours.redis}")
    return 0


def _stop() -> int:
    from mespoints.local import services

    stopped = services.stop()
    for name, was_there in (("PostgreSQL", stopped.postgres), ("Redis", stopped.redis)):
        print(f"{name} : {'arrêté' if was_there else 'ne tournait pas'}")
    return 0


def _status() -> int:
    from mespoints.local import services

    found = services.status()
    for name, answers in (("PostgreSQL", found.postgres), ("Redis", found.redis)):
        print(f"{name} : {'répond' if answers else 'ne répond pas'}")
    return 0 if found.postgres and found.redis else 1


def _clean() -> int:
    from mespoints.local import demonstration, services

    services.forget()
    shutil.rmtree(demonstration.FOLDER, ignore_errors=True)
    print("Les services sont arrêtés, leurs données et celles de la démonstration effacées.")
    return 0


def _demo() -> int:
    from mespoints.local import demonstration

    return demonstration.run()


if __name__ == "__main__":
    sys.exit(main())
