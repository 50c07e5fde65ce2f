"""Ogg Opus: encoding, decoding, and the pages in between."""

import re
import struct
import tempfile

import numpy as np

from environment import run
from settings import RATE_HZ, SETTINGS, Trouble
from sound import limit, loudness_lufs, peak_db


def encode(sound, kbps=SETTINGS.bitrate_kbps):
    pcm = np.round(np.clip(sound, -1, 1) * 8388607).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    raw = ["--raw", "--raw-bits", "24", "--raw-rate", str(RATE_HZ), "--raw-chan", "1"]
    how = ["--bitrate", str(kbps), "--vbr", "--speech", "--comp", "10", "--serial", "1", "--padding", "0"]
    return without_comments(run(["opusenc", "--quiet", *raw, *how, "-", "-"], input=pcm))


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


def at_level(sound):
    """The encoded clip at the loudness of all clips, with its peaks under the ceiling, and as it is heard."""
    gain_db, ceiling_db = SETTINGS.loudness_lufs - loudness_lufs(sound), SETTINGS.ceiling_db
    for _ in range(20):  # limiter and encoder change both a little, by amounts that cannot be foretold
        opus = encode(limit(sound * 10 ** (gain_db / 20), ceiling_db))
        heard = decode(opus)
        off_db, over_db = SETTINGS.loudness_lufs - loudness_lufs(heard), peak_db(heard) - SETTINGS.ceiling_db
        if abs(off_db) < 0.03 and over_db <= 0:
            break
        gain_db += off_db
        if over_db > 0:
            ceiling_db -= over_db + 0.1
    return opus, heard
