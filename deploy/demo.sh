#!/usr/bin/env bash
# Why: one command between a fresh clone and a working register, filled with figures one can recognise, to look at and to try.
#
#   deploy/demo.sh           build, fill, serve on 127.0.0.1:8080 until Ctrl-C
#   deploy/demo.sh --once    the same, then log one advice and one melding with elder abuse, show the trend report, and end
#
# MELDBOEK_ADRES=127.0.0.1:8090 chooses another address; DATABASE_URL another database than the private cluster in .meldboek, and
# MELDBOEK_SLEUTELDATABASE another one for the keys of persons.
# Can be repeated: what is there already is not made twice. Everything this script starts, it ends.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

readonly cluster=$root/.meldboek steps=6
export MELDBOEK_ADRES=${MELDBOEK_ADRES:-127.0.0.1:8080} MELDBOEK_DEMO=true
address=$MELDBOEK_ADRES
step='' number=0 log='' server='' own_cluster=no

main() {
    case ${1:-} in
        '' | --once) ;;
        *) sed -n '4,9s/^# \{0,3\}//p' "$0" >&2 && exit 2 ;;
    esac
    at_the_end finish
    look_around
    start_database
    build
    migrate
    simulate
    serve
    tokens
    if [[ ${1:-} == --once ]]; then
        source "$root/deploy/demo-once.sh"
        once
    else
        explain
        wait_for_end
    fi
}

stap() {
    number=$((number + 1)) step=$* log=''
    zeg "[$number/$steps] $step"
}

# Before minutes of building: what would make the end fail.
look_around() {
    step='vooraf kijken of alles er is'
    need curl=curl
    need_cargo
    mkdir -p "$cluster"
    # Two demos would fill, or empty, one database at the same time. (Without flock the port, below, must do.)
    exec 9>"$cluster/demo.lock"
    ! command -v flock >/dev/null 2>&1 || flock -n 9 || stop_met "In deze checkout draait al een demo."
    if listens "${address%:*}" "${address##*:}"; then
        stop_met "Poort ${address##*:} is al bezet; draait de demo misschien nog in een ander venster?
Kies anders een andere poort:  MELDBOEK_ADRES=127.0.0.1:8090 $0"
    fi
}

start_database() {
    private=no
    if [[ -n ${DATABASE_URL:-} ]]; then
        stap "Database: de uwe (DATABASE_URL)"
    else
        stap "Database: PostgreSQL starten in .meldboek"
        private=yes
        if ! "$root/deploy/postgres.sh" status "$cluster" >/dev/null 2>&1; then
            # Said before it is done: also a start that is broken off halfway must be ended.
            own_cluster=yes
            # Without the lock: the database may live longer than this script.
            "$root/deploy/postgres.sh" start "$cluster" 9>&-
        else
            zeg "      draait al; de demo laat deze straks ook draaien"
        fi
        DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
        export DATABASE_URL
    fi
    key_database
    home=$(private_home "$cluster")
    choose_runner "$home"
    export MELDBOEK_SLEUTELBESTAND=$home/sleutels
    export MELDBOEK_ONDERTEKENSLEUTEL=$home/ondertekensleutel MELDBOEK_STANDEN=$home/standen
    # Stands there while a simulation runs; per database, for the private one is not the only one.
    marker=$home/simulating-$(cksum <<<"${private/no/$DATABASE_URL}" | cut -d' ' -f1)
}

# The keys of persons stand in a database of their own; beside a database of yours it is made when there is none.
key_database() {
    local address=${DATABASE_URL%%\?*} options=''
    [[ $DATABASE_URL != *\?* ]] || options="?${DATABASE_URL#*\?}"
    export MELDBOEK_SLEUTELDATABASE=${MELDBOEK_SLEUTELDATABASE:-${address}_sleutels$options}
}

