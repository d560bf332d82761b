"""`place_values`: what one more place brings, against matching anew with one more place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.place_values import PlaceValues, place_values
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS
from pairmatch.scoring import size
from pairmatch.testing import brute_force, reference_problem
from pairmatch.testing.oracle import Best
from pairmatch.testing.strategies import Case, cases

COHORT = pm.datasets.synthetic(mentors=14, mentees=18, seed=5)
POLICY = pm.datasets.synthetic_policy()
TOGETHER = next((made.mentor, made.mentee) for made in pm.match(COHORT, POLICY).made)
PEOPLE = {
    "mentors": pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf", "golf"]}),
    "mentees": pd.DataFrame({"id": ["eve", "fay", "gus"], "hobbies": ["chess", "golf", "golf"]}),
}
HOBBIES = pm.Policy(goals=[goals.SharedHobbies(weight=1)])


def gains(before: Best[str], after: Best[str]) -> list[int]:
    """What each tier gains; for leximin the first difference of the ascending totals."""
    told = []
    for tier, one, other in zip(before.objective, before.values, after.values, strict=True):
        if tier == "leximin":
            longest = max(len(before.levels), len(after.levels))
            pad = [(0,) * (longest - len(best.levels)) + best.levels for best in (before, after)]
            told.append(next((b - a for a, b in zip(*pad, strict=True) if a != b), 0))
        else:
            told.append(other - one)
    return told


def units(found: PlaceValues, role: str, who: str) -> list[int]:
    """The row of one person, in units."""
    row = found.table[(found.table["role"] == role) & (found.table["id"] == who)].iloc[0]
    return [round(row[tier] * (RESOLUTION if tier in WEIGHT_TIERS else 1)) for tier in found.tiers]


@settings(max_examples=max(8, settings().max_examples // 10))
@given(cases())
def test_every_worth_is_that_of_a_match_with_one_more_place(case: Case) -> None:
    """For everybody, tier by tier, as brute force finds it with that one capacity raised."""
    cohort, policy = case.cohort, case.policy
    stated, before = reference_problem(cohort, policy), brute_force(cohort, policy)
    if stated is None or before is None:
        return
    matching = pm.match(cohort, policy)
    found = place_values(matching, mentees=True)
    assert found.complete
    sides = ("mentor", stated.mentors), ("mentee", stated.mentees)
    for (role, ids), capacity in zip(
        sides, (stated.problem.loads.mentor_capacity, stated.problem.loads.mentee_capacity), strict=True
    ):
        for who, places in zip(ids, capacity.tolist(), strict=True):
            more = {who: places + 1}
            larger = cohort.with_capacities(*((more, {}) if role == "mentor" else ({}, more)))
            after = brute_force(larger, policy)
            row = found.table[(found.table["role"] == role) & (found.table["id"] == who)].iloc[0]
            event("exact" if row.exact else "a bound")
            assert row.exact or not matching.certificate.proven
            if after is None:
                event("no valid matching")
                assert row.exact
                assert row.words.endswith("no matching would be valid")
            elif row.exact:
                assert units(found, role, who) == gains(before, after)


@pytest.mark.parametrize("asked", [None, {}, {"max_changes": 2}], ids=["a match", "a re-match", "a limit"])
def test_prices_and_repairs_say_what_solving_says(
    asked: dict[str, Any] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The quick ways and the slow one agree, and so do they where no pair is stored."""
    matching = pm.match(COHORT, POLICY)
    if asked is not None:
        matching = pm.rematch(matching, failed=[TOGETHER], movable="all", **asked)
    quick = place_values(matching, mentees=True)
    from pairmatch.supposing import places

    with monkeypatch.context() as patch:
        patch.setattr(places, "LINEAR", frozenset())
        patch.setattr(places.Places, "_repaired", lambda *_: None)
        slow = place_values(matching, mentees=True)
    pd.testing.assert_frame_equal(quick.table, slow.table)
    assert quick.table["exact"].all()
    if asked is not None:
        return
    monkeypatch.setattr(size, "HELD", 0)
    pd.testing.assert_frame_equal(quick.table, place_values(matching, mentees=True).table)


def test_bounds_are_never_below_the_worth() -> None:
    """Without solving, the first tier that may gain is told with the most that it can be."""
    matching = pm.match(COHORT, POLICY)
    worth, bound = place_values(matching), place_values(matching, exact=False)
    both = worth.table.merge(bound.table, on=["role", "id"], suffixes=("", "_most"))
    for tier in worth.tiers:
        known = both[~both[f"{tier}_most"].isna()]
        assert (known[tier] <= known[f"{tier}_most"]).all()
    assert both.loc[both["exact_most"], [*worth.tiers]].eq(0).all(axis=None)
    told = bound.table.words[~bound.table["exact"]]
    assert len(told)
    assert told.str.contains("rises by at most [0-9]|: at most [0-9]+ more|not known").all()


def test_words() -> None:
    """The most worth first, in a sentence each."""
    found = place_values(pm.match(pm.Cohort(**PEOPLE), HOBBIES))
    assert found.table.words.tolist() == [
        "one more place of mentor ben: 1 more mentee with a mentor, and the total rises by 1",
        "one more place of mentor ana: 1 more mentee with a mentor, and the total rises by 0.62683",
    ]
    assert str(found).splitlines()[0] == "one more place would change the matching for 2 of 2 people"
    assert repr(found) == "<PlaceValues of 2 people, 2 above 0>"
    assert "<table" in found._repr_html_()
    nobody = place_values(pm.match(pm.Cohort(**PEOPLE), HOBBIES), mentors=False, mentees=True)
    assert set(nobody.table["role"]) == {"mentee"}


