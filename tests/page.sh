#!/bin/sh
# Tries the page in two real browsers: Chromium, and WebKitGTK's MiniBrowser, which has ManagedMediaSource as an iPhone has.
#
#   sh tests/page.sh                    all of it
#   sh tests/page.sh chromium playing   one browser, or some of the groups that main.mjs names, or only tests with some words in
#                                       their sentence: [BROWSER] [GROUP,GROUP] [WORDS]
#   PICTURE=docs/page.png sh tests/page.sh chromium screens picture   draws the README's picture anew
#   FULL=1 sh tests/page.sh quick       times how long an hour takes to its end, where a part of it stands for it else
#
# In the environment, CATCOW is the program; without one, it is built. SITE is a folder that `catcow site` wrote; without one, it
# writes one of all that is built in. Pictures, consoles and measured times lie in target/page-tests afterwards.
#
# On Debian and Ubuntu the browsers are installed by apt (as root or through sudo); elsewhere, install what is named below.
set -eu
cd "$(dirname "$0")/.."

# The version whose rules the page is held to.
axe=axe-core@4.14.1

packages=
for pair in chromium:chromium chromedriver:chromium-driver WebKitWebDriver:webkit2gtk-driver xvfb-run:xvfb xauth:xauth ffmpeg:ffmpeg node:nodejs npm:npm; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair##*:}"
done
# What WebKit decodes AAC with.
for package in gstreamer1.0-libav gstreamer1.0-plugins-good gstreamer1.0-plugins-bad; do
    ! command -v dpkg >/dev/null 2>&1 || dpkg -s "$package" >/dev/null 2>&1 || packages="$packages $package"
done
if [ -n "$packages" ]; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "tests/page.sh: install these first:$packages" >&2
        exit 1
    fi
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-save --no-audit --no-fund --prefix "$work" "$axe"

if [ -z "${CATCOW:-}" ]; then
    cargo build --quiet --release
    CATCOW=$target/release/catcow
fi
if [ -z "${SITE:-}" ]; then
    SITE=$work/site
    CATCOW_HOME=$work/none CATCOW_CONFIG=$work/none.toml "$CATCOW" -q site "$SITE"
fi
export CATCOW SITE AXE="$work/node_modules/axe-core/axe.min.js" OUT="$target/page-tests"
if [ $# -gt 0 ]; then
    node tests/page/main.mjs "$@"
    exit
fi
rm -rf "$OUT"
mkdir -p "$OUT"
# Tests that play wait more than they compute, so these go side by side; what is measured has the machine for itself.
failed=0
node tests/page/main.mjs webkit playing,changing,trouble,kept >"$work/webkit.log" 2>&1 &
webkit=$!
{
    node tests/page/main.mjs chromium screens && node tests/page/main.mjs webkit weeks
} >"$work/screens.log" 2>&1 &
screens=$!
node tests/page/main.mjs chromium practices,playing,changing,trouble,kept,weeks || failed=1
for lane in "$webkit:webkit" "$screens:screens"; do
    wait "${lane%%:*}" || failed=1
    cat "$work/${lane##*:}.log"
done
node tests/page/main.mjs quick || failed=1
exit "$failed"
