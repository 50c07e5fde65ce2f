#!/bin/sh
# Whether the engine of the page does in Node what the page asks of it, and renders what the program writes here.
#
#   sh tests/wasm.sh                         the module that is committed
#   ENGINE=engine.wasm sh tests/wasm.sh      another, such as `sh web/build.sh --to engine.wasm` makes of the source
#
# Every session has to be as long here as there. In the environment, DIFFERING_AT_MOST is how many samples may differ, and CATCOW
# the program to compare with; without one, it is built.
set -eu
cd "$(dirname "$0")/.."

for program in node xz; do
    if ! command -v "$program" >/dev/null 2>&1; then
        echo "tests/wasm.sh: $program is needed: install nodejs and xz-utils" >&2
        exit 1
    fi
done
catcow=${CATCOW:-}
if [ -z "$catcow" ]; then
    cargo build --quiet --release
    catcow=${CARGO_TARGET_DIR:-target}/release/catcow
fi
node --test tests/wasm/
node tests/wasm/compare.mjs "$catcow" ada ben
