#!/bin/sh
# Write ./secrets for docker-compose.yml: what is there already is left as it is. The directory is closed to everybody
# else; the files can be read by the containers' account. `sh scripts/secrets.sh demo` gives the demonstration's.
set -eu
umask 077
mkdir -p secrets

random() { head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c 50; }
put() { [ -e "secrets/$1" ] || { printf '%s' "$2" > "secrets/$1"; chmod 444 "secrets/$1"; }; }

for name in postgres_password application_password migration_password secret_key; do put "$name" "$(random)"; done
put database_url "postgres://mespoints:$(cat secrets/application_password)@db:5432/mespoints"
put migration_database_url "postgres://mespoints_migration:$(cat secrets/migration_password)@db:5432/mespoints"
if [ "${1:-}" = demo ]; then
    put email_url smtp://demo-courrier:8026
    put franceconnect_client_secret demonstration-only-this-secret-is-public
    put franceconnect_cle_identites demonstration-only-this-key-is-public-and-seals-nothing
else
    put email_url ""  # smtp+tls://compte:mot@serveur:587
    put franceconnect_client_secret ""
    put franceconnect_cle_identites "$(random)"  # never change it: every identity would be somebody else
fi
for name in email_url franceconnect_client_secret; do
    [ -s "secrets/$name" ] || echo "secrets/$name est vide : à écrire." >&2
done
