"""How long a command or a worker may wait for PostgreSQL: longer than a web request, for it moves many dossiers."""

BATCH_TIMEOUTS = {
    "DB_STATEMENT_TIMEOUT_MS": "60000",
    "DB_LOCK_TIMEOUT_MS": "5000",
    "DB_IDLE_IN_TRANSACTION_TIMEOUT_MS": "60000",
}
