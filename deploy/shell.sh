# shellcheck shell=bash
# Why: what the scripts of this project share, so that each of them reads as its own story: speaking to people, finding or
# installing what is needed, and choosing the unprivileged user and the private directory in which a database may live.
# Sourced, never run. Expects `set -euo pipefail` in the caller.

# A failure inside $(…) is a failure too.
shopt -s inherit_errexit 2>/dev/null || true

# shellcheck disable=SC2034  # read by the scripts that source this file
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

# Nobody listening any more (`… | head`) is no reason to stop halfway.
zeg() { printf '%s\n' "$*" >&2 || true; }

stop_met() {
    printf '\nFOUT: %s\n' "$*" >&2
    exit 1
}

# Runs the command at the end, however the end comes: what a script started, it ends. The command starts with `tidy_in_peace`.
at_the_end() {
    # shellcheck disable=SC2064  # the command is known now
    trap "$1" EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 141' PIPE
    trap 'exit 143' TERM
}

# A second Ctrl-C may not keep a script from tidying up.
tidy_in_peace() {
    trap '' HUP INT PIPE TERM
    set +e
}

is_root() { [[ $(id -u) -eq 0 ]]; }

# Installs Debian packages for the commands that are missing: `need curl=curl psql=postgresql`.
need() {
    local pair packages=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null 2>&1 || packages+=("${pair#*=}")
    done
    [[ ${#packages[@]} -eq 0 ]] || install_packages "${packages[@]}"
}

# For the second verifier of logs (tests/verify.py): the first Python of the path, or that of the system.
need_cryptography() {
    local python
    for python in python3 /usr/bin/python3; do
        ! "$python" -c 'import cryptography' 2>/dev/null || return 0
    done
    install_packages python3 python3-cryptography
}

install_packages() {
    local apt=(apt-get)
    if ! command -v apt-get >/dev/null 2>&1; then
        cannot_install "$@"
    elif ! is_root; then
        # `-n`: a script must not sit waiting for a password nobody is asked for.
        sudo -n true 2>/dev/null || cannot_install "$@"
        apt=(sudo -n DEBIAN_FRONTEND=noninteractive apt-get)
    fi
    zeg "Installeren met apt: $*"
    export DEBIAN_FRONTEND=noninteractive
    # A fresh image has no package lists, and an old one has lists that point to versions that are gone.
    "${apt[@]}" -qq update >&2 || zeg "(apt-get update lukte niet; we proberen het met de bestaande lijsten)"
    "${apt[@]}" -qq install -y --no-install-recommends "$@" >&2 || stop_met "apt kon niet installeren: $*"
}

cannot_install() {
    zeg "Nodig, maar niet aanwezig en hier niet zelf te installeren: $*"
    zeg "  Debian/Ubuntu:  sudo apt-get install $*"
    zeg "  Elders:         installeer dit met de pakketbeheerder van uw systeem"
    zeg "  Een eigen database (PostgreSQL 15 of hoger) kan ook:  DATABASE_URL=postgres://… $0"
    zeg "Needed, but missing, and this script cannot install it here: $*"
    zeg "  Install it with your package manager, or point DATABASE_URL at a PostgreSQL 15 (or later) of your own."
    exit 1
}

# Rust is often installed for the user alone, and not on the path of a non-interactive shell.
need_cargo() {
    export PATH=$PATH:${CARGO_HOME:-$HOME/.cargo}/bin
    command -v cargo >/dev/null 2>&1 || stop_met "cargo ontbreekt; installeer Rust: https://rustup.rs  (cargo is missing; install Rust)"
    need cc=gcc
    [[ -e /usr/include/stdio.h || ! -e /etc/debian_version ]] || install_packages libc6-dev
}

# The user that owns a private cluster and runs the demo's server. PostgreSQL refuses to run as root, and so do we.
run_user() {
    if ! is_root; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

# Sets `runner`: what to put before a command to have it run as that user. `setpriv` and not `runuser`, because it becomes the
# command instead of watching over it: the process id we start is the process id we must end.
# shellcheck disable=SC2034
choose_runner() {
    local home=$1 user
    user=$(run_user)
    if is_root; then
        runner=(setpriv "--reuid=$user" "--regid=$(id -gn "$user")" --init-groups -- env "HOME=$home" "USER=$user")
    else
        runner=(env)
    fi
}

# Prints the directory, owned by `run_user` and closed to others, that belongs to DIR: DIR/private, or, where that user cannot
# come there (a checkout under /root), or a socket path would not fit (108 bytes), a directory of its own that DIR remembers.
private_home() {
    local dir=$1 home user
    user=$(run_user)
    mkdir -p "$dir"
    home=$dir/private
    [[ ! -s $dir/location ]] || home=$(<"$dir/location")
    if [[ -d $home ]]; then
        # Made by another user, or the name was free once and somebody else has it now: neither is ours to open.
        owned_by "$user" "$home" || stop_met "$home is niet van $user. Draai dit als de eigenaar, of verwijder $dir"
        echo "$home"
        return
    fi
    home=$dir/private
    if [[ ! $home =~ ^[A-Za-z0-9\ ._/+@-]{1,80}$ ]] || ! own "$home" "$user"; then
        [[ ! -d $home ]] || rmdir "$home"
        home=$(mktemp -d /var/tmp/meldboek-XXXXXXXX)
        own "$home" "$user" || stop_met "$user kan niet werken in $home"
        printf '%s\n' "$home" >"$dir/location"
        zeg "De database kan niet in $dir staan en komt in $home (onthouden in $dir/location)."
    fi
    echo "$home"
}

owned_by() {
    if is_root; then [[ $(stat -c %U "$2") == "$1" ]]; else [[ -O $2 ]]; fi
}

# Makes a directory that is the user's alone; fails when the user cannot reach it.
own() {
    local home=$1 user=$2
    mkdir -p "$home" && chmod 0700 "$home"
    is_root || return 0
    chown "$user:" "$home"
    (cd / && setpriv "--reuid=$user" "--regid=$(id -gn "$user")" --init-groups -- test -w "$home" 2>/dev/null)
}

# Whether something listens there.
listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }
