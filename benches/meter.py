"""Runs one command and prints, as JSON, what the system says of it.

A process of its own that imports next to nothing: a child's peak memory can read no lower than its parent's was, so the
parent has to be small. Run as: python3 -I -S meter.py [--stdout FILE] [--fresh FILE] [--first BYTES] [--cpu N] [--fifo]
-- COMMAND…
"""

import os
import sys
import time


def main() -> None:
    split = sys.argv.index("--")
    options, command = sys.argv[1:split], sys.argv[split + 1 :]
    value = lambda name: options[options.index(name) + 1] if name in options else None
    if fresh := value("--fresh"):
        # Before the clock starts: to empty or replace a file is dear, and no part of writing one.
        unlink(fresh)
    if cpu := value("--cpu"):
        os.sched_setaffinity(0, {int(cpu)})
    if "--fifo" in options:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
    first = int(value("--first") or 0)
    result = run(command, value("--stdout"), first)
    print("{" + ", ".join(f'"{key}": {number!r}' for key, number in result.items()) + "}")


def unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        pass


def run(command: list[str], stdout: str | None, first: int) -> dict[str, float]:
    ours, theirs = os.pipe() if first else (None, None)
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 2)]
    if stdout:
        actions.append((os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644))
    else:
        actions.append((os.POSIX_SPAWN_DUP2, theirs if first else null, 1))
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    reached = 0.0
    if first:
        os.close(theirs)
        reached = read(ours, first, start)
        # It writes into a pipe that nobody reads any more, and ends.
        os.close(ours)
    _, status, usage = os.wait4(child, 0)
    return {
        "wall": time.perf_counter() - start,
        "cpu": usage.ru_utime + usage.ru_stime,
        "peak": usage.ru_maxrss * 1024,
        "code": os.waitstatus_to_exitcode(status),
        "first": reached,
    }


def read(pipe: int, wanted: int, start: float) -> float:
    """Seconds until so many bytes have come; infinite if they never do."""
    while wanted > 0:
        block = os.read(pipe, 65_536)
        if not block:
            return 1e9
        wanted -= len(block)
    return time.perf_counter() - start


main()
