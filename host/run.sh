#!/usr/bin/env bash
# Installs alembic-checks into an environment of its own, and runs it on the workspace with the job's Python.
set -euo pipefail

workspace=$PWD
action=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
lock=$action/requirements.lock
home=${RUNNER_TEMP:-/tmp}/alembic-checks-$(cksum <"$lock" | cut -d ' ' -f 1)

# The first Python that can run this program: 3.11 or later, with venv and pip.
find_python() {
    local name
    for name in python3 python python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$name" -I -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

# No command below sees the workspace: a pull request can put a uv.toml or a folder `pip` into it.
install() {
    cd "$action"
    rm -rf "$home"
    local uv=() python
    if command -v uv >/dev/null; then
        uv=(uv)
    elif python=$(find_python); then
        "$python" -I -m venv "$home"
        "$home/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$lock"
    elif command -v pipx >/dev/null; then
        uv=(pipx run uv)
    else
        echo "alembic-checks needs uv, pipx, or Python 3.11 or later with venv. Add actions/setup-python or" \
            "astral-sh/setup-uv before this step." >&2
        exit 2
    fi
    if [ "${#uv[@]}" -gt 0 ]; then
        "${uv[@]}" --no-config --quiet venv --no-project --python '>=3.11,<3.15' "$home"
        "${uv[@]}" --no-config --quiet pip install --python "$home/bin/python" --no-deps --require-hashes -r "$lock"
    fi
    touch "$home/.complete"
    cd "$workspace"
}

if [ ! -e "$home/.complete" ]; then
    install
fi
# The value of a setting: of its input, else of its line of the input options. Variables of inputs have dashes in their
# names, so only other programs can read them.
setting() {
    local value line name
    value=$(printenv "INPUT_$1" || true)
    while [ -z "$value" ] && IFS= read -r line; do
        name=$(tr -d '[:space:]' <<<"${line%%=*}" | tr '[:lower:]' '[:upper:]')
        if [ "$name" = "$1" ] && [ "$line" != "${line#*=}" ]; then
            value=$(tr -d '\r' <<<"${line#*=}" | sed 's/^[[:space:]]*//; s/[[:space:]]*$//')
        fi
    done <<<"$(printenv INPUT_OPTIONS || true)"
    printf '%s' "$value"
}

given() {
    local name
    for name; do
        if [ -n "$(setting "$name")" ]; then
            return 0
        fi
    done
    return 1
}

# An earlier step has the project's dependencies: in .venv or venv, else in the job's Python. A stored run needs none.
project=$(setting WORKING-DIRECTORY)
project=${project:-$(setting PATH)}
install=$(setting INSTALL | tr '[:upper:]' '[:lower:]')
if [ "${install:-none}" = none ] && ! given PYTHON MERGE-REPORTS POST-REPORT RECORDING &&
    [ ! -d "${project:-.}/.venv" ] && [ ! -d "${project:-.}/venv" ]; then
    INPUT_PYTHON=$(command -v python || command -v python3 || true)
    export INPUT_PYTHON
fi
exec "$home/bin/python" -Es "$action/entrypoint.py"
