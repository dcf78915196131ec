#!/usr/bin/env bash
# Why: whoever runs Meldboek must be able to say within minutes whether something that turns out to be weak is in it. Writes a bill of materials of
# the binary (CycloneDX 1.6, JSON) from the lock file and what cargo knows: every crate with its version, licence, checksum, and on what it depends.
#
#   deploy/sbom.sh                writes it to standard output; the same for the same source, so two can be compared
#   deploy/sbom.sh --controleer   only checks: every crate of Cargo.lock is in it, with its checksum and a licence, and nothing else
#   deploy/sbom.sh --adviezen     asks the public database of advisories about these crates (cargo-deny; needs the network)
#
# `scope` says what is in the binary: `required` when the server needs it to run or to be built, `excluded` when only tests or other platforms do.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/shell.sh"

main() {
    need jq=jq
    need_cargo
    cd "$root"
    case ${1:-} in
        '') bill ;;
        --controleer) bill | check ;;
        --adviezen) cargo deny check advisories ;;
        *) sed -n '5,7s/^# \{0,3\}//p' "$0" >&2 && exit 2 ;;
    esac
}

# [{name, version, checksum}], as they are locked.
locked() {
    awk -F' = ' '
        function out() { if (name != "") printf "{\"name\":%s,\"version\":%s,\"checksum\":%s}\n", name, version, sum == "" ? "null" : sum }
        /^\[\[package\]\]/ { out(); name = version = sum = "" }
        $1 == "name" { name = $2 }
        $1 == "version" && name != "" { version = $2 }
        $1 == "checksum" { sum = $2 }
        END { out() }' Cargo.lock | jq -s 'sort_by(.name, .version)'
}

# What the server needs, on the platforms that we say we run on.
needed() {
    local platform
    for platform in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu; do
        cargo tree --locked --package server --edges normal,build --target "$platform" --prefix none --format '{p}' |
            sed -E 's/^([^ ]+) v([^ ]+).*/\1 \2/'
    done | sort -u | jq -R . | jq -s .
}

bill() {
    # The three may be longer than an argument can be.
    jq -n --slurpfile metadata <(cargo metadata --locked --format-version 1) --slurpfile locked <(locked) --slurpfile needed <(needed) '
        def ref: "pkg:cargo/\(.name)@\(.version)";
        ($metadata[0].packages | map({key: .id, value: .}) | from_entries) as $by_id
        | ($metadata[0].packages | map({key: ref, value: .}) | from_entries) as $by_ref
        | ($metadata[0].resolve.nodes | map({key: ($by_id[.id] | ref), value: [.deps[].pkg as $it | $by_id[$it] | ref] | unique}) | from_entries) as $uses
        | ($locked[0] | map(. + {ref: ref}) | sort_by(.ref)) as $all
        | {
            bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
            metadata: {component: ($all[] | select(.name == "server") | {type: "application", "bom-ref": "meldboek", name: "meldboek", version,
                licenses: [{expression: $by_ref[.ref].license}]})},
            components: [$all[] | . as $it | $by_ref[.ref] as $known | {
                type: "library", "bom-ref": .ref, name, version, purl: .ref,
                scope: (if ($needed[0] | index("\($it.name) \($it.version)")) then "required" else "excluded" end),
                licenses: (if $known.license then [{expression: ($known.license | gsub("/"; " OR "))}] else [] end),
                hashes: (if .checksum then [{alg: "SHA-256", content: .checksum}] else [] end)}],
            dependencies: ([{ref: "meldboek", dependsOn: [$all[] | select(.name == "server") | .ref]}]
                + [$all[] | {ref, dependsOn: ($uses[.ref] // [])}])
        }'
}

check() {
    local bill missing
    bill=$(cat)
    missing=$(jq -r --slurpfile locked <(locked) '
        (.components | map({name, version, checksum: (.hashes[0].content // null)}) | sort_by(.name, .version)) as $there
        | [.components[]."bom-ref"] as $refs
        | [($locked[0] - $there)[] | "ontbreekt: \(.name) \(.version)"]
        + [($there - $locked[0])[] | "staat niet in Cargo.lock: \(.name) \(.version)"]
        + [.components[] | select(.licenses == []) | "zonder licentie: \(.name) \(.version)"]
        + [.dependencies[].dependsOn[] | select(. as $it | $refs | index($it) | not) | "leidt nergens heen: \(.)"]
        + [.components[] | select(.hashes == [] and (.name | IN("domain", "report", "store", "server", "tests") | not)) | "zonder controlegetal: \(.name)"]
        | .[]' <<<"$bill")
    [[ -z $missing ]] || stop_met "de stuklijst klopt niet:"$'\n'"$missing"
    zeg "$(jq -r '[.components[].scope] | "stuklijst: \(length) onderdelen, waarvan \(map(select(. == "required")) | length) in de server"' <<<"$bill")"
}

main "$@"
