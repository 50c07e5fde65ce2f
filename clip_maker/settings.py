"""Who speaks, and how: everything that decides how a clip sounds."""

from dataclasses import asdict, dataclass
from pathlib import Path

CLIPS = Path(__file__).resolve().parent.parent / "voice_clips"
RATE_HZ = 48_000  # of the clips, and the only rate Opus decodes to without resampling
SYNTH_HZ = 24_000  # of both synthesisers


class Trouble(Exception):
    """Something the person who runs this can put right."""


@dataclass(frozen=True)
class Voice:
    """One speaker: who it is for the reader of voice.toml, and how it is made."""

    name: str
    summary: str
    gender: str
    synthesiser: str  # "hibari" or "kokoro"
    speaker: str  # the synthesiser's own name
    speed: float  # of the synthesiser's normal speed
    highpass_hz: float
    made_by: str
    credit: str
    language: str = "en-US"


VOICES = {
    "ada": Voice(
        name="Ada",
        summary="A calm, warm woman's voice, United States English (synthetic)",
        gender="female",
        synthesiser="hibari",
        speaker="heart",
        speed=0.70,
        highpass_hz=70,
        made_by="hibari-tts 0.2.1",
        credit="Speech synthesised with hibari-tts, distilled from Kokoro-82M by hexgrad (both Apache-2.0).",
    ),
    "ben": Voice(
        name="Ben",
        summary="A low, unhurried man's voice, United States English (synthetic)",
        gender="male",
        synthesiser="kokoro",
        speaker="am_fenrir",
        speed=0.72,
        highpass_hz=60,
        made_by="Kokoro-82M v1.0, int8",
        credit="Speech synthesised with Kokoro-82M by hexgrad, pronunciation by hibari-tts (both Apache-2.0).",
    ),
}

LICENCE = (
    "The recordings: MIT OR Apache-2.0, as catcow itself. The synthesisers are Apache-2.0; nothing of them is included."
)


@dataclass(frozen=True)
class Settings:
    """Everything that is the same for every clip of every voice. Part of every hash."""

    recipe: int = 2  # raise it when clips are made another way
    pause_comma_s: float = 0.50  # after , ; :
    pause_stop_s: float = 0.85  # after . ? !
    lead_s: float = 0.02  # true silence; the trim leaves some 60 ms more before the first sound
    tail_s: float = 0.02  # true silence; the trim leaves some 130 ms more after the last sound
    speech_floor_db: float = -36  # below the loudest 10 ms: no longer speech
    trim_before_s: float = 0.06  # kept before the floor is crossed: f, h, th are below it
    trim_after_s: float = 0.13  # the release of a last t or p comes late and is below it too
    fade_in_s: float = 0.015
    fade_out_s: float = 0.040
    loudness_lufs: float = -19.0  # of one channel, measured on the clip looped to measure_s
    measure_s: float = 4.0
    ceiling_db: float = -2.0  # of the decoded clip
    bitrate_kbps: int = 24
    encoder: str = "opusenc 0.2, libopus 1.3.1"
    # Words a minute, pauses included, of clips of pace_words words or more. A clip whose phrases have fewer than
    # pace_per_phrase words on average is mostly its pauses: it may be slow.
    pace_least: float = 110
    pace_most: float = 135
    pace_words: int = 5
    pace_per_phrase: float = 4
    # Lines on the breath and counts must be over before what they announce.
    inhale_most_s: float = 3.8
    inhale_most_words: int = 8  # a longer line leads out of a pose, and waits for no breath
    exhale_most_s: float = 5.8
    count_most_s: float = 0.9


SETTINGS = Settings()


def sound_of(voice):
    """What of a voice can be heard."""
    return {key: value for key, value in asdict(voice).items() if key not in ("name", "summary", "gender", "credit")}
