#!/usr/bin/env bash
# Why: what was acknowledged must survive. Under write load over HTTP the server, or PostgreSQL, is killed at a random moment
# (kill -9, all its processes), started again, and asked for everything: what was acknowledged is there, every write is stored exactly once,
# the chain is unbroken and still the one that was seen before, and the read models are what the log tells. And whatever was shown before
# the kill, its look is recorded.
#
#   tests/crash.sh                          50 rounds with the server and 50 with PostgreSQL: ten minutes to half an hour
#   tests/crash.sh --rounds 3               fewer, as every change is judged
#   tests/crash.sh --only server|postgres   one of both
#
# On a private cluster that flushes to disk, in .meldboek; it is removed at the end, and kept when something was wrong.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

readonly cluster=$root/.meldboek/crash-$$
rounds=50 only='' server='' load='' step='' stands=()
answered=0 unanswered=0 shown=0

main() {
    arguments "$@"
    need curl=curl psql=postgresql-client pgrep=procps
    need_cargo
    at_the_end finish
    prepare
    serve
    token=$(meldboek token --rol intake --organisatie VT02)
    local victim
    for victim in server postgres; do
        [[ -z $only || $only == "$victim" ]] || continue
        for ((round = 1; round <= rounds; round++)); do
            one_round "$victim"
        done
    done
    zeg "Gelukt: $answered schrijfopdrachten bevestigd en aanwezig, $unanswered waren onbeantwoord en staan er één keer; $shown keer iets getoond, en elke keer vastgelegd."
}

