#!/bin/sh
# Installs what the tests need beyond Rust, and runs every test.
#
#   sh tests/run.sh           all of it
#   sh tests/run.sh --quick   without the speech recogniser
#
# CATCOW, in the environment, is the program, as it is built without MP3, whose sessions the recogniser hears; without one, it is built.
#
# On Debian and Ubuntu the programs are installed by apt (as root or through sudo); elsewhere, install what is named below.
set -eu
cd "$(dirname "$0")/.."

needs() {
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair##*:}"
    done
}

packages=$(needs bash:bash cc:gcc make:make mp3val:mp3val opusinfo:opus-tools flac:flac ffmpeg:ffmpeg flite:flite sox:sox soxi:sox python3:python3 rsvg-convert:librsvg2-bin weasyprint:weasyprint \
    pdftotext:poppler-utils script:bsdutils unshare:util-linux \
    pulseaudio:pulseaudio parecord:pulseaudio-utils pkill:procps dbus-run-session:dbus dbus-daemon:dbus \
    dbus-send:dbus pipewire:pipewire pw-metadata:pipewire-bin pipewire-pulse:pipewire-pulse wireplumber:wireplumber \
    AtomicParsley:atomicparsley mediainfo:mediainfo zbarimg:zbar-tools)
/usr/bin/python3 -c 'import numpy' 2>/dev/null || packages="$packages python3-numpy"
/usr/bin/python3 -c 'import mutagen' 2>/dev/null || packages="$packages python3-mutagen"
/usr/bin/python3 -c 'import pocketsphinx' 2>/dev/null || packages="$packages python3-pocketsphinx"
/usr/bin/python3 -c 'import feedparser' 2>/dev/null || packages="$packages python3-feedparser"
/usr/bin/python3 -c 'import yaml' 2>/dev/null || packages="$packages python3-yaml"
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
# Tests that play wait more than they compute. MP3 is built in, so that it is tested.
cargo test --quiet --features mp3 -- --include-ignored --test-threads "$((2 * $(nproc)))"

echo "== the page, in two browsers"
sh tests/page.sh

if [ -n "${CATCOW:-}" ]; then
    echo "== a program without MP3 tells how to get it"
    work=$(mktemp -d)
    if "$CATCOW" export desk-break -o "$work/session.mp3" 2>"$work/said"; then
        echo "tests/run.sh: $CATCOW wrote an MP3, and was to be built without" >&2
        exit 1
    fi
    grep -q -- '--features mp3' "$work/said" || { cat "$work/said" >&2; exit 1; }
    [ ! -e "$work/session.mp3" ]
    rm -r "$work"
fi

echo "== inputs that nobody wrote, half a minute of each kind"
# The same ones each time, so that a failure is the change's; FUZZ_SEED tries others. What failed lies in tests/regressions/.
seed=${FUZZ_SEED:-1}
cargo build --quiet --release --manifest-path fuzz/Cargo.toml
# Each takes one processor: they run side by side, two at a time.
targets=$(cargo run --quiet --release --manifest-path fuzz/Cargo.toml -- --list)
printf '%s\n' "$targets" |
    xargs -P 2 -I TARGET cargo run --quiet --release --manifest-path fuzz/Cargo.toml -- TARGET 30 "$seed"

[ "${1:-}" = --quick ] && exit 0

echo "== a speech recogniser hears the right cue in every slot of every routine"
catcow=${CATCOW:-}
if [ -z "$catcow" ]; then
    cargo build --quiet --release
    catcow=${CARGO_TARGET_DIR:-target}/release/catcow
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
recognise() { /usr/bin/python3 tests/ear/recognise.py "$@"; }

# Hears all that one voice says. What was heard once is not heard again, so each voice has a memory of its own.
hear() (
    set -e
    voice=$1 mine=$work/$1
    mkdir "$mine"
    for file in routines/*.toml; do
        routine=$(basename "$file" .toml)
        "$catcow" plan --json "$routine" --voice "$voice" --tone off >"$mine/plan.json"
        "$catcow" -q export "$routine" --voice "$voice" --tone off --mono -o "$mine/session.wav"
        echo "-- $routine by $voice"
        recognise session --wav "$mine/session.wav" --plan "$mine/plan.json" --at-least 0.99 --cache "$mine/heard"
    done
    echo "-- lying-down by $voice, with the usual tone and a bed under the words"
    "$catcow" plan --json lying-down --voice "$voice" --bed rain >"$mine/under.json"
    "$catcow" -q export lying-down --voice "$voice" --bed rain --mono -o "$mine/under.wav"
    recognise session --wav "$mine/under.wav" --plan "$mine/under.json" --at-least 0.97 --cache "$mine/heard"
)

# The recogniser takes one processor.
for voice in ada ben; do
    hear "$voice" >"$work/$voice.log" 2>&1 &
    echo $! >"$work/$voice.pid"
done
heard=0
for voice in ada ben; do
    wait "$(cat "$work/$voice.pid")" || heard=$?
    cat "$work/$voice.log"
done
[ "$heard" = 0 ] || exit "$heard"
echo "== and finds faults that are planted in one"
recognise selftest --wav "$work/ben/session.wav" --plan "$work/ben/plan.json" --cache "$work/ben/heard"
