#!/usr/bin/python3
"""Speak every cue of script.toml in every shipped voice: the clips that catcow plays.

In:   script.toml      [cues]  id = "text"
      respell.toml     [words] how the synthesiser must be told to say a word
                       [cues]  a cue that needs its own wording for the synthesiser, or its own rate
Out:  <voice>/<cue id>.opus and <voice>/voice.toml, for the voices in VOICES below.

Needs Debian 12 with
      apt install rhvoice rhvoice-english opus-tools python3-numpy
of which the first two are in the components contrib and non-free. Only whoever changes a text needs
them; `--check` needs none of the programs, and nobody needs them to use catcow.

One clip is made like this: respell the text; split it at its punctuation; speak each phrase by
itself; equalise it; trim it to its speech; join the phrases with true silence between them; bring
the whole to one loudness; hold its peaks down; encode it. The same text and settings give the same
bytes. A clip is made again only when the hash of its text and settings has changed.

Absent on purpose: reverberation (it belongs to the mix, and costs intelligibility), compression and
de-essing (neither changed anything that could be measured).
"""

import argparse
import fnmatch
import hashlib
import json
import re
import struct
import subprocess
import sys
import tempfile
import tomllib
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RATE_HZ = 48_000  # of the clips, and the only rate Opus decodes to without resampling
SYNTH_HZ = 24_000  # of the RHVoice voices used here
SPAWN = 2  # clips made at once


@dataclass(frozen=True)
class Voice:
    """One speaker: who it is for the reader of voice.toml, and how it is made."""

    name: str
    summary: str
    gender: str
    speaker: str  # RHVoice's own name
    rate_percent: int  # of RHVoice's normal rate
    highpass_hz: float
    bells: tuple  # (centre Hz, Q, gain dB) of each peaking filter
    shelf: tuple = ()  # (corner Hz, gain dB) of a high shelf
    language: str = "en-US"


# The filters bring each voice nearer to the average spectrum of speech; the rates give 110 to 130
# words a minute over the whole script, pauses included.
VOICES = {
    "ada": Voice(
        name="Ada",
        summary="A calm, even woman's voice, United States English (synthetic)",
        gender="female",
        speaker="slt",
        rate_percent=78,
        highpass_hz=100,
        bells=((180, 1.0, -7), (850, 1.4, -4), (2600, 1.2, 4), (7200, 0.7, -7)),
    ),
    "ben": Voice(
        name="Ben",
        summary="A low, unhurried man's voice, United States English (synthetic)",
        gender="male",
        speaker="bdl",
        rate_percent=74,
        highpass_hz=65,
        bells=((1700, 1.0, 3), (3400, 0.9, -6)),
        shelf=(5000, -3),
    ),
}


@dataclass(frozen=True)
class Settings:
    """Everything that is the same for every clip of every voice. Part of every hash."""

    recipe: int = 1  # raise it when this file makes clips another way
    pause_comma_s: float = 0.42  # after , ; :
    pause_stop_s: float = 0.72  # after . ? !
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
    bitrate_kbps: int = 32
    synthesiser: str = "RHVoice 1.8.0"
    encoder: str = "opusenc 0.2, libopus 1.3.1"


SETTINGS = Settings()

LICENCE = (
    "The recordings: MIT OR Apache-2.0, as catcow itself. They were spoken by RHVoice and its voice data, "
    "LGPL-2.1-or-later, of which nothing is included."
)
CREDIT = (
    "Speech synthesised with RHVoice (voice {speaker}), which builds on the CMU ARCTIC recordings, "
    "copyright Carnegie Mellon University."
)


class Trouble(Exception):
    """Something the person who runs this can put right."""


# --- the script -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cue:
    """One line of the script, with what the synthesiser is given for it."""

    id: str
    text: str
    said: str
    rate: float  # times the rate of the voice


