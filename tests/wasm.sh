#!/bin/sh
# Whether the engine of the page, as the source builds it today, renders in Node what the program writes here; and whether the one that is
# committed does what the page asks of it.
#
#   sh tests/wasm.sh
#
# Every session has to be as long here as there. In the environment, DIFFERING_AT_MOST is how many samples may differ, and CATCOW
# the program to compare with; without one, it is built. What building for a browser needs is told in web/cargo_wasm.sh.
set -eu
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1; then
    echo "tests/wasm.sh: Node is needed to run the module: install nodejs" >&2
    exit 1
fi
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
sh web/build.sh --to "$built/engine.wasm"
catcow=${CATCOW:-}
if [ -z "$catcow" ]; then
    cargo build --quiet --release
    catcow=${CARGO_TARGET_DIR:-target}/release/catcow
fi
node --test tests/wasm/
ENGINE="$built/engine.wasm" node --test tests/wasm/
ENGINE="$built/engine.wasm" node tests/wasm/compare.mjs "$catcow" ada ben
