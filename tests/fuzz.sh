#!/usr/bin/env bash
# Why: whatever comes from outside, or from a log that somebody tampered with, may be refused but not break anything. Each target is fed inputs that
# the fuzzer (libFuzzer, by cargo-fuzz) makes out of those that were kept, led by which code they reach. What it finds is an input on which
# something panics, hangs, or is answered with a fault of ours.
#
#   tests/fuzz.sh                      every target for one minute
#   tests/fuzz.sh 15                   every target for fifteen minutes, as for a release
#   tests/fuzz.sh 15 requests events   these targets
#   tests/fuzz.sh --bewaar [TARGET]    keep of what was found in earlier runs the fewest inputs that reach as much (commit them)
#   tests/fuzz.sh --dekking TARGET     which lines of the register the kept inputs reach (needs llvm-cov and llvm-profdata)
#
# Runs on stable Rust: without a sanitizer, cargo-fuzz asks nothing of the compiler that is not stable. Our code has no `unsafe` (a lint forbids
# it), so there is little for a sanitizer to find; sums that do not fit and debug assertions are findings.
# What is kept stands in tests/fuzz/corpus, and the tests replay it on every change; what a run makes stands in target/fuzz.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

readonly version=0.13.2 folder=$root/tests/fuzz made=$root/target/fuzz cluster=$root/.meldboek/fuzz-$$
# More than this is no request that anybody sends.
readonly longest=65536
minutes=1 targets=() found=() on_database=no

main() {
    local action=fuzz target
    case ${1:-} in
        --bewaar) action=keep && shift ;;
        --dekking) action=coverage && shift ;;
        '' | *[!0-9]*) [[ -z ${1:-} || -e $folder/targets/${1:-}.rs ]] || usage ;;
        *) minutes=$1 && shift ;;
    esac
    targets=("$@")
    [[ ${#targets[@]} -gt 0 ]] || mapfile -t targets < <(cd "$folder/targets" && printf '%s\n' ./*.rs | sed 's/^\.\///; s/\.rs$//')
    for target in "${targets[@]}"; do [[ -e $folder/targets/$target.rs ]] || usage; done
    tools
    at_the_end finish
    mkdir -p "$made"
    # The versions that the register has; what only the fuzzer needs is added to them.
    cp "$root/Cargo.lock" "$folder/Cargo.lock"
    words >"$made/words"
    for target in "${targets[@]}"; do "$action" "$target"; done
    [[ ${#found[@]} -eq 0 ]] || stop_met "gevonden: ${found[*]}; de invoer staat in $made/found"
}

usage() {
    sed -n '6,10s/^# \{0,3\}//p' "$0" >&2
    exit 2
}

# What a request is made of: the names of fields and the codes that are published.
words() {
    jq -r '[.. | objects | (.properties? // {} | keys[]), (.enum? // [] | .[] | strings)] | unique | .[] | select(test("^[A-Za-z0-9-]+$")) | @json' \
        "$root/schemas/openapi.json"
}

tools() {
    need_cargo
    need jq=jq
    # The fuzzer itself is written in C++.
    need c++=g++
    cargo fuzz --version 2>/dev/null | grep -qF "$version" || cargo install --locked --version "$version" cargo-fuzz
}

fuzz() {
    local target=$1 status=0
    zeg "── $target, $minutes min"
    mkdir -p "$made/corpus/$target" "$made/found/$target"
    database "$target"
    run run "$target" "$made/corpus/$target" "$folder/corpus/$target" -- -max_total_time="$((minutes * 60))" -max_len="$longest" -timeout=25 \
        -rss_limit_mb=4096 -print_final_stats=1 -verbosity=1 -artifact_prefix="$made/found/$target/" "-dict=$made/words" || status=$?
    [[ $status -eq 0 ]] || found+=("$target")
}

# Only what reaches something that nothing else reaches is worth keeping. Right requests, which have a name, stay.
keep() {
    local target=$1 fewest=$made/fewest/$1 name
    mkdir -p "$made/corpus/$target"
    rm -rf "$fewest" && mkdir -p "$fewest"
    database "$target"
    run run "$target" "$fewest" "$folder/corpus/$target" "$made/corpus/$target" -- -merge=1 -max_len=4096 -timeout=25
    for name in "$folder/corpus/$target"/*; do
        [[ ! $(basename "$name") =~ ^[0-9a-f]{40}$ ]] || rm "$name"
    done
    # An input that is there under a name of its own is not kept again.
    for name in "$fewest"/*; do
        [[ $(basename "$name") =~ ^[0-9a-f]{40}$ ]] || continue
        same "$name" "$folder/corpus/$target" || cp "$name" "$folder/corpus/$target/"
    done
    zeg "$target: $(find "$folder/corpus/$target" -type f | wc -l) invoeren bewaard"
}

same() {
    local each
    for each in "$2"/*; do ! cmp -s "$1" "$each" || return 0; done
    return 1
}

coverage() {
    database "$1"
    run coverage "$1" "$folder/corpus/$1"
}

run() {
    local how=$1
    shift
    (cd "$folder" && SQLX_OFFLINE=true cargo fuzz "$how" --fuzz-dir "$folder" --sanitizer none --target-dir "$made/build" "$@")
}

# An empty one for each target that has a register.
database() {
    case $1 in
        requests | tokens)
            if [[ $on_database == no ]]; then
                on_database=yes
                MELDBOEK_PG_FAST=1 "$root/deploy/postgres.sh" start "$cluster"
                DATABASE_URL=$("$root/deploy/postgres.sh" url "$cluster")
                export DATABASE_URL
            fi
            "$root/deploy/postgres.sh" reset "$cluster"
            ;;
    esac
}

finish() {
    tidy_in_peace
    rm -f "$folder/Cargo.lock"
    [[ $on_database == no ]] || "$root/deploy/postgres.sh" remove "$cluster"
}

main "$@"
