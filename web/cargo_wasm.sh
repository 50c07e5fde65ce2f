#!/bin/sh
# Runs cargo for wasm32-unknown-unknown, whether or not rustup can fetch that target.
#
#   sh web/cargo_wasm.sh build --release …
#
# Rust's standard library for the target is rustup's (`rustup target add wasm32-unknown-unknown`); where that cannot be had, it is
# built from its source: the folder RUST_STD_SRC, with `library` in it, of the very version of rustc. What is built says nothing of the
# folders that it was built in.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=wasm32-unknown-unknown
version=$(rustc --version | cut -d' ' -f2)
commit=$(rustc -vV | sed -n 's/^commit-hash: //p')
registry=${CARGO_HOME:-$HOME/.cargo}/registry/src
flags="--remap-path-prefix=$root=/catcow"
# One folder in it, named after the registry.
for folder in "$registry"/*; do
    flags="$flags --remap-path-prefix=$folder=/crates"
done

if [ -d "$(rustc --print sysroot)/lib/rustlib/$target" ]; then
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$flags ${WASM_FLAGS:-}" exec cargo "$@" --target "$target"
fi
# Cargo tells crates apart by their places in the workspace: at the same place in it, std is built to the same bytes in every clone.
std=$root/target/rust-std-$version
archive=$root/../shared/wasm/rust-std-$version.tar.xz
if [ ! -d "$std/library" ]; then
    rm -rf "$std.part" && mkdir -p "$std.part"
    if [ -d "${RUST_STD_SRC:-}/library" ]; then
        cp -RL "$RUST_STD_SRC/library" "$std.part"
    elif [ -f "$archive" ]; then
        tar xJf "$archive" -C "$std.part"
    else
        echo "web/cargo_wasm.sh: Rust's standard library for $target is needed: \`rustup target add $target\`, or set RUST_STD_SRC" \
            "to a folder that holds \`library\` of Rust $version's source (Debian: rust-src, /usr/lib/rustlib/src/rust)" >&2
        exit 1
    fi
    mv "$std.part" "$std"
fi
# A library of std's own is a source like any other: built once, with the same compiler.
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="$flags --remap-path-prefix=$std=/rustc/$commit ${WASM_FLAGS:-}" \
    RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT="$std/library" exec cargo "$@" --target "$target" -Zbuild-std=std,panic_abort
