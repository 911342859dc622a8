# A bare Debian root to try the ways to install and serve in; sourced by the scripts beside it.
# Needs root and debootstrap. What pip needs to reach its registry here (certificates, mirrors,
# constraints) is taken over from the calling environment.
set -euo pipefail
set -m # what is started behind ends as a group; by KILL, as the first process of a root ignores all else

PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ROOTS=${ROOTS:-/var/tmp/hk-metrics-roots}
SUITE=${SUITE:-bookworm}

say() { printf '%s\n' "== $*"; }

# new_root DIR: a root with Python, make and git; the first one takes minutes, others are copies.
new_root() {
    if [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
        echo "a bare root needs root and debootstrap: sudo apt-get install debootstrap" >&2
        exit 2
    fi
    local base=$ROOTS/base-$SUITE
    mkdir -p "$ROOTS"
    if [ ! -e "$base" ]; then
        say "debootstrap --variant=minbase $SUITE (kept in $base for the next time)"
        debootstrap --variant=minbase --include=python3,make,git,ca-certificates \
            "$SUITE" "$base.new" >"$ROOTS/debootstrap.log" 2>&1 ||
            { tail -5 "$ROOTS/debootstrap.log" >&2; exit 1; }
        mv "$base.new" "$base"
    fi
    rm -rf --one-file-system "$1"
    cp -a --reflink=auto "$base" "$1"
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/"
}

# copy_project DIR: what git keeps of this folder, as it stands now, and nothing else.
copy_project() {
    mkdir -p "$1"
    git -C "$PROJECT" ls-files -z --cached --others --exclude-standard |
        (cd "$PROJECT" && while IFS= read -r -d '' name; do
            if [ -e "$name" ] || [ -L "$name" ]; then printf '%s\0' "$name"; fi
        done) | tar -C "$PROJECT" --null --files-from=- -cf - | tar -C "$1" -xf -
}

# some_pip ...: this machine's pip; Debian's Python may have none, the project's has.
some_pip() {
    local python
    for python in python3 "$PROJECT/.venv/bin/python"; do
        if "$python" -m pip --version >/dev/null 2>&1; then "$python" -m pip "$@"; return; fi
    done
}

# pip_settings: pip's settings here as NAME=VALUE lines, whichever file or variable they stand in.
pip_settings() {
    some_pip config list 2>/dev/null | python3 -c '
import ast, sys
found = {}
for line in sys.stdin:
    name, _, value = line.strip().partition("=")
    section, _, key = name.rpartition(".")
    found.setdefault(key, []).append((section == ":env:", ast.literal_eval(value)))
for key, values in found.items():
    print("PIP_" + key.upper().replace("-", "_") + "=" + max(values)[1])'
    echo PIP_ROOT_USER_ACTION=ignore
}

# shared_paths: files and folders of this machine that those settings name.
shared_paths() {
    { pip_settings; echo "${SSL_CERT_FILE:-}"; echo "${NODE_EXTRA_CA_CERTS:-}"; } |
        grep -oE '(^|[= ]|file://)/[^ ]+' |
        # An index in a folder refers to files beside it.
        sed -E 's#^file://(.*)/simple/?$#\1#; s#^([= ]|file://)##' | sort -u |
        while read -r path; do if [ -e "$path" ]; then echo "$path"; fi; done
}

# enter DIR USER COMMAND...: run a command in the root as a user; its mounts end with it.
enter() {
    local root=$1 user=$2
    shift 2
    mapfile -t settings < <(pip_settings)
    mapfile -t shared < <(shared_paths)
    for path in "${shared[@]}"; do
        if [ -d "$path" ]; then mkdir -p "$root$path"; else mkdir -p "$(dirname "$root$path")"; [ -e "$root$path" ] || : >"$root$path"; fi
    done
    local home=/root
    [ "$user" = root ] || home=/home/$user
    SHARED=$(printf '%s\n' "${shared[@]}") unshare --mount --pid --fork --kill-child -- bash -euc '
        root=$1 user=$2; shift 2
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/dev/shm" 2>/dev/null || true
        while read -r path; do
            [ -z "$path" ] || { mount --bind "$path" "$root$path"; mount -o remount,bind,ro "$root$path"; }
        done <<<"$SHARED"
        exec chroot --userspec="$user" "$root" "$@"' enter "$root" "$user" \
        env -i HOME="$home" USER="$user" LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        PATH="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
        ${SSL_CERT_FILE:+SSL_CERT_FILE="$SSL_CERT_FILE"} "${settings[@]}" "$@"
}

# free_port: a port that nothing listens on.
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# answers URL SECONDS PID: wait until an address answers, as long as what serves it lives.
answers() {
    local end=$((SECONDS + $2))
    until python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=3)' "$1" 2>/dev/null; do
        if [ "$SECONDS" -ge "$end" ]; then echo "no answer from $1 within $2 s" >&2; return 1; fi
        if ! kill -0 "$3" 2>/dev/null; then echo "what serves $1 has ended" >&2; return 1; fi
        sleep 0.3
    done
}

# drawn URL: look at the dashboard there in this machine's Chromium.
drawn() {
    (cd "$PROJECT" && "${PYTHON:-.venv/bin/python}" -m recipes.serving.drawn "$1")
}