def read_toml(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def read_script():
    """All cues, or every mistake in the script at once."""
    texts = read_toml(HERE / "script.toml")["cues"]
    path = HERE / "respell.toml"
    respell = read_toml(path) if path.exists() else {}
    mistakes, seen = [], {}
    for id, text in texts.items():
        if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", id):
            mistakes.append(f"{id}: expected lower-case words joined by hyphens, with / between folders")
        if odd := re.sub(r"[A-Za-z' ,.;:?!-]", "", text):
            mistakes.append(f"{id}: expected plain words and punctuation, found {odd!r}")
        spoken = " ".join(words_of(text)).lower()
        if (twin := seen.setdefault(spoken, id)) != id:
            mistakes.append(f"{id}: expected words of its own, found those of {twin}")
    for id in respell.get("cues", {}).keys() - texts.keys():
        mistakes.append(f"respell.toml: {id}: expected a cue of the script")
    if mistakes:
        raise Trouble("\n".join(mistakes))
    return {id: to_cue(id, text, respell) for id, text in texts.items()}


def words_of(text):
    return re.findall(r"[A-Za-z']+", text)


def to_cue(id, text, respell):
    own = respell.get("cues", {}).get(id, {})
    said = own.get("say", text)
    for word, spelling in respell.get("words", {}).items():
        said = re.sub(rf"\b{word}\b", spelling, said, flags=re.IGNORECASE)
    return Cue(id, text, said, own.get("rate", 1.0))


def hash_of(cue, voice):
    """Short hash of all that decides how a clip sounds."""
    sound = asdict(voice)
    for key in ("name", "summary", "gender"):
        del sound[key]
    parts = [cue.text, cue.said, cue.rate, sound, asdict(SETTINGS)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


# --- speech ---------------------------------------------------------------------------------------


def run(command, data=b""):
    try:
        done = subprocess.run(command, input=data, capture_output=True, check=True)
    except FileNotFoundError:
        raise Trouble(f"{command[0]} is not installed; the head of make_clips.py says what is needed")
    except subprocess.CalledProcessError as error:
        raise Trouble(f"{' '.join(command)}: {error.stderr.decode().strip()}")
    return done.stdout


def synthesise(phrase, voice, rate):
    """One phrase from RHVoice, as it comes."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        percent = str(round(voice.rate_percent * rate))
        run(["RHVoice-test", "-p", voice.speaker, "-q", "max", "-r", percent, "-o", file.name], f"{phrase}\n".encode())
        with wave.open(file.name) as wav:
            if wav.getframerate() != SYNTH_HZ or wav.getnchannels() != 1:
                raise Trouble(f"expected {SYNTH_HZ} Hz mono of {voice.speaker}, found {wav.getframerate()} Hz")
            return np.frombuffer(wav.readframes(wav.getnframes()), "<i2") / 32768


def speak(cue, voice):
    """The whole cue at RATE_HZ: trimmed phrases with silence between, before and after them."""
    parts = [silence(SETTINGS.lead_s)]
    for phrase, stop in re.findall(r"([^,.;:?!]+)([,.;:?!]*)", cue.said):
        if not phrase.strip():
            continue
        parts.append(trim(equalise(synthesise(phrase.strip(), voice, cue.rate), voice)))
        parts.append(silence(SETTINGS.pause_stop_s if re.search("[.?!]", stop) else SETTINGS.pause_comma_s))
    parts[-1] = silence(SETTINGS.tail_s)
    return np.concatenate(parts)


def silence(seconds):
    return np.zeros(round(seconds * RATE_HZ))


def trim(sound):
    """Cut to the speech, with the edges that soft consonants need, faded in and out."""
    window = RATE_HZ // 100
    power = moving_sum(sound**2, window)
    loud = np.flatnonzero(power > power.max() * 10 ** (SETTINGS.speech_floor_db / 10)) + window // 2
    start = max(0, loud[0] - round(SETTINGS.trim_before_s * RATE_HZ))
    end = min(len(sound), loud[-1] + round(SETTINGS.trim_after_s * RATE_HZ))
    sound = sound[start:end].copy()
    rise, fall = round(SETTINGS.fade_in_s * RATE_HZ), round(SETTINGS.fade_out_s * RATE_HZ)
    sound[:rise] *= half_cosine(rise)
    sound[-fall:] *= half_cosine(fall)[::-1]
    return sound


def moving_sum(values, window):
    sums = np.concatenate([[0], np.cumsum(values)])
    return sums[window:] - sums[:-window]


def half_cosine(length):
    return 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)


# --- filters --------------------------------------------------------------------------------------
# All filtering multiplies spectra, so that it needs no loop over samples. The formulas are those of
# R. Bristow-Johnson's "Cookbook formulae for audio equalizer biquad filter coefficients".


def biquad_response(numerator, denominator, turn):
    """Response at the points `turn` = exp(-i w) of the unit circle."""
    return np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)


def highpass(hz, turn, q=np.sqrt(0.5)):
    w = 2 * np.pi * hz / RATE_HZ
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    return biquad_response([(1 + c) / 2, -1 - c, (1 + c) / 2], [1 + alpha, -2 * c, 1 - alpha], turn)


def bell(hz, q, gain_db, turn):
    w, a = 2 * np.pi * hz / RATE_HZ, 10 ** (gain_db / 40)
    alpha, c = np.sin(w) / (2 * q), np.cos(w)
    return biquad_response([1 + alpha * a, -2 * c, 1 - alpha * a], [1 + alpha / a, -2 * c, 1 - alpha / a], turn)


def high_shelf(hz, gain_db, turn, q=np.sqrt(0.5)):
    w, a = 2 * np.pi * hz / RATE_HZ, 10 ** (gain_db / 40)
    c, beta = np.cos(w), np.sin(w) / q * np.sqrt(a)
    return biquad_response(
        [a * (a + 1 + (a - 1) * c + beta), -2 * a * (a - 1 + (a + 1) * c), a * (a + 1 + (a - 1) * c - beta)],
        [a + 1 - (a - 1) * c + beta, 2 * (a - 1 - (a + 1) * c), a + 1 - (a - 1) * c - beta],
        turn,
    )


def spectrum_length(length):
    """With room for the filters to ring out, and of small factors only, which is fast."""
    step = RATE_HZ // 10
    return step * (length // step + 5)


def turns(length):
    return np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)


def equalise(sound, voice):
    """Raise SYNTH_HZ to RATE_HZ and apply the filters of the voice, all in one spectrum."""
    length = spectrum_length(2 * len(sound))
    low = np.fft.rfft(sound, length // 2)
    spectrum = np.zeros(length // 2 + 1, complex)
    spectrum[: len(low) - 1] = 2 * low[:-1]
    turn = turns(length)
    spectrum *= highpass(voice.highpass_hz, turn)
    for hz, q, gain_db in voice.bells:
        spectrum *= bell(hz, q, gain_db, turn)
    if voice.shelf:
        spectrum *= high_shelf(*voice.shelf, turn)
    return np.fft.irfft(spectrum, length)


# --- level ----------------------------------------------------------------------------------------


def loudness_lufs(sound):
    """Integrated loudness of one channel by ITU-R BS.1770-4, on the clip looped to measure_s."""
    looped = np.tile(sound, int(np.ceil(SETTINGS.measure_s * RATE_HZ / len(sound))))
    length = spectrum_length(len(looped))
    turn = turns(length)
    # Tables 1 and 2 of the recommendation; they hold at 48 kHz only.
    weight = biquad_response(
        [1.53512485958697, -2.69169618940638, 1.19839281085285], [1, -1.69065929318241, 0.73248077421585], turn
    ) * biquad_response([1, -2, 1], [1, -1.99004745483398, 0.99007225036621], turn)
    weighted = np.fft.irfft(np.fft.rfft(looped, length) * weight, length)[: len(looped)]
    block, hop = round(0.4 * RATE_HZ), round(0.1 * RATE_HZ)
    power = moving_sum(weighted**2, block)[::hop] / block
    power = power[lufs(power) > -70]
    return float(lufs(power[lufs(power) > lufs(power.mean()) - 10].mean()))


def lufs(power):
    return -0.691 + 10 * np.log10(power + 1e-20)


def peak_db(sound):
    """The true peak: the highest value of the curve through the samples, found at four times the rate."""
    length = spectrum_length(len(sound))
    spectrum = np.zeros(2 * length + 1, complex)
    spectrum[: length // 2 + 1] = 4 * np.fft.rfft(sound, length)
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum, 4 * length)).max() + 1e-20))


def limit(sound, ceiling_db, reach_s=0.004):
    """Turn the gain down smoothly around every peak above the ceiling, looking ahead and back."""
    wanted = 10 ** (ceiling_db / 20) / np.maximum(np.abs(sound), 1e-9)
    reach = round(reach_s * RATE_HZ)
    gain = np.ones(len(sound) + 2 * reach)
    for at in np.flatnonzero(wanted < 1):  # few: speech rarely gets there
        gain[at : at + 2 * reach + 1] = np.minimum(gain[at : at + 2 * reach + 1], wanted[at])
    # Two moving means, together as wide as the reach: a mean of gains that are all low enough.
    for _ in range(2):
        gain = moving_sum(gain, reach + 1) / (reach + 1)
    return sound * gain


# --- Ogg Opus -------------------------------------------------------------------------------------


def encode(sound, kbps=SETTINGS.bitrate_kbps):
    pcm = np.round(np.clip(sound, -1, 1) * 8388607).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    raw = ["--raw", "--raw-bits", "24", "--raw-rate", str(RATE_HZ), "--raw-chan", "1"]
    how = ["--bitrate", str(kbps), "--vbr", "--speech", "--comp", "10", "--serial", "1", "--padding", "0"]
    return without_comments(run(["opusenc", "--quiet", *raw, *how, "-", "-"], pcm))


def decode(opus):
    with tempfile.NamedTemporaryFile(suffix=".opus") as file:
        file.write(opus)
        file.flush()
        pcm = run(["opusdec", "--quiet", "--float", "--rate", str(RATE_HZ), file.name, "-"])
    return np.frombuffer(pcm, "<f4").astype(float)


def ogg_pages(data):
    """Split an Ogg stream into its pages (RFC 3533, section 6)."""
    pages, at = [], 0
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise Trouble(f"expected an Ogg page at byte {at}")
        segments = data[at + 26]
        end = at + 27 + segments + sum(data[at + 27 : at + 27 + segments])
        pages.append(data[at:end])
        at = end
    return pages


def crc_table():
    table = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(value)
    return table


CRC_TABLE = crc_table()


def with_checksum(page):
    """The page with its checksum set; a page that is whole comes back unchanged."""
    page, crc = page[:22] + bytes(4) + page[26:], 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ CRC_TABLE[crc >> 24 ^ byte]
    return page[:22] + struct.pack("<I", crc) + page[26:]


def without_comments(opus):
    """Reduce the comment header to the vendor string: the encoder's options are no part of the clip."""
    pages = ogg_pages(opus)
    tags = pages[1][27 + pages[1][26] :]
    vendor_end = 12 + struct.unpack_from("<I", tags, 8)[0]
    tags = tags[:vendor_end] + bytes(4)
    pages[1] = with_checksum(pages[1][:26] + bytes([1, len(tags)]) + tags)
    return b"".join(pages)


def frames_of(opus):
    """Frames that the stream decodes to: last granule position less pre-skip (RFC 7845, section 4)."""
    pages = ogg_pages(opus)
    if any(with_checksum(page) != page for page in pages):
        raise Trouble("a page of it is damaged")
    pre_skip = struct.unpack_from("<H", pages[0], 28 + 10)[0]
    return struct.unpack_from("<q", pages[-1], 6)[0] - pre_skip


# --- clips and the list of them -------------------------------------------------------------------


def at_level(sound):
    """The encoded clip at the loudness of all clips, with its peaks under the ceiling, and as it is heard."""
    gain_db, ceiling_db = SETTINGS.loudness_lufs - loudness_lufs(sound), SETTINGS.ceiling_db
    for _ in range(8):  # limiter and encoder change both a little, by amounts that cannot be foretold
        opus = encode(limit(sound * 10 ** (gain_db / 20), ceiling_db))
        heard = decode(opus)
        off_db, over_db = SETTINGS.loudness_lufs - loudness_lufs(heard), peak_db(heard) - SETTINGS.ceiling_db
        if abs(off_db) < 0.03 and over_db <= 0:
            break
        gain_db += off_db
        if over_db > 0:
            ceiling_db -= over_db + 0.1
    return opus, heard


def make_clip(cue, voice):
    """The encoded clip and its row of voice.toml."""
    sound = speak(cue, voice)
    opus, heard = at_level(sound)
    if len(heard) != frames_of(opus) or len(heard) != len(sound):
        raise Trouble(f"{cue.id}: expected {len(sound)} frames, the decoder gives {len(heard)}")
    row = {
        "text": cue.text,
        "frames": len(heard),
        "lufs": round(loudness_lufs(heard), 1),
        "peak_db": round(peak_db(heard), 1),
        "hash": hash_of(cue, voice),
    }
    return opus, row


def read_rows(folder):
    path = folder / "voice.toml"
    return read_toml(path)["clips"] if path.exists() else {}


def rows_as_toml(voice, rows):
    text = json.dumps  # a JSON string is a TOML basic string
    head = {
        "name": voice.name,
        "summary": voice.summary,
        "gender": voice.gender,
        "language": voice.language,
        "licence": LICENCE,
        "credit": CREDIT.format(speaker=voice.speaker),
        "maker": f"make_clips.py: {SETTINGS.synthesiser}, voice {voice.speaker} at {voice.rate_percent} % rate; "
        f"{SETTINGS.loudness_lufs:g} LUFS; {SETTINGS.encoder}, {SETTINGS.bitrate_kbps} kb/s",
    }
    lines = ["# Written by make_clips.py; change script.toml or make_clips.py instead.", ""]
    lines += [f"{key} = {text(value)}" for key, value in head.items()] + ["", "[clips]"]
    for id, row in sorted(rows.items()):
        fields = ", ".join(f"{key} = {text(value)}" for key, value in row.items())
        lines.append(f"{text(id)} = {{ {fields} }}")
    return "\n".join(lines) + "\n"


def stale(id, cue, voice, folder, row):
    """Why this clip must be made, or None."""
    path = folder / f"{id}.opus"
    if row is None or not path.exists():
        return "missing"
    if row["hash"] != hash_of(cue, voice):
        return "its text or its settings changed"
    try:
        frames = frames_of(path.read_bytes())
    except (Trouble, IndexError, struct.error):
        return "the file is damaged"
    return None if frames == row["frames"] else f"expected {row['frames']} frames, found {frames}"


def orphans(folder, cues):
    """Clips that no cue of the script asks for."""
    clips = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.opus")}
    return [clips[id] for id in sorted(clips.keys() - cues.keys())]


def check(voice_id, cues, chosen):
    voice, folder = VOICES[voice_id], HERE / voice_id
    rows = read_rows(folder)
    found = [f"{voice_id}/{id}: {why}" for id in chosen if (why := stale(id, cues[id], voice, folder, rows.get(id)))]
    found += [f"{path.relative_to(HERE)}: no such cue in the script" for path in orphans(folder, cues)]
    found += [f"{voice_id}/voice.toml: {id}: no such cue in the script" for id in sorted(rows.keys() - cues.keys())]
    if not found and (folder / "voice.toml").read_text() != rows_as_toml(voice, rows):
        found.append(f"{voice_id}/voice.toml: expected it as make_clips.py writes it")
    return found


def build(voice_id, cues, chosen):
    voice, folder = VOICES[voice_id], HERE / voice_id
    folder.mkdir(exist_ok=True)
    rows = {id: row for id, row in read_rows(folder).items() if id in cues}
    for path in orphans(folder, cues):
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    todo = [id for id in chosen if stale(id, cues[id], voice, folder, rows.get(id))]
    try:
        with ThreadPoolExecutor(SPAWN) as pool:
            for id, (opus, row) in zip(todo, pool.map(lambda id: make_clip(cues[id], voice), todo)):
                path = folder / f"{id}.opus"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(opus)
                rows[id] = row
    finally:  # keep what was made
        new = folder / "voice.toml.new"
        new.write_text(rows_as_toml(voice, rows))
        new.rename(folder / "voice.toml")
    print(f"{voice_id}: {len(todo)} made; {summary(folder, rows)}")


def summary(folder, rows):
    seconds = sum(row["frames"] for row in rows.values()) / RATE_HZ
    words = sum(len(words_of(row["text"])) for row in rows.values())
    size = sum(path.stat().st_size for path in folder.rglob("*.opus"))
    per_minute = words * 60 / max(seconds, 1e-9)
    return f"{len(rows)} clips, {seconds:.0f} s, {size / 1e6:.2f} MB, {per_minute:.0f} words a minute"


def main():
    parser = argparse.ArgumentParser(description="Make the voice clips of script.toml that are not up to date.")
    parser.add_argument("--check", action="store_true", help="make nothing; list what is out of date and exit with 1")
    parser.add_argument("--list", action="store_true", help="make nothing; show how long each clip is")
    parser.add_argument("--voice", choices=VOICES, action="append", help="only this voice")
    parser.add_argument("--cue", metavar="PATTERN", default="*", help="only these cues, such as 'cat-cow/*'")
    args = parser.parse_args()
    cues = read_script()
    chosen = [id for id in cues if fnmatch.fnmatchcase(id, args.cue)]
    found = []
    for voice_id in args.voice or VOICES:
        if args.check:
            found += check(voice_id, cues, chosen)
        elif args.list:
            rows = read_rows(HERE / voice_id)
            for id in (id for id in chosen if id in rows):
                print(f"{rows[id]['frames'] / RATE_HZ:6.2f} s  {voice_id}/{id}  {rows[id]['text']}")
        else:
            build(voice_id, cues, chosen)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"make_clips.py: {trouble}")
