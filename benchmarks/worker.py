"""One measurement in a process of its own: python -m benchmarks.worker GROUP CASE PEER FOLDER SMALL STARTED.

Writes one line of JSON. What is heavy is imported by the peer, so that time and memory are its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.groups import group
from benchmarks.registry import Case, Group, Peer

ENOUGH = 2.0
"""Seconds of runs after which a peer is not run again, and the most runs there are."""
MOST_RUNS = 5


def measured(
    group: Group, case: Case, peer: Peer, folder: Path, small: Path, started: float
) -> dict[str, Any]:
    """Warm up on the small case, then time whole runs; the answers of all draws are recounted."""
    warm_up(group, peer, small)
    start_up = time.time() - started
    data = group.read(case, folder)
    prepared = peer.prepare(data)
    seconds, answers = runs(peer, prepared)
    memory = peak_memory()
    figures = {**answers[0].figures, **peer.after(prepared, answers[0])}
    return {
        "seconds": float(f"{statistics.median(seconds):.3g}"),
        "runs": len(seconds),
        "start_up": float(f"{start_up:.3g}"),
        "megabytes": round(memory / 1e6),
        "values": [dict(group.value(data, answer.found)) for answer in answers],
        "bounds": list(answers[0].bounds),
        **({"figures": {name: float(f"{told:.6g}") for name, told in figures.items()}} if figures else {}),
    }


def warm_up(group: Group, peer: Peer, small: Path) -> None:
    """One small run, for what is imported and set up once."""
    peer.run(peer.prepare(group.read(group.smoke[0], small)), 0)


def runs(peer: Peer, prepared: Any) -> tuple[list[float], list[Any]]:
    """Times of several runs, and the answers of as many draws."""
    seconds: list[float] = []
    answers = []
    while len(seconds) < peer.draws or (len(seconds) < MOST_RUNS and sum(seconds) < ENOUGH):
        before = time.perf_counter()
        answer = peer.run(prepared, len(seconds))
        seconds.append(time.perf_counter() - before)
        answers += [answer] if len(answers) < peer.draws else []
    return seconds, answers


def peak_memory() -> int:
    """Largest resident set of this process, in bytes.

    Linux tells it in /proc; `ru_maxrss` there begins with what the parent had when it made the process.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(arguments: list[str]) -> None:
    """Measure what the arguments name."""
    name, case, peer, folder, small, started = arguments
    chosen = group(name)
    told = measured(chosen, chosen.case(case), chosen.peer(peer), Path(folder), Path(small), float(started))
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
