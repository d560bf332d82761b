"""Groups in the report and in pictures: the figures of the table, and nothing that it withholds."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.matching import Matching
from pairmatch.plot import group_chart
from pairmatch.plot.groups import WITHHELD, Part, parts_of, protected_fields
from pairmatch.plot.words import TIERS, total_words
from pairmatch.problem import REMATCH_TIERS
from pairmatch.problem import TIERS as ALL_TIERS
from pairmatch.report import group_rows, render_report

COLUMNS = ["part", "group", "of", "applicants", "count", "target", "limit", "least", "most", "short", "price"]
NAMES = ("north", "south", "east")


def table(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """A table of groups."""
    made = pd.DataFrame(rows, columns=COLUMNS)
    return made.astype(dict.fromkeys(COLUMNS[3:-1], "Int64"))


SPREAD = table(
    ("spread(region, mentors)", "mentors with region = north", "mentors", 6, 1, 3, None, None, None, 2, 0.5),
    ("spread(region, mentors)", "mentors with region = south", "mentors", 4, 3, 2, None, None, None, 0, 0.5),
    ("spread(region, mentors)", "mentors with region = east", "mentors", None, None, 1, *[None] * 4, 0.5),
    ("different", "pairs of both", "pairs", None, 3, 2, None, None, None, 0, 1.5),
    ("mentors_chosen", "mentors chosen", "mentors", 10, 4, None, None, None, 5, 0, None),
)


@pytest.fixture(scope="module")
def plain_matching() -> Matching:
    """Ten mentors, one of them resting, and four mentees; nobody is asked about groups."""
    mentors = {"id": [f"m{k}" for k in range(10)], "hobbies": "chess", "active": ["no"] + ["yes"] * 9}
    mentees = {"id": [f"e{k}" for k in range(4)], "hobbies": "chess", "gender": "f"}
    cohort = pm.Cohort(pd.DataFrame(mentors), pd.DataFrame(mentees))
    return pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))


@pytest.fixture
def matching(plain_matching: Matching, monkeypatch: pytest.MonkeyPatch) -> Matching:
    """The same with a table of groups put in."""
    monkeypatch.setattr(Matching, "groups", property(lambda _: SPREAD), raising=False)
    return plain_matching


def drawn(chart: Any) -> list[dict[str, Any]]:
    """The chart's records."""
    told: dict[str, Any] = json.loads(chart.to_json())
    found: list[dict[str, Any]] = next(iter(told["datasets"].values()))
    return found


def test_shares_are_of_applicants_and_of_matched(matching: Matching) -> None:
    """Who rests is no applicant: nine mentors are, four of them matched."""
    spread = parts_of(matching)[0]
    north = spread.groups[0]
    assert (north.applicants, north.count, north.target) == (6 / 9, 1 / 4, 3 / 4)
    assert [group.name for group in spread.groups] == list(NAMES)
    assert spread.title == "Spread (region, mentors)"


def test_what_is_short_is_told_in_words(matching: Matching) -> None:
    """The count, what it should be, and how many are short; a rule either holds or there is no matching."""
    spread, different, chosen = parts_of(matching)
    assert [group.words for group in spread.groups] == ["1, aim 3: 2 short", "3, aim 2", WITHHELD]
    assert spread.outcome == "2 short in all; 1 group withheld, for privacy"
    assert [part.worth for part in (spread, different, chosen)] == [
        "One short costs as much as 0.5 of a perfect pair",
        "One short costs as much as 1.5 perfect pairs",
        "This must hold",
    ]
    assert (different.outcome, chosen.outcome) == ("nobody is short", "it holds")
    assert chosen.groups[0].words == "4, at most 5"
    assert chosen.title == "Mentors chosen: mentors".replace(": mentors", "")


