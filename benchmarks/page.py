"""Writes docs/quality.md and its drawings from results.json: python -m benchmarks.page."""

from __future__ import annotations

from pathlib import Path
from string import Template

from benchmarks import charts, growth, words
from benchmarks.groups import group
from benchmarks.results import OURS, Entry, Results
from benchmarks.words import amount, count, seconds, share, table

HERE = Path(__file__).resolve().parent
TEXT, DOCS = HERE / "page.md", HERE.parent / "docs"
PAGE, DRAWINGS = DOCS / "quality.md", DOCS / "quality"


def render(results: Results) -> str:
    """The whole page: the text of page.md with its figures."""
    dense, severe = results.cases("assignment", charts.DENSE), charts.severities(results)
    figures = {
        "in_short": in_short(results),
        "machine": machine(results),
        "limit": f"{group('assignment').limit:.0f}",
        "points": end_to_end(results, "points"),
        "people_first": end_to_end(results, "people first"),
        "scoring": grid(results, "scoring", results.cases("scoring")),
        "dense": grid(results, "assignment", dense),
        "severities": grid(results, "assignment", severe),
        "larger": grid(results, "assignment", larger(results)),
        "slower": slower(results),
        "start_up": start_up(results),
        **from_profiles(results),
        "baselines": baselines(results),
    }
    return Template(TEXT.read_text(encoding="utf-8")).substitute(figures)


def from_profiles(results: Results) -> dict[str, str]:
    """The sweeps of size and of severity."""
    return {
        "sizes": growth.sizes(results),
        "slopes": growth.slopes(results),
        "steps": growth.steps(results),
        "size_grid": grid(results, "size", results.cases("size")),
        "kernel": growth.kernel(results),
        "severity": growth.severities(results),
        "severity_grid": grid(results, "severity", results.cases("severity")),
    }


def in_short(results: Results) -> str:
    """What a hurried reader takes away, each sentence from the figures."""
    lines = [
        headline(results),
        start(results),
        *growth.in_short(results),
        *fastest(results),
        usual_ways(results),
    ]
    return "\n".join(f"- {line}" for line in lines)


def largest(results: Results, family: str, peer: str = OURS) -> Entry:
    """The largest case of a family, end to end."""
    return results.of("end to end", *results.cases("end to end", family)[-1], peer)


def headline(results: Results) -> str:
    """End to end beside mentor-match."""
    ours, theirs = (largest(results, "points", peer) for peer in (OURS, "mentor-match"))
    short = ours.mean("points") - theirs.mean("points")
    return (
        f"**{ours.size} × {ours.size} people, three pairs each, from CSV files to files:** pairmatch takes "
        f"{seconds(ours.seconds)} and reaches {count(ours.mean('points'))} points, which is proven to be the "
        f"optimum. mentor-match takes {seconds(theirs.seconds)} and stays {count(short)} points "
        f"({share(results.below(theirs, 'points'))}) below it. pairmatch is "
        f"**{amount(results.ratio(theirs))} times as fast**."
    )


def start(results: Results) -> str:
    """The same with the start of Python."""
    ours, theirs = (largest(results, "points", peer) for peer in (OURS, "mentor-match"))
    return (
        f"With the start of Python and all imports, as a command that runs once, it is {seconds(ours.cold)} "
        f"against {seconds(theirs.cold)}: {amount(theirs.cold / ours.cold)} times as fast."
    )


def fastest(results: Results) -> list[str]:
    """Who is faster than pairmatch at the bare assignment."""
    exact = [peer for peer in results.peers("assignment") if peer not in words.NOT_EXACT]
    found = [e for peer in exact for e in results.measured("assignment", peer) if results.ratio(e) < 1]
    if not found:
        return []
    best = min(found, key=results.ratio)
    return [
        f"**For a bare assignment, one to one, pairmatch is not the fastest.** {best.peer} is up to "
        f"{amount(1 / results.ratio(best))} times as fast ({best.family}, {best.size}), without tiers, "
        "capacities on both sides, or a proof. [More](#where-pairmatch-is-slower)"
    ]


def usual_ways(results: Results) -> str:
    """What greedy and random lose."""
    told = []
    for peer in ("greedy", "random"):
        found = [results.of("assignment", *case, peer) for case in charts.severities(results)]
        losses = [results.below(entry, "total") for entry in found if entry.is_measured]
        told.append(f"{peer} stays {share(min(losses))} to {share(max(losses))}")
    return f"On the same weights {' and '.join(told)} below the optimum. [More](#what-the-usual-ways-lose)"


def machine(results: Results) -> str:
    """Where it was measured."""
    facts = results.machine
    packages = ", ".join(f"{name} {version}" for name, version in facts["packages"].items())
    before, after = facts["load"]
    return (
        f"Last run: {facts['date']}, {facts['system']}, {facts['cores']} cores, Python {facts['python']}; "
        f"load {before} before and {after} after. {packages}."
    )


