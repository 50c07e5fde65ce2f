"""What people would use instead: the command line of each, ready to be measured.

All set-up (lists of files, gaps as files, filter graphs) is done before the clock starts, in the peers' favour.
"""

import subprocess
import sys
import venv
from pathlib import Path

from workload import RATE, Workload, clips_folder

PACKAGES = ["numpy", "soundfile", "soxr"]
HERE = Path(__file__).resolve().parent


def python_with_numpy(folder: Path) -> str:
    """The Python of an environment with numpy; made on first use."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def copy(workload: Workload) -> list[str]:
    """The yardstick: the same bytes, written by the quickest program there is."""
    return ["cp", str(finished(workload))]


def finished(workload: Workload) -> Path:
    return workload.folder / f"{workload.name}.wav"


def bare_write(workload: Workload) -> list[str]:
    """The floor: as many bytes, out of memory, 256 KiB at a time. Python takes 0.01 s of it to start."""
    script = (
        "import os, sys; left, block = int(sys.argv[1]), b'Z' * 262144\n"
        "out = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT, 0o644)\n"
        "while left: left -= os.write(out, block[:left])"
    )
    return [sys.executable, "-I", "-S", "-c", script, str(workload.bytes)]


def concat_demuxer(workload: Workload) -> list[str]:
    source = ["-f", "concat", "-safe", "0", "-i", str(workload.concat_list)]
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", *source, "-ar", str(RATE), "-ac", "2", "-c:a", "pcm_s16le"]


def aac(source: Path) -> list[str]:
    """ffmpeg's own encoder, as people call it."""
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", str(source), "-c:a", "aac", "-b:a", "48k"]


def numpy(workload: Workload, python: str) -> list[str]:
    return [python, str(HERE / "numpy_session.py"), str(workload.folder), str(workload.events)]


def ffmpeg_graph(workload: Workload) -> list[str]:
    """Voice by the concat filter, a bed that ducks under it, and breath tones, mixed."""
    graph = workload.folder / f"{workload.name}.graph"
    graph.write_text(graph_text(workload))
    inputs = [str(clips_folder(workload.folder) / f"{cue.clip}.wav") for cue in workload.placed]
    voice = [word for path in inputs for word in ("-i", path)]
    under = ["-stream_loop", "-1", "-i", str(workload.folder / "bed.wav"), "-i", str(workload.folder / "breath.wav")]
    finish = ["-filter_complex_script", str(graph), "-map", "[out]", "-c:a", "pcm_s16le"]
    return ["ffmpeg", "-nostdin", "-v", "error", "-y", *voice, *under, *finish]


def graph_text(workload: Workload) -> str:
    chains, labels, clock = [], "", 0
    silence = f"anullsrc=r={RATE}:cl=stereo,atrim=end_sample="
    for index, cue in enumerate(workload.placed):
        chains.append(f"{silence}{cue.start - clock}[gap{index}]")
        chains.append(f"[{index}:a]aresample={RATE},aformat=sample_fmts=s16:channel_layouts=stereo[cue{index}]")
        labels += f"[gap{index}][cue{index}]"
        clock = cue.start + cue.frames
    chains.append(f"{silence}{workload.frames - clock}[end]")
    parts = 2 * len(workload.placed) + 1
    chains.append(f"{labels}[end]concat=n={parts}:v=0:a=1,asplit[voice][key]")
    bed, breath, length = len(workload.placed), len(workload.placed) + 1, f"atrim=end_sample={workload.frames}"
    chains += [
        f"[{bed}:a]{length},volume=-24dB[under]",
        "[under][key]sidechaincompress=threshold=0.01:ratio=3:attack=100:release=500[bed]",
        f"[{breath}:a]aloop=loop=119:size={10 * RATE},adelay={workload.frames // 3}S:all=1[tone]",
        f"[voice][bed][tone]amix=inputs=3:normalize=0:duration=longest,{length}[out]",
    ]
    return ";\n".join(chains)
