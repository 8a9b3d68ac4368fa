#!/bin/sh
# `make restore-drill`: the drill on a base of its own, of COMBIEN invented drivers. In production, on the real one:
# `manage.py restore_drill` (docs/exploitation.md, « Backup »).
set -eu
python=.venv/bin/python
export DJANGO_SETTINGS_MODULE=mespoints.settings.dev
combien=${COMBIEN:-20000}
name=exercice_$$
scratch=$(mktemp -d)
eval "$($python -c '
import sys
from mespoints.local.addresses import urls
from mespoints.local.services import path_with_programs
from mespoints.restoration import elsewhere
print(f"export DATABASE_URL={elsewhere(urls().database, sys.argv[1])!r} MIGRATION_DATABASE_URL={elsewhere(urls().migration, sys.argv[1])!r} PATH={path_with_programs()!r}")
' "$name")"
sql() { $python -c 'import os, sys, psycopg; from mespoints.restoration import elsewhere
psycopg.connect(elsewhere(os.environ["MIGRATION_DATABASE_URL"], "postgres"), autocommit=True).execute(sys.argv[1])' "$1"; }
trap 'sql "DROP DATABASE IF EXISTS $name"; rm -rf "$scratch"' EXIT
sql "CREATE DATABASE $name"
$python manage.py migrate -v0
$python manage.py seed_demo --count "$combien" --seed 1 > "$scratch/flux.ndjson"
$python manage.py import_dossiers "$scratch/flux.ndjson"
$python manage.py restore_drill "$@"
