"""Alternates: each one by itself and the plan for all, against trying everything."""

from __future__ import annotations

import sys
from collections import Counter
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pairmatch import Matching, Policy, datasets, goals, match, rules
from pairmatch.alternates import alternates
from pairmatch.checking import spare
from pairmatch.cohort import Cohort
from pairmatch.errors import CallError, Finding, InfeasibleError
from pairmatch.explain import scorer_of
from pairmatch.groups import Cross, Group, Places
from pairmatch.rematch import rematch

GOALS = [goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1)]


def matched(rows: list[Any], *, seed: int = 1, capacity: int = 1, bar: float | None = None) -> Matching:
    """A matching of nine mentors and five mentees."""
    cohort = datasets.synthetic(mentors=9, mentees=5, seed=seed)
    sides = {"mentors": {"capacity": capacity}, "mentees": {"capacity": capacity}}
    return match(cohort, Policy(rules=rows, goals=GOALS, minimum_weight=bar, **sides))  # type: ignore[arg-type]


def most_of(matching: Matching) -> dict[str, int]:
    """How many pairs each mentor may have."""
    usual = matching.policy.mentors.capacity
    return {person.id: int(person.get("capacity") or usual) for person in matching.cohort.mentors}


def by_trying(matching: Matching) -> dict[str, list[tuple[str, int]]]:
    """For each mentee who has a mentor, everybody who could follow whichever of them: ids and weights."""
    cohort, policy = matching.cohort, matching.policy
    pairs = [(made.mentor, made.mentee) for made in matching.made]
    load, scorer = Counter(mentor for mentor, _ in pairs), scorer_of(matching)
    told: dict[str, list[tuple[str, int]]] = {mentee: [] for _, mentee in pairs}
    for mentor, mentee in product(cohort.mentors, cohort.mentees):
        if mentee.id not in told or (mentor.id, mentee.id) in pairs or not mentor.active:
            continue
        score = scorer.pair(mentor, mentee)
        ended = [pair for pair in pairs if pair[1] == mentee.id]
        tried = [[*(pair for pair in pairs if pair != end), (mentor.id, mentee.id)] for end in ended]
        wholes = [rule for rule in policy.rules if hasattr(rule, "broken") and rule.name != "required"]
        if (
            load[mentor.id] < most_of(matching)[mentor.id]
            and not score.forbidden_by
            and score.weight >= scorer.bar
            and not any(rule.broken(after, cohort) for after in tried for rule in wholes)
        ):
            told[mentee.id].append((mentor.id, score.weight))
    return told


class FewPairs:
    """A rule of one's own that counts pairs: at most two whose ids end alike in being odd."""

    name = "few_pairs"

    @staticmethod
    def odd(people: Any) -> Any:
        """Whose id ends in an odd number, by row."""
        return np.array([int(identifier[1:]) % 2 for identifier in people.ids], np.int32)

    def groups(self, cohort: Cohort, places: Places) -> list[Group]:
        """At most two pairs of two odd people."""
        cells = np.array([[0, 0], [0, 1]], np.int64)
        return [
            Group(
                self.name,
                "odd pairs",
                pairs=Cross(self.odd(cohort.mentors), self.odd(cohort.mentees), cells),
                most=2,
            )
        ]

    def broken(self, pairs: list[tuple[str, str]], cohort: Cohort) -> list[Finding]:
        """The same by counting."""
        both = sum(int(m[1:]) % 2 and int(e[1:]) % 2 for m, e in pairs)
        return [Finding("too_many", "odd pairs")] if both > 2 else []


RULES: tuple[list[Any], ...] = (
    [],
    [rules.DifferentDepartment(), rules.LevelsBelow(at_least=1)],
    [rules.Hours()],
    [rules.MentorsChosen(at_most=4)],
    [rules.AtMost(2, where={"gender": "woman"}, purpose="a test"), rules.DifferentDepartment()],
    [rules.AtLeast(2, where={"department": ["Technology", "Operations"]}, of="mentors")],
    [FewPairs()],
    [rules.Capacity(mentees=1), rules.Hours()],
)


