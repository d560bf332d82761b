"""The page of results: made from the stored measurements, true to them, and drawn."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from benchmarks import charts, measure, page, words
from benchmarks.groups import GROUPS, group
from benchmarks.registry import Case, Group
from benchmarks.results import OURS, Entry, Results


@pytest.fixture(scope="module")
def results() -> Results:
    """The stored measurements."""
    return Results.read()


def test_the_page_is_what_the_results_say(results: Results) -> None:
    """Rendering the stored results again gives docs/quality.md, letter by letter."""
    assert page.PAGE.read_text(encoding="utf-8") == page.render(results), "run python -m benchmarks.page"


def test_the_drawings_are_there(results: Results) -> None:
    """Each drawing of the page stands beside it and knows the peers it shows."""
    for name in charts.drawings(results):
        assert f"](quality/{name})" in page.PAGE.read_text(encoding="utf-8")
        assert "<svg" in (page.DRAWINGS / name).read_text(encoding="utf-8")
    assert "mentor-match" in (page.DRAWINGS / "end-to-end.svg").read_text(encoding="utf-8")


def test_names_in_drawings_stand_apart() -> None:
    """No name covers another one, and each stands as near to its line's end as the others let it."""
    assert charts.spread([1.0, 10.0]) == pytest.approx([1.0, 10.0])
    close = charts.spread([2.0, 2.2, 2.4, 50.0])
    assert all(high / low >= charts.APART * 0.999 for low, high in itertools.pairwise(close))
    assert close[1] == pytest.approx((2.0 * 2.2 * 2.4) ** (1 / 3))
    assert close[3] == pytest.approx(50)


def test_a_name_is_below_a_line_that_goes_on() -> None:
    """Who was measured at the smallest size alone has no name on the line that begins there."""
    rows = [
        {"people per side": size, "seconds": seconds, "peer": peer}
        for peer, size, seconds in (("a", 100, 1.6), ("b", 100, 1.5), ("b", 200, 9.0))
    ]
    names = {name["peer"]: name for name in charts.labels(rows)}
    assert names["a"]["seconds"] == pytest.approx(1.5 / charts.APART)
    assert names["b"]["seconds"] == pytest.approx(9.0)


def was_measured(results: Results, group: Group, case: Case) -> bool:
    """Whether a case stands in the results."""
    return (case.family, case.size) in results.cases(group.name)


def test_every_case_and_peer_was_measured(results: Results) -> None:
    """The stored results have all of the registry, each measured or with the reason why not.

    Large cases are measured only when asked for, but then by every peer.
    """
    stored = {(e.group, e.family, e.size, e.peer): e for e in results.entries}
    cases = [(g, c) for g in GROUPS for c in g.cases if not c.large or was_measured(results, g, c)]
    asked = {(g.name, c.family, c.size, p.name) for g, c in cases for p in g.peers}
    assert set(stored) == asked
    assert {entry.status for entry in results.entries} <= {"ok", "cannot", "too slow"}


def test_the_stored_values_hold(results: Results) -> None:
    """Nobody beats the optimum in the stored results, and pairmatch's has its proof."""
    for each in GROUPS:
        for case in (case for case in each.cases if was_measured(results, each, case)):
            ours = results.of(each.name, case.family, case.size)
            if not (ours.is_measured and each.tiers(case)):
                continue
            best = measure.reached(each, case, ours.told)[0]
            assert tuple(ours.told["bounds"]) == (() if each.name == "scoring" else best)
            for peer in each.peers:
                told = results.of(each.name, case.family, case.size, peer.name).told
                measure.check(each, case, peer, told, best)


def test_mentor_match_is_below_the_optimum(results: Results) -> None:
    """What the page says first: on 500 × 500 people with three pairs each, it does not reach the optimum."""
    theirs = results.of("end to end", "points", 500, "mentor-match")
    assert results.ours(theirs).told["bounds"] == [results.ours(theirs).mean("points")]
    assert results.below(theirs, "points") > 0


def test_the_results_name_no_machine(results: Results) -> None:
    """No paths and no host: what stands in the repository says what kind of machine it was, not which."""
    text = (Path(measure.HERE) / "results.json").read_text(encoding="utf-8")
    assert set(results.machine) == {"system", "cores", "python", "date", "packages", "load"}
    assert not re.search(r"/(home|root|tmp|work|usr|Users)\b|\\\\|://", text)


def test_a_measurement_in_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command measures each peer in a process of its own and writes what the page reads."""
    small = group("scoring")
    monkeypatch.setattr(measure, "GROUPS", (small,))
    out = tmp_path / "results.json"
    measure.main(["--quick", "--group", "scoring", "--out", str(out)])
    told = Results.read(out)
    assert [entry.peer for entry in told.entries] == [peer.name for peer in small.peers]
    for entry in told.entries:
        assert entry.seconds > 0
        assert entry.cold > entry.seconds
        assert entry.megabytes > 10
    assert "pairmatch" in page.grid(told, "scoring", told.cases("scoring"))


def test_too_slow_is_told() -> None:
    """A peer that took long with few pairs is not begun with many, and the page says so."""
    pace, each = measure.Pace(), group("assignment")
    peer = each.peer("networkx")
    assert pace.hopeless(peer, 1000, limit=20) == ""
    pace.note(peer, 100, 3.0)
    assert pace.hopeless(peer, 600, limit=20) == ""
    assert "3.0 s with 100" in pace.hopeless(peer, 700, limit=20)
    told = Entry("assignment", "any", 1, "networkx", "too slow", {})
    assert page.why(told) == "too slow"


def test_a_better_value_stops_the_measurement() -> None:
    """A value above the optimum, a short one of an exact peer, or another bound is refused."""
    each, case = group("assignment"), Case("assignment", "all eligible", 20)

    def told(*bounds: int, **value: int) -> dict[str, object]:
        return {"values": [value], "bounds": list(bounds)}

    measure.check(each, case, each.peer("greedy"), told(pairs=3, total=8), (3, 9))
    for peer, wrong in (
        ("greedy", told(pairs=3, total=10)),
        ("greedy", told(pairs=4, total=1)),
        ("scipy", told(pairs=3, total=8)),
        (OURS, told(3, 10, pairs=3, total=9)),
    ):
        with pytest.raises(RuntimeError, match="the optimum is"):
            measure.check(each, case, each.peer(peer), wrong, (3, 9))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00028, "0.28 ms"),
        (0.0486, "49 ms"),
        (0.578, "580 ms"),
        (1.24, "1.2 s"),
        (20.5, "20 s"),
        (9.96, "10 s"),
    ],
)
def test_seconds(value: float, text: str) -> None:
    """Two digits that count, in milliseconds below a second."""
    assert words.seconds(value) == text


def test_shares_and_counts() -> None:
    """A small share never looks like none; a mean shows its decimal."""
    told = [words.share(value) for value in (0.0, 0.00001, 0.0011, 0.334)]
    assert told == ["0 %", "under 0.01 %", "0.11 %", "33 %"]
    assert [words.count(value) for value in (1236.0, 88.66)] == ["1,236", "88.7"]
