"""The measurements as the page and the charts read them."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STORED = Path(__file__).resolve().parent / "results.json"
OURS = "pairmatch"


@dataclass(frozen=True)
class Entry:
    """One case and one peer: measured, or the reason why not."""

    group: str
    family: str
    size: int
    peer: str
    status: str
    told: dict[str, Any]

    @property
    def is_measured(self) -> bool:
        """Whether there are figures."""
        return self.status == "ok"

    @property
    def seconds(self) -> float:
        """Median of the runs, imports done."""
        return float(self.told["seconds"])

    @property
    def cold(self) -> float:
        """From the start of Python: imports, a small run, then this one."""
        return float(self.told["start_up"]) + self.seconds

    @property
    def megabytes(self) -> int:
        """Peak memory of the whole process."""
        return int(self.told["megabytes"])

    def mean(self, name: str) -> float:
        """A recounted value; the mean of all draws."""
        return statistics.fmean(value[name] for value in self.told["values"])


class Results:
    """All entries, by case and peer."""

    def __init__(self, stored: dict[str, Any]) -> None:
        self.machine: dict[str, Any] = stored["machine"]
        names = ("group", "family", "size", "peer", "status")
        self.entries = [Entry(*(entry[name] for name in names), entry) for entry in stored["measured"]]

    @classmethod
    def read(cls, path: Path = STORED) -> Results:
        """From a file."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def cases(self, group: str, *families: str) -> list[tuple[str, int]]:
        """Families and sizes of a group, in the order of measurement."""
        found = [(entry.family, entry.size) for entry in self.entries if entry.group == group]
        return [case for case in dict.fromkeys(found) if not families or case[0] in families]

    def peers(self, group: str) -> list[str]:
        """Peers of a group, pairmatch first."""
        return list(dict.fromkeys(entry.peer for entry in self.entries if entry.group == group))

    def of(self, group: str, family: str, size: int, peer: str = OURS) -> Entry:
        """One entry."""
        wanted = (group, family, size, peer)
        return next(e for e in self.entries if (e.group, e.family, e.size, e.peer) == wanted)

    def ours(self, entry: Entry) -> Entry:
        """What pairmatch took for the same case."""
        return self.of(entry.group, entry.family, entry.size)

    def ratio(self, entry: Entry) -> float:
        """A peer's time divided by pairmatch's; above 1, pairmatch is the faster one."""
        return entry.seconds / self.ours(entry).seconds

    def below(self, entry: Entry, name: str) -> float:
        """How far a value stays below the proven optimum, as a share of it."""
        best = self.ours(entry).mean(name)
        return (best - entry.mean(name)) / best

    def measured(self, group: str, peer: str) -> list[Entry]:
        """A peer's measurements in a group."""
        return [e for e in self.entries if (e.group, e.peer) == (group, peer) and e.is_measured]
