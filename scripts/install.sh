#!/bin/sh
# Make .venv with exactly the pinned packages, on a Python that has or lacks ensurepip, as root or as anybody.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

python=
for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    say "Python 3.11 ou plus récent est nécessaire : sudo apt-get install -y python3 python3-venv"
    exit 1
fi

# The pinned uv, with its hashes.
pinned_uv() { awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements/dev.txt; }

environment_works() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! environment_works; then
    rm -rf .venv
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    elif command -v uv >/dev/null; then
        uv venv --quiet --python "$python" .venv
    elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        sh scripts/system.sh python3-venv
        "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --without-pip .venv
    else
        say "Il manque à $python le module ensurepip : sudo apt-get install -y python3-venv"
        exit 1
    fi
fi

if [ -x .venv/bin/uv ]; then
    uv=.venv/bin/uv
elif .venv/bin/python -m pip --version >/dev/null 2>&1; then
    pinned_uv > .venv/uv.txt
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
    uv=.venv/bin/uv
elif command -v uv >/dev/null; then
    uv=uv
else
    pinned_uv > .venv/uv.txt
    "$python" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt
    uv=.venv/bin/uv
fi

"$uv" pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