def test_the_picture_holds_the_figures(matching: Matching) -> None:
    """One record for each group; what is withheld has no bar."""
    records = drawn(group_chart(matching))
    assert [record["group"] for record in records] == [*NAMES, "pairs of both", "mentors chosen"]
    assert [record["state"] for record in records[:2]] == ["short", "as it should be"]
    assert records[2]["count"] is None
    assert records[2]["words"] == WITHHELD


def test_another_matching_is_drawn_beside_it(matching: Matching) -> None:
    """Its shares are counted by the same groups."""
    before = drawn(group_chart(matching, before=matching))
    assert [record["before"] for record in before] == [record["count"] for record in before]
    told = json.dumps(json.loads(group_chart(matching, before=matching).to_json()))
    assert "circle: of the matched before" in told
    assert "circle: of the matched before" not in group_chart(matching).to_json()


def test_odd_arguments_are_refused(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a score nor a matching of other people can be drawn; nor nothing, nor a thousand groups."""
    with pytest.raises(pm.CallError, match=r"'matching' must be what pm\.match"):
        group_chart("matching")  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match=r"'before' must be what pm\.match"):
        group_chart(matching, before=3)  # type: ignore[arg-type]
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["a"], "hobbies": ["chess"]}), pd.DataFrame({"id": ["b"], "hobbies": ["chess"]})
    )
    with pytest.raises(pm.CallError, match="a matching of another cohort"):
        group_chart(matching, before=pm.match(cohort, matching.policy))
    monkeypatch.setattr(Matching, "groups", property(lambda _: SPREAD.head(0)))
    with pytest.raises(pm.CallError, match="no goal and no rule about groups"):
        group_chart(matching)
    monkeypatch.setattr(Matching, "groups", property(lambda _: pd.concat([SPREAD] * 50)))
    with pytest.raises(pm.CallError, match="at most 200 groups, and these are 250"):
        group_chart(matching)


def test_the_page_tells_of_groups(matching: Matching) -> None:
    """Title, price, counts and bars; the line stands where the target is."""
    text = render_report(matching, thorough=False)
    assert '<h2 id="groups">Groups: spread against target</h2>' in text
    assert "One short costs as much as 0.5 of a perfect pair" in text
    assert "1, aim 3: 2 short" in text
    rows = group_rows.group_parts(matching)[0].rows
    assert rows[0].lines == (99.0,)
    assert (rows[0].count, rows[0].short) == (33.0, True)
    assert (rows[2].count, rows[2].count_text) == (None, "")


def test_a_page_without_groups_has_no_such_part(
    plain_matching: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one about protected data."""
    monkeypatch.setattr(Matching, "groups", property(lambda _: SPREAD.head(0)), raising=False)
    text = render_report(plain_matching, thorough=False)
    assert 'id="groups"' not in text
    assert 'id="protected"' not in text


def test_of_many_groups_the_shortest_are_listed(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their own order, and the rest are counted."""
    monkeypatch.setattr(group_rows, "MOST_ROWS", 1)
    part = group_rows.group_parts(matching)[0]
    assert [row.name for row in part.rows] == ["north"]
    assert part.left_out == 2
    assert "2 more groups are left out" in render_report(matching, thorough=False)


LINKS = table(
    *(
        ("links(team)", f"pairs with team = a -> {k}", "pairs", None, 0, None, 1, None, None, 0, 0.5)
        for k in range(19)
    ),
    ("links(team)", "pairs with team = a -> last", "pairs", None, 2, None, 1, None, None, 1, 0.5),
)


def test_what_is_beyond_a_limit_is_over(matching: Matching, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two where one should be are one over, not one short; links without pairs do not fill the page."""
    monkeypatch.setattr(Matching, "groups", property(lambda _: LINKS), raising=False)
    (part,) = group_rows.group_parts(matching)
    assert (part.worth, part.outcome) == (
        "One too many costs as much as 0.5 of a perfect pair",
        "1 too many in all",
    )
    assert part.rows[-1].words == "2, aim at most 1: 1 over"
    assert (len(part.rows), part.left_out) == (13, 7)
    monkeypatch.setattr(Matching, "groups", property(lambda _: LINKS.head(5)), raising=False)
    assert group_rows.group_parts(matching)[0].outcome == "none is too many"


@pytest.mark.parametrize(
    ("groups", "coaches", "words"),
    [
        (False, False, "Sum of the weights"),
        (True, False, "Sum of the weights, less the group goals’ prices"),
        (False, True, "Sum of the weights and of the coaches’ scores"),
        (True, True, "Sum of the weights and of the coaches’ scores, less the group goals’ prices"),
    ],
)
def test_the_total_names_what_is_in_it(groups: bool, coaches: bool, words: str) -> None:
    """Prices of goals, and scores of coaches who are chosen with the pairs."""
    assert total_words(groups=groups, coaches=coaches) == words


def test_protected_fields_are_told_with_their_purpose() -> None:
    """Which field, of which class, for what."""
    people = {"gender": ["f", "m"], "hobbies": "chess"}
    cohort = pm.Cohort(pd.DataFrame({"id": ["a", "b"], **people}), pd.DataFrame({"id": ["c", "d"], **people}))
    same = goals.Same("gender", weight=1, purpose="a test of words")
    matching = pm.match(cohort, pm.Policy(goals=[same, goals.SharedHobbies(weight=1)]))
    assert protected_fields(matching) == (("gender", "sensitive", "Same (gender)", "a test of words"),)
    assert "(sensitive), for “Same (gender)”: a test of words" in render_report(matching, thorough=False)


def test_every_tier_has_words() -> None:
    """The table of proofs never shows a code."""
    assert set(TIERS) == {*ALL_TIERS, *REMATCH_TIERS}


def test_a_part_is_plain_data(matching: Matching) -> None:
    """Parts compare by value."""
    assert parts_of(matching) == parts_of(matching, SPREAD)
    assert isinstance(parts_of(matching)[0], Part)


@pytest.fixture(scope="module")
def spread() -> Matching:
    """A real matching, under goals and a quota."""
    cohort = pm.datasets.synthetic(mentors=30, mentees=9, seed=3)
    policy = pm.Policy(
        rules=[rules.AtMost(6, where={"region": "North America"}, of="mentors")],
        goals=[
            goals.TopicCoverage(weight=1),
            goals.Spread("region", price=0.2),
            goals.Spread("gender", price=0.2, purpose="mentors like those who applied"),
            goals.EvenLoad(of="mentees"),
        ],
    )
    return pm.match(cohort, policy)


def test_figures_are_those_of_the_matching(spread: Matching) -> None:
    """Counted here from the profiles."""
    region = {person.id: person["region"] for person in spread.cohort.mentors if person.active}
    applied = pd.Series(list(region.values())).value_counts(normalize=True)
    matched = spread.pairs["mentor"].drop_duplicates().map(region).value_counts(normalize=True)
    told = {group.name: group for group in parts_of(spread)[0].groups}
    assert told
    for name, group in told.items():
        assert group.applicants == pytest.approx(applied[name])
        assert group.count == pytest.approx(matched.get(name, 0.0))


def test_what_is_withheld_stands_nowhere_on_the_page(spread: Matching) -> None:
    """Small groups of a protected field: neither count nor share; loads are a part of nothing."""
    gender = next(part for part in parts_of(spread) if "gender" in part.label)
    hidden = [group for group in gender.groups if group.words == WITHHELD]
    assert hidden
    assert {(group.applicants, group.count, group.target, group.short) for group in hidden} == {(None,) * 4}
    assert gender.outcome.endswith(WITHHELD)
    even = parts_of(spread)[-2]
    assert (even.title, even.groups[0].largest) == ("Even load (mentees)", 0.0)
    assert "mentors like those who applied" in render_report(spread, thorough=False)