def test_a_place_may_cost_a_later_tier() -> None:
    """What a later tier loses for an earlier one is told too; and that a place would change nothing."""
    mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "hobbies": ["chess", "golf", "golf"]})
    mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf", "golf"]})
    policy = replace(HOBBIES, objective=["mentees", "worst", "total"])
    found = place_values(pm.match(pm.Cohort(mentors, mentees), policy))
    assert found.table.words.str.endswith("would change nothing").all()
    assert (found.table[list(found.tiers)] == 0).all(axis=None)
    from pairmatch.place_values import _part

    assert _part("mentees", -2) == "2 fewer mentees with a mentor"
    assert _part("total", -0.25) == "the total falls by 0.25"


def test_a_time_limit_leaves_bounds() -> None:
    """Whoever is not reached has a bound, and the values say that they are not complete."""
    told: list[pm.Progress] = []
    found = place_values(pm.match(COHORT, POLICY), time_limit=1e-9, progress=told.append)
    assert not found.complete
    assert len(found.table) == 14 == told[-1].done
    assert not found.table["exact"].all()


@pytest.mark.parametrize(
    "more",
    [
        {"rules": [*POLICY.rules, rules.Required([TOGETHER])]},
        {"rules": [*POLICY.rules, rules.Hours(missing="allow")]},
    ],
    ids=["a required pair", "hours"],
)  # fmt: skip
def test_swept_cohorts(more: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no pair is stored, required pairs and hours are as before."""
    policy = replace(POLICY, **more)
    before = place_values(pm.match(COHORT, policy), mentees=True)
    monkeypatch.setattr(size, "HELD", 0)
    after = place_values(pm.match(COHORT, policy), mentees=True)
    proven = before.table["exact"] & after.table.set_index("id").exact.reindex(before.table["id"]).to_numpy()
    assert proven.any()
    both = before.table[proven].merge(after.table, on=["role", "id"], suffixes=("", "_swept"))
    assert (both["total"] == both["total_swept"]).all()


def test_groups_of_pairs() -> None:
    """Where a goal counts pairs, every place is solved for."""
    spread = goals.Spread("region", of="pairs", target={"Europe -> Europe": 0.5}, price=0.3)
    policy = replace(POLICY, goals=[*POLICY.goals, spread])
    matching = pm.match(COHORT, policy)
    found = place_values(matching, time_limit=60)
    first = found.table.iloc[0]
    after = pm.match(COHORT.with_capacities({first.id: 2}, {}), policy)
    assert first.total == pytest.approx(after.values["total"] - matching.values["total"])


def test_hours_and_goals_over_groups_are_solved_again() -> None:
    """What paths cannot repair is still exact."""
    spread = goals.Spread("department", of="mentors", target="even", price=0.2)
    policy = replace(POLICY, goals=[*POLICY.goals, spread])
    matching = pm.match(COHORT, policy)
    found = place_values(matching)
    best = found.table.iloc[0]
    places = reference_problem(COHORT, policy)
    assert places is not None
    capacity = dict(zip(places.mentors, places.problem.loads.mentor_capacity.tolist(), strict=True))
    after = pm.match(COHORT.with_capacities({best.id: capacity[best.id] + 1}, {}), policy)
    for tier in found.tiers:
        assert np.isclose(best[tier], after.values[tier] - matching.values[tier])


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({"mentors": False}, "ask for mentors, mentees or both"),
        ({"mentors": 1}, "must be True or False"),
        ({"exact": "yes"}, "must be True or False"),
        ({"time_limit": 0}, "time_limit"),
    ],
    ids=["nobody", "a number", "a text", "no time"],
)  # fmt: skip
def test_calls_that_cannot_be_used(more: dict[str, object], hint: str) -> None:
    """What is wrong is told before any work."""
    with pytest.raises(pm.CallError, match=hint):
        place_values(pm.match(pm.Cohort(**PEOPLE), HOBBIES), **more)  # type: ignore[arg-type]
    with pytest.raises(pm.CallError, match="must be a Matching"):
        place_values("matching")  # type: ignore[arg-type]


def test_prices_of_whole_sets_of_mentees_do_not_tell_of_larger_ones() -> None:
    """Few mentors may be chosen: who can have one more partner may be the better choice."""
    weights = {
        "ana": {"eve": 0.65, "gus": 0.95, "hal": 0.6},
        "ben": {"gus": 0.4, "hal": 0.65},
        "cem": {"fay": 0.35, "gus": 0.3, "hal": 0.2},
    }
    every = [(mentor, mentee, weight) for mentor, own in weights.items() for mentee, weight in own.items()]
    forbidden = [("ana", "fay"), ("ben", "fay"), ("ben", "eve"), ("cem", "eve")]
    policy = pm.Policy(
        rules=[rules.MentorsChosen(at_most=2), rules.Forbidden(forbidden)],
        goals=[goals.Precomputed(every, weight=1)],
        objective=["mentees", "mentors", "total"],
    )
    mentors = pd.DataFrame({"id": [*weights], "capacity": [1, 3, 1], "minimum": [0, 0, 1]})
    matching = pm.match(pm.Cohort(mentors, pd.DataFrame({"id": ["eve", "fay", "gus", "hal"]})), policy)
    assert matching.certificate.proofs[-1].bundles
    found = place_values(matching)
    assert units(found, "mentor", "ana") == [0, 0, 550_000]
    assert units(found, "mentor", "cem") == [0, 0, 100_000]
