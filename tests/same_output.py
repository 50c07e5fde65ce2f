#!/usr/bin/env python3
"""Compares everything that two builds of catcow write, byte by byte.

    python3 tests/same_output.py OLD NEW [--quick] [--jobs N]

OLD and NEW are the paths of two catcow programs. Every built-in routine is planned and exported with both, in every voice,
under every guidance, at its gentle end, at its deep end, and at a length between them; plans as JSON and as a cue sheet, the
pages (picture, captions, labels) and the sound have to be the same. A session of every tone and every bed is compared as well.
`--quick` leaves out the sound of all but one guidance. Exit code 1 where anything differs, with a list of it.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import subprocess
import sys
import tempfile

VOICES = ["ada", "ben"]
GUIDANCES = ["full", "fading", "names", "bells"]
MIXES = [
    ["--tone", "chord"], ["--tone", "ocean"], ["--tone", "off"], ["--bed", "rain"], ["--bed", "ocean"], ["--bed", "drone"],
    ["--mono"], ["--rate", "44100"], ["--rate", "16000", "--mono"], ["--wake=false"], ["--pan-sides"], ["--bed", "rain", "--bed-level", "0"],
]


def run(program, arguments, home):
    environment = dict(os.environ, CATCOW_HOME=home, CATCOW_CONFIG=os.path.join(home, "none.toml"), NO_COLOR="1")
    done = subprocess.run([program, "-q", *arguments], env=environment, cwd=home, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


def routines():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "routines")
    return sorted(name[:-5] for name in os.listdir(folder) if name.endswith(".toml"))


def fits(program, routine, home):
    """The gentle end, the deep end, and a length half-way between them."""
    seconds = []
    for level in ("1", "5"):
        code, out, err = run(program, ["plan", routine, "--level", level, "--json"], home)
        if code != 0:
            sys.exit(f"{program} plan {routine}: {err.decode()}")
        plan = json.loads(out)
        seconds.append(plan["frames"] / plan["sample_rate"])
    between = ["--length", f"{round(sum(seconds) / 2)}s"] if seconds[1] - seconds[0] > 2 else ["--level", "3"]
    return [["--level", "1"], ["--level", "5"], between]


def digest(program, case, home):
    """A hash of each thing that a build writes for a case."""
    arguments, with_sound = case
    found = {}
    with tempfile.TemporaryDirectory(dir=home) as folder:
        code, out, err = run(program, ["plan", *arguments, "--json"], home)
        found["json"] = (code, hashlib.sha256(out).hexdigest(), err)
        pages = [part for page in ("svg", "labels", "vtt") for part in (f"--{page}", os.path.join(folder, page))]
        code, out, err = run(program, ["plan", *arguments, *pages], home)
        found["cue sheet"] = (code, hashlib.sha256(out).hexdigest(), err)
        if with_sound:
            code, out, err = run(program, ["export", *arguments, "-o", os.path.join(folder, "sound.wav")], home)
            found["export"] = (code, "", err)
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    old, new = os.path.abspath(options.old), os.path.abspath(options.new)
    with tempfile.TemporaryDirectory() as home:
        cases = []
        for routine in routines():
            for fit in fits(old, routine, home):
                for voice in VOICES:
                    for guidance in GUIDANCES:
                        sound = not options.quick or guidance == "fading"
                        cases.append(([routine, *fit, "--voice", voice, "--guidance", guidance], sound))
        cases += [(["lying-down", *mix], True) for mix in MIXES]
        differing = []

        def compare(case):
            left, right = digest(old, case, home), digest(new, case, home)
            names = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
            return " ".join(case[0]), names, sum(1 for name in left)

        compared = 0
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for case, names, number in pool.map(compare, cases):
                compared += number
                if names:
                    differing.append(case)
                    print(f"{case}: {', '.join(names)} differ")
    print(f"{len(cases)} sessions, {compared} things compared, {len(differing)} sessions differ")
    if not compared or differing:
        sys.exit(1)


main()