@settings(max_examples=40)
@given(
    rows=st.sampled_from(RULES),
    seed=st.integers(1, 40),
    capacity=st.integers(1, 2),
    bar=st.sampled_from([None, 0.2]),
    k=st.integers(1, 9),
)
def test_each_alternate_by_trying(
    rows: list[Any], seed: int, capacity: int, bar: float | None, k: int
) -> None:
    """Every row is possible, nobody better is left out, and they stand in the order of their weights."""
    try:
        matching = matched(rows, seed=seed, capacity=capacity, bar=bar)
    except InfeasibleError:
        assume(False)
    expected = by_trying(matching)
    found = alternates(matching, k=k)
    assert found.complete
    assert found.without == tuple(sorted(mentee for mentee, others in expected.items() if not others))
    for mentee, others in expected.items():
        table = found.table[found.table["mentee"] == mentee]
        weights = dict(others)
        told = [weights[mentor] for mentor in table["mentor"]]
        assert told == sorted(weights.values(), reverse=True)[:k]
        assert table["rank"].tolist() == list(range(1, len(told) + 1))
        assert [round(weight * 1e6) for weight in table["weight"]] == told


@settings(max_examples=20)
@given(
    rows=st.sampled_from(RULES[:3]), seed=st.integers(1, 40), capacity=st.integers(1, 2), bar=st.just(None)
)
def test_the_plan_by_trying(rows: list[Any], seed: int, capacity: int, bar: float | None) -> None:
    """All of it holds at once, and nothing else serves more mentees, or as many better."""
    matching = matched(rows, seed=seed, capacity=capacity, bar=bar)
    found = alternates(matching)
    expected = {mentee: dict(others) for mentee, others in by_trying(matching).items()}
    pairs = [(made.mentor, made.mentee) for made in matching.made]
    planned = list(zip(found.plan["mentor"], found.plan["mentee"], strict=True))
    after = pairs + planned
    load, most = Counter(mentor for mentor, _ in after), most_of(matching)
    assert all(load[mentor] <= most[mentor] for mentor in load)
    hours = [rule for rule in matching.policy.rules if rule.name == "hours"]
    assert not any(rule.broken(after, matching.cohort) for rule in hours)
    assert all(mentor in expected[mentee] for mentor, mentee in planned)
    assert found.gap == 0
    best = by_all_plans(matching, expected)
    weight = sum(expected[mentee][mentor] for mentor, mentee in planned)
    assert (len({mentee for _, mentee in planned}), len(planned), weight) == best
    assert found.short == tuple(sorted({m for m, o in expected.items() if o} - {e for _, e in planned}))


def by_all_plans(matching: Matching, expected: dict[str, dict[str, int]]) -> tuple[int, int, int]:
    """The best plan: mentees served, pairs, weight."""
    pairs = [(made.mentor, made.mentee) for made in matching.made]
    need, load = Counter(mentee for _, mentee in pairs), Counter(mentor for mentor, _ in pairs)
    hours, most = [rule for rule in matching.policy.rules if rule.name == "hours"], most_of(matching)
    found: list[list[tuple[str, str]]] = [[]]
    for mentee, others in expected.items():
        choices = [c for n in range(need[mentee] + 1) for c in combinations(sorted(others), n)]
        found = [
            plan + [(mentor, mentee) for mentor in chosen]
            for plan in found
            for chosen in choices
            if all(load[m] + sum(one == m for one, _ in plan) < most[m] for m in chosen)
        ]
    ok = [plan for plan in found if not any(rule.broken(pairs + plan, matching.cohort) for rule in hours)]
    return max((len({e for _, e in p}), len(p), sum(expected[e][m] for m, e in p)) for p in ok)


def test_a_mentor_whom_many_want_stands_in_the_plan_once() -> None:
    """Each row holds by itself; together they share out the free places."""
    mentors = pd.DataFrame({"id": ["a", "b", "c"], "hobbies": ["go", "go", "chess"]})
    mentees = pd.DataFrame({"id": ["x", "y"], "hobbies": ["go", "go"]})
    matching = match(Cohort(mentors, mentees), Policy(goals=[goals.SharedHobbies(weight=1)]))
    found = alternates(matching)
    assert found.table[["mentee", "mentor", "places", "wanted"]].values.tolist() == [
        ["x", "c", 1, 2],
        ["y", "c", 1, 2],
    ]
    assert len(found.plan) == 1
    assert len(found.short) == 1
    assert repr(found).startswith("<Alternates for 2 mentees: 1 in the plan, weight ")
    assert "<table" in found._repr_html_()


