#!/bin/sh
# Run once by the image of PostgreSQL on an empty volume: the application's role, the owner of the tables, the database.
# CREATEDB: the restore drill makes the database where it restores, and drops it.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set application="$(cat /run/secrets/application_password)" --set migration="$(cat /run/secrets/migration_password)" <<'SQL'
CREATE ROLE mespoints LOGIN PASSWORD :'application';
CREATE ROLE mespoints_migration LOGIN CREATEDB PASSWORD :'migration';
CREATE DATABASE mespoints OWNER mespoints_migration;
SQL
