#!/usr/bin/env bash
# Why: what is published of the interface must be what runs. Schemathesis reads /v1/openapi.json of a running server and sends what follows from it,
# and what does not: every route, as every role, with right, wrong and missing values. An answer of 500 and up, or one with a status, a
# content type, a header or a shape that is not published, is a failure.
#
#   tests/schemathesis.sh              a short run, each time the same, as every change is judged: every route, as who may do most
#   tests/schemathesis.sh --lang       every role, many more examples and chains of requests; an hour or more
#   tests/schemathesis.sh --rol casus  a long run as one role
#
# On a private cluster in .meldboek, removed at the end. What failed stands at the end, with a curl command that repeats it.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

readonly cluster=$root/.meldboek/schemathesis-$$ tools=$root/.meldboek/schemathesis
# Between them they may do something on every route; the short run needs no more.
readonly short=(casus manager) all=(intake casus telefonie manager analist politie privacy auditor beheer)
# How many requests are made up per route in a long run.
examples=${MELDBOEK_VOORBEELDEN:-150}
way=kort roles=() server='' step='' failed=()

main() {
    case "${1:-} ${2:-}" in
        ' ') roles=("${short[@]}") ;;
        '--lang ') way=lang roles=("${all[@]}") ;;
        '--rol '?*) way=lang roles=("$2") ;;
        *) sed -n '6,8s/^# \{0,3\}//p' "$0" >&2 && exit 2 ;;
    esac
    at_the_end finish
    prepare
    serve
    local role
    for role in "${roles[@]}"; do
        step="als $role"
        zeg "── schemathesis als $role ($way)"
        ask "$role" || failed+=("$role")
    done
    step=oordeel
    [[ ${#failed[@]} -eq 0 ]] || stop_met "de interface is niet wat er gepubliceerd staat, als: ${failed[*]}"
    alive
}

prepare() {
    step=voorbereiden
    need curl=curl python3=python3
    need_cargo
    tool
    (cd "$root" && cargo build --locked -p server)
    local built
    built=$(cd "$root" && cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')/debug
    MELDBOEK_PG_FAST=1 "$root/deploy/postgres.sh" start "$cluster"
    home=$(private_home "$cluster")
    choose_runner "$home"
    # The user that will run it may not be allowed to come where it was built.
    install -m 0755 "$built/meldboek" "$home/"
    binary=$home/meldboek
    DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
    # One token asks everything, also as a machine, and as fast as it can.
    export MELDBOEK_EENMALIG=geen MELDBOEK_PER_ADRES=0 MELDBOEK_PER_ACCOUNT=0
    MELDBOEK_SLEUTELDATABASE=$("$root/deploy/postgres.sh" key-url "$cluster")
    export DATABASE_URL MELDBOEK_SLEUTELDATABASE MELDBOEK_DEMO=true MELDBOEK_SLEUTELBESTAND=$home/sleutels
    local port
    while port=$((20000 + RANDOM % 12000)); listens 127.0.0.1 "$port"; do :; done
    address=127.0.0.1:$port
    export MELDBOEK_ADRES=$address
    meldboek migrate
}

# Every package of it by its version, in a place of its own; made once.
tool() {
    local wanted=$root/tests/schemathesis.txt
    ! cmp -s "$wanted" "$tools/made-of" || return 0
    zeg "Schemathesis installeren in $tools"
    rm -rf "$tools"
    python3 -m venv "$tools" 2>/dev/null || { install_packages python3-venv && python3 -m venv --clear "$tools"; }
    "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --requirement "$wanted"
    cp "$wanted" "$tools/made-of"
}

meldboek() { (cd "$home" && "${runner[@]}" "$binary" "$@"); }

serve() {
    local waited
    cd "$home"
    # Not through the function: `$!` must be the server itself, or something else is ended.
    "${runner[@]}" "$binary" serve >>"$home/server.log" 2>&1 &
    server=$!
    cd "$OLDPWD"
    for waited in {1..240}; do
        kill -0 "$server" 2>/dev/null || stop_met "De server stopte uit zichzelf."
        ! curl -s -f -o /dev/null "http://$address/health/ready" || return 0
        sleep 0.25
    done
    stop_met "De server is na $((waited / 4)) seconden niet gereed."
}

alive() {
    curl -s -f -o /dev/null "http://$address/health/ready" || stop_met "de server is niet meer gereed"
}

# One worker: two threads of Python go no faster, and before 3.11.8 trip over each other while they read their own source
# ("AST constructor recursion depth mismatch", python/cpython#106905).
#
# Not asked: that everything which fits the schema is taken. The rules of the law refuse more than a schema can say (a code that is
# not valid on that day, a moment that is to come), and say so with 400.
ask() {
    local role=$1 areas=() how=()
    [[ $role != analist ]] || areas=(--gebied 0106)
    case $way in
        kort)
            how=(--max-examples 2 --generation-deterministic --no-shrink)
            if [[ $role == casus ]]; then
                how+=(--phases "examples,coverage,fuzzing")
            else
                # What a case worker may do was asked as a case worker.
                how+=(--phases "examples,coverage" --include-path-regex '^/(trendrapporten|statistieken)')
            fi
            ;;
        lang) how=(--phases "examples,coverage,fuzzing,stateful" --max-examples "$examples" --continue-on-failure) ;;
    esac
    (
        cd "$home"
        export SCHEMATHESIS_HOOKS=$root/tests/schemathesis_formats.py PYTHONDONTWRITEBYTECODE=1
        "$tools/bin/schemathesis" --config-file "$root/tests/schemathesis.toml" run "http://$address/v1/openapi.json" \
            --header "Authorization: Bearer $(meldboek token --rol "$role" --organisatie VT02 "${areas[@]+"${areas[@]}"}")" \
            "${how[@]}" --workers 1 --no-color </dev/null
    )
}

finish() {
    local status=$?
    tidy_in_peace
    [[ -z $server ]] || { kill -TERM "$server" 2>/dev/null && wait "$server" 2>/dev/null; }
    [[ $status -eq 0 ]] || {
        zeg "MISLUKT: $step"
        [[ -z ${home:-} || ! -s $home/server.log ]] || { zeg "Fouten in het logboek van de server:" && grep -v '"level":"INFO"' "$home/server.log" | tail -n 20 >&2; }
    }
    "$root/deploy/postgres.sh" remove "$cluster"
    exit "$status"
}

main "$@"
