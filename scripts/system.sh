#!/bin/sh
# See that the machine has what is named: `pango` (PDFs), `navigateur` (browser tests), `chromium`, `node` and `java`
# (measures of the pages), or a Debian package.
# What is missing is installed with apt by root; anybody else is told the one line to run, unless something else will do.
set -eu

has() {
    case $1 in
        pango) for library in pango-1.0 pangoft2-1.0 harfbuzz-subset; do ldconfig_has "lib$library.so.0" || return 1; done ;;
        navigateur) command -v chromium-headless-shell >/dev/null ;; # Chromium without its windows: sooner done
        chromium) command -v chromium >/dev/null ;;
        node) command -v node >/dev/null && command -v npm >/dev/null ;;
        java) command -v java >/dev/null ;;
        *) dpkg -s "$1" >/dev/null 2>&1 ;;
    esac
}

# What will do where the thing itself is not there and cannot be installed.
will_do() {
    case $1 in
        navigateur) has chromium ;;
        *) false ;;
    esac
}

ldconfig_has() {
    PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -qF "$1"
}

packages() {
    case $1 in
        navigateur) echo chromium-headless-shell ;;
        pango) echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
        node) echo nodejs npm ;;
        java) echo default-jre-headless ;;
        *) echo "$1" ;;
    esac
}

missing= needed=
for wanted in "$@"; do
    has "$wanted" && continue
    missing="$missing $(packages "$wanted")"
    will_do "$wanted" || needed="$needed $(packages "$wanted")"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    [ -z "$needed" ] && exit 0
    echo "Il manque à cette machine :$needed. Lancez : sudo apt-get install -y --no-install-recommends$needed" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
patience="-o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15"
install() {
    # shellcheck disable=SC2086 # a list of names
    apt-get $patience install -y -qq --no-install-recommends $missing >/dev/null 2>&1
}
# shellcheck disable=SC2086 # options
install || { apt-get $patience update -qq >/dev/null 2>&1 && install; } || [ -z "$needed" ] || {
    echo "Impossible d'installer :$needed (apt-get update, puis apt-get install, en disent la raison)." >&2
    exit 1
}
