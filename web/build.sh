#!/bin/sh
# Builds the engine of the page, web/page/engine.wasm.xz, which is committed so that nobody needs a browser's toolchain to install
# catcow; `catcow site` unpacks it.
#
#   sh web/build.sh           writes it
#   sh web/build.sh --check   fails where the one that is committed is not what the source builds to
#   sh web/build.sh --to FILE writes it there, as it is
#
# With the standard library from its source, the same version of rustc makes the same bytes in every clone; with the library that rustup
# has built, others: see web/cargo_wasm.sh.
set -eu
cd "$(dirname "$0")/.."
out=${CARGO_TARGET_DIR:-target}/page
WASM_FLAGS="-Ctarget-feature=+simd128,+bulk-memory" sh web/cargo_wasm.sh build --quiet --locked -p catcow-engine --profile page --target-dir "$out"
built=$out/wasm32-unknown-unknown/page/catcow_engine.wasm
module=web/page/engine.wasm.xz
packed=$(gzip -9 -c "$built" | wc -c)
echo "engine.wasm: $(wc -c <"$built") bytes, $packed gzipped"
if [ "$packed" -ge 1258291 ]; then
    echo "web/build.sh: a phone is to wait for no more than 1.2 MB" >&2
    exit 1
fi
if [ "${1:-}" = --to ]; then
    cp "$built" "$2"
elif [ "${1:-}" = --check ]; then
    xz -dc "$module" | cmp - "$built" || {
        echo "web/build.sh: $module is not what the source builds to with $(rustc --version): run \`sh web/build.sh\` and commit it" >&2
        exit 1
    }
else
    xz -9e -c "$built" >"$module.part"
    mv "$module.part" "$module"
fi
