"""The goal that both stay to the end, and matchings with the most completed pairs to be expected."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch import Policy, goals, match, rules, verify
from pairmatch.cohort import Cohort
from pairmatch.dropping import HIGHEST_LEVEL, LOWEST_LEVEL, within
from pairmatch.errors import FileError, PolicyError
from pairmatch.scoring import fit, visible_columns
from pairmatch.scoring.fitting import bound
from tests.rules.small import codes, cohort, scores

NUMBER = {"drop_out": "number"}


def people(ours: list[Any], theirs: list[Any], **more: Any) -> Cohort:
    """A cohort with probabilities of drop-out."""
    return cohort({"drop_out": ours}, {"drop_out": theirs, **more}, fields=NUMBER)


def test_both_must_stay() -> None:
    """The score is the product of staying, and of not failing otherwise; blank lacks data."""
    told = people(["0", "0.5", "1", None], ["0", "0.25"])
    assert scores(goals.LikelyToComplete("drop_out", weight=1), told) == [
        [1.0, 0.75],
        [0.5, 0.375],
        [0.0, 0.0],
        [None, None],
    ]
    failing = goals.LikelyToComplete("drop_out", weight=1, failure=0.5)
    assert scores(failing, told)[:2] == [[0.5, 0.375], [0.25, 0.1875]]


def test_defaults_follow_the_level() -> None:
    """From the lowest level of the programme to the highest, over the months of the programme."""
    told = cohort({"level": ["1", "3", None]}, {"level": ["5", "1"]})
    goal = goals.LikelyToComplete(weight=1, months=12)
    low, high = 1 - within(12, LOWEST_LEVEL), 1 - within(12, HIGHEST_LEVEL)
    found = scores(goal, told)
    assert found[0] == pytest.approx([low * high, low * low])
    assert found[2] == [None, None]
    assert found[0][1] < found[1][1] < found[0][0] < found[1][0]  # type: ignore[operator]
    assert goal.fit(told) == {"low": 1.0, "high": 5.0}
    longer = scores(goals.LikelyToComplete(weight=1, months=24), told)
    assert longer[0] == pytest.approx([(low * high) ** 2, low**4])


def test_a_joiner_is_scored_by_what_was_learnt() -> None:
    """The levels stay those of the first round; beyond them the ends count."""
    goal = goals.LikelyToComplete(weight=1)
    first = cohort({"level": ["2"]}, {"level": ["6"]})
    taught = goal.bind(json.loads(json.dumps(goal.fit(first))))
    later = cohort({"level": ["1", "2", "9"]}, {"level": ["6"]})
    [[one], [two], [nine]] = scores(taught, later)
    assert one == two == scores(goal, first)[0][0]
    assert nine is not None
    assert two is not None
    assert nine > two


def test_where_nobody_teaches_nobody_is_scored() -> None:
    """Without a level there are no ends."""
    goal = goals.LikelyToComplete(weight=1)
    nobody = cohort({"level": [None]}, {"level": [None]})
    assert goal.fit(nobody) == {"low": None, "high": None}
    later = cohort({"level": ["3"]}, {"level": ["4"]})
    assert scores(goal.bind(goal.fit(nobody)), later) == [[None]]
    assert scores(goal, cohort({"level": ["3"]}, {"level": ["3"]})) == [[pytest.approx(0.768, abs=1e-3)]]


def test_what_it_needs() -> None:
    """The field on both sides, of the right kind, from 0 to 1."""
    goal = goals.LikelyToComplete("drop_out", weight=1)
    assert codes(goal.needs(cohort({"team": ["a"]}, {"team": ["b"]}))) == [
        ("absent_column", "mentors", "drop_out"),
        ("absent_column", "mentees", "drop_out"),
    ]
    found = goal.needs(people(["15"], ["0.1"]))
    assert codes(found) == [("no_probability", "mentors", "drop_out")]
    assert "15 % is 0.15" in found[0].hint
    wrong = goals.LikelyToComplete("team", weight=1).needs(cohort({"team": ["a"]}, {"team": ["b"]}))
    assert codes(wrong) == [("wrong_kind", "mentors", "team"), ("wrong_kind", "mentees", "team")]


def test_bad_parameters() -> None:
    """All that is wrong at once."""
    with pytest.raises(PolicyError) as caught:
        goals.LikelyToComplete("", weight=1, months=0, failure=2)
    assert [finding.code for finding in caught.value.findings] == ["bad_text", "bad_number", "bad_share"]


@pytest.mark.parametrize("damaged", [{}, {"low": "1", "high": 2}, None])
def test_damaged_learnt_values_are_told(damaged: dict[str, object] | None) -> None:
    """A stored matching whose levels are gone is refused."""
    with pytest.raises(FileError, match="bad_fit"):
        bound(goals.LikelyToComplete(weight=1), damaged)


def test_the_partners_are_never_told() -> None:
    """That one of them is likely to leave is the programme lead's business, by level too."""
    told = cohort(
        {"level": ["1", "2"], "hobbies": ["go", "chess"]}, {"level": ["5", "6"], "hobbies": ["go"] * 2}
    )
    policy = Policy(goals=[goals.LikelyToComplete(weight=1), goals.SharedHobbies(weight=1)])
    assert "likely_to_complete" in visible_columns(told, policy).shown
    for audience in ("mentor", "mentee"):
        columns = visible_columns(told, policy, audience=audience)
        assert columns.hidden == ("likely_to_complete",)
        assert columns.shown == ()


