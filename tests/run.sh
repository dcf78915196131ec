#!/usr/bin/env bash
# Why: all tests with one command, on any machine: a PostgreSQL of their own is started for them and removed afterwards.
#
#   tests/run.sh [arguments of cargo test]      for example: tests/run.sh -p domain, or: tests/run.sh nothing_is_assessed_twice
#
# With DATABASE_URL set, that server is used instead; its login must be allowed to create databases and roles.
# The private cluster does not flush to disk: these tests are about logic, and each makes a database. What must survive a crash is
# tested by tests/crash.sh, on a cluster that does flush.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

need_cargo
# The pure crates ask nobody for a second opinion, and need no device for the root key.
case " $* " in
    *' -p domain '* | *' -p report '*) ;;
    *) need softhsm2-util=softhsm2 && need_cryptography ;;
esac
cd "$root"

if [[ -z ${DATABASE_URL:-} ]]; then
    # A directory per run: two runs at the same time do not meet, and no run sees what an earlier one left.
    cluster=$root/.meldboek/tests-$$
    finish() {
        tidy_in_peace
        "$root/deploy/postgres.sh" remove "$cluster"
    }
    at_the_end finish
    MELDBOEK_PG_FAST=1 "$root/deploy/postgres.sh" start "$cluster"
    DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
    export DATABASE_URL
fi

# Cargo forgets a chosen package as soon as it hears of the whole workspace.
case " $* " in
    *' -p'* | *' --package'*) cargo test "$@" ;;
    *) cargo test --workspace "$@" ;;
esac
