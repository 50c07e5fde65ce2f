"""From a cue to the clip of it: phrases joined and brought to pace, takes compared, the best one chosen."""

import re
from dataclasses import dataclass, replace

import numpy as np

import ears
from cues import hash_of, limits_missed, longest_s, mishearings, pace_limits, phrases, words_of
from opus import at_level, frames_of
from settings import RATE_HZ, SETTINGS, VOICES, Trouble
from sound import loudness_lufs, peak_db, raise_rate, silence, trim
from speech import NoGap, Take, say

GOOD = 4.0  # a take of this quality that is heard right is looked no further from
LED_WORDS = 4  # a text of so few is first said at the end of a longer saying
CARRIED_WORDS = 6  # phrases of more words need nothing before them
SPEED_STEP = 0.02
SLOWEST, FASTEST_FOR_PACE, FASTEST = 0.76, 1.14, 1.34  # times the speed of the voice; the last for lines on the breath
LEAST_PAUSES = 0.70  # times the pauses
PACE_MARGIN = 4  # words a minute inside the limits: the synthesisers keep to a speed in steps of about that


@dataclass
class Clip:
    """One take, finished."""

    take: Take
    opus: bytes
    sound: np.ndarray  # as it is heard
    heard: str = ""
    wrong: int = 0
    wrong_keys: set = frozenset()
    length_fault: str = None
    quality: float = 0.0

    def standing(self):
        """What comes before quality, the larger the better."""
        return not self.wrong_keys, self.length_fault is None, -self.wrong


def joined(cue, voice, take):
    """The whole cue at RATE_HZ, silence between its phrases, and how much of it is speech, in seconds."""
    parts, speech_s = [silence(SETTINGS.lead_s)], 0.0
    for phrase, stop in phrases(cue.said):
        own = take if len(words_of(phrase)) <= CARRIED_WORDS else replace(take, carrier=0)
        parts.append(trim(raise_rate(say(phrase, voice, own).astype(float), voice.highpass_hz)))
        speech_s += len(parts[-1]) / RATE_HZ
        pause_s = SETTINGS.pause_stop_s if stop else SETTINGS.pause_comma_s
        parts.append(silence(pause_s * take.pauses))
    parts[-1] = silence(SETTINGS.tail_s)
    return np.concatenate(parts), speech_s


def at_pace(cue, voice, take):
    """The cue at the take's speed, or as near to it as the limits of its length allow."""
    if voice.synthesiser == "kokoro":
        # Slow at work, but at the same speed about as long as the other: that one finds where to begin.
        begin = at_pace(cue, VOICES["ada"], replace(take, carrier=0))[1]
        take = replace(begin, carrier=take.carrier)
    tried = {}
    while True:
        sound, speech_s = joined(cue, voice, take)
        seconds = len(sound) / RATE_HZ
        tried[take] = sound
        wanted_s = wanted_length(cue, seconds)
        if wanted_s == seconds or len(tried) == 4:
            break
        take = brought_to(wanted_s, seconds, speech_s, take, cue)
        if take in tried:
            break
    best = min(tried, key=lambda take: abs(len(tried[take]) / RATE_HZ - wanted_length(cue, len(tried[take]) / RATE_HZ)))
    return tried[best], best


def wanted_length(cue, seconds):
    """The length it has, where that is within the limits, or else one that is well within."""
    if not limits_missed(cue, seconds):
        return seconds
    least, most = pace_limits(cue)
    words = len(words_of(cue.text))
    seconds = max(seconds, words * 60 / (most - PACE_MARGIN))
    seconds = min(seconds, words * 60 / (least + PACE_MARGIN))
    return min(seconds, 0.97 * (longest_s(cue) or 1e9))


def brought_to(wanted_s, seconds, speech_s, take, cue):
    """The take whose length should be the wanted one: too long a clip gives of its pauses first."""
    speech_s *= take.speed / cue.speed  # as long as it would be at the cue's own speed
    pause_s = (seconds - speech_s * cue.speed / take.speed) / take.pauses
    pauses = 1.0
    if pause_s > 0.1:
        pauses = round(min(max((wanted_s - speech_s) / pause_s, LEAST_PAUSES), 1.0), 2)
    steps = round(cue.speed * speech_s / max(0.1, wanted_s - pauses * pause_s) / SPEED_STEP)
    fastest = FASTEST if seconds >= (longest_s(cue) or 1e9) else FASTEST_FOR_PACE
    return replace(take, pauses=pauses, speed=round(min(max(steps * SPEED_STEP, SLOWEST), fastest), 2))


def make_take(cue, voice, take):
    sound, take = at_pace(cue, voice, take)
    opus, heard = at_level(sound)
    if len(heard) != frames_of(opus) or len(heard) != len(sound):
        raise Trouble(f"{cue.id}: expected {len(sound)} frames, the decoder gives {len(heard)}")
    clip = Clip(take, opus, heard, length_fault=limits_missed(cue, len(heard) / RATE_HZ))
    for hear in (ears.hear_quickly, ears.hear_well):
        clip.heard = hear(heard)
        clip.wrong, clip.wrong_keys = mishearings(cue.text, clip.heard)
        if not clip.wrong:
            break
    return clip


def wanted_takes(cue):
    """The takes to try, in their order, each with its own speed to begin with."""
    if cue.take:
        named = {name: int(number) for name, number in re.findall(r"(variant|carrier) (\d+)", cue.take)}
        return [Take(speed=cue.speed, **named)]
    bare, led, quicker = Take(speed=cue.speed), Take(0, 2, cue.speed), Take(speed=round(cue.speed * 1.08, 3))
    short = len(words_of(cue.text)) <= LED_WORDS
    takes = [*((led, bare) if short else (bare, led)), quicker, Take(0, 3, cue.speed), Take(0, 1, cue.speed)]
    takes += [Take(variant, speed=cue.speed) for variant in (1, 2, 3)]
    return takes if len(words_of(cue.text)) > 1 else [*takes, Take(0, 4, cue.speed)]


def best_clip(cue, voice):
    """The first take that is heard right and sounds good; else the best of all.

    Of a word by itself it is always the best of all.
    """
    best, words = None, len(words_of(cue.text))
    for take in wanted_takes(cue):
        try:
            clip = make_take(cue, voice, take)
        except NoGap:
            continue
        if best and clip.standing() < best.standing():
            continue
        clip.quality = ears.quality(clip.sound)
        if best is None or (clip.standing(), clip.quality) > (best.standing(), best.quality):
            best = clip
        if not best.wrong and words > 1 and best.quality >= GOOD:
            break
    return best


def row_of(cue, voice, clip):
    """What voice.toml says of a clip."""
    row = {
        "text": cue.text,
        "frames": len(clip.sound),
        "lufs": round(loudness_lufs(clip.sound), 1),
        "peak_db": round(peak_db(clip.sound), 1),
        "take": str(clip.take),
        "wrong": clip.wrong,
    }
    row["quality"] = round(clip.quality, 2)
    if clip.wrong:
        row["heard"] = re.sub(r"[^A-Za-z0-9' ,.?!-]", "", clip.heard)
    return row | {"hash": hash_of(cue, voice)}
