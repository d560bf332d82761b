"""Pairs between departments on the page: bands of a drawing 720 wide, and a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import counted
from pairmatch.plot.flows import BAR, Band, Flows, Node, flows_of, laid_out
from pairmatch.plot.words import plain
from pairmatch.report.safe_text import named

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["FlowSection", "flow_section"]

LEFT, RIGHT = 200.0, 520.0
"""Where the bands begin and end along the drawing."""

ROW, SHORTEST = 30, 150
"""Height for each department, and of the whole at least."""


@dataclass(frozen=True)
class Ribbon:
    """One band: its outline, its colour, and what it counts."""

    outline: str
    colour: int
    words: str


@dataclass(frozen=True)
class Label:
    """One department: its bar and its name."""

    y: float
    height: float
    middle: float
    name: str
    pairs: str


@dataclass(frozen=True)
class FlowSection:
    """The drawing, and the table: a row per department of the mentors, a column per one of the mentees."""

    field: str
    words: str
    height: int
    ribbons: tuple[Ribbon, ...]
    sources: tuple[Label, ...]
    targets: tuple[Label, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...], str], ...]


def flow_section(matching: Matching) -> FlowSection | None:
    """The pairs between departments; None where there is nothing to count by."""
    flows = flows_of(matching)
    if flows is None:
        return None
    height = max(SHORTEST, ROW * max(len(flows.sources), len(flows.targets)))
    sources, targets, bands = laid_out(flows)
    return FlowSection(
        field=plain(flows.field),
        words=_words(flows),
        height=height,
        ribbons=tuple(_ribbon(band, height) for band in bands),
        sources=tuple(_label(node, height) for node in sources),
        targets=tuple(_label(node, height) for node in targets),
        columns=tuple(named(name) for name, _ in flows.targets),
        rows=_rows(flows),
    )


def _ribbon(band: Band, height: int) -> Ribbon:
    a, b, c, d = (
        round(height * share, 2)
        for share in (band.source_top, band.target_top, band.target_bottom, band.source_bottom)
    )
    edge = BAR * (RIGHT - LEFT)
    start, end, middle = LEFT + edge, RIGHT - edge, (LEFT + RIGHT) / 2
    outline = (
        f"M{start:g},{a} C{middle:g},{a} {middle:g},{b} {end:g},{b} "
        f"L{end:g},{c} C{middle:g},{c} {middle:g},{d} {start:g},{d} Z"
    )
    flow = band.flow
    words = f"{named(flow.source)} to {named(flow.target)}: {counted(flow.pairs, 'pair')}"
    return Ribbon(outline, band.place % 8, words)


def _label(node: Node, height: int) -> Label:
    y, tall = round(height * node.top, 2), round(height * (node.bottom - node.top), 2)
    name = named(node.name)
    short = name if len(name) <= 24 else f"{name[:23]}…"
    return Label(y, tall, round(y + tall / 2 + 4, 2), short, f"{node.pairs:,}")


def _rows(flows: Flows) -> tuple[tuple[str, tuple[str, ...], str], ...]:
    counts = {(flow.source, flow.target): flow.pairs for flow in flows.flows}
    return tuple(
        (
            named(source),
            tuple(f"{counts.get((source, target), 0):,}" for target, _ in flows.targets),
            f"{total:,}",
        )
        for source, total in flows.sources
    )


def _words(flows: Flows) -> str:
    within = (
        f"{flows.within:,} of {counted(flows.pairs, 'pair')} stay within one {plain(flows.field).lower()}."
    )
    if not flows.within:
        within = f"No pair stays within one {plain(flows.field).lower()}."
    largest = max(flows.flows, key=lambda flow: flow.pairs)
    if largest.pairs == 1:
        return within
    return (
        f"{within} Most pairs, {largest.pairs:,}, join mentors of {named(largest.source)} "
        f"with mentees of {named(largest.target)}."
    )
