#!/bin/sh
# Builds the library for a browser and compares what it renders there, in Node, with what the program writes here.
#
#   sh tests/wasm.sh
#
# Every session has to be as long here as there. In the environment, DIFFERING_AT_MOST is how many samples may differ, and CATCOW
# the program to compare with; without one, it is built.
#
# Rust's standard library for wasm32-unknown-unknown is rustup's (`rustup target add wasm32-unknown-unknown`); where that
# cannot be had, it is built from its source: the folder RUST_STD_SRC, with `library` in it, of the very version of rustc.
set -eu
cd "$(dirname "$0")/.."

target=wasm32-unknown-unknown
out=${CARGO_TARGET_DIR:-target}/wasm
work=
trap '[ -z "$work" ] || rm -rf "$work"' EXIT

if ! command -v node >/dev/null 2>&1; then
    echo "tests/wasm.sh: Node is needed to run the module: install nodejs" >&2
    exit 1
fi
# The same versions as the program's own.
cp Cargo.lock tests/wasm/Cargo.lock
build() { cargo "$@" build --quiet --release --manifest-path tests/wasm/Cargo.toml --target-dir "$out" --target "$target"; }

if [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    build
else
    source=${RUST_STD_SRC:-}
    version=$(rustc --version | cut -d' ' -f2)
    archive=../shared/wasm/rust-std-$version.tar.xz
    if [ -z "$source" ] && [ -f "$archive" ]; then
        work=$(mktemp -d)
        tar xJf "$archive" -C "$work"
        source=$work
    fi
    if [ ! -d "$source/library" ]; then
        echo "tests/wasm.sh: Rust's standard library for $target is needed: \`rustup target add $target\`, or set RUST_STD_SRC" \
            "to a folder that holds \`library\` of Rust $version's source (Debian: rust-src, /usr/lib/rustlib/src/rust)" >&2
        exit 1
    fi
    # A library of std's own is a source like any other: built once, with the same compiler.
    RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT="$source/library" build -Zbuild-std=std,panic_abort
fi

catcow=${CATCOW:-}
if [ -z "$catcow" ]; then
    cargo build --quiet --release
    catcow=${CARGO_TARGET_DIR:-target}/release/catcow
fi
node tests/wasm/compare.mjs "$out/$target/release/catcow_wasm_check.wasm" "$catcow" ada ben
