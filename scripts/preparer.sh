#!/bin/sh
# Creates .venv from the locks and installs the project in it; does nothing when that is done already.
# preparer.sh        what running needs        (requirements.lock)
# preparer.sh dev    and what testing needs    (dev.lock)
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
TEMOIN=$VENV/.pret
verrou=requirements.lock
# An environment made for tests serves to run as well: it is never cut back.
if [ "${1:-}" = dev ] || grep -qx dev.lock "$TEMOIN" 2>/dev/null; then verrou=dev.lock; fi

empreinte() {
    # What the environment was made from, and where: an environment does not survive a move.
    printf '%s\n' "$verrou" "$(cat construction.lock "$verrou" pyproject.toml | cksum)" "$(pwd)"
}

if [ "$(cat "$TEMOIN" 2>/dev/null)" = "$(empreinte)" ] && "$VENV/bin/python" -c '' 2>/dev/null; then exit 0; fi

# --- A Python that is recent enough, and able to make environments -----------------------------------------------
sans_venv=
choisir_python() {
    for candidat in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python3.14 python; do
        "$candidat" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        if "$candidat" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "$candidat"
            return
        fi
        sans_venv=$candidat
    done
    if [ -n "$sans_venv" ]; then
        version=$("$sans_venv" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python $version est là, mais pas son module « venv »." >&2
        echo "Sur Debian ou Ubuntu : apt-get install python$version-venv, puis relancez la commande." >&2
    else
        echo "Il faut Python 3.11 ou plus récent : aucun n’a été trouvé." >&2
        echo "Installez-le (Debian ou Ubuntu : apt-get install python3 python3-venv), ou donnez son chemin : make run PYTHON=/chemin/vers/python3" >&2
    fi
    exit 1
}

if [ -f "$TEMOIN" ] && [ "$(sed -n 3p "$TEMOIN")" != "$(pwd)" ]; then rm -rf "$VENV"; fi
if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(choisir_python)
    echo "Création de l’environnement $VENV avec $("$python" --version)…"
    rm -rf "$VENV"
    "$python" -m venv "$VENV"
fi
rm -f "$TEMOIN"

# --- The locked packages, then the project itself, which fetches nothing more ------------------------------------
pip() { "$VENV/bin/python" -m pip --quiet --disable-pip-version-check "$@"; }
uv() { "$VENV/bin/uv" --quiet --system-certs pip "$@" --python "$VENV/bin/python"; }

echo "Installation des paquets de $verrou…"
if ! {
    pip install --require-hashes --only-binary :all: -r construction.lock &&
        uv sync --require-hashes construction.lock "$verrou" &&
        uv install --no-deps --no-build-isolation --editable .
}; then
    echo "L’installation rapide (uv) n’a pas réussi : installation par pip, plus lente." >&2
    pip install --require-hashes -r "$verrou"
    pip install --no-deps --editable .
fi
empreinte >"$TEMOIN"
