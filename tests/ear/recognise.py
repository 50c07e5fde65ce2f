#!/usr/bin/python3
"""Listen to the spoken cues with a speech recogniser, and say which are not what they should be.

    recognise.py clips    --voice DIR                        every clip of a voice
    recognise.py session  --wav SESSION.wav --plan PLAN.json every cue of a rendered session
    recognise.py selftest --wav SESSION.wav --plan PLAN.json plant faults in a session; each must be found
    recognise.py selftest --voice DIR                        the same, on a session made of clips

SESSION.wav comes from `catcow export` and PLAN.json from `catcow plan --json`, for the same routine and
options. What the plan has under the voice, a bed or a tone, may sound there. The exit status is 1 when fewer than --at-least of the cues
are right, when something sounds where the plan has nothing, or when a planted fault is missed.

The recogniser chooses among all texts of the script and knows nothing else, so it always answers with
one of them. Silence and length are therefore judged apart from it, and before it.

Needs Debian's python3-pocketsphinx, pocketsphinx-en-us, python3-numpy and ffmpeg. README.md beside
this file says what the answer is worth.
"""

import argparse
import hashlib
import json
import random
import re
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SCRIPT = HERE.parent.parent / "voice_clips" / "script.toml"
MODEL = Path("/usr/share/pocketsphinx/model/en-us")
EAR_HZ = 16_000  # what the acoustic model was trained at
PROCESSES = 2
VERSION = 1  # raise it when the same sound may be heard otherwise, so that old caches are not believed

SILENT_DB = -47  # a slot below this, RMS, holds no speech
SPEECH_FLOOR_DB = -36  # below the loudest 20 ms of a slot: not speech
EDGE_S = 0.45  # speech must begin and end this near the ends of its slot
STRAY_DB = -50  # nothing outside the regions of the plan may be louder
STRAY_S = 0.05

# Words that the dictionary lacks, in its own notation.
PRONUNCIATIONS = {
    "pinches": "P IH N CH IH Z",
    "shins": "SH IH N Z",
    "uncross": "AH N K R AO S",
    "untuck": "AH N T AH K",
}


@dataclass(frozen=True)
class Slot:
    """One place where a text should be heard."""

    cue: str
    text: str
    start: int
    frames: int


@dataclass
class Session:
    """A voice track and what should be on it."""

    sound: np.ndarray  # 16 bit, mono
    rate_hz: int
    slots: list
    others: list  # (start, frames) of what else the plan has: bells, tones


