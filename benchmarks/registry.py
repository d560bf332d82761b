"""The registry's words: cases, the peers that can do them, and groups of both."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """One question, put to every peer of a group.

    Attributes
    ----------
    group, family
        What is compared, and on what kind of data (severity, capacities).
    size
        People per side.
    capacity
        Most pairs per mentor and per mentee.
    large
        Measured only when asked for.
    """

    group: str
    family: str
    size: int
    capacity: tuple[int, int] = (1, 1)
    large: bool = False

    @property
    def name(self) -> str:
        """For humans and for folders."""
        return f"{self.group} {self.family} {self.size}"


def anything(case: Case) -> str:
    """Nothing stands in the way of any case."""
    return ""


@dataclass(frozen=True)
class Answer:
    """What a peer found.

    Attributes
    ----------
    found
        As the group's `value` takes it.
    bounds
        What it proves for the case's tiers, if it proves anything.
    figures
        What else is worth telling, by name.
    kept
        What the peer's `after` needs.
    """

    found: Any
    bounds: tuple[int, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)
    kept: Any = None


def as_it_is(data: Any) -> Any:
    """Nothing to prepare."""
    return data


def nothing(prepared: Any, answer: Answer) -> Mapping[str, float]:
    """No more figures."""
    return {}


@dataclass(frozen=True)
class Peer:
    """One way to the answer.

    Attributes
    ----------
    name
        As the page has it.
    run
        Takes what `prepare` made and the number of the draw; only this is timed.
    prepare
        Takes the group's data; outside the time.
    packages
        Distributions whose versions are told.
    module
        What must be importable for it to be measured.
    exact
        It promises the optimum; a smaller value is a fault.
    draws
        How often it is run with different seeds; what is told is the mean.
    cannot
        Why it cannot do a case; empty where it can.
    after
        Runs when time and memory have been taken, and tells more figures.
    """

    name: str
    run: Callable[[Any, int], Answer]
    prepare: Callable[[Any], Any] = as_it_is
    packages: tuple[str, ...] = ()
    module: str = "numpy"
    exact: bool = False
    draws: int = 1
    cannot: Callable[[Case], str] = anything
    after: Callable[[Any, Answer], Mapping[str, float]] = nothing

    @property
    def is_installed(self) -> bool:
        """Whether its package is there."""
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:  # of a part of a package, where there is no package
            return False


Value = Mapping[str, int]


class InvalidAnswer(Exception):
    """A peer's answer breaks the rules of the case."""


@dataclass(frozen=True)
class Group:
    """Cases and peers that belong together, and what both need.

    Attributes
    ----------
    name
        For commands, and in results.
    cases, smoke
        What is measured (some only when asked for), and what runs as a test; in both, sizes of a family
        ascend.
    peers
        The first one is pairmatch.
    write, read
        Make a case's data in a folder and say how many pairs are possible; read it back in the process
        that measures, outside the time.
    value
        Recounts what was found in plain code; raises `InvalidAnswer` where it breaks a rule.
    tiers
        Names in the value that are compared in a case, most important first.
    limit
        Seconds that one process may take.
    large_limit
        The same for cases that are measured only when asked for.
    """

    name: str
    cases: tuple[Case, ...]
    smoke: tuple[Case, ...]
    peers: tuple[Peer, ...]
    write: Callable[[Case, Path], int] = field(repr=False)
    read: Callable[[Case, Path], Any] = field(repr=False)
    value: Callable[[Any, Any], Value] = field(repr=False)
    tiers: Callable[[Case], tuple[str, ...]] = field(repr=False)
    limit: float = 20
    large_limit: float = 1800

    def patience(self, case: Case) -> float:
        """Seconds that one process may take over a case."""
        return self.large_limit if case.large else self.limit

    def peer(self, name: str) -> Peer:
        """The peer of that name."""
        return next(peer for peer in self.peers if peer.name == name)

    def case(self, name: str) -> Case:
        """The case of that name."""
        return next(case for case in (*self.cases, *self.smoke) if case.name == name)
