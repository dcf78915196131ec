#!/usr/bin/env bash
# Why: the statements in the code are checked against the real schema when they are compiled, and the answers are kept in `.sqlx`
# so that nobody needs a database to build. This makes those answers again, or tells whether they are still right.
#
#   tests/sqlx.sh            write .sqlx again: after every change of a migration or a statement
#   tests/sqlx.sh --check    fail when .sqlx is not what the schema and the statements give
#
# Without sqlx-cli, whose compilation takes longer than that of this whole project: the macros themselves write a file for every
# statement they check against a database, when SQLX_OFFLINE_DIR is set.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

main() {
    [[ $# -eq 0 || $* == --check ]] || stop_met "gebruik: $0 [--check]"
    need_cargo
    cd "$root"
    cluster=$root/.meldboek/sqlx-$$
    fresh=$cluster/queries
    at_the_end finish
    MELDBOEK_PG_FAST=1 "$root/deploy/postgres.sh" start "$cluster"
    DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
    export DATABASE_URL
    apply_migrations
    ask_the_macros
    if [[ ${1:-} == --check ]]; then
        compare
    else
        replace
    fi
}

finish() {
    tidy_in_peace
    rm -rf "$fresh"
    "$root/deploy/postgres.sh" remove "$cluster"
}

# With psql, and not with `meldboek migrate`: when .sqlx is out of date, the binary cannot be built.
apply_migrations() {
    local file
    for file in migrations/*.sql migrations/keys/*.sql; do
        psql -X -q -v ON_ERROR_STOP=1 --single-transaction -d "$DATABASE_URL" -f "$file" ||
            stop_met "migratie mislukt: $file"
    done
}

ask_the_macros() {
    mkdir -p "$fresh"
    # Cargo does not see that a database changed; a newer file it does see.
    find crates/*/src tests -maxdepth 1 \( -name lib.rs -o -name main.rs \) -exec touch {} +
    SQLX_OFFLINE=false SQLX_OFFLINE_DIR=$fresh cargo check --workspace --all-targets
}

compare() {
    mkdir -p .sqlx
    diff -r .sqlx "$fresh" >&2 || stop_met ".sqlx is niet bijgewerkt; draai tests/sqlx.sh en leg het resultaat vast"
    zeg ".sqlx klopt met het schema ($(find .sqlx -name 'query-*.json' | wc -l) opdrachten)."
}

replace() {
    mkdir -p .sqlx
    find .sqlx -name 'query-*.json' -delete
    find "$fresh" -name 'query-*.json' -exec cp {} .sqlx/ \;
    zeg "$(find .sqlx -name 'query-*.json' | wc -l) opdrachten in .sqlx."
}

main "$@"
