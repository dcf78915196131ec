#!/usr/bin/env bash
# Why: a PostgreSQL of this checkout's own, so that a newcomer, the tests and the demo need no database server, no password and
# no administrator, and never touch a database that was there already.
#
#   deploy/postgres.sh start [DIR]     start the cluster; make it first when it is not there (DIR: .meldboek in the checkout)
#   deploy/postgres.sh stop [DIR]      stop it; the data stay
#   deploy/postgres.sh status [DIR]    0 when it runs, 3 when it does not
#   deploy/postgres.sh url [DIR]       what to put in DATABASE_URL (through the socket, no password)
#   deploy/postgres.sh key-url [DIR]   what to put in MELDBOEK_SLEUTELDATABASE: the database of the keys, beside it
#   deploy/postgres.sh tcp-url [DIR]   the first over 127.0.0.1, with the password; for tools that know no sockets
#   deploy/postgres.sh data [DIR]      the data directory
#   deploy/postgres.sh reset [DIR]     throw the database away and make an empty one; the cluster must run
#   deploy/postgres.sh remove [DIR]    stop it and delete everything
#
# MELDBOEK_PG_FAST=1 turns flushing to disk off. Only for tests of logic: what is acknowledged may then be lost with the power.
#
# Who may come in: on the socket everybody who can reach it, and its directory is closed to all but its owner (and root). On the
# loopback address a random password is asked, because every user of the machine can reach that, and whoever is superuser of a
# database can run commands as its owner.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

readonly oldest=15 database=meldboek key_database=meldboek_sleutels