arguments() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --rounds) rounds=${2:-} ;;
            --only) only=${2:-} ;;
            *) usage ;;
        esac
        [[ $# -ge 2 ]] || usage
        shift 2
    done
    [[ $rounds =~ ^[1-9][0-9]*$ && $only =~ ^(server|postgres)?$ ]] || usage
}

usage() {
    sed -n '6,9s/^# \{0,3\}//p' "$0" >&2
    exit 2
}

prepare() {
    step='voorbereiden'
    (cd "$root" && cargo build --locked -p server -p tests --bins)
    local built
    built=$(cd "$root" && cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug
    unset MELDBOEK_PG_FAST
    "$root/deploy/postgres.sh" start "$cluster"
    home=$(private_home "$cluster")
    choose_runner "$home"
    # The user that will run them may not be allowed to come where they were built.
    install -m 0755 "$built/meldboek" "$built/crash-load" "$home/"
    binary=$home/meldboek
    DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
    data=$("$root/deploy/postgres.sh" data "$cluster")
    MELDBOEK_SLEUTELDATABASE=$("$root/deploy/postgres.sh" key-url "$cluster")
    export DATABASE_URL MELDBOEK_SLEUTELDATABASE MELDBOEK_DEMO=true MELDBOEK_PER_ADRES=0 MELDBOEK_PER_ACCOUNT=0 MELDBOEK_SLEUTELBESTAND=$home/sleutels
    free_port
    meldboek migrate
}

free_port() {
    local port
    while port=$((20000 + RANDOM % 12000)); listens 127.0.0.1 "$port"; do :; done
    address=127.0.0.1:$port
    export MELDBOEK_ADRES=$address
}

meldboek() { (cd "$home" && "${runner[@]}" "$binary" "$@"); }

serve() {
    cd "$home"
    # Not through the function: `$!` must be the server itself, or something else is killed.
    "${runner[@]}" "$binary" serve >>"$home/server.log" 2>&1 &
    server=$!
    cd "$OLDPWD"
    ready
}

ready() {
    local waited
    for waited in {1..240}; do
        kill -0 "$server" 2>/dev/null || stop_met "De server stopte uit zichzelf."
        ! curl -s -f -o /dev/null "http://$address/health/ready" || return 0
        sleep 0.25
    done
    stop_met "De server is na $((waited / 4)) seconden niet gereed."
}

one_round() {
    local victim=$1 written=$home/written said
    step="ronde $round van $rounds ($victim)"
    "$home/crash-load" schrijf "$address" "$token" "$$-$victim-$round" "$written" &
    load=$!
    # Anywhere between the first write and many batches later.
    sleep "$((RANDOM % 2)).$(printf '%03d' $((50 + RANDOM % 950)))"
    "kill_$victim"
    wait "$load" || stop_met "de schrijvers werden geweigerd in plaats van onderbroken"
    load=''
    "back_$victim"
    ready
    said=$("$home/crash-load" vraag "$address" "$token" "$written") || stop_met "niet alles wat bevestigd was, is er nog"
    cat "$written" >>"$home/all-written"
    answered=$((answered + $(grep -c '^beantwoord' "$written" || true)))
    unanswered=$((unanswered + $(grep -c '^onbeantwoord' "$written" || true)))
    stored_once
    looked
    unbroken
    told_the_same
    zeg "$step: $said"
}

kill_server() {
    kill -KILL "$server"
    # The shell would tell of the death of its child.
    wait "$server" 2>/dev/null || true
}

back_server() { serve; }

# The postmaster and every process it started, at once: none may finish what another began.
kill_postgres() {
    local postmaster
    postmaster=$(head -n 1 "$data/postmaster.pid")
    local processes=("$postmaster")
    mapfile -t -O 1 processes < <(pgrep -P "$postmaster")
    # One that ended by itself in between is no reason to stop.
    kill -KILL "${processes[@]}" 2>/dev/null || true
    while kill -0 "$postmaster" 2>/dev/null; do sleep 0.05; done
}

back_postgres() { "$root/deploy/postgres.sh" start "$cluster" 2>>"$home/postgres-start.log"; }

# Every write there ever was, once: as many events as numbers, and no event that nobody wrote.
stored_once() {
    local stored written
    stored=$(psql -X -q -A -t -d "$DATABASE_URL" -c \
        "select count(*) || ' ' || count(distinct (stream, stream_id)) from event where stream in ('contact', 'melding')")
    written=$(cut -d' ' -f2 "$home/all-written" | sort -u | wc -l)
    [[ $stored == "$written $written" ]] || stop_met "$written opdrachten, maar vastgelegd (gebeurtenissen, stromen): $stored"
}

# What was shown was recorded before: there is no answer without its look.
looked() {
    local missing
    missing=$(psql -X -q -A -t -d "$DATABASE_URL" <<<"create temp table gezien (id text);
        \\copy gezien from '$home/written.gezien'
        select count(*) from (select id from gezien except select body -> 'trace' ->> 'id' from event where stream = 'look') as missing")
    [[ $missing == 0 ]] || stop_met "$missing keer iets getoond waarvan geen raadpleging is vastgelegd"
    shown=$((shown + $(wc -l <"$home/written.gezien")))
}

# The chain, also against the head of the round before: nothing that was seen was written again.
unbroken() {
    local said
    said=$(meldboek verify "${stands[@]}" 2>&1) || stop_met "het logboek is niet heel: $said"
    mapfile -t stands < <(sed -n 's/^ *stand /--stand=/p' <<<"$said")
    ((${#stands[@]} > 0)) || stop_met "verify noemde geen stand: $said"
}

told_the_same() {
    local said
    said=$(meldboek rebuild 2>&1) || stop_met "een leesmodel is niet wat het logboek vertelt: $said"
    [[ $(grep -c gelijk <<<"$said") -ge 2 ]] || stop_met "rebuild vergeleek niet: $said"
}

finish() {
    local status=$?
    tidy_in_peace
    [[ -z $load ]] || kill -KILL "$load" 2>/dev/null
    [[ -z $server ]] || { kill -KILL "$server" 2>/dev/null && wait "$server" 2>/dev/null; }
    case $status in
        0 | 129 | 130 | 141 | 143) "$root/deploy/postgres.sh" remove "$cluster" ;;
        *)
            zeg "MISLUKT in: $step"
            "$root/deploy/postgres.sh" stop "$cluster"
            zeg "Bewaard om te onderzoeken: $cluster (logboek van de server: ${home:-$cluster}/server.log)"
            ;;
    esac
    exit "$status"
}

main "$@"