build() {
    stap "Programma bouwen (de eerste keer enkele minuten)"
    (cd "$root" && cargo build --release --locked -p server)
    binary=$(cd "$root" && cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/release/meldboek
    if is_root; then
        # The user that will run it may not be allowed to come where it was built.
        install -m 0755 "$binary" "$home/meldboek"
        binary=$home/meldboek
    fi
}

# Every command runs as the user that serves: the key file it makes is for that user alone.
meldboek() { (cd "$home" && "${runner[@]}" "$binary" "$@"); }

migrate() {
    stap "Tabellen aanmaken of bijwerken"
    if [[ -f $marker ]]; then
        [[ $private == yes ]] || stop_met "Een vorige simulatie in uw database is afgebroken. Maak een lege database en verwijder $marker"
        zeg "      een vorige simulatie is afgebroken; we beginnen met een lege database"
        "$root/deploy/postgres.sh" reset "$cluster"
        # Heads of a log that is no more would stand in the way of the next.
        rm -rf "$home/standen"
        rm -f "$marker"
    fi
    logged "$home/migrate.log" meldboek migrate
}

# Keeps the output of a quiet step, to be shown when it fails.
logged() {
    local status=0
    log=$1
    shift
    # Failing here and now would send the explanation into the log as well.
    "$@" >"$log" 2>&1 || status=$?
    return "$status"
}

simulate() {
    local events
    stap "Simuleren: Drenthe zoals gepubliceerd over 2023, en een klein land over 2021-2023"
    events=$(count_events)
    if [[ $events != 0 ]]; then
        zeg "      overgeslagen: er staan al gebeurtenissen in de database ($events)"
        return
    fi
    : >"$marker"
    meldboek simulate --gepubliceerd 2023 --regio Drenthe
    meldboek simulate --jaren 2021-2023 --schaal 0.004 --seed 42 --behalve VT02
    rm -f "$marker"
}

count_events() {
    need psql=postgresql-client
    (cd "$home" && "${runner[@]}" psql -X -q -A -t -d "$DATABASE_URL" -c 'select count(*) from event')
}

serve() {
    local waited
    stap "Starten op http://$address"
    log=$home/server.log
    cd "$home"
    # Not through the function: `$!` must be the server itself, or there is nothing to end.
    "${runner[@]}" "$binary" serve >"$log" 2>&1 9>&- &
    server=$!
    cd "$OLDPWD"
    for waited in {1..120}; do
        kill -0 "$server" 2>/dev/null || stop_met "De server stopte tijdens het starten."
        ! curl -s -f -o /dev/null "http://$address/health/ready" || return 0
        sleep 0.25
    done
    stop_met "De server is na $((waited / 4)) seconden nog niet gereed."
}

tokens() {
    intake=$(meldboek token --rol intake --organisatie VT02)
    manager=$(meldboek token --rol manager --organisatie VT02)
    analist=$(meldboek token --rol analist --organisatie VT02 --gebied 0106)
}

explain() {
    stap "Klaar. Proberen: plak dit in een andere terminal"
    cat <<EOF

API=http://$address
INTAKE='$intake'
MANAGER='$manager'
ANALIST='$analist'

# een advies vastleggen
curl -sS -X PUT "\$API/v1/adviezen/\$(cat /proc/sys/kernel/random/uuid)" -H "Authorization: Bearer \$INTAKE" -H 'Content-Type: application/json' -d '$(advice_body)'

# wat wacht op een veiligheidsbeoordeling, meest dringend eerst
curl -sS "\$API/v1/werklijst" -H "Authorization: Bearer \$INTAKE"

# de trendrapportage van Drenthe over 2023, om te bekijken en af te drukken: open trend.html
curl -sS "\$API/v1/trendrapporten/2023?formaat=html" -H "Authorization: Bearer \$MANAGER" -o trend.html

# dezelfde cijfers als gegevens
curl -sS "\$API/v1/trendrapporten/2023?formaat=csv" -H "Authorization: Bearer \$MANAGER"

# wat een gemeente (Assen) mag zien
curl -sS "\$API/v1/statistieken" -H "Authorization: Bearer \$ANALIST"

Openen in de browser:  http://$address/v1/openapi.json   (beschrijving van de API)
Logboek van de server: $home/server.log
Stoppen: Ctrl-C
EOF
}

advice_body() {
    printf '{"gestartOp":"%s","kanaal":"landelijk-nummer","hoedanigheid":"buurtbewoner","organisatie":"niet-van-toepassing","gemeente":"0106","vormen":["ouderenmishandeling"],"aard":["financiele-uitbuiting"]}' \
        "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}

# Ctrl-C is how the demo is meant to end, so it is no failure.
wait_for_end() {
    trap 'ended=yes' INT TERM HUP
    local status=0
    ended=no
    wait "$server" || status=$?
    [[ $ended == yes ]] || stop_met "De server is uit zichzelf gestopt (afsluitcode $status)."
    zeg ''
}

finish() {
    local status=$?
    tidy_in_peace
    case $status in
        0) ;;
        129 | 130 | 141 | 143) zeg '' && zeg "Afgebroken tijdens: $step" ;;
        *)
            zeg "Mislukt bij: $step (afsluitcode $status)"
            [[ -z $log || ! -s $log ]] || { zeg "Laatste regels van $log:" && tail -n 20 "$log" >&2; }
            ;;
    esac
    stop_server
    [[ $own_cluster == no ]] || "$root/deploy/postgres.sh" stop "$cluster"
    exit "$status"
}

# Asks, and waits as long as a server needs to finish what it accepted; only then insists.
stop_server() {
    local waited
    [[ -n $server ]] || return 0
    kill -TERM "$server" 2>/dev/null
    for waited in {1..120}; do
        kill -0 "$server" 2>/dev/null || break
        [[ $waited -lt 120 ]] || kill -KILL "$server" 2>/dev/null
        sleep 0.25
    done
    wait "$server" 2>/dev/null
    zeg "De server is gestopt."
}

main "$@"
