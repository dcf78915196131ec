#!/usr/bin/env bash
# Why: the tests of logging in need a real OpenID provider; this puts it where they look for it, once. Needs Node from 18 (Debian's is enough).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../deploy/shell.sh
source "$(dirname "${BASH_SOURCE[0]}")/../deploy/shell.sh"

home=$root/.meldboek/oidc
if [[ -d $home/node_modules/oidc-provider ]] && cmp -s "$root/tests/oidc/package-lock.json" "$home/package-lock.json"; then
    exit 0
fi
need node=nodejs npm=npm
mkdir -p "$home"
cp "$root/tests/oidc/package.json" "$root/tests/oidc/package-lock.json" "$root/tests/oidc/.npmrc" "$home/"
cd "$home"
npm ci --ignore-scripts --no-audit --no-fund --silent
