-- The number of a line of the ledger says in which order lines were written: PostgreSQL gives it, and nobody chooses it by
-- accident. On purpose, the owner of the tables still can; the application's role has no right to the column
-- (mespoints/lib/grants.py), since COPY and OVERRIDING SYSTEM VALUE pass over GENERATED ALWAYS.

ALTER TABLE dossier_fait ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE dossier_mouvement ALTER COLUMN id SET GENERATED ALWAYS;
ALTER TABLE dossier_journal ALTER COLUMN id SET GENERATED ALWAYS;
