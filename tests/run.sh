#!/bin/sh
# Installs what the tests need beyond Rust, and runs every test.
#
#   sh tests/run.sh           all of it
#   sh tests/run.sh --quick   without the speech recogniser
#
# CATCOW, in the environment, is the program whose sessions the recogniser hears; without one, it is built.
#
# On Debian and Ubuntu the programs are installed by apt (as root or through sudo); elsewhere, install what is named below.
set -eu
cd "$(dirname "$0")/.."

needs() {
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair##*:}"
    done
}

packages=$(needs bash:bash cc:gcc ffmpeg:ffmpeg flite:flite sox:sox soxi:sox python3:python3 rsvg-convert:librsvg2-bin weasyprint:weasyprint \
    pdftotext:poppler-utils script:bsdutils unshare:util-linux \
    pulseaudio:pulseaudio parecord:pulseaudio-utils pkill:procps dbus-run-session:dbus dbus-daemon:dbus \
    dbus-send:dbus pipewire:pipewire pw-metadata:pipewire-bin pipewire-pulse:pipewire-pulse wireplumber:wireplumber)
/usr/bin/python3 -c 'import numpy' 2>/dev/null || packages="$packages python3-numpy"
/usr/bin/python3 -c 'import pocketsphinx' 2>/dev/null || packages="$packages python3-pocketsphinx"
[ -d /usr/share/pocketsphinx/model/en-us ] || packages="$packages pocketsphinx-en-us"
if [ -n "${packages# }" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "tests/run.sh: install these first: $packages" >&2
        exit 1
    fi
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

echo "== clips are those of the script"
/usr/bin/python3 voice_clips/make_clips.py --check

echo "== the suite, with the tests that need other programs"
# Tests that play wait more than they compute.
cargo test --quiet -- --include-ignored --test-threads "$((2 * $(nproc)))"

echo "== inputs that nobody wrote, a minute of each kind"
# The same ones each time, so that a failure is the change's; FUZZ_SEED tries others. What failed lies in tests/regressions/.
seed=${FUZZ_SEED:-1}
cargo build --quiet --release --manifest-path fuzz/Cargo.toml
for target in $(cargo run --quiet --release --manifest-path fuzz/Cargo.toml -- --list); do
    cargo run --quiet --release --manifest-path fuzz/Cargo.toml -- "$target" 60 "$seed"
done

[ "${1:-}" = --quick ] && exit 0

echo "== a speech recogniser hears the right cue in every slot of every routine"
catcow=${CATCOW:-}
if [ -z "$catcow" ]; then
    cargo build --quiet --release
    catcow=${CARGO_TARGET_DIR:-target}/release/catcow
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for voice in ada ben; do
    for file in routines/*.toml; do
        routine=$(basename "$file" .toml)
        "$catcow" plan --json "$routine" --voice "$voice" --tone off >"$work/plan.json"
        "$catcow" -q export "$routine" --voice "$voice" --tone off --mono -o "$work/session.wav"
        echo "-- $routine by $voice"
        /usr/bin/python3 tests/ear/recognise.py session --wav "$work/session.wav" --plan "$work/plan.json" \
            --at-least 0.99 --cache "$work/heard"
    done
done
echo "== and still does with the usual tone and a bed under the words"
for voice in ada ben; do
    "$catcow" plan --json lying-down --voice "$voice" --bed rain >"$work/under.json"
    "$catcow" -q export lying-down --voice "$voice" --bed rain --mono -o "$work/under.wav"
    /usr/bin/python3 tests/ear/recognise.py session --wav "$work/under.wav" --plan "$work/under.json" \
        --at-least 0.97 --cache "$work/heard"
done
echo "== and finds faults that are planted in one"
/usr/bin/python3 tests/ear/recognise.py selftest --wav "$work/session.wav" --plan "$work/plan.json" --cache "$work/heard"