def end_to_end(results: Results, family: str) -> str:
    """One row per size and peer."""
    head = ["people per side", "", "time", "ratio", "with start", "ratio", "memory", "pairs",
            "mentees", "mentors", "points", "below the optimum"]  # fmt: skip
    rows = []
    for case in results.cases("end to end", family):
        for peer in results.peers("end to end"):
            entry = results.of("end to end", *case, peer)
            rows.append([str(entry.size), peer, *(end_to_end_row(results, entry) or [why(entry)])])
    return table(head, rows)


def end_to_end_row(results: Results, entry: Entry) -> list[str]:
    """The figures of one row; none where nothing was measured."""
    if not entry.is_measured:
        return []
    return [
        seconds(entry.seconds),
        amount(results.ratio(entry)),
        seconds(entry.cold),
        amount(entry.cold / results.ours(entry).cold),
        f"{entry.megabytes} MB",
        *(count(entry.mean(name)) for name in ("pairs", "mentees", "mentors", "points")),
        "proven optimum" if entry.told["bounds"] else share(results.below(entry, "points")),
    ]


def grid(results: Results, group: str, cases: list[tuple[str, int]]) -> str:
    """Peers in rows, cases in columns: time, ratio and memory."""
    several = len({family for family, _ in cases}) > 1
    head = ["", *(f"{family}, {size:,}" if several else f"{size:,}" for family, size in cases)]
    rows = [
        [peer, *(cell(results, results.of(group, *case, peer)) for case in cases)]
        for peer in results.peers(group)
    ]
    return table(head, rows)


def cell(results: Results, entry: Entry) -> str:
    """Time, ratio, memory; or why there is none."""
    if not entry.is_measured:
        return why(entry)
    return f"{seconds(entry.seconds)} · {amount(results.ratio(entry))} · {entry.megabytes} MB"


def why(entry: Entry) -> str:
    """Why nothing was measured, in two words."""
    if entry.told.get("why", "").startswith("a matrix"):
        return "too large"
    return {"cannot": "cannot", "not installed": "not installed"}.get(entry.status, "too slow")


def larger(results: Results) -> list[tuple[str, int]]:
    """The cases beside the dense ones that are larger than the severities."""
    small = charts.severities(results)
    return [case for case in results.cases("assignment") if case[0] != charts.DENSE and case not in small]


def slower(results: Results) -> str:
    """By peer: where it is faster than pairmatch, and what it does not do."""
    rows = []
    for peer in results.peers("assignment"):
        measured = results.measured("assignment", peer)
        wins = [entry for entry in measured if results.ratio(entry) < 1]
        if wins:
            best = min(wins, key=results.ratio)
            most = f"{amount(1 / results.ratio(best))} times as fast ({best.family}, {best.size:,})"
            rows.append([peer, f"{len(wins)} of {len(measured)}", most, words.WITHOUT[peer]])
    return table(["", "faster in", "at most", "without"], rows)


def start_up(results: Results) -> str:
    """Where the imports of pairmatch take longer than mentor-match takes for everything."""
    theirs = [entry for entry in results.measured("end to end", "mentor-match") if entry.family == "points"]
    first = [entry for entry in theirs if entry.cold < results.ours(entry).cold]
    told = ", ".join(
        f"{seconds(entry.cold)} against {seconds(results.ours(entry).cold)} for {entry.size} people per side"
        for entry in first
    )
    if not first:
        return "As a command that runs once, it is faster than mentor-match at every size measured."
    return f"As a command that runs once, mentor-match is done first where people are few: {told}."


def baselines(results: Results) -> str:
    """What random, greedy and stable matchings reach, by severity."""
    head = [
        "data",
        "",
        "mentees without a mentor who could have one",
        "total below the optimum",
        "blocking pairs",
    ]
    rows = []
    for case in charts.severities(results):
        for peer in ("random", "greedy", "matching", OURS):
            entry = results.of("assignment", *case, peer)
            if entry.is_measured:
                rows.append([f"{case[0]}, {case[1]}", peer, *losses(results, entry)])
    return table(head, rows)


def losses(results: Results, entry: Entry) -> list[str]:
    """Mentees, weight and blocking pairs of one matching."""
    without = results.ours(entry).mean("mentees") - entry.mean("mentees")
    return [count(without), share(results.below(entry, "total")), count(entry.mean("blocking"))]


def main() -> None:
    """Write the page and the drawings."""
    results = Results.read()
    PAGE.write_text(render(results), encoding="utf-8")
    charts.draw(results, DRAWINGS)


if __name__ == "__main__":
    main()
