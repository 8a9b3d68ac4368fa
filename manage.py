#!/usr/bin/env python3
"""Django's commands; a server that cannot be reached is one French line, not a traceback."""

import os
import sys

from mespoints.lib.timeouts import BATCH_TIMEOUTS

MIGRATION_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "effacer_mentions"}


def main() -> None:
    """Run the command of the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mespoints.settings.dev")
    os.environ["DB_AS_MIGRATION"] = "1" if MIGRATION_COMMANDS.intersection(sys.argv[1:2]) else "0"
    if sys.argv[1:2] != ["runserver"]:
        for name, value in BATCH_TIMEOUTS.items():
            os.environ.setdefault(name, value)
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except Exception as error:
        problem = explain(error)
        if not problem:
            raise
        print(problem, file=sys.stderr)
        sys.exit(1)


def explain(error: Exception) -> str:
    """Say what to run when an error comes from a server that cannot be reached, or from data of before the migrations
    were squashed; "" for any other error."""
    from django.db.migrations.exceptions import InconsistentMigrationHistory
    from django.db.utils import OperationalError
    from kombu.exceptions import OperationalError as BrokerError
    from redis.exceptions import ConnectionError as RedisError

    if isinstance(error, InconsistentMigrationHistory):
        return "Ces données viennent d'une ancienne version : « make clean » les efface, puis recommencez."
    if isinstance(error, RedisError | BrokerError):
        return "Redis ne répond pas : lancez « make services » (ou corrigez REDIS_URL)."
    if isinstance(error, OperationalError):
        if not database_answers():
            return "PostgreSQL ne répond pas : lancez « make services » (ou corrigez DATABASE_URL)."
        code = getattr(error.__cause__, "sqlstate", None)  # never its text: it may quote a row
        if code == "55P03":
            return "La base est occupée par un autre travail : relancez la commande quand il sera fini."
        return f"PostgreSQL a interrompu le travail (code {code}) : relancez la commande, ce qui est fait est gardé."
    return ""


def database_answers() -> bool:
    """Tell whether a new connection to the database can be made: many errors of a good connection look alike."""
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        connection.close()
        connection.ensure_connection()
    except OperationalError:
        return False
    return True


if __name__ == "__main__":
    main()
