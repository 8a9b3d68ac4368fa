#!/bin/sh
# See that the machine has what is named: `pango` (PDFs), `chromium` (browser tests), `node` and `java` (measures of the
# pages), or a Debian package.
# What is missing is installed with apt by root; anybody else is told the one line to run.
set -eu

has() {
    case $1 in
        pango) for library in pango-1.0 pangoft2-1.0 harfbuzz-subset; do ldconfig_has "lib$library.so.0" || return 1; done ;;
        chromium) command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ;;
        node) command -v node >/dev/null && command -v npm >/dev/null ;;
        java) command -v java >/dev/null ;;
        *) dpkg -s "$1" >/dev/null 2>&1 ;;
    esac
}

ldconfig_has() {
    PATH="$PATH:/usr/sbin:/sbin" ldconfig -p | grep -qF "$1"
}

packages() {
    case $1 in
        pango) echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
        node) echo nodejs npm ;;
        java) echo default-jre-headless ;;
        *) echo "$1" ;;
    esac
}

missing=
for wanted in "$@"; do
    has "$wanted" || missing="$missing $(packages "$wanted")"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Il manque à cette machine :$missing. Lancez : sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of names
apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 || {
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
