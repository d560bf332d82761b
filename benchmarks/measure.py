"""Measures all peers side by side: python -m benchmarks.measure, `--help` for the rest.

Each measurement is a process of its own; peers take turns on a case before the next case begins.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.groups import GROUPS, group
from benchmarks.registry import Case, Group, Peer

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
SMALL = "small"


@dataclass
class Pace:
    """What is known of each peer's speed, so that nobody waits for what cannot end in time."""

    known: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def note(self, peer: Peer, pairs: int, seconds: float) -> None:
        """Remember how long so many possible pairs took."""
        self.known.setdefault(peer.name, []).append((pairs, seconds))

    def hopeless(self, peer: Peer, pairs: int, limit: float) -> str:
        """Why a case is not begun: growing no faster than the pairs, it would already take too long."""
        for fewer, seconds in self.known.get(peer.name, ()):
            if fewer < pairs and seconds * pairs / fewer > limit:
                return f"not begun after {seconds:.1f} s with {fewer:,} possible pairs"
        return ""


def measure(groups: tuple[Group, ...], *, quick: bool, large: bool = False) -> dict[str, Any]:
    """All measurements of some groups.

    With ``quick`` only those of the smoke test, with ``large`` also those that take long.
    """
    before = os.getloadavg()[0]
    chosen = {g.name: g.smoke if quick else [c for c in g.cases if large or not c.large] for g in groups}
    measured = [entry for each in groups for entry in entries(each, chosen[each.name])]
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    return {"schema": 1, "machine": machine(groups) | {"load": load}, "measured": measured}


def entries(group: Group, cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """One entry per case and peer, also for those that cannot or would take too long."""
    pace = Pace()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / SMALL).mkdir()
        group.write(group.smoke[0], Path(folder) / SMALL)
        for case in cases:
            place = Path(folder) / case.name.replace(" ", "-")
            place.mkdir()
            pairs = group.write(case, place)
            best: tuple[float, ...] = ()
            for peer in group.peers:
                told = entry(group, case, peer, pace, pairs, place)
                best = best or next(iter(reached(group, case, told)), ())
                if best:
                    check(group, case, peer, told, best)
                print(f"{case.name}, {peer.name}: {told.get('seconds', told['status'])}", flush=True)
                named = {"group": group.name, "family": case.family, "size": case.size}
                yield named | {"pairs": pairs, "peer": peer.name} | told
            shutil.rmtree(place)


def entry(group: Group, case: Case, peer: Peer, pace: Pace, pairs: int, place: Path) -> dict[str, Any]:
    """One measurement, or why there is none."""
    if why := peer.cannot(case):
        return {"status": "cannot", "why": why}
    if not peer.is_installed:
        return {"status": "not installed"}
    ours = peer is group.peers[0]  # without its answer there is nothing to compare with
    if why := "" if ours else pace.hopeless(peer, pairs, group.patience(case)):
        return {"status": "too slow", "why": why}
    told = run(group, case, peer, place)
    pace.note(peer, pairs, told.get("seconds", group.patience(case)))
    return told


def run(group: Group, case: Case, peer: Peer, place: Path) -> dict[str, Any]:
    """Start the worker and wait."""
    names = [group.name, case.name, peer.name, str(place), str(place.parent / SMALL), str(time.time())]
    command = [sys.executable, "-m", "benchmarks.worker", *names]
    limit = group.patience(case)
    try:
        done = subprocess.run(
            command, cwd=HERE.parent, capture_output=True, text=True, check=False, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return {"status": "too slow", "why": f"stopped after {limit:.0f} s"}
    if done.returncode:
        raise RuntimeError(f"{case.name}, {peer.name}\n{done.stderr[-2000:]}")
    return {"status": "ok", **json.loads(done.stdout.splitlines()[-1])}


def reached(group: Group, case: Case, told: dict[str, Any]) -> list[tuple[float, ...]]:
    """The compared values of every draw; none where nothing was measured."""
    return [tuple(value[tier] for tier in group.tiers(case)) for value in told.get("values", ())]


def check(group: Group, case: Case, peer: Peer, told: dict[str, Any], best: tuple[float, ...]) -> None:
    """Nobody is better than the optimum, and whoever promises it has it."""
    values = reached(group, case, told)
    wrong = [value for value in values if value > best or (peer.exact and value != best)]
    if wrong or tuple(told.get("bounds", ())) not in {(), best}:
        raise RuntimeError(f"{case.name}, {peer.name}: {wrong or told['bounds']}, but the optimum is {best}")


def added(results: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """Results with the groups of former ones that were not measured again, if the machine is the same."""
    again = {entry["group"] for entry in results["measured"]}
    now, then = results["machine"], kept["machine"]
    if any(now[fact] != then[fact] for fact in ("system", "cores", "python")):
        raise SystemExit("the results in that file are of another machine: measure all groups again")
    told = [entry for entry in kept["measured"] if entry["group"] not in again]
    facts = now | {"packages": dict(sorted((then["packages"] | now["packages"]).items()))}
    return results | {"machine": facts, "measured": told + results["measured"]}


def machine(groups: tuple[Group, ...]) -> dict[str, Any]:
    """What matters of this machine, and nothing that names it."""
    packages = sorted({name for each in groups for peer in each.peers for name in peer.packages})
    return {
        "system": platform.system(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "packages": {name: found for name in packages if (found := installed(name))},
    }


def installed(package: str) -> str:
    """A package's version; empty where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    names = [each.name for each in GROUPS]
    parser.add_argument("--group", choices=names, action="append", help="only this group; may be repeated")
    parser.add_argument("--quick", action="store_true", help="the small cases of the smoke test")
    parser.add_argument(
        "--large", action="store_true", help="also the cases that take long, up to 10^10 pairs"
    )
    parser.add_argument("--add", action="store_true", help="keep the other groups that are in the file")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results go")
    chosen = parser.parse_args(arguments)
    groups = tuple(group(name) for name in chosen.group or names)
    results = measure(groups, quick=chosen.quick, large=chosen.large)
    if chosen.add:
        results = added(results, json.loads(chosen.out.read_text(encoding="utf-8")))
    chosen.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
