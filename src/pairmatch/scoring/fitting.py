"""The fit: what is learnt from a cohort once, and frozen with the matching (law §3).

A goal that lacks a pair's data counts as that goal's average over all pairs of active people that have
data. Averages are sums of whole numbers, so that no order of summing can change them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.cohort.nearness import possible_nearness
from pairmatch.errors import FileError, Finding
from pairmatch.parameters import label_of
from pairmatch.policy import coach_policy
from pairmatch.scoring.admitted import admitted
from pairmatch.scoring.blocks import BLOCK_PAIRS, Positions, blocks
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.order import active_positions, sample_order
from pairmatch.scoring.workers import cores

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort
    from pairmatch.policy import Policy

__all__ = ["FINE", "PARTNERS", "Fit", "bound", "fit", "taken_as_told"]

FINE = 1 << 30
"""An average is a whole number of parts of 1/FINE."""

MOST_PAIRS = 4_000_000
"""Averages range over all pairs up to this many, else over a sample."""

PARTNERS = ("mentors", "mentees")
"""The two sides that a coach is held against."""

SAMPLE = 2_000
"""People on each side of the sample."""


@dataclass(frozen=True)
class Fit:
    """Values learnt from one cohort for one policy.

    Attributes
    ----------
    averages
        For each goal, by label, its average over the pairs that it can judge, in units of ``1 / FINE``;
        None where it can judge no pair. Such a goal is left out, and the others share its weight.
    fitted
        For each goal that learns from the cohort, what it learnt: plain data.
    judged
        For each goal, over how many pairs its average was taken.
    pairs
        Pairs looked at.
    sampled
        Whether these were a sample of all pairs.
    coaches
        The fits of the goals for coaches, held against the ``"mentors"`` and the ``"mentees"``; empty where
        the policy has no part about coaches.
    """

    averages: Mapping[str, int | None]
    fitted: Mapping[str, Mapping[str, Any]]
    judged: Mapping[str, int]
    pairs: int
    sampled: bool
    coaches: Mapping[str, Fit] = field(default_factory=dict)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Labels of the goals that no pair has data for."""
        return tuple(label for label, average in self.averages.items() if average is None)

    def average(self, label: str) -> float | None:
        """A goal's average score in [0, 1], or None where it was left out."""
        average = self.averages[label]
        return None if average is None else average / FINE

    def to_dict(self) -> dict[str, Any]:
        """Plain data that JSON can hold."""
        return {
            "averages": dict(self.averages),
            "fitted": {label: dict(values) for label, values in self.fitted.items()},
            "judged": dict(self.judged),
            "pairs": self.pairs,
            "sampled": self.sampled,
            **(
                {"coaches": {side: one.to_dict() for side, one in self.coaches.items()}}
                if self.coaches
                else {}
            ),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Fit:
        """The fit that `to_dict` told.

        Raises
        ------
        FileError
            If the data are not those of a fit.
        """
        told = data.get("coaches", {})
        faults = [name for name, sound in _PARTS.items() if not sound(data.get(name))]
        faults += [] if _of_partners(told) else ["coaches"]
        if faults:
            raise FileError([_not_a_fit(name) for name in faults])
        coaches = {side: cls.from_dict(told[side]) for side in told}
        return cls(**{name: data[name] for name in _PARTS}, coaches=coaches)


def fit(
    cohort: Cohort,
    policy: Policy,
    *,
    taken: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    block_pairs: int = BLOCK_PAIRS,
) -> Fit:
    """Learn what the policy's goals need from the active people whom the rules about people admit.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort (``policy.check(cohort)``).
    taken
        What an encoder told earlier, by goal, as :func:`taken_as_told` finds it in other fitted values.
    block_pairs
        Most pairs in memory at once; never changes the answer.
    """
    whole, cohort = cohort, admitted(cohort, policy, plain=True)
    fitted = {label_of(goal): dict(goal.fit(cohort)) for goal in policy.pair_goals if hasattr(goal, "fit")}
    fitted |= {label: {**fitted[label], **told} for label, told in taken.items() if label in fitted}
    gauges = [Gauge(bound(goal, fitted.get(label_of(goal))), cohort) for goal in policy.pair_goals]
    mentors, mentees, sampled = _looked_at(cohort)
    seen = {gauge.label: _Seen() for gauge in gauges}
    parts = [block for _, block in blocks(cohort, mentors, mentees, block_pairs)]
    _see(seen, gauges, parts[:1])  # what goals keep with the cohort is made once, by one thread
    with ThreadPoolExecutor(cores()) as threads:
        for more in threads.map(lambda block: _see({}, gauges, [block]), parts[1:]):
            for label, part in more.items():
                seen[label].join(part)
    if sampled:
        for gauge in gauges:
            _look_further(cohort, gauge, seen[gauge.label], block_pairs)
    own = policy.coaches
    return Fit(
        coaches={}
        if own is None
        else {s: fit(whole.coached(s), coach_policy(policy, own)) for s in PARTNERS},
        averages={label: values.average for label, values in seen.items()},
        fitted=fitted,
        judged={label: values.count for label, values in seen.items()},
        pairs=len(mentors) * len(mentees),
        sampled=sampled,
    )


def taken_as_told(
    cohort: Cohort, policy: Policy, fitted: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What an encoder told that the cohort does not have now, by goal: it cannot be worked out again.

    Only of goals whose words the cohort has: an encoder was asked for no others.
    """
    if cohort.thesaurus.nearness is not None:
        return {}
    told = {}
    for goal in policy.pair_goals:
        near = fitted.get(label_of(goal), {}).get("near") if hasattr(goal, "compared") else None
        if near and possible_nearness(cohort, goal.compared[0], goal.compared[1], near):
            told[label_of(goal)] = {"near": near}
    return told


def bound(goal: Any, fitted: Mapping[str, Any] | None) -> Any:
    """A goal with what it learnt; the goal itself where it learns nothing.

    Raises
    ------
    FileError
        If what it learnt is absent or damaged.
    """
    if not hasattr(goal, "bind"):
        return goal
    try:
        return goal.bind({} if fitted is None else fitted)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileError([_not_a_fit(f"fitted: {label_of(goal)}")]) from None


class _Seen:
    """Running sum and count of one goal's scores."""

    def __init__(self) -> None:
        self.total = 0
        self.count = 0

    @property
    def average(self) -> int | None:
        """The average in units of ``1 / FINE``, rounded half up."""
        return (2 * self.total + self.count) // (2 * self.count) if self.count else None

    def join(self, other: _Seen) -> None:
        """Add what was seen elsewhere."""
        self.total += other.total
        self.count += other.count

    def add(self, gauge: Gauge, block: Block) -> None:
        """Add the pairs of one block."""
        units, missing = gauge.read(block, FINE)
        pairs = block.shape[0] * block.shape[1]
        # One row or column may stand for the whole block. The sums are whole numbers below 2**53: exact.
        repeats = pairs // units.size if units.size else 0
        lacking = int(np.count_nonzero(missing)) if missing is not None else 0
        self.total += sum(map(int, units.sum(axis=1))) * repeats
        self.count += pairs - lacking * repeats


def _see(seen: dict[str, _Seen], gauges: Sequence[Gauge], parts: Sequence[Block]) -> dict[str, _Seen]:
    """Add the pairs of some blocks to what was seen of each goal."""
    for gauge in gauges:
        for block in parts:
            seen.setdefault(gauge.label, _Seen()).add(gauge, block)
    return seen


def _looked_at(cohort: Cohort) -> tuple[Positions, Positions, bool]:
    """The people whose pairs are averaged, and whether these are a sample."""
    mentors, mentees = active_positions(cohort.mentors), active_positions(cohort.mentees)
    if len(mentors) * len(mentees) <= MOST_PAIRS:
        return mentors, mentees, False
    return sample_order(cohort.mentors)[:SAMPLE], sample_order(cohort.mentees)[:SAMPLE], True


def _look_further(cohort: Cohort, gauge: Gauge, seen: _Seen, block_pairs: int) -> None:
    """Where no pair of the sample has data, go on, sample after sample, to the first one that has."""
    for mentors, mentees in _samples(cohort):
        if seen.count:
            return
        for _, block in blocks(cohort, mentors, mentees, block_pairs):
            seen.add(gauge, block)


def _samples(cohort: Cohort) -> Iterator[tuple[Positions, Positions]]:
    mentors, mentees = sample_order(cohort.mentors), sample_order(cohort.mentees)
    for i in range(0, len(mentors), SAMPLE):
        for j in range(0, len(mentees), SAMPLE):
            yield mentors[i : i + SAMPLE], mentees[j : j + SAMPLE]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_average(value: object) -> bool:
    return value is None or (_is_count(value) and isinstance(value, int) and value <= FINE)


_PARTS: dict[str, Callable[[object], bool]] = {
    "averages": lambda part: isinstance(part, Mapping) and all(map(_is_average, part.values())),
    "fitted": lambda part: isinstance(part, Mapping) and all(isinstance(v, Mapping) for v in part.values()),
    "judged": lambda part: isinstance(part, Mapping) and all(map(_is_count, part.values())),
    "pairs": _is_count,
    "sampled": lambda part: isinstance(part, bool),
}


def _of_partners(told: object) -> bool:
    """Whether this may tell the fits of the goals for coaches: for both sides, or none."""
    return isinstance(told, Mapping) and (
        not told or (set(told) == set(PARTNERS) and all(isinstance(one, Mapping) for one in told.values()))
    )


def _not_a_fit(name: str) -> Finding:
    hint = f"The fitted values' part '{name}' is absent or damaged; match the cohort again."
    return Finding("bad_fit", hint, side="matching", column=name)
