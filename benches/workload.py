"""The workloads: the same cues at the same frames for catcow and for every peer.

What comes in: the project's own voice clips and the program under test. What goes out: a folder with 40 recordings, and
for each workload a routine, an event list, and the lists of files that concatenating peers need. Nothing here is timed.
"""

import json
import random
import shutil
import subprocess
import wave
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

RATE = 44_100
SOURCE_RATE = 22_050
CLIPS = 40
NANOS = 1_000_000_000
PROJECT = Path(__file__).resolve().parent.parent

# Short instructions: 40 of them last 102 s, so that two and a half seconds of nine are words.
CLIP_SECONDS = (0.8, 4.1)
# What a breath of tone needs at least: catcow refuses breaths of less than a second.
BREATH_FRAMES = 2 * RATE


@dataclass(frozen=True)
class Cue:
    """A recording placed in time, in frames at RATE."""

    clip: str
    start: int
    frames: int


@dataclass(frozen=True)
class Workload:
    """An event list and its files."""

    name: str
    minutes: int
    cues: int
    seed: int
    folder: Path
    # With a bed, ducking and breath tones.
    mixed: bool = False

    @property
    def frames(self) -> int:
        return self.minutes * 60 * RATE

    @property
    def bytes(self) -> int:
        """The size of the WAV to the end of its sound: 16-bit stereo behind a head of 44 bytes."""
        return 44 + 4 * self.frames

    @property
    def routine(self) -> Path:
        return self.folder / f"{self.name}.toml"

    @property
    def events(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def concat_list(self) -> Path:
        return self.folder / f"{self.name}.ffconcat"

    @property
    def voice(self) -> Path:
        """Recordings that are taken as they are, as the peers take them."""
        return self.folder / "voice"

    @property
    def raw_voice(self) -> Path:
        """The same recordings; catcow cleans and levels them."""
        return self.folder / "voice_raw"

    @cached_property
    def placed(self) -> list[Cue]:
        """One cue in each of equal slots, somewhere in it; on even frames, so exact at half the rate too."""
        chance, slot = random.Random(self.seed), self.frames // self.cues
        names = sorted(path.stem for path in clips_folder(self.folder).iterdir())
        lengths = {name: 2 * wav_frames(clips_folder(self.folder) / f"{name}.wav") for name in names}
        placed = []
        for index in range(self.cues):
            name = names[index] if index < CLIPS else chance.choice(names)
            start = index * slot + chance.randrange(slot - lengths[name] - RATE // 10)
            placed.append(Cue(name, start & ~1, lengths[name]))
        return placed


# Safety words are said whatever the guidance: so the cues are all heard, and nothing is said beside them.
CUES = "safety"


def clips_folder(folder: Path) -> Path:
    return folder / "voice" / CUES


def all_workloads(folder: Path) -> dict[str, Workload]:
    rows = [("W1", 10, 60, 1, False), ("W2", 60, 400, 2, False), ("W2x3", 180, 1200, 3, False), ("W3", 60, 400, 2, True)]
    return {row[0]: Workload(*row[:4], folder, row[4]) for row in rows}


def make(folder: Path, catcow: str) -> dict[str, Workload]:
    """Makes what is not there yet."""
    make_clips(folder)
    make_mix_parts(folder)
    lengths = lengths_in_catcow(folder, catcow)
    workloads = all_workloads(folder)
    for workload in workloads.values():
        workload.routine.write_text(routine_text(workload, lengths))
        cues = [{"clip": cue.clip, "start": cue.start, "frames": cue.frames} for cue in workload.placed]
        workload.events.write_text(json.dumps({"frames": workload.frames, "mixed": workload.mixed, "cues": cues}))
        make_concat_list(workload)
    return workloads


def make_clips(folder: Path) -> None:
    """40 of the built-in clips, evenly picked by name, as the 22.05 kHz mono WAVs that most recorders can make."""
    target = clips_folder(folder)
    if target.is_dir() and len(list(target.iterdir())) == CLIPS and (folder / "voice_raw").is_dir():
        return
    target.mkdir(parents=True, exist_ok=True)
    voice = PROJECT / "voice_clips" / "ada"
    fitting = [path for path in sorted(voice.rglob("*.opus")) if CLIP_SECONDS[0] <= opus_seconds(path) <= CLIP_SECONDS[1]]
    for index in range(CLIPS):
        source, out = fitting[index * len(fitting) // CLIPS], target / f"c{index:02}.wav"
        # bitexact leaves the encoder's version out of the file.
        ffmpeg("-i", source, "-ac", "1", "-ar", str(SOURCE_RATE), "-fflags", "+bitexact", "-map_metadata", "-1", out)
    (target.parent / "voice.toml").write_text('name = "Bench"\nrecordings = "finished"\n')
    shutil.copytree(target, folder / "voice_raw" / CUES, dirs_exist_ok=True)


def make_mix_parts(folder: Path) -> None:
    """A minute of brown noise and a breath of tone, for the peers; catcow generates its own."""
    bed = "anoisesrc=color=brown:seed=1:sample_rate=44100:duration=60:amplitude=0.1"
    breath = "aevalsrc='0.06*sin(2*PI*200*t)*sin(PI*t/10)^2':duration=10:sample_rate=44100"
    for name, source in [("bed.wav", bed), ("breath.wav", breath)]:
        if not (folder / name).exists():
            ffmpeg("-f", "lavfi", "-i", source, "-ac", "2", "-fflags", "+bitexact", folder / name)


def routine_text(workload: Workload, lengths: dict[str, int]) -> str:
    """The event list as a routine: words and pauses, of exact times."""
    lines = [f'title = "{workload.name}"', 'guidance = "names"']
    clock, breathing = 0, breathing_gaps(workload, lengths)
    # Written times add up exactly until something settles them on a frame; each is rounded as a part of that sum.
    since_settled = 0
    for index, cue in enumerate([*workload.placed, None]):
        gap = (cue.start if cue else workload.frames) - clock
        if index in breathing:
            total = nanos(gap)
            inhale = total * 2 // 5
            lines += ["[[steps]]", f'breathe = "{seconds(inhale)}-{seconds(total - inhale)}"', "rounds = 1"]
            since_settled = 0
        elif gap:
            pause = nanos(since_settled + gap) - nanos(since_settled)
            lines += ["[[steps]]", f'pause = "{seconds(pause)}"']
            since_settled += gap
        if cue:
            lines += ["[[steps]]", f'say = "{CUES}/{cue.clip}"', 'then = "0s"']
            clock = cue.start + lengths[cue.clip]
    lines += ["[cues]"] + [f'"{CUES}/{clip}" = "Clip {clip}."' for clip in sorted(lengths)]
    return "\n".join(lines) + "\n"


def breathing_gaps(workload: Workload, lengths: dict[str, int]) -> set[int]:
    """The gaps (by the cue after them) that are breathed: from a third on, until 20 minutes are full."""
    chosen, total = set(), 0
    if not workload.mixed:
        return chosen
    cues = workload.placed
    for index in range(workload.cues // 3, workload.cues):
        gap = cues[index].start - cues[index - 1].start - lengths[cues[index - 1].clip]
        if gap >= BREATH_FRAMES and total < 20 * 60 * RATE:
            chosen.add(index)
            total += gap
    return chosen


def nanos(frames: int) -> int:
    """The nearest nanosecond to a frame: it becomes that frame again."""
    return (frames * NANOS + RATE // 2) // RATE


def seconds(nanoseconds: int) -> str:
    return f"{nanoseconds // NANOS}.{nanoseconds % NANOS:09}s"


def lengths_in_catcow(folder: Path, catcow: str) -> dict[str, int]:
    """How long each clip is to catcow, which may trim silence from its ends."""
    probe = folder / "probe.toml"
    names = sorted(path.stem for path in clips_folder(folder).iterdir())
    steps = "".join(f'[[steps]]\nsay = "{CUES}/{name}"\nthen = "1s"\n' for name in names)
    words = "".join(f'"{CUES}/{name}" = "Clip {name}."\n' for name in names)
    probe.write_text(f'title = "Probe"\n{steps}[cues]\n{words}')
    regions = plan_regions(catcow, probe, folder / "voice")
    return {region["cue"].removeprefix(f"{CUES}/"): region["frames"] for region in regions}


def plan_regions(catcow: str, routine: Path, voice: Path) -> list[dict]:
    """The regions of the voice, as catcow plans them."""
    command = [catcow, "plan", "--wake=false", routine, "--voice", voice, "--rate", str(RATE), "--json"]
    plan = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return [region for region in plan["regions"] if region["track"] == "voice"]


def make_concat_list(workload: Workload) -> None:
    """Clips and gaps as files in a row: all that a concatenating peer knows of time."""
    gaps = workload.folder / "gaps"
    gaps.mkdir(exist_ok=True)
    rows, clock = [], 0
    for cue in [*workload.placed, None]:
        gap = (cue.start if cue else workload.frames) - clock
        if gap:
            path = gaps / f"{gap // 2}.wav"
            if not path.exists():
                write_silence(path, gap // 2)
            rows.append(path)
        if cue:
            rows.append(clips_folder(workload.folder) / f"{cue.clip}.wav")
            clock = cue.start + cue.frames
    workload.concat_list.write_text("ffconcat version 1.0\n" + "".join(f"file '{path}'\n" for path in rows))


def write_silence(path: Path, frames: int) -> None:
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, SOURCE_RATE, 0, "NONE", ""))
        out.writeframes(bytes(2 * frames))


def wav_frames(path: Path) -> int:
    with wave.open(str(path), "rb") as source:
        return source.getnframes()


def opus_seconds(path: Path) -> float:
    show = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path]
    return float(subprocess.run(show, check=True, capture_output=True, text=True).stdout)


def ffmpeg(*arguments: object) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def faults_of_plan(workload: Workload, catcow: str) -> list[str]:
    """Where the plan differs from the event list."""
    regions = plan_regions(catcow, workload.routine, workload.voice)
    planned = [(region["cue"].removeprefix(f"{CUES}/"), region["start"]) for region in regions]
    wanted = [(cue.clip, cue.start) for cue in workload.placed]
    if len(planned) != len(wanted):
        return [f"{workload.name}: {len(wanted)} cues were wanted, {len(planned)} are planned"]
    pairs = [(want, plan) for want, plan in zip(wanted, planned) if want != plan]
    return [f"{workload.name}: {want} was wanted, {plan} is planned" for want, plan in pairs]


def faults_of_file(workload: Workload, path: Path, catcow: str) -> list[str]:
    """Where the exported file differs from the event list: sound where it should be silent, or none where it should be."""
    regions = plan_regions(catcow, workload.routine, workload.voice)
    faults, clock = [], 0
    with path.open("rb") as wav:
        found = 44 + int.from_bytes(wav.read(44)[40:], "little")
        if found != workload.bytes or path.stat().st_size < found:
            faults.append(f"{workload.name}: expected {workload.bytes} bytes, found {found}")

        def silent(start: int, end: int) -> bool:
            wav.seek(44 + 4 * start)
            block = wav.read(4 * (end - start))
            return block.count(0) == len(block)

        for region in regions:
            start, end = region["start"], region["start"] + region["frames"]
            if not silent(clock, start):
                faults.append(f"{workload.name}: sound before frame {start}")
            # The clips begin within a fifth of a second of their first frame, and no two are alike there.
            if silent(start, start + RATE // 5):
                faults.append(f"{workload.name}: no sound at frame {start}")
            clock = end
        if not silent(clock, workload.frames):
            faults.append(f"{workload.name}: sound after the last cue")
    return faults