def test_nobody_is_free() -> None:
    """Then there are no alternates, and that is said."""
    one = pd.DataFrame({"id": ["a"]})
    found = alternates(match(Cohort(one, pd.DataFrame({"id": ["x"]})), Policy(objective=["mentees"])))
    assert found.table.empty
    assert found.plan.empty
    assert (found.without, found.short, found.gap, found.complete) == (("x",), (), 0.0, True)
    assert repr(found) == "<Alternates for 0 mentees: 0 in the plan, weight 0; 1 without any>"


def test_nobody_has_a_pair() -> None:
    """Nobody needs an alternate."""
    people = Cohort(pd.DataFrame({"id": ["a"]}), pd.DataFrame({"id": ["x"]}))
    found = alternates(match(people, Policy(rules=[rules.Forbidden([("a", "x")])], objective=["mentees"])))
    assert found.table.empty
    assert found.without == ()


def test_the_order_of_rows_makes_no_difference() -> None:
    """Nor do blocks (law §8)."""
    cohort = datasets.synthetic(mentors=30, mentees=20, seed=5)
    policy = Policy(goals=GOALS)
    first = alternates(match(cohort, policy))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spare, "AT_ONCE", 7)
        again = alternates(match(cohort, policy))
    pd.testing.assert_frame_equal(first.table, again.table)
    pd.testing.assert_frame_equal(first.plan, again.plan)


def test_many_possible_pairs() -> None:
    """Beyond a number the plan looks at each mentee's best alone, and says that it may not be the best."""
    matching = match(datasets.synthetic(mentors=30, mentees=20, seed=5), Policy(goals=GOALS))
    whole = alternates(matching)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["pairmatch.alternates"], "MOST_POSSIBLE", 1)
        patch.setattr(sys.modules["pairmatch.alternates"], "LISTED", 4)
        part = alternates(matching)
    pd.testing.assert_frame_equal(whole.table, part.table)
    assert whole.complete
    assert not part.complete


@pytest.mark.parametrize("k", [0, -1, 1.5, True, "3"])
def test_bad_numbers(k: Any) -> None:
    """How many is a whole number of at least 1."""
    with pytest.raises(CallError, match="'k' must be a whole number of at least 1"):
        alternates(matched([]), k=k)


def test_bad_arguments() -> None:
    """Something that is no matching, a limit that is none."""
    with pytest.raises(CallError):
        alternates("matching")  # type: ignore[arg-type]
    with pytest.raises(CallError, match="time_limit"):
        alternates(matched([]), time_limit=0)


def test_tables_in_another_order() -> None:
    """Neither alternates nor plan depend on the order of rows (law §8)."""
    words = ["go; chess", "go", "art", "chess; art", "golf"]
    mentors = pd.DataFrame({"id": [f"m{k}" for k in range(9)], "hobbies": [words[k % 5] for k in range(9)]})
    mentees = pd.DataFrame({"id": [f"e{k}" for k in range(4)], "hobbies": [words[k] for k in range(4)]})
    policy = Policy(goals=[goals.SharedHobbies(weight=1)])
    one, two = (
        alternates(
            match(Cohort(*(table[::step].reset_index(drop=True) for table in (mentors, mentees))), policy)
        )
        for step in (1, -1)
    )
    pd.testing.assert_frame_equal(one.table, two.table)
    pd.testing.assert_frame_equal(one.plan, two.plan)


def test_what_failed_is_no_alternate() -> None:
    """After a re-match the pairs that did not work out stay out."""
    matching = matched([])
    failed = [(made.mentor, made.mentee) for made in matching.made[:2]]
    found = alternates(rematch(matching, failed=failed), k=9)
    listed = set(zip(found.table["mentor"], found.table["mentee"], strict=True))
    assert listed.isdisjoint(failed)
    assert {mentor for mentor, _ in failed} & set(found.table["mentor"])
