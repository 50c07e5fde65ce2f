#!/bin/sh
# Runs cargo for wasm32-unknown-unknown, whether or not rustup can fetch that target.
#
#   sh web/cargo_wasm.sh build --release …
#
# Rust's standard library for the target is built from its source, of the very version of rustc: the folder RUST_STD_SRC, with `library`
# in it, or rustup's (`rustup component add rust-src`). Without its source, it is the one that rustup has built (`rustup target add
# wasm32-unknown-unknown`); WASM_STD=source refuses that one. From the source, the same bytes come of every clone, wherever it lies.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
target=wasm32-unknown-unknown
version=$(rustc --version | cut -d' ' -f2)
sysroot=$(rustc --print sysroot)
# Cargo tells std's crates apart by their places in the compiler's folder, and the project's by their places in the project: so std lies
# where rustup would put it, in a folder that is the compiler's in all else.
own=$root/target/wasm-sysroot-$version
std=$own/lib/rustlib/src/rust
archive=$root/../shared/wasm/rust-std-$version.tar.xz

# The crates lie in the one folder in here, which is named after the registry.
crates=$(ls -d "${CARGO_HOME:-$HOME/.cargo}"/registry/src/* 2>/dev/null | head -1)
if [ -z "$crates" ]; then
    cargo fetch --quiet --locked --manifest-path "$root/Cargo.toml"
    crates=$(ls -d "${CARGO_HOME:-$HOME/.cargo}"/registry/src/* | head -1)
fi
export REMAP_ROOT="$root" REMAP_CRATES="$crates" REMAP_TARGET="${CARGO_TARGET_DIR:-$root/target}" REMAP_STD="$std"
REMAP_STD_TO=/rustc/$(rustc -vV | sed -n 's/^commit-hash: //p')
export REMAP_STD_TO
export RUSTC_WRAPPER="$root/web/rustc_remapped.sh" CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="${WASM_FLAGS:-}"

if [ ! -d "$std/library" ]; then
    rm -rf "$own" "$own.part" && mkdir -p "$own.part/lib/rustlib/src/rust"
    library=$own.part/lib/rustlib/src/rust
    if [ -d "${RUST_STD_SRC:-}/library" ]; then
        cp -RL "$RUST_STD_SRC/library" "$library"
    elif [ -d "$sysroot/lib/rustlib/src/rust/library" ]; then
        cp -RL "$sysroot/lib/rustlib/src/rust/library" "$library"
    elif [ -f "$archive" ]; then
        tar xJf "$archive" -C "$library"
    elif [ "${WASM_STD:-}" != source ] && [ -d "$sysroot/lib/rustlib/$target" ]; then
        rm -rf "$own.part"
        export WASM_SYSROOT="$sysroot"
        exec cargo "$@" --target "$target"
    else
        echo "web/cargo_wasm.sh: Rust's standard library for $target is needed: \`rustup component add rust-src\`, or set RUST_STD_SRC" \
            "to a folder that holds \`library\` of Rust $version's source (Debian: rust-src, /usr/lib/rustlib/src/rust)" >&2
        exit 1
    fi
    for entry in "$sysroot"/* "$sysroot"/lib/* "$sysroot"/lib/rustlib/*; do
        place=$own.part/${entry#"$sysroot"/}
        [ -e "$place" ] || ln -s "$entry" "$place"
    done
    mv "$own.part" "$own"
fi
# A library of std's own is a source like any other: built once, with the same compiler.
export WASM_SYSROOT="$own"
RUSTC_BOOTSTRAP=1 exec cargo "$@" --target "$target" -Zbuild-std=std,panic_abort