def test_a_field_of_that_name_is_confidential() -> None:
    """A column of probabilities is told to the auditor alone, unless the schema says otherwise."""
    told = people(["0.1"], ["0.2"])
    assert told.field_class("drop_out") == "confidential"
    policy = Policy(goals=[goals.LikelyToComplete("drop_out", weight=1)])
    assert visible_columns(told, policy).shown == ()
    assert visible_columns(told, policy, audience="auditor").shown == ("likely_to_complete(drop_out)",)


PROBABILITIES = st.lists(st.sampled_from([0.0, 0.05, 0.1, 0.25, 1 / 3, 0.5, 0.9]), min_size=1, max_size=4)


@settings(max_examples=25)
@given(
    ours=PROBABILITIES,
    theirs=PROBABILITIES,
    barred=st.sets(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=4),
    capacity=st.integers(1, 2),
    failure=st.sampled_from([0.0, 0.1]),
    first=st.sampled_from([("total",), ("mentees", "total"), ("pairs", "total")]),
)
def test_the_most_completed_pairs_that_can_be_expected(
    ours: list[float],
    theirs: list[float],
    barred: set[tuple[int, int]],
    capacity: int,
    failure: float,
    first: tuple[str, ...],
) -> None:
    """With this goal alone the total is the expectation, and no matching at all has a higher one."""
    told = people([str(q) for q in ours], [str(q) for q in theirs])
    policy = Policy(
        rules=[
            rules.Forbidden([(f"m{a}", f"e{b}") for a, b in barred]),
            rules.Capacity(mentors=capacity, mentees=1),
        ],
        goals=[goals.LikelyToComplete("drop_out", weight=1, failure=failure)],
        objective=list(first),
        mentors={"capacity": 2},
    )
    matching = match(told, policy)
    verify(matching, told, policy)
    chances = {
        (m, e): (1 - p) * (1 - q) * (1 - failure)
        for m, p in enumerate(ours, 1)
        for e, q in enumerate(theirs, 1)
        if (m, e) not in barred
    }
    best = max(
        (len(chosen) if len(first) > 1 else 0, sum(chances[pair] for pair in chosen))
        for chosen in allowed(list(chances), len(ours), len(theirs), capacity)
    )
    assert matching.values["total"] == pytest.approx(best[1], abs=1e-5)
    expected = sum(chances[int(p.mentor[1:]), int(p.mentee[1:])] for p in matching.made)
    assert expected == pytest.approx(best[1], abs=1e-5)


def allowed(
    pairs: list[tuple[int, int]], mentors: int, mentees: int, capacity: int
) -> list[tuple[tuple[int, int], ...]]:
    """Every set of pairs within the capacities."""
    return [
        chosen
        for size in range(min(mentors * capacity, mentees) + 1)
        for chosen in combinations(pairs, size)
        if all(sum(m == one for m, _ in chosen) <= capacity for one in range(1, mentors + 1))
        and len({e for _, e in chosen}) == len(chosen)
    ]


def test_it_is_frozen_in_the_fit() -> None:
    """The two levels alone are learnt."""
    told = cohort({"level": ["2"]}, {"level": ["6"]})
    learnt = fit(told, Policy(goals=[goals.LikelyToComplete(weight=1)]))
    assert learnt.fitted == {"likely_to_complete": {"low": 2.0, "high": 6.0}}
