#!/bin/sh
# Runs the compiler for web/cargo_wasm.sh, out of the folder WASM_SYSROOT, and lets it name none of the folders that it is given here: in what it builds, the project, the
# standard library and the crates lie where they lie for everybody. As a flag of cargo's, each folder would become a part of the names of
# all functions, and so of their order.
compiler=$1
shift
exec "$compiler" "--sysroot=$WASM_SYSROOT" "$@" "--remap-path-prefix=$REMAP_TARGET=/catcow/target" "--remap-path-prefix=$REMAP_ROOT=/catcow" \
    "--remap-path-prefix=$REMAP_CRATES=/crates" "--remap-path-prefix=$REMAP_STD=$REMAP_STD_TO"
