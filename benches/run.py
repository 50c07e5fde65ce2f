#!/usr/bin/env python3
"""Measures catcow beside what people would use instead, and says which targets are met. See README.md beside this file."""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import peers
import workload
from workload import RATE, Workload

HERE = Path(__file__).resolve().parent
ROUTINE_RATE = 48_000
# 100 ms of 16-bit stereo behind the head of a WAV.
FIRST_BYTES = 44 + ROUTINE_RATE // 10 * 4
# Where sessions are begun, as shares of their length; and a place amid the words that come after each.
PLACES = [0.0, 0.1, 0.25, 0.5, 0.75, 0.95]
MEGABYTE = 1_000_000


@dataclass
class Case:
    """One command, measured once in each round (or in the first so many)."""

    name: str
    command: list[str]
    # Where the output goes: as the last argument, or standard output opened on a file.
    streams: bool = False
    one_thread: bool = False
    rounds: int | None = None
    # How the name of what it writes ends.
    ending: str = ".wav"
    results: list[dict] = field(default_factory=list)

    def ratios(self, yardstick: "Case", key: str = "wall") -> list[float]:
        return [mine[key] / max(theirs[key], 1e-4) for mine, theirs in zip(self.results, yardstick.results)]

    def middle(self, key: str) -> float:
        return median(result[key] for result in self.results)


@dataclass
class Target:
    """A figure that an aim is set for."""

    aim: str
    found: float
    limit: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.found >= self.limit if self.at_least else self.found <= self.limit


