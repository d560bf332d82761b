"""How time and memory grow with size, and what hard data cost: these parts of the page, from the results."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.results import OURS, Entry, Results
from benchmarks.sweeps import ONE_TO_ONE, PLACES
from benchmarks.words import amount, count, seconds, table

FITTED_FROM = 1000
"""People per side from which on growth is fitted where nothing was swept: below, fixed costs outweigh it."""

STEPS = {
    "scoring_seconds": "before the solver",
    "seconds_best": "candidates",
    "seconds_flow": "flows",
    "seconds_prices": "prices",
    "seconds_sweeps": "sweeps",
    "seconds": "solver in all",
    "verify_seconds": "verify",
}
"""Figures that tell where the time went."""


@dataclass(frozen=True)
class Growth:
    """A straight line through the logarithms: ``y = factor * x**slope``."""

    slope: float
    factor: float

    def at(self, x: float) -> float:
        """The line's height."""
        return float(self.factor * x**self.slope)


def fitted(points: list[tuple[float, float]]) -> Growth | None:
    """The least squares line through the logarithms; None through fewer than two points."""
    if len({x for x, _ in points}) < 2:
        return None
    x, y = np.log(np.array(points, float)).T
    slope, height = np.polyfit(x, y, 1)
    return Growth(float(slope), math.exp(height))


def family(results: Results, name: str) -> list[Entry]:
    """What pairmatch took for a family of the sweep of size."""
    found = [results.of("size", *case) for case in results.cases("size", name)]
    return [entry for entry in found if entry.is_measured]


def by_pairs(entries: list[Entry]) -> list[tuple[float, float]]:
    """Seconds by possible pairs."""
    return [(float(entry.told["pairs"]), entry.seconds) for entry in entries]


def by_swept(entries: list[Entry]) -> list[tuple[float, float]]:
    """Seconds by pairs swept, all rounds together, where they were swept at all."""
    return [(swept, entry.seconds) for entry in entries if (swept := figure(entry, "pairs_swept"))]


def by_people(entries: list[Entry]) -> list[tuple[float, float]]:
    """Megabytes by people per side."""
    return [(float(entry.size), float(entry.megabytes)) for entry in entries]


def large_enough(entries: list[Entry]) -> list[Entry]:
    """Those through which growth is fitted: where pairs were swept, or at least where they are many."""
    swept = [entry for entry in entries if figure(entry, "pairs_swept")]
    return swept if len(swept) > 1 else [entry for entry in entries if entry.size >= FITTED_FROM]


def figure(entry: Entry, name: str) -> float:
    """A figure of pairmatch's own; 0 where there is none."""
    return float(entry.told.get("figures", {}).get(name, 0))


def slopes(results: Results) -> str:
    """Each family's growth, in words."""
    lines = []
    for name in (ONE_TO_ONE, PLACES):
        entries = large_enough(family(results, name))
        time, memory = fitted(by_pairs(entries)), fitted(by_people(entries))
        if time and memory:
            lines.append(f"- {name}: {grown(entries, time, memory)}")
    return "\n".join(lines)


def grown(entries: list[Entry], time: Growth, memory: Growth) -> str:
    """The slopes of one family and where they come from."""
    swept = fitted(by_swept(entries))
    beside = f" (and with the pairs swept to the power of {swept.slope:.2f})" if swept else ""
    return (
        f"from {entries[0].size:,} to {entries[-1].size:,} people, time grows with the number of possible "
        f"pairs to the power of **{time.slope:.2f}**{beside}, memory with the number of people to the power "
        f"of **{memory.slope:.2f}**."
    )


def sizes(results: Results) -> str:
    """One row per size: what pairmatch took for everything, and the fastest solver for its one step."""
    head = ["people", "possible pairs", "from profiles to proof", "memory", "rounds", "gap", "verify",
            "fastest solver alone", "its memory", "which"]  # fmt: skip
    told = [results.of("size", *case) for case in results.cases("size")]
    return table(head, [size_row(results, entry) for entry in told])


def size_row(results: Results, entry: Entry) -> list[str]:
    """The figures of one size."""
    people = f"{entry.size:,}" if entry.family == ONE_TO_ONE else f"{entry.size:,}, {entry.family}"
    if not entry.is_measured:
        return [people, count(entry.told["pairs"]), "too slow"]
    return [people, count(entry.told["pairs"]), *ours(entry), *best_solver(results, entry)]