def words(text):
    """The bare words, as grammar and dictionary have them."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def db(power):
    return 10 * np.log10(power + 1e-20)


# --- reading --------------------------------------------------------------------------------------


def read_script(path):
    return tomllib.loads(Path(path).read_text())["cues"]


def read_sound(path, rate_hz):
    """Any sound file as 16 bit mono; at its own rate nothing is resampled."""
    with tempfile.NamedTemporaryFile(suffix=".raw") as raw:
        how = ["-ac", "1", "-ar", str(rate_hz), "-f", "s16le", "-acodec", "pcm_s16le"]
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(path), *how, raw.name], check=True)
        return np.fromfile(raw.name, "<i2")


def read_session(wav, plan):
    plan = json.loads(Path(plan).read_text())
    rate_hz = plan["sample_rate"]
    sound = read_sound(wav, rate_hz)
    if abs(len(sound) - plan["frames"]) > rate_hz // 100:
        sys.exit(f"{wav}: expected {plan['frames']} frames as in the plan, found {len(sound)}")
    slots, others = [], []
    for region in plan["regions"]:
        if region["track"] == "voice":
            slots.append(Slot(region["cue"], region["text"], region["start"], region["frames"]))
        else:
            others.append((region["start"], region["frames"]))
    return Session(sound, rate_hz, slots, others)


def read_clips(folder, wanted=None):
    """A session of the clips of one voice, one after the other, a second apart."""
    rate_hz, slots, parts, at = 48_000, [], [], 0
    rows = tomllib.loads((Path(folder) / "voice.toml").read_text())["clips"]
    for cue, row in rows.items():
        if wanted is not None and cue not in wanted:
            continue
        clip = read_sound(Path(folder) / f"{cue}.opus", rate_hz)
        if len(clip) != row["frames"]:
            sys.exit(f"{folder}/{cue}.opus: expected {row['frames']} frames, found {len(clip)}")
        parts += [clip, np.zeros(rate_hz, "<i2")]
        slots.append(Slot(cue, row["text"], at, len(clip)))
        at += len(clip) + rate_hz
    return Session(np.concatenate(parts), rate_hz, slots, [])


# --- hearing --------------------------------------------------------------------------------------


def dictionary_words():
    lines = (MODEL / "cmudict-en-us.dict").read_text().splitlines()
    return {line.split(maxsplit=1)[0] for line in lines if line.strip()}


def write_grammar(folder, texts):
    """A grammar of exactly these texts, and the pronunciations of their words."""
    unknown = sorted(set(" ".join(texts).split()) - dictionary_words() - PRONUNCIATIONS.keys())
    if unknown:
        sys.exit(f"add to PRONUNCIATIONS in {Path(__file__).name}: {', '.join(unknown)}")
    (folder / "texts.gram").write_text(f"#JSGF V1.0;\ngrammar texts;\npublic <text> = {' | '.join(texts)};\n")
    added = "".join(f"{word} {phones}\n" for word, phones in PRONUNCIATIONS.items())
    (folder / "words.dict").write_text((MODEL / "cmudict-en-us.dict").read_text() + added)


def open_ear(folder):
    """Give this process its decoder: wide beams, and no removal of silence, for the sake of short cues."""
    global EAR
    from pocketsphinx.pocketsphinx import Decoder

    config = Decoder.default_config()
    for key, value in {
        "-hmm": MODEL / "en-us",
        "-dict": folder / "words.dict",
        "-jsgf": folder / "texts.gram",
        "-logfn": "/dev/null",
    }.items():
        config.set_string(key, str(value))
    config.set_boolean("-remove_silence", False)
    for key, value in {"-beam": 1e-80, "-wbeam": 1e-60, "-pbeam": 1e-80}.items():
        config.set_float(key, value)
    EAR = Decoder(config)


def hear(sound):
    """The words heard in 16 bit mono at EAR_HZ, or an empty string."""
    EAR.start_utt()
    EAR.process_raw(sound.tobytes(), False, True)
    EAR.end_utt()
    heard = EAR.hyp()
    return words(heard.hypstr) if heard else ""


def for_ear(sound, rate_hz):
    """Resample to EAR_HZ and lay a faint, always equal noise beneath: digital silence upsets the features."""
    room = rate_hz * 3 // 10
    sound = np.pad(sound.astype(float), room)
    length = rate_hz * (len(sound) // rate_hz + 1)
    spectrum = np.fft.rfft(sound, length)
    short = length // rate_hz * EAR_HZ
    kept = np.zeros(short // 2 + 1, complex)
    common = min(len(kept), len(spectrum)) - 1
    kept[:common] = spectrum[:common]
    low = np.fft.irfft(kept, short)[: len(sound) * EAR_HZ // rate_hz] * (short / length)
    low += np.random.default_rng(1).normal(0, 15, len(low))
    return np.clip(np.round(low), -32768, 32767).astype("<i2")


class Listener:
    """Hears sounds among a fixed set of texts, and the same sound only once."""

    def __init__(self, texts, cache=None):
        self.texts = sorted(texts)
        self.memory = Path(cache) / "heard.json" if cache else None
        self.known = {}
        if self.memory and self.memory.exists():
            self.known = json.loads(self.memory.read_text())

    def key(self, sound):
        digest = hashlib.sha256(f"{VERSION} {self.texts} {sorted(PRONUNCIATIONS.items())}".encode())
        digest.update(sound.tobytes())
        return digest.hexdigest()

    def hear_all(self, sounds):
        keys = [self.key(sound) for sound in sounds]
        new = {key: sound for key, sound in zip(keys, sounds) if key not in self.known}
        if new:
            with tempfile.TemporaryDirectory() as folder:
                write_grammar(Path(folder), self.texts)
                with Pool(PROCESSES, open_ear, [Path(folder)]) as pool:
                    self.known.update(zip(new, pool.map(hear, new.values(), chunksize=4)))
            self.remember()
        return [self.known[key] for key in keys]

    def remember(self):
        if self.memory:
            self.memory.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.memory.with_suffix(".new")
            fresh.write_text(json.dumps(self.known, indent=0))
            fresh.rename(self.memory)


# --- judging --------------------------------------------------------------------------------------


def level_fault(sound, rate_hz):
    """What is wrong with a slot before a word of it is heard: silence, or speech that is not where it should be."""
    power = (sound / 32768.0) ** 2
    if not len(power) or db(power.mean()) < SILENT_DB:
        return "silence"
    window = rate_hz // 50
    blocks = power[: len(power) // window * window].reshape(-1, window).mean(axis=1)
    loud = np.flatnonzero(db(blocks) > db(blocks.max()) + SPEECH_FLOOR_DB) * window / rate_hz
    if loud[0] > EDGE_S:
        return f"nothing in its first {loud[0]:.1f} s"
    missing = len(sound) / rate_hz - loud[-1]
    return f"nothing in its last {missing:.1f} s" if missing > EDGE_S else None


def judge(session, listener):
    """What is wrong with each slot: {index: fault}, with the words heard where words were heard."""
    faults, sounds = {}, {}
    for index, slot in enumerate(session.slots):
        sound = session.sound[slot.start : slot.start + slot.frames]
        if len(sound) < slot.frames:
            faults[index] = "the sound ends before it"
        elif fault := level_fault(sound, session.rate_hz):
            faults[index] = fault
        else:
            sounds[index] = for_ear(sound, session.rate_hz)
    for index, heard in zip(sounds, listener.hear_all(list(sounds.values()))):
        if heard != words(session.slots[index].text):
            faults[index] = f"heard {heard!r}"
    return faults


def strays(session):
    """Seconds at which something is heard where the plan has nothing."""
    power = (session.sound.astype(np.float32) / 32768) ** 2
    for start, frames in [(slot.start, slot.frames) for slot in session.slots] + session.others:
        power[start : start + frames] = 0
    window = round(STRAY_S * session.rate_hz)
    blocks = power[: len(power) // window * window].reshape(-1, window).mean(axis=1)
    return [index * STRAY_S for index in np.flatnonzero(db(blocks) > STRAY_DB)]


def report(session, faults, at_least):
    for index, fault in sorted(faults.items()):
        slot = session.slots[index]
        print(f"{slot.start / session.rate_hz:8.2f} s  {slot.cue}: expected {words(slot.text)!r}, {fault}")
    outside = strays(session)
    if outside:
        print(f"sound where the plan has nothing, first at {outside[0]:.2f} s, {len(outside)} times {STRAY_S} s")
    right, total = len(session.slots) - len(faults), len(session.slots)
    different = len({slot.text for slot in session.slots})
    print(f"{right} of {total} cues as they should be ({different} different texts)")
    return total > 0 and right >= at_least * total and not outside


# --- testing the test -----------------------------------------------------------------------------


def put(session, slot, sound):
    """Lay a sound into a slot, cut or filled up with silence to its length."""
    room = session.sound[slot.start : slot.start + slot.frames]
    room[:] = 0
    room[: len(sound)] = sound[: len(room)]


def plant(session, good, choose):
    """Swap two cues, silence one, replace one. Returns {index: words that must be heard, or None}."""
    slots = session.slots
    copy = lambda index: session.sound[slots[index].start : slots[index].start + slots[index].frames].copy()
    first = choose.choice(good)
    others = [index for index in good if slots[index].text != slots[first].text]
    # The two of most equal length, so that nothing of either is cut off.
    second = min(others, key=lambda index: abs(slots[index].frames - slots[first].frames))
    silent, wrong = choose.sample([index for index in others if index != second], 2)
    source = min(
        (index for index in others if slots[index].text != slots[wrong].text),
        key=lambda index: abs(slots[index].frames - slots[wrong].frames),
    )
    first_sound, second_sound, source_sound = copy(first), copy(second), copy(source)
    put(session, slots[first], second_sound)
    put(session, slots[second], first_sound)
    put(session, slots[silent], [])
    put(session, slots[wrong], source_sound)
    return {first: slots[second].text, second: slots[first].text, silent: None, wrong: slots[source].text}


def selftest(session, listener, rounds, seed):
    """Plant faults again and again; each must be found, by its own name, and nothing else."""
    before = judge(session, listener)
    good = [index for index in range(len(session.slots)) if index not in before]
    if len({session.slots[index].text for index in good}) < 5:
        sys.exit("expected a session with at least five different cues to plant faults in")
    choose, misses = random.Random(seed), 0
    for number in range(1, rounds + 1):
        copy = Session(session.sound.copy(), session.rate_hz, session.slots, session.others)
        planted = plant(copy, good, choose)
        after = judge(copy, listener)
        wanted = dict(before)
        for index, text in planted.items():
            wanted[index] = "silence" if text is None else f"heard {words(text)!r}"
        misses += not same_faults(wanted, after, session.slots, number)
    print(f"{rounds - misses} of {rounds} rounds of planted faults found exactly")
    return misses == 0


def same_faults(wanted, found, slots, number):
    """A swapped cue much shorter than its slot may be caught by its length before it is heard."""
    same = wanted.keys() == found.keys()
    for index in sorted(wanted.keys() ^ found.keys()):
        expected, got = wanted.get(index, "no fault"), found.get(index, "no fault")
        print(f"round {number}: {slots[index].cue}: expected {expected}, found {got}")
    for index in sorted(wanted.keys() & found.keys()):
        by_length = found[index].startswith("nothing in its")
        if wanted[index] != found[index] and not by_length:
            print(f"round {number}: {slots[index].cue}: expected {wanted[index]}, found {found[index]}")
            same = False
    return same


def main():
    parser = argparse.ArgumentParser(description="Check spoken cues with a speech recogniser.")
    parser.add_argument("mode", choices=["clips", "session", "selftest"])
    parser.add_argument("--voice", metavar="DIR", help="folder of a voice, such as voice_clips/ada")
    parser.add_argument("--wav", help="a session")
    parser.add_argument("--plan", help="the plan of that session, as JSON")
    parser.add_argument("--script", default=SCRIPT, help="all texts that may be said")
    parser.add_argument("--at-least", type=float, default=0.99, metavar="SHARE", help="of right cues (0.99)")
    parser.add_argument("--cache", metavar="DIR", help="remember there what was heard")
    parser.add_argument("--rounds", type=int, default=3, help="of the self-test (3)")
    parser.add_argument("--seed", type=int, default=1, help="of the self-test (1)")
    args = parser.parse_args()
    if args.voice and not (args.wav or args.plan) and args.mode != "session":
        session = read_clips(args.voice)
    elif args.wav and args.plan and not args.voice and args.mode != "clips":
        session = read_session(args.wav, args.plan)
    else:
        parser.error("expected --voice for clips, --wav and --plan for a session, either for a self-test")
    texts = {words(text) for text in read_script(args.script).values()} | {words(slot.text) for slot in session.slots}
    listener = Listener(texts, args.cache)
    if args.mode == "selftest":
        return 0 if selftest(session, listener, args.rounds, args.seed) else 1
    return 0 if report(session, judge(session, listener), args.at_least) else 1


if __name__ == "__main__":
    sys.exit(main())
