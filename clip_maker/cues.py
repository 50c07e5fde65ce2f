"""The script: its cues, what the synthesiser is given for them, and what must be heard."""

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass

from settings import CLIPS, SETTINGS, Trouble, sound_of

# A listener who mishears one of these does something else: no clip may have another of them than its text.
KEY_WORDS = set(
    "in out inhale exhale left right one two three four five six seven eight nine ten twelve fifteen eighteen "
    "twenty thirty forty fifty half quarter minute minutes seconds hour up down forward back pain stop lift lower head neck chin chest "
    "shoulder shoulders arm arms elbow elbows wrist wrists hand hands palms fingers spine back belly hip hips thigh "
    "thighs leg legs knee knees heel heels foot feet toe toes side cat cow sphinx not no".split()
)

# What sounds the same is the same: a recogniser can only guess which was meant.
SAME_SOUND = {
    "too": "two", "to": "two", "for": "four", "ate": "eight", "won": "one", "write": "right", "inn": "in",
    "heal": "heel", "heals": "heels", "tow": "toe", "tows": "toes", "you're": "your", "there": "their",
    "they're": "their", "weight": "wait", "its": "it's", "hole": "whole", "way": "weigh", "knead": "need",
    "neil": "kneel", "forwards": "forward", "toward": "towards", "rap": "wrap", "role": "roll", "paws": "pause", "pores": "pours",
}  # fmt: skip

SAME_SAYING = {"soft in your": "soften your", "arrest": "a rest", "into": "in to"}

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 90: "ninety"}


@dataclass(frozen=True)
class Cue:
    """One line of the script, with what the synthesiser is given for it."""

    id: str
    text: str
    said: str
    speed: float  # times the speed of the voice
    take: str  # the only take to be made, or nothing for a free choice


def read_toml(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def read_script():
    """All cues, or every mistake in the script at once."""
    texts = read_toml(CLIPS / "script.toml")["cues"]
    path = CLIPS / "respell.toml"
    respell = read_toml(path) if path.exists() else {}
    mistakes = []
    for id, text in texts.items():
        if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*", id):
            mistakes.append(f"{id}: expected lower-case words joined by hyphens, with / between folders")
        if odd := re.sub(r"[A-Za-z' ,.;:?!-]", "", text):
            mistakes.append(f"{id}: expected plain words and punctuation, found {odd!r}")
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
    return Cue(id, text, said, own.get("speed", 1.0), own.get("take", ""))


def hash_of(cue, voice):
    """Short hash of all that decides how a clip sounds."""
    parts = [cue.text, cue.said, cue.speed, cue.take, sound_of(voice), asdict(SETTINGS)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def phrases(said):
    """The phrases of a text, each with its punctuation, and whether a sentence ends after it."""
    found = re.findall(r"([^,.;:?!]+)([,.;:?!]*)", said)
    return [(f"{words.strip()}{stop}", bool(re.search("[.?!]", stop))) for words, stop in found if words.strip()]


def longest_s(cue):
    """How long a clip of this cue may be, or None."""
    words = [word.lower() for word in words_of(cue.text)]
    if cue.id.startswith("count/"):
        return SETTINGS.count_most_s
    if words[0] == "inhale" and len(words) <= SETTINGS.inhale_most_words:
        return SETTINGS.inhale_most_s
    return SETTINGS.exhale_most_s if words[0] == "exhale" else None


def pace(cue, seconds):
    """Words a minute, pauses included."""
    return len(words_of(cue.text)) * 60 / seconds


def limits_missed(cue, seconds):
    """What is wrong with the length of a clip, or None."""
    most = longest_s(cue)
    if most and seconds >= most:
        return f"{seconds:.2f} s, expected under {most} s"
    least, most = pace_limits(cue)
    if not least <= (found := pace(cue, seconds)) <= most:
        return f"{found:.0f} words a minute, expected {least:.0f} to {most:.0f}"
    return None


def pace_limits(cue):
    """The fewest and the most words a minute."""
    words = len(words_of(cue.text))
    if words < SETTINGS.pace_words:
        return 0, 1000
    wordy = words >= SETTINGS.pace_per_phrase * len(phrases(cue.said))
    return SETTINGS.pace_least if wordy else 0, SETTINGS.pace_most


# --- what was heard -------------------------------------------------------------------------------


def number_words(number):
    if number < len(UNITS):
        return UNITS[number]
    ten, unit = number // 10 * 10, number % 10
    if ten not in TENS:
        return str(number)
    return f"{TENS[ten]} {UNITS[unit]}" if unit else TENS[ten]


def heard_words(text):
    """The words of a text, with its numbers spelled out."""
    text = re.sub(r"\d+", lambda found: f" {number_words(int(found[0]))} ", text.lower().replace("\u2019", "'"))
    words = " ".join(re.findall(r"[a-z']+", text.replace("-", " ")))
    for saying, same in SAME_SAYING.items():
        words = re.sub(rf"\b{saying}\b", same, words)
    return words.split()


def mishearings(text, heard):
    """How many words were heard wrong, and which key words are among them."""
    wanted, found = heard_words(text), heard_words(heard)
    if "".join(wanted) == "".join(found):  # "fore arms" is "forearms"
        return 0, set()
    wrong = edits([as_sound(word) for word in wanted], [as_sound(word) for word in found])
    return wrong, {word for word in KEY_WORDS if fewer(wanted, found, word) or fewer(found, wanted, word)}


def as_sound(word):
    return SAME_SOUND.get(word, word)


def fewer(some, others, key):
    """Whether `others` lacks a key word that `some` has, however it was written."""
    return some.count(key) > sum(as_sound(word) == as_sound(key) for word in others)


def edits(wanted, found):
    """The smallest number of words to change, add or drop."""
    row = list(range(len(found) + 1))
    for at, word in enumerate(wanted, 1):
        above, row = row, [at]
        for to, other in enumerate(found, 1):
            row.append(min(above[to] + 1, row[-1] + 1, above[to - 1] + (word != other)))
    return row[-1]