def ours(entry: Entry) -> list[str]:
    """Time, memory, rounds, gap and the seconds of `verify`."""
    rounds, gap = figure(entry, "rounds"), figure(entry, "gap")
    return [
        seconds(entry.seconds),
        f"{entry.megabytes:,} MB",
        count(rounds) if rounds else "all at once",
        f"{gap:.2g}",
        seconds(figure(entry, "verify_seconds")),
    ]


def best_solver(results: Results, entry: Entry) -> list[str]:
    """Time, memory and name of the fastest solver on a ready matrix."""
    best = fastest(results, entry)
    if best is None:
        return ["none could"]
    return [seconds(best.seconds), f"{best.megabytes:,} MB", best.peer]


def fastest(results: Results, entry: Entry) -> Entry | None:
    """The fastest other peer on the case of an entry; None where nobody could."""
    others = [results.of(entry.group, entry.family, entry.size, peer) for peer in results.peers(entry.group)]
    return min((e for e in others if e.is_measured and e.peer != OURS), key=lambda e: e.seconds, default=None)


def steps(results: Results) -> str:
    """Where the time goes in the largest cases."""
    rows = [
        [f"{e.size:,}, {e.family}", *(seconds(figure(e, name)) for name in STEPS), swept_in(e)]
        for kind in (ONE_TO_ONE, PLACES)
        for e in family(results, kind)[-1:]
    ]
    return table(["people", *STEPS.values(), "pairs swept"], rows)


def swept_in(entry: Entry) -> str:
    """How many pairs were swept, all rounds together."""
    swept = figure(entry, "pairs_swept")
    return f"{swept:,.0f}" if swept else "none: all were held"


def in_short(results: Results) -> list[str]:
    """What a hurried reader takes away of the sweep of size."""
    entries = family(results, ONE_TO_ONE)
    against = [entry for entry in entries if fastest(results, entry)]
    lines = [beside_solvers(results, against[-1])] if against else []
    if entries and entries[-1] not in against:
        lines.append(largest(entries[-1]))
    return lines


def beside_solvers(results: Results, entry: Entry) -> str:
    """The largest case that a solver of matrices could do."""
    best = fastest(results, entry)
    if best is None:
        return ""
    return (
        f"**{entry.size:,} × {entry.size:,} people from profiles to the proof:** {seconds(entry.seconds)}, "
        f"{entry.megabytes:,} MB. The fastest solver of a ready matrix, {best.peer}, takes "
        f"{seconds(best.seconds)} and {best.megabytes:,} MB for its assignment alone, "
        f"{amount(best.seconds / entry.seconds)} times pairmatch's time and "
        f"{amount(best.megabytes / entry.megabytes)} times its memory."
    )


def largest(entry: Entry) -> str:
    """The largest case of all."""
    proven = "proven optimal" if figure(entry, "gap") == 0 else f"with a gap of {figure(entry, 'gap'):.2g}"
    return (
        f"**{entry.size:,} × {entry.size:,} people, {count(entry.told['pairs'])} possible pairs:** "
        f"{seconds(entry.seconds)}, {entry.megabytes:,} MB, {proven}. [More](#from-profiles-at-any-size)"
    )


def severities(results: Results) -> str:
    """One row per kind of data: what it costs pairmatch, beside the fastest solver alone."""
    head = ["data", "people", "from profiles to proof", "memory", "rounds", "gap", "verify",
            "fastest solver alone", "its memory", "which"]  # fmt: skip
    rows = []
    for name, size in results.cases("severity"):
        entry = results.of("severity", name, size)
        told = [*ours(entry), *best_solver(results, entry)] if entry.is_measured else ["too slow"]
        rows.append([name, f"{size:,}", *told])
    return table(head, rows)


def kernel(results: Results) -> str:
    """The sweep beside the bare product of the same shapes."""
    head = ["", "features", "curves", "product, ns per pair", "sweep, ns per pair", "ratio"]
    rows = []
    for name, size in results.cases("kernel"):
        entry = results.of("kernel", name, size)
        bare, swept, ratio = (figure(entry, told) for told in ("product_ns", "sweep_ns", "ratio"))
        shape = [count(figure(entry, told)) for told in ("features", "curves")]
        rows.append([name, *shape, f"{bare:.2f}", f"{swept:.2f}", f"{ratio:.2f}"])
    return table(head, rows)