main() {
    action=${1:-}
    dir=${2:-$root/.meldboek}
    [[ $dir == /* ]] || dir=$PWD/$dir
    case $action in
        start) start ;;
        stop | status | url | key-url | tcp-url | data | reset | remove)
            known
            "${action//-/_}"
            ;;
        *) sed -n '5,14s/^# \{0,3\}//p' "$0" >&2 && exit 2 ;;
    esac
}

# Ending what never existed is no mistake; asking after it is.
known() {
    if [[ -d $dir/private/data || -s $dir/location ]]; then
        settle
    elif [[ $action == stop || $action == remove ]]; then
        exit 0
    else
        zeg "Er is geen database in $dir; maak die met: $0 start $dir"
        exit 3
    fi
}

settle() {
    local wanted=''
    # First the packages: they bring the user that will own the cluster.
    [[ -n $(newest_postgres '') ]] || install_postgres
    home=$(private_home "$dir")
    data=$home/data
    log=$home/postgres.log
    choose_runner "$home"
    # A cluster can only be opened by the major version that made it.
    [[ ! -r $data/PG_VERSION ]] || wanted=$(<"$data/PG_VERSION")
    bin=$(newest_postgres "$wanted")
    [[ -n $bin ]] || stop_met "PostgreSQL ${wanted:-$oldest of hoger} is niet gevonden. Installeer het, of zet DATABASE_URL.
(PostgreSQL ${wanted:-$oldest or later} was not found. Install it, or set DATABASE_URL to a server of your own.)"
    # Whoever runs the cluster may not be allowed to stand where we stand.
    cd /
}

# Prints the directory with the newest programs of the wanted major version, or of any that is new enough.
newest_postgres() {
    local place version best=0 best_place=''
    for place in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
        "$(dirname "$(command -v initdb || echo /nowhere/initdb)")"; do
        [[ -x $place/initdb && -x $place/pg_ctl && -x $place/postgres ]] || continue
        version=$("$place/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
        if ((version >= oldest && version > best)) && [[ -z $1 || $version == "$1" ]]; then
            best=$version best_place=$place
        fi
    done
    echo "$best_place"
}

install_postgres() {
    local before=no version
    command -v pg_lsclusters >/dev/null 2>&1 && before=yes
    install_packages postgresql
    # Debian starts a cluster `main` for everybody who installs the package. We did not come for that, so it goes again:
    # only when this script brought the package in, and only while it is as empty as it was delivered.
    if [[ $before == no ]] && is_root && command -v pg_lsclusters >/dev/null 2>&1; then
        version=$(pg_lsclusters --no-header | awk '$2 == "main" { print $1; exit }')
        [[ -z $version ]] || pg_dropcluster --stop "$version" main >&2 || true
    fi
}

start() {
    settle
    if running; then
        zeg "PostgreSQL draait al op poort $(<"$home/port") ($data)."
        return
    fi
    [[ -r $data/PG_VERSION && -f $home/complete ]] || create
    local attempt
    for attempt in 1 2 3 4 5 6; do
        configure
        # Not through a pipe: the server would hold it open for as long as it lives.
        if control start -w -t 60 -l "$log" >/dev/null 2>&1; then
            ensure_database
            zeg "PostgreSQL draait op poort $(<"$home/port") ($data)."
            return
        fi
        case $(tail -n 5 "$log") in
            *'Address already in use'*) rm -f "$home/port" ;;
            # What a killed server left behind needs a moment to notice that it is alone.
            *'shared memory block'* | *'lock file'*) sleep 1 ;;
            *) break ;;
        esac
        zeg "PostgreSQL start nog niet (poging $attempt); opnieuw."
    done
    tail -n 20 "$log" >&2 || true
    stop_met "PostgreSQL start niet; hierboven het einde van $log"
}

# A process that exists need not answer: it may be starting, or be dead and not yet buried. Only an answer counts.
running() {
    local waited
    for waited in {1..120}; do
        control status >/dev/null 2>&1 || return 1
        ! "$bin/pg_isready" -q -h "$home/socket" -p "$(<"$home/port")" || return 0
        sleep 0.5
    done
    stop_met "PostgreSQL in $data bestaat wel, maar antwoordt na $((waited / 2)) seconden niet (zie $log)"
}

control() { "${runner[@]}" "$bin/pg_ctl" -D "$data" -s "$@"; }

create() {
    local locale=C.UTF-8 quick=()
    # Sorting by code point in UTF-8: the same on every machine, and no index breaks when the system library is upgraded.
    locale -a 2>/dev/null | grep -qiE '^C\.utf-?8$' || locale=C
    [[ ${MELDBOEK_PG_FAST:-} != 1 ]] || quick=(--no-sync)
    # An earlier attempt that broke off leaves a directory that initdb refuses.
    rm -rf "$data"
    # shellcheck disable=SC2016  # to be filled in by that shell
    "${runner[@]}" sh -c 'umask 077; head -c 24 /dev/urandom | base64 | tr -d "/+=\n" >"$1"' sh "$home/password"
    "${runner[@]}" "$bin/initdb" -D "$data" -U postgres --encoding=UTF8 --locale="$locale" --data-checksums \
        --auth-local=trust --auth-host=scram-sha-256 --pwfile="$home/password" "${quick[@]+"${quick[@]}"}" >"$home/initdb.log" 2>&1 ||
        { tail -n 20 "$home/initdb.log" >&2 && stop_met "initdb is mislukt ($home/initdb.log)"; }
    as_owner "$data/postgresql.conf" "include 'meldboek.conf'" append
    as_owner "$data/pg_hba.conf" $'local all all trust\nlocal replication all trust\nhost all all 127.0.0.1/32 scram-sha-256'
    : >"$home/complete"
}

# Writes a file as the user that owns the cluster, so that nothing in it ever belongs to root.
as_owner() {
    local file=$1 text=$2 way=${3:-replace}
    if [[ $way == append ]]; then
        printf '%s\n' "$text" | "${runner[@]}" tee -a "$file" >/dev/null
    else
        printf '%s\n' "$text" | "${runner[@]}" tee "$file" >/dev/null
    fi
}

# Told again at every start: the port may have been taken, and a checkout may have been moved.
configure() {
    local flush=on
    [[ ${MELDBOEK_PG_FAST:-} != 1 ]] || flush=off
    "${runner[@]}" mkdir -p -m 0700 "$home/socket"
    choose_port
    as_owner "$data/meldboek.conf" "# Written by deploy/postgres.sh at every start; changes here are lost.
listen_addresses = '127.0.0.1'
port = $(<"$home/port")
unix_socket_directories = '$home/socket'
unix_socket_permissions = 0700
# Tests run side by side, each with a database and a pool of its own.
max_connections = 300
fsync = $flush
full_page_writes = $flush
password_encryption = scram-sha-256
# A statement or a DETAIL line can hold what somebody told about a family; a log may not.
log_min_error_statement = panic
log_error_verbosity = terse
log_timezone = UTC
timezone = UTC"
}

choose_port() {
    local port
    if [[ -f $home/port ]] && ! listens 127.0.0.1 "$(<"$home/port")"; then
        return
    fi
    # Below the range from which Linux draws ports for outgoing connections.
    while port=$((20000 + RANDOM % 12000)); listens 127.0.0.1 "$port"; do :; done
    as_owner "$home/port" "$port"
}

ensure_database() {
    local name
    for name in "$database" "$key_database"; do
        [[ $(sql postgres "select count(*) from pg_database where datname = '$name'") == 1 ]] ||
            sql postgres "create database $name"
    done
}

sql() {
    "${runner[@]}" "$bin/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h "$home/socket" -p "$(<"$home/port")" -U postgres -d "$1" -c "$2"
}

stop() {
    if running; then
        control stop -w -t 60 -m fast >/dev/null || control stop -w -t 30 -m immediate >/dev/null
        zeg "PostgreSQL is gestopt ($data)."
    fi
}

status() {
    if running; then
        echo "draait op poort $(<"$home/port") ($data)"
    else
        echo "draait niet ($data)"
        exit 3
    fi
}

# The only character of an allowed path that means something else in an address is the space, and the plus.
url() { through_the_socket "$database"; }

key_url() { through_the_socket "$key_database"; }

through_the_socket() {
    local socket=$home/socket
    socket=${socket// /%20}
    echo "postgres://postgres@localhost:$(<"$home/port")/$1?host=${socket//+/%2B}"
}

tcp_url() { echo "postgres://postgres:$(<"$home/password")@127.0.0.1:$(<"$home/port")/$database"; }

data() { echo "$data"; }

reset() {
    running || stop_met "de database draait niet; start haar eerst: $0 start $dir"
    sql postgres "drop database if exists $database with (force)"
    sql postgres "drop database if exists $key_database with (force)"
    ensure_database
}

remove() {
    stop
    rm -rf "$home" "$dir/location"
    rmdir "$dir" 2>/dev/null || true
}

main "$@"
