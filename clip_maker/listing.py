"""voice.toml: what is written of every clip, and whether it is still true."""

import json
import struct

from cues import hash_of, limits_missed, mishearings, read_toml, words_of
from opus import frames_of
from settings import CLIPS, LICENCE, RATE_HZ, SETTINGS, VOICES, Trouble

LOUDNESS_OFF_LU = 0.2  # a clip may be off by, after the encoder
QUALITY_LEAST, QUALITY_LEAST_WORD = 3.6, 3.0  # where it was rated; a single word is rated low however it sounds


def read_rows(folder):
    path = folder / "voice.toml"
    return read_toml(path)["clips"] if path.exists() else {}


def write_rows(folder, voice, rows):
    fresh = folder / "voice.toml.new"
    fresh.write_text(rows_as_toml(voice, rows))
    fresh.rename(folder / "voice.toml")


def rows_as_toml(voice, rows):
    text = json.dumps  # a JSON string is a TOML basic string
    head = {
        "name": voice.name,
        "summary": voice.summary,
        "gender": voice.gender,
        "language": voice.language,
        "licence": LICENCE,
        "credit": voice.credit,
        "maker": f"make_clips.py: {voice.made_by}, voice {voice.speaker} at {voice.speed:g} of its speed; "
        f"{SETTINGS.loudness_lufs:g} LUFS; {SETTINGS.encoder}, {SETTINGS.bitrate_kbps} kb/s",
    }
    lines = ["# Written by make_clips.py; change script.toml or clip_maker/ instead.", ""]
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


def faults(cue, row):
    """What a clip that was made falls short of."""
    found = []
    if row["text"] != cue.text:
        found.append(f"expected the text {cue.text!r}, found {row['text']!r}")
    if abs(row["lufs"] - SETTINGS.loudness_lufs) > LOUDNESS_OFF_LU:
        found.append(f"{row['lufs']} LUFS, expected {SETTINGS.loudness_lufs:g}")
    if row["peak_db"] > SETTINGS.ceiling_db:
        found.append(f"a peak of {row['peak_db']} dB, expected at most {SETTINGS.ceiling_db:g}")
    if missed := limits_missed(cue, row["frames"] / RATE_HZ):
        found.append(missed)
    wrong, keys = mishearings(cue.text, row.get("heard", cue.text))
    if keys or wrong != row["wrong"]:
        found.append(f"heard {row.get('heard', cue.text)!r}")
    least = QUALITY_LEAST_WORD if len(words_of(cue.text)) == 1 else QUALITY_LEAST
    if (quality := row.get("quality", 5)) < least:
        found.append(f"a predicted quality of {quality}, expected {least}")
    return found


def orphans(folder, cues):
    """Clips that no cue of the script asks for."""
    clips = {path.relative_to(folder).with_suffix("").as_posix(): path for path in folder.rglob("*.opus")}
    return [clips[id] for id in sorted(clips.keys() - cues.keys())]


def check(voice_id, folder, cues, chosen):
    """Everything that is out of date or falls short."""
    voice, rows = VOICES[voice_id], read_rows(folder)
    found = [f"{voice_id}/{id}: {why}" for id in chosen if (why := stale(id, cues[id], voice, folder, rows.get(id)))]
    found += [f"{voice_id}/{path.relative_to(folder)}: no such cue in the script" for path in orphans(folder, cues)]
    found += [f"{voice_id}/voice.toml: {id}: no such cue in the script" for id in sorted(rows.keys() - cues.keys())]
    if not found:
        found += [f"{voice_id}/{id}: {fault}" for id in chosen for fault in faults(cues[id], rows[id])]
        if (folder / "voice.toml").read_text() != rows_as_toml(voice, rows):
            found.append(f"{voice_id}/voice.toml: expected it as make_clips.py writes it")
    return found


def summary(folder, rows):
    seconds = sum(row["frames"] for row in rows.values()) / RATE_HZ
    words = sum(len(words_of(row["text"])) for row in rows.values())
    size = sum(path.stat().st_size for path in folder.rglob("*.opus"))
    wrong = sum(row.get("wrong", 0) for row in rows.values())
    return (
        f"{len(rows)} clips, {seconds:.0f} s, {size / 1e6:.2f} MB, {words * 60 / max(seconds, 1e-9):.0f} words a minute, "
        f"{wrong} of {words} words heard wrong"
    )
