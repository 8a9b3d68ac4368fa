#!/bin/sh
# Deploys the commit of this checkout, or goes back to a version whose images are still here, without a moment's stop:
#
#   sh scripts/deploy.sh             what is checked out, under the name that git gives it
#   sh scripts/deploy.sh VERSION     the same under this name, a tag or a commit that is checked out; or its images as they are
#   sh scripts/deploy.sh --retour VERSION    back: nothing is built, nothing migrated
#
# DRAIN=program: it is called with the name of a server and `out` before it is replaced, `in` once it answers.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
here() { docker image inspect "mespoints-site:$VERSION" "mespoints-drill:$VERSION" >/dev/null 2>&1; }
up() { docker compose up -d --no-deps --no-build "$@"; }

back=
[ "${1:-}" != --retour ] || { back=1; shift; }
[ -e .env ] || stop "Il n'y a pas de .env : copiez .env.example et remplissez-le."
before=$(sed -n 's/^VERSION=//p' .env)
VERSION=${1:-}
[ -n "$VERSION" ] || [ -z "$back" ] || stop "Vers quelle version revenir ? Celles qui sont ici : docker image ls mespoints-site"
VERSION=${VERSION:-$(git describe --tags --always)}
export VERSION

if ! here; then
    [ -z "$back" ] || stop "Les images de $VERSION ne sont plus ici, et rien n'est fabriqué sous un vieux nom. Rien n'a été touché.
Celles qui restent : docker image ls mespoints-site. Sinon : git checkout $VERSION, puis sh scripts/deploy.sh $VERSION"
    [ -z "$(git status --porcelain)" ] || stop "Ce dossier a des changements qui ne sont dans aucun commit : rien n'est fabriqué."
    COMMIT=$(git rev-parse HEAD)
    [ "$(git rev-parse --verify --quiet "$VERSION^{commit}")" = "$COMMIT" ] ||
        stop "$VERSION n'est pas ce qui est ici ($COMMIT) : git checkout $VERSION d'abord. Rien n'est fabriqué."
    export COMMIT
    say "Fabrication de $VERSION, $COMMIT."
    docker compose -f docker-compose.build.yml build
fi

docker compose up -d --no-recreate --no-build --wait db redis
if [ -z "$back" ]; then
    say "Migrations (leur rôle doit pouvoir se connecter : LOGIN)."
    docker compose run --rm --no-deps migrate || stop "Les migrations ont échoué : aucun serveur n'a été touché, $before sert toujours."
fi

# From here on, whatever command comes after this one finds the version that is meant.
sed "s/^VERSION=.*/VERSION=$VERSION/" .env >.env.new && cat .env.new >.env && rm .env.new
for server in web-a web-b; do
    [ -z "${DRAIN:-}" ] || "$DRAIN" "$server" out
    up --wait "$server" || stop "$server ne répond pas ; l'autre sert toujours. Revenir : sh scripts/deploy.sh --retour $before"
    [ -z "${DRAIN:-}" ] || "$DRAIN" "$server" in
done
up worker worker-pdf worker-mail beat
say "$VERSION est en service. Revenir : sh scripts/deploy.sh --retour $before"
