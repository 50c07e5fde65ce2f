"""Says words with hibari-tts as the built-in voice `ada` says them: slowly, phrase by phrase, with a rest after each.

Standard input: a line of JSON for each saying, {"text": ..., "out": the file to write}.
Standard output: a line for each, "done" or what went wrong. Ends with 69 where hibari-tts is not there.
"""

import json
import re
import sys
import wave

answers, sys.stdout = sys.stdout, sys.stderr

try:
    import numpy as np
    from hibari import Hibari
except ImportError as error:
    print(f"this Python has no hibari-tts ({error})", file=sys.stderr)
    sys.exit(69)  # EX_UNAVAILABLE of sysexits.h: nothing can be said by this Python

# As in clip_maker/settings.py of catcow.
RATE_HZ = 24_000
SPEED = 0.70
COMMA_S, STOP_S = 0.50, 0.85
FLOOR_DB = -36  # below the loudest 10 ms: no longer speech
BEFORE_S, AFTER_S = 0.06, 0.13
RISE_S, FALL_S = 0.015, 0.040
# A line of this many words that comes faster, in words a minute, is said again more slowly, though no slower than this.
LONG, FASTEST, SLOWEST = 5, 135, 0.56


def trimmed(sound):
    """Cut to the speech, with what soft consonants need, faded in and out."""
    block = RATE_HZ // 100
    blocks = sound[: len(sound) // block * block].reshape(-1, block)
    if not len(blocks):
        return sound
    power = (blocks**2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10 ** (FLOOR_DB / 10))
    if not len(loud):
        return sound[:0]
    start = max(0, loud[0] * block - round(BEFORE_S * RATE_HZ))
    end = min(len(sound), (loud[-1] + 1) * block + round(AFTER_S * RATE_HZ))
    sound = sound[start:end].copy()
    rise, fall = (min(round(time * RATE_HZ), len(sound)) for time in (RISE_S, FALL_S))
    sound[:rise] *= np.linspace(0, 1, rise)
    sound[len(sound) - fall :] *= np.linspace(1, 0, fall)
    return sound


def say(hibari, text):
    sound = spoken(hibari, text, SPEED)
    words = len(re.findall(r"[\w'’]+", text))
    pace = words * 60 * RATE_HZ / max(len(sound), 1)
    if words < LONG or pace <= FASTEST:
        return sound
    return spoken(hibari, text, max(SPEED * FASTEST / pace, SLOWEST))


def spoken(hibari, text, speed):
    parts = []
    phrases = [phrase for phrase in re.split(r"(?<=[,;:.?!…])\s+", text) if re.search(r"\w", phrase)]
    for index, phrase in enumerate(phrases):
        parts.append(trimmed(np.asarray(hibari(phrase, speed=speed, seed=0), float)))
        if index + 1 < len(phrases):
            rest_s = STOP_S if re.search(r"[.?!…]\W*$", phrase) else COMMA_S
            parts.append(np.zeros(round(rest_s * RATE_HZ)))
    return np.concatenate(parts or [np.zeros(0)])


def write(path, sound):
    with wave.open(path, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def main():
    hibari = Hibari(voice=sys.argv[1], threads=1)
    for line in sys.stdin.buffer:
        try:
            wanted = json.loads(line)
            write(wanted["out"], say(hibari, wanted["text"]))
            answer = "done"
        except Exception as error:  # of one saying: the others are still to come
            answer = " ".join(f"{type(error).__name__}: {error}".split())
        answers.write(answer.encode("ascii", "replace").decode() + "\n")
        answers.flush()


main()
