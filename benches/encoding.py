#!/usr/bin/env python3
"""Measures how fast sessions are encoded, as ratios to ffmpeg's encoder of the same format. See README.md beside this file.

catcow renders and encodes an hour; ffmpeg encodes the WAV of the same hour. "Encoding alone" is catcow without what the WAV took.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
# The format, what ffmpeg is told for it, and what catcow is: both have the same bits where there is a choice.
FORMATS = {
    "opus": (["-c:a", "libopus", "-b:a", "24k"], ["--bitrate", "24k"]),
    "opus, ffmpeg as it comes": (["-c:a", "libopus"], ["--bitrate", "64k"]),
    "flac": (["-c:a", "flac"], []),
}
SESSIONS = {"voice and tone": [], "voice": ["--tone", "off"], "voice and bed": ["--tone", "off", "--bed", "rain"]}


def measure(command: list[str], out: Path, fifo: bool) -> dict:
    meter = [sys.executable, "-I", "-S", str(HERE / "meter.py"), "--fresh", str(out), *(["--fifo"] if fifo else [])]
    said = subprocess.run([*meter, "--", *command, str(out)], check=True, capture_output=True, text=True).stdout
    result = json.loads(said)
    if result["code"] != 0:
        sys.exit(f"exit code {result['code']}: {' '.join(command)}")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catcow", type=Path, default=HERE.parent / "target/release/catcow")
    parser.add_argument("--work", type=Path, default=HERE.parent / "target/bench")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=3, help="how often the evening is done, one after the other: some 18 minutes each")
    parser.add_argument("--fifo", action="store_true", help="real-time scheduling for all that is timed (root)")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    head, first, steps = (HERE.parent / "routines/evening.toml").read_text().partition("[[steps]]")
    routine = options.work / "evenings.toml"
    routine.write_text(head + (first + steps + "\n") * options.times)
    print("| session | format | MB | peak MB | ffmpeg / catcow | encoding alone | the same, processor time |\n|---|---|---|---|---|---|---|")
    for session, mix in SESSIONS.items():
        export = [str(options.catcow), "export", "--quiet", str(routine), "--mono", *mix]
        wav, out = options.work / "hour.wav", options.work / "hour"
        for name, (encoder, choice) in FORMATS.items():
            ending = name.split(",")[0]
            rounds = []
            for _ in range(options.rounds):
                rendered = measure([*export, "-o"], wav, options.fifo)
                mine = measure([*export, *choice, "-o"], out.with_suffix("." + ending), options.fifo)
                size = out.with_suffix("." + ending).stat().st_size
                peer = ["ffmpeg", "-v", "error", "-i", str(wav), *encoder]
                theirs = measure(peer, out.with_suffix(".ffmpeg." + ending), options.fifo)
                rounds.append((rendered, mine, theirs))
            whole = median(theirs["wall"] / mine["wall"] for _, mine, theirs in rounds)
            alone = [median(t[key] / max(m[key] - r[key], 1e-3) for r, m, t in rounds) for key in ("wall", "cpu")]
            peak = max(mine["peak"] for _, mine, _ in rounds) / 1e6
            print(f"| {session} | {name} | {size / 1e6:.1f} | {peak:.0f} | {whole:.1f} | {alone[0]:.1f} | {alone[1]:.1f} |", flush=True)
        for path in options.work.glob("hour*"):
            path.unlink()


main()