class Bench:
    """The settings, and how a command is measured."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.folder = Path(options.work).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.catcow = str(Path(options.catcow).resolve())
        self.out = str(self.folder / "out.wav")
        self.targets: list[Target] = []

    def measure(self, command: list[str], *options: str) -> dict:
        fifo = ["--fifo"] if self.options.fifo else []
        meter = [sys.executable, "-I", "-S", str(HERE / "meter.py"), *options, *fifo, "--", *command]
        return json.loads(subprocess.run(meter, check=True, capture_output=True, text=True).stdout)

    def run_case(self, case: Case) -> None:
        out = str(Path(self.out).with_suffix(case.ending))
        where = ["--stdout", out] if case.streams else []
        one = ["--cpu", str(self.options.cpu)] if case.one_thread else []
        command = case.command if case.streams else [*case.command, out]
        result = self.measure(command, "--fresh", out, *where, *one)
        if result["code"] != 0:
            sys.exit(f"{case.name}: exit code {result['code']}: {' '.join(command)[:500]}")
        case.results.append(result)

    def rounds(self, cases: list[Case]) -> None:
        """Every case once in each round, so that whatever else the machine does falls on all alike."""
        for index in range(self.options.rounds):
            for case in cases:
                if case.rounds is None or index < case.rounds:
                    self.run_case(case)
        for case in cases:
            Path(self.out).with_suffix(case.ending).unlink(missing_ok=True)

    def export(self, work: Workload, *options: str, voice: Path | None = None) -> list[str]:
        chosen = [str(work.routine), "--voice", str(voice or work.voice), "--rate", str(RATE)]
        # Digital silence, as the other programs write it.
        return [self.catcow, "export", "--quiet", "--wake=false", *chosen, *options]

    def target(self, *arguments: object, **keys: object) -> None:
        self.targets.append(Target(*arguments, **keys))


def main() -> None:
    options = arguments()
    bench = Bench(options)
    if not options.no_build:
        subprocess.run(["cargo", "build", "--release", "--quiet"], check=True, cwd=workload.PROJECT)
    works = workload.make(bench.folder, bench.catcow)
    groups = {"voice": voice, "mix": mix, "phone": phone, "memory": memory, "first": first_samples, "plan": planning}
    for name, group in groups.items():
        if not options.group or name in options.group:
            group(bench, works)
    sys.exit(verdict(bench.targets, options.strict))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", default="target/bench", help="folder for everything that is made (5 GB)")
    parser.add_argument("--catcow", default=workload.PROJECT / "target/release/catcow", help="the program to measure")
    parser.add_argument("--no-build", action="store_true", help="measure the program as it is")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--slow-rounds", type=int, default=3, help="rounds of the peers that take seconds")
    parser.add_argument("--group", nargs="*", choices=["voice", "mix", "phone", "memory", "first", "plan"], help="only these")
    parser.add_argument("--fifo", action="store_true", help="real-time scheduling for all that is timed (root)")
    parser.add_argument("--cpu", type=int, default=0, help="the processor for what runs on one thread")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where a target is missed")
    return parser.parse_args()


def voice(bench: Bench, works: dict[str, Workload]) -> None:
    """Voice and silence: ten minutes and an hour."""
    python = peers.python_with_numpy(bench.folder)
    for name in ["W1", "W2"]:
        work = works[name]
        finish(bench, work)
        slow = bench.options.slow_rounds
        cp = Case("cp of the same bytes", peers.copy(work))
        cp_one = Case("cp, one processor", peers.copy(work), one_thread=True)
        stream = Case("catcow, one thread, every byte", bench.export(work, "-o", "-", "--threads", "1"), True, True)
        sparse_one = Case("catcow, one thread, holes", bench.export(work, "--threads", "1", "-o"), one_thread=True)
        sparse = Case("catcow, as it comes", bench.export(work, "-o"))
        raw = Case("the same, recordings cleaned and levelled", bench.export(work, "-o", voice=work.raw_voice))
        floor = Case("bare write (floor)", peers.bare_write(work), one_thread=True)
        concat = Case("ffmpeg concat demuxer", peers.concat_demuxer(work), rounds=slow)
        numpy = Case("numpy + soxr", peers.numpy(work, python), rounds=slow)
        cases = [cp, cp_one, stream, sparse_one, sparse, raw, floor, concat, numpy]
        bench.rounds(cases)
        table(f"{name}: {work.minutes} minutes, {work.cues} cues, {work.bytes // MEGABYTE} MB", cases, cp)
        if name == "W1":
            bench.target("10 minutes / cp", median(sparse.ratios(cp)), 1.3)
        else:
            bench.target("hour, one thread, every byte / cp", median(stream.ratios(cp_one)), 0.85)
            bench.target("hour, silence as holes / cp", median(sparse.ratios(cp)), 0.5)
            bench.target("hour, one thread, every byte: times faster than ffmpeg concat", median(concat.ratios(stream)), 25, at_least=True)
            bench.target("hour, one thread, every byte: times faster than numpy", median(numpy.ratios(stream)), 6, at_least=True)


def mix(bench: Bench, works: dict[str, Workload]) -> None:
    """An hour with a bed, ducking and breath tones."""
    work, slow = works["W3"], bench.options.slow_rounds
    if not supports(bench, "--bed"):
        print("\nW3: this catcow has no `--bed`; not measured\n")
        return
    python = peers.python_with_numpy(bench.folder)
    sounds = ["--bed", "rain", "--tone", "airy"]
    finish(bench, work, *sounds)
    cp = Case("cp of the same bytes", peers.copy(work))
    catcow = Case("catcow, as it comes", bench.export(work, *sounds, "-o"))
    one = Case("catcow, one thread", bench.export(work, *sounds, "--threads", "1", "-o"), one_thread=True)
    graph = Case("ffmpeg concat+duck+amix", peers.ffmpeg_graph(work), rounds=slow)
    numpy = Case("numpy + soxr", peers.numpy(work, python), rounds=slow)
    cases = [cp, catcow, one, graph, numpy]
    bench.rounds(cases)
    table(f"W3: W2 with bed, ducking and {work.minutes // 3} minutes of breath tones", cases, cp)
    bench.target("mixed hour, all processors / cp", median(catcow.ratios(cp)), 1.0)
    bench.target("mixed hour: times faster than the ffmpeg graph", median(graph.ratios(catcow)), 45, at_least=True)
    bench.target("mixed hour: times faster than numpy", median(numpy.ratios(catcow)), 25, at_least=True)
    bench.target("mixed hour: peak memory", catcow.middle("peak") / MEGABYTE, 45, "MB")


def phone(bench: Bench, works: dict[str, Workload]) -> None:
    """An hour as AAC, with what keeps headphones awake; ffmpeg has the finished WAV, of the same rate and channels."""
    for name, sounds in [("W2", []), ("W3", ["--tone", "airy"])]:
        work, slow = works[name], bench.options.slow_rounds
        source = bench.folder / f"{name}-phone.wav"
        chosen = [str(work.routine), "--voice", str(work.voice), "--rate", "24000", "--mono", "--wake", *sounds]
        export = [bench.catcow, "export", "--quiet", *chosen, "-o"]
        subprocess.run([*export, str(source)], check=True)
        wav, aac = Case("catcow, the same as WAV", export), Case("catcow, AAC", export, ending=".m4a")
        ffmpeg = Case("ffmpeg, AAC, of the WAV", peers.aac(source), rounds=slow, ending=".m4a")
        bench.rounds([wav, aac, ffmpeg])
        table(f"{name} as AAC", [wav, aac, ffmpeg], wav)
        bench.target(f"{name} as AAC: times faster than ffmpeg", median(ffmpeg.ratios(aac)), 3, at_least=True)
        alone = ffmpeg.middle("wall") / max(aac.middle("wall") - wav.middle("wall"), 1e-4)
        bench.target(f"{name} as AAC, without rendering: times faster than ffmpeg", alone, 3, at_least=True)
        bench.target(f"{name} as AAC: peak memory", aac.middle("peak") / MEGABYTE, 60, "MB")
        source.unlink()


def finish(bench: Bench, work: Workload, *options: str) -> None:
    """Exports the file that `cp` copies, without holes, and checks that its cues are where the event list has them."""
    path = peers.finished(work)
    with path.open("wb") as out:
        subprocess.run(bench.export(work, *options, "-o", "-"), check=True, stdout=out)
    faults = workload.faults_of_plan(work, bench.catcow)
    if not work.mixed:
        faults += workload.faults_of_file(work, path, bench.catcow)
    for fault in faults[:10]:
        print(f"FAULT {fault}")
    bench.target(f"{work.name}: cues that are not where the list has them", len(faults), 0, "")


def memory(bench: Bench, works: dict[str, Workload]) -> None:
    """Peak memory of sessions of 10, 60 and 180 minutes."""
    cases = [Case(name, bench.export(works[name], "-o"), rounds=3) for name in ["W1", "W2", "W2x3"]]
    nothing = Case("nothing at all", ["true"], rounds=3)
    bench.rounds([*cases, nothing])
    table("Memory (no figure can be lower than that of nothing at all)", [*cases, nothing], None)
    peaks = [case.middle("peak") / MEGABYTE for case in cases]
    bench.target("peak memory, 10 to 180 minutes", max(peaks), 30, "MB")
    bench.target("peak memory, 180 over 10 minutes", peaks[2] / peaks[0], 1.05)


def first_samples(bench: Bench, _: dict[str, Workload]) -> None:
    """From the start of the process to 100 ms of samples, for every routine, from many places."""
    print("\n## First 100 ms of samples, in ms\n")
    slowest = []
    for routine in routines(bench):
        times = []
        for place in places(bench, routine):
            command = [bench.catcow, "export", routine, "-o", "-", "--from", f"{place:.3f}s"]
            options = ["--first", str(FIRST_BYTES)]
            runs = [bench.measure(command, *options)["first"] for _ in range(max(5, bench.options.rounds))]
            times.append(1000 * median(runs))
        print(f"{routine:<14}", " ".join(f"{time:5.1f}" for time in times))
        slowest.append(max(times))
    bench.target("first 100 ms, any routine, any place", max(slowest), 10, "ms")


def places(bench: Bench, routine: str) -> list[float]:
    """Seconds into a session: at shares of its length, and there again in the middle of the words that come next."""
    plan = json.loads(subprocess.run([bench.catcow, "plan", routine, "--json"], check=True, capture_output=True).stdout)
    chosen = []
    for share in PLACES:
        at = int(share * plan["frames"])
        chosen.append(at / ROUTINE_RATE)
        words = [region for region in plan["regions"] if region["track"] == "voice" and region["start"] >= at]
        if words:
            chosen.append((words[0]["start"] + words[0]["frames"] // 2) / ROUTINE_RATE)
    return chosen


def planning(bench: Bench, _: dict[str, Workload]) -> None:
    """The processor time of `plan`, for every routine."""
    print("\n## `plan`, processor time in ms\n")
    slowest = []
    for routine in routines(bench):
        runs = [bench.measure([bench.catcow, "plan", routine])["cpu"] for _ in range(max(5, bench.options.rounds))]
        slowest.append(1000 * median(runs))
        print(f"{routine:<14} {slowest[-1]:5.1f}")
    bench.target("processor time of `plan`, any routine", max(slowest), 20, "ms")


def routines(bench: Bench) -> list[str]:
    return sorted(path.stem for path in (workload.PROJECT / "routines").glob("*.toml"))


def supports(bench: Bench, option: str) -> bool:
    shown = subprocess.run([bench.catcow, "export", "--help"], check=True, capture_output=True, text=True).stdout
    return option in shown


def table(title: str, cases: list[Case], yardstick: Case | None) -> None:
    print(f"\n## {title}\n\n| | wall s (least–most) | cpu s | peak MB | / cp | cpu / cp |\n|---|---|---|---|---|---|")
    for case in cases:
        walls = [result["wall"] for result in case.results]
        ratio = f"{median(case.ratios(yardstick)):.2f} | {median(case.ratios(yardstick, 'cpu')):.2f}" if yardstick else "|"
        times = f"{median(walls):.3f} ({min(walls):.3f}–{max(walls):.3f}) | {case.middle('cpu'):.3f}"
        print(f"| {case.name} | {times} | {case.middle('peak') / MEGABYTE:.1f} | {ratio} |", flush=True)


def verdict(targets: list[Target], strict: bool) -> int:
    print("\n## Targets\n\n| | found | aim | |\n|---|---|---|---|")
    for target in targets:
        sign = "≥" if target.at_least else "≤"
        met = "met" if target.met else "MISSED"
        print(f"| {target.aim} | {target.found:.2f} {target.unit} | {sign} {target.limit:g} {target.unit} | {met} |")
    return int(strict and not all(target.met for target in targets))


if __name__ == "__main__":
    main()
