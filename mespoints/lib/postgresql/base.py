"""Django's PostgreSQL, with an end to every wait of ours: the server's own timeouts are gone with a server that is.

``tcp_user_timeout`` sees a machine that vanished, not one that is frozen, nor what stands between.
"""

from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from mespoints.lib.bornes import Disjoncteur
from mespoints.lib.timeouts import how_long

#: A page asks several times: it waits for the first one alone, and the next page for none.
SILENCE = Disjoncteur(echecs=1, repos=2.0)


class DatabaseWrapper(base.DatabaseWrapper):
    """Past its time a connection is closed: what was asked may still come, as the answer to something else."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Django's. Raises ``OperationalError`` at once when PostgreSQL has just been silent."""
        if not SILENCE.passe():
            raise psycopg.OperationalError("silent a moment ago")
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            SILENCE.noter(en_retard=isinstance(error, psycopg.errors.ConnectionTimeout))
            raise
        SILENCE.noter(en_retard=False)
        if most := self.settings_dict.get("CLIENT_TIMEOUT"):
            _limit(connection, most)
        return connection


def _limit(connection: Any, most: float) -> None:
    attendre = connection.wait

    def wait(*arguments: Any, **options: Any) -> Any:
        options["timeout"] = options.get("timeout") or how_long(most)
        try:
            return attendre(*arguments, **options)
        except psycopg.OperationalError:
            if connection.pgconn.transaction_status == TransactionStatus.ACTIVE:
                connection.close()
            raise

    connection.wait = wait
