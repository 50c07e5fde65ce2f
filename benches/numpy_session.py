"""The numpy peer: what someone who knows numpy would write. Run by the environment that run.py makes.

numpy_session.py FOLDER EVENTS OUT
"""

import json
import sys
from pathlib import Path

import numpy as np
import soundfile
import soxr

RATE = 44_100
BED_DB, DUCK_DB, ATTACK, RELEASE = -24.0, -6.0, 0.1, 0.5


def main(folder: Path, events: Path, out: str) -> None:
    plan = json.loads(events.read_text())
    frames, clips = plan["frames"], {}
    for cue in plan["cues"]:
        if cue["clip"] not in clips:
            samples, rate = soundfile.read(folder / "voice" / "safety" / f"{cue['clip']}.wav", dtype="int16")
            clips[cue["clip"]] = soxr.resample(samples, rate, RATE)
    if plan["mixed"]:
        session = mixed(folder, plan["cues"], clips, frames)
    else:
        session = np.zeros((frames, 2), np.int16)
        for cue in plan["cues"]:
            clip = clips[cue["clip"]]
            session[cue["start"] : cue["start"] + len(clip)] = clip[:, None]
    soundfile.write(out, session, RATE, subtype="PCM_16")


def mixed(folder: Path, cues: list[dict], clips: dict, frames: int) -> np.ndarray:
    bed, _ = soundfile.read(folder / "bed.wav", dtype="float32")
    breath, _ = soundfile.read(folder / "breath.wav", dtype="float32")
    gain = np.float32(10 ** (BED_DB / 20)) * ducking(cues, frames)
    session = np.resize(bed, (frames, 2)) * gain[:, None]
    for start in range(frames // 3, frames // 3 + 120 * len(breath), len(breath)):
        session[start : start + len(breath)] += breath
    for cue in cues:
        clip = clips[cue["clip"]].astype(np.float32) / 32768
        session[cue["start"] : cue["start"] + len(clip)] += clip[:, None]
    return session


def ducking(cues: list[dict], frames: int) -> np.ndarray:
    """The bed's gain: down before each cue, back after it."""
    gain, low = np.ones(frames, np.float32), np.float32(10 ** (DUCK_DB / 20))
    attack, release = int(RATE * ATTACK), int(RATE * RELEASE)
    down, up = np.linspace(1, low, attack, dtype=np.float32), np.linspace(low, 1, release, dtype=np.float32)
    for cue in cues:
        start, end = cue["start"], cue["start"] + cue["frames"]
        before = gain[max(0, start - attack) : start]
        np.minimum(before, down[: len(before)], out=before)
        gain[start:end] = low
        after = gain[end : end + release]
        np.minimum(after, up[: len(after)], out=after)
    return gain


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
