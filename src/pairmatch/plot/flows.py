"""Which departments' mentors are paired with which departments' mentees, counted and laid out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.grouping import PROTECTED, grouping

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["BAR", "Band", "Flow", "Flows", "Node", "flows_of", "laid_out"]

FIELDS = ("department", "organisation", "function", "region", "location")
"""Where no field is named, the first of these that both sides have."""

MOST_KINDS = 12
"""Departments of one side that are told one by one; the smaller ones are put together."""

OTHERS = "all others"

BAR = 0.02
"""How broad a department's bar is, as a share of the drawing's width."""

GAP = 0.018
"""Space between two departments, as a share of the drawing's height."""


@dataclass(frozen=True)
class Flow:
    """Pairs between a department of the mentors and one of the mentees."""

    source: str
    target: str
    pairs: int


@dataclass(frozen=True)
class Flows:
    """All pairs by the departments of both.

    Attributes
    ----------
    field
        The field that was counted by.
    sources, targets
        The mentors' and the mentees' departments with their pairs, the largest first.
    flows
        In the order of `sources`, then of `targets`; none is empty.
    """

    field: str
    sources: tuple[tuple[str, int], ...]
    targets: tuple[tuple[str, int], ...]
    flows: tuple[Flow, ...]

    @property
    def pairs(self) -> int:
        """How many pairs there are."""
        return sum(flow.pairs for flow in self.flows)

    @property
    def within(self) -> int:
        """How many pairs stay within one department."""
        same = (flow.pairs for flow in self.flows if flow.source == flow.target != OTHERS)
        return sum(same)


@dataclass(frozen=True)
class Node:
    """One department in the drawing: its upper and lower end, from 0 to 1."""

    name: str
    pairs: int
    top: float
    bottom: float


@dataclass(frozen=True)
class Band:
    """One flow in the drawing: its ends at the mentors' and at the mentees' side, from 0 to 1."""

    flow: Flow
    place: int
    source_top: float
    source_bottom: float
    target_top: float
    target_bottom: float


def flows_of(matching: Matching, field: str | None = None) -> Flows | None:
    """Count the pairs by the departments of both; None where there is nothing to count by.

    Parameters
    ----------
    matching
        The matching.
    field
        A text field that both sides have; None: department, organisation, function, region or location,
        the first that there is.

    Raises
    ------
    CallError
        The field is not there, is no text, or is sensitive, special or confidential.
    """
    if field is None:
        field = next((name for name in FIELDS if not _findings(matching.cohort, name)), None)
    elif found := _findings(matching.cohort, field):
        raise CallError(found)
    if field is None or not matching.made:
        return None
    of = {side: _kinds(matching.cohort, side, field) for side in ("mentors", "mentees")}
    pairs = [(of["mentors"][pair.mentor], of["mentees"][pair.mentee]) for pair in matching.made]
    return _counted(field, pairs)


def _findings(cohort: Cohort, field: str) -> list[Finding]:
    """What stands against counting by a field."""
    name = cohort.resolve(field) if isinstance(field, str) else None
    sides = (cohort.mentors, cohort.mentees)
    if name is None or not all(name in side for side in sides):
        hint = f"both sides need this field.{did_you_mean(str(field), cohort.fields)}"
        return [Finding("unknown_field", hint, column=str(field))]
    if cohort.field_class(name) in PROTECTED:
        hint = "pairs are not counted by sensitive, special or confidential fields; see matching.groups"
        return [Finding("protected_field", hint, column=name)]
    if any(side.kind(name) != "text" for side in sides):
        return [Finding("wrong_kind", "pairs are counted by fields of kind 'text'", column=name)]
    return []


def _kinds(cohort: Cohort, side: str, field: str) -> dict[str, str]:
    """What stands in the field, by id."""
    found = grouping(cohort, side, (field,))
    words = ["", *(found.told(next(iter(kind))) for kind in found.kinds[1:])]
    ids = cohort.side(side).ids
    return {ids[row]: words[kind] for row, kind in enumerate(found.kind.tolist()) if kind}


def _counted(field: str, pairs: Sequence[tuple[str, str]]) -> Flows:
    sources, targets = (_largest(Counter(pair[side] for pair in pairs)) for side in (0, 1))
    kept = {name for name, _ in sources}, {name for name, _ in targets}
    counts = Counter(
        tuple(name if name in known else OTHERS for name, known in zip(pair, kept, strict=True))
        for pair in pairs
    )
    flows = (
        Flow(source, target, counts[source, target])
        for source, _ in sources
        for target, _ in targets
        if counts[source, target]
    )
    return Flows(field, sources, targets, tuple(flows))


def _largest(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The largest first, equals by name; of many the smaller ones together at the end."""
    ranked = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    if len(ranked) <= MOST_KINDS:
        return tuple(ranked)
    rest = sum(count for _, count in ranked[MOST_KINDS - 1 :])
    return (*ranked[: MOST_KINDS - 1], (OTHERS, rest))


def laid_out(flows: Flows) -> tuple[tuple[Node, ...], tuple[Node, ...], tuple[Band, ...]]:
    """Where the departments and the bands between them stand: the mentors', the mentees', the bands."""
    gaps = max(len(flows.sources), len(flows.targets)) - 1
    scale = (1 - GAP * gaps) / flows.pairs
    sources, targets = _column(flows.sources, scale), _column(flows.targets, scale)
    ends = [{node.name: node.top for node in nodes} for nodes in (sources, targets)]
    places = {node.name: place for place, node in enumerate(sources)}
    bands = []
    for flow in flows.flows:
        height = flow.pairs * scale
        top, other = ends[0][flow.source], ends[1][flow.target]
        bands.append(Band(flow, places[flow.source], top, top + height, other, other + height))
        ends[0][flow.source], ends[1][flow.target] = top + height, other + height
    return sources, targets, tuple(bands)


def _column(entries: Sequence[tuple[str, int]], scale: float) -> tuple[Node, ...]:
    """The departments of one side below each other, in the middle of the height."""
    filled = scale * sum(count for _, count in entries) + GAP * (len(entries) - 1)
    top, nodes = (1 - filled) / 2, []
    for name, count in entries:
        nodes.append(Node(name, count, top, top + scale * count))
        top += scale * count + GAP
    return tuple(nodes)
