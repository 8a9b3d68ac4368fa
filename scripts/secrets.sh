#!/bin/sh
# Write ./secrets for docker-compose.yml: what is there already is left as it is. The directory is closed to everybody
# else; the files can be read by the containers' account. `sh scripts/secrets.sh demo` writes ./secrets-demonstration.
set -eu
umask 077
secrets=secrets
[ "${1:-}" != demo ] || secrets=secrets-demonstration
mkdir -p "$secrets"

random() { head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c 50; }
put() { [ -e "$secrets/$1" ] || { printf '%s' "$2" > "$secrets/$1"; chmod 444 "$secrets/$1"; }; }

for name in postgres_password application_password migration_password secret_key; do put "$name" "$(random)"; done
# A key and its certificate, PEM, good for two years. Two pairs: a key of the codes never seals a file.
pair() {
    [ -e "$secrets/$1" ] && return
    openssl req -utf8 -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 730 -subj "/CN=$3" \
        -addext "keyUsage=critical,digitalSignature,nonRepudiation" -addext "basicConstraints=critical,CA:FALSE" \
        -keyout "$secrets/$1" -out "$secrets/$2" 2>/dev/null
    chmod 444 "$secrets/$1" "$secrets/$2"
}
put secret_key_fallbacks ""  # the former secret_key, one a line, for 30 days after it was changed
put database_url "postgres://mespoints:$(cat $secrets/application_password)@db:5432/mespoints"
put migration_database_url "postgres://mespoints_migration:$(cat $secrets/migration_password)@db:5432/mespoints"
if [ "${1:-}" = demo ]; then
    put email_url smtp://demo-courriels:8026
    put franceconnect_client_secret demonstration-only-this-secret-is-public
    put franceconnect_cle_identites demonstration-only-this-key-is-public-and-seals-nothing
    pair cachet_cle cachet_certificat "Cachet de démonstration, sans valeur"
    pair adcs_cle adcs_certificats "Codes de démonstration, sans valeur"
else
    put email_url ""  # smtp+tls://compte:mot@serveur:587
    put franceconnect_client_secret ""
    put franceconnect_cle_identites "$(random)"  # never change it: every identity would be somebody else
    for name in cachet_cle cachet_certificat adcs_cle adcs_certificats; do put "$name" ""; done  # given by an authority
fi
for name in email_url franceconnect_client_secret cachet_cle cachet_certificat adcs_cle adcs_certificats; do
    [ -s "$secrets/$name" ] || echo "$secrets/$name est vide : à écrire." >&2
done
