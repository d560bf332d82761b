"""Every false claim about coaches is found out, without the solver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import pairmatch as pm
from pairmatch.matching import CoachPlan
from tests.coached import cohort, plan_of, policy


def altered(plan: CoachPlan, place: int, **changes: Any) -> CoachPlan:
    """The plan with one pair changed."""
    pairs = [*plan.pairs]
    pairs[place] = replace(pairs[place], **changes)
    return replace(plan, pairs=tuple(pairs))


def dearer(plan: CoachPlan) -> CoachPlan:
    """The plan with other prices in its certificate."""
    assert plan.certificate is not None
    first, second = plan.certificate.proofs
    second = replace(second, mentee_prices=second.mentee_prices + 1_000)
    return replace(plan, certificate=replace(plan.certificate, proofs=(first, second)))


def of_another(plan: CoachPlan) -> CoachPlan:
    """A coach with whom a rule is broken."""
    with_coach = next(k for k, pair in enumerate(plan.pairs) if pair.coach)
    return altered(plan, with_coach, coach=next(w for w in plan.coaches if w != plan.pairs[with_coach].coach))


GREEDY = ("one_after_the_other", "total", 10**12)

LIES: list[tuple[str, Callable[[CoachPlan], CoachPlan | None]]] = [
    ("wrong_coaches", lambda plan: None),
    ("wrong_coaches", lambda plan: replace(plan, pairs=plan.pairs[1:])),
    ("wrong_coaches", lambda plan: replace(plan, coaches=plan.coaches[::-1])),
    ("wrong_coaches", lambda plan: replace(plan, capacity=(9,) * len(plan.capacity))),
    ("wrong_coaches", lambda plan: replace(plan, jointly=True)),
    ("unknown_coach", lambda plan: altered(plan, 0, coach="x", reason="")),
    ("wrong_score", lambda plan: altered(plan, 1, coach="m0", score=123_456, reason="")),
    ("wrong_reason", lambda plan: altered(plan, 0, coach=None, score=0, reason="no_coach_suits")),
    ("over_capacity", lambda plan: replace(plan, pairs=tuple(replace(p, coach="c1") for p in plan.pairs))),
    ("wrong_tiers", lambda plan: replace(plan, certificate=None)),
    ("coaches_not_proven", dearer),
]


@pytest.mark.parametrize(("code", "lie"), LIES)
def test_every_lie_about_coaches_is_found_out(
    code: str, lie: Callable[[CoachPlan], CoachPlan | None]
) -> None:
    """By verify, without the solver."""
    found, asked = cohort(), policy(capacity=2)
    matching = pm.match(found, asked)
    pm.verify(matching, found, asked)
    with pytest.raises(pm.VerificationError) as caught:
        pm.verify(replace(matching, coaching=lie(plan_of(matching))), found, asked)
    assert code in {finding.code for finding in caught.value.findings}


def told_more(plan: CoachPlan, way: str, tier: str, more: int) -> CoachPlan:
    """The plan with another value of one tier, of one of the two ways."""
    values = getattr(plan, way)
    return replace(plan, **{way: {**values, tier: values[tier] + more}})


@pytest.mark.parametrize(
    "lie",
    [
        lambda plan: told_more(plan, "together", "total", 1),
        lambda plan: told_more(plan, "together", "coached", -1),
        lambda plan: told_more(plan, "one_after_the_other", "total", 10**7),
        lambda plan: told_more(plan, "one_after_the_other", "coached", 1),
        lambda plan: told_more(plan, "one_after_the_other", "coached", -100),
        lambda plan: told_more(plan, "one_after_the_other", "mentees", 1),
        lambda plan: told_more(told_more(plan, "one_after_the_other", "mentees", -1), *GREEDY),
        lambda plan: replace(plan, one_after_the_other={}),
        lambda plan: replace(plan, together={}, one_after_the_other={}),
    ],
)
def test_what_the_two_ways_reach_is_checked(lie: Callable[[CoachPlan], CoachPlan]) -> None:
    """This answer's values are recounted; of the other way, what nothing can reach is refused."""
    found, asked = cohort(), policy(jointly=True, capacity=1)
    matching = pm.match(found, asked)
    with pytest.raises(pm.VerificationError, match="wrong_value"):
        pm.verify(replace(matching, coaching=lie(plan_of(matching))), found, asked)


def test_coaches_chosen_after_the_pairs_tell_of_no_other_way() -> None:
    """And those chosen with them have no certificate of their own."""
    found = cohort()
    alone, both = policy(capacity=1), policy(jointly=True, capacity=1)
    first, second = pm.match(found, alone), pm.match(found, both)
    told = replace(plan_of(first), together={"total": 1}, one_after_the_other={"total": 1})
    with pytest.raises(pm.VerificationError, match="wrong_value"):
        pm.verify(replace(first, coaching=told), found, alone)
    proven = replace(plan_of(second), certificate=plan_of(first).certificate)
    with pytest.raises(pm.VerificationError, match="wrong_tiers"):
        pm.verify(replace(second, coaching=proven), found, both)


def test_a_coach_of_the_same_team_is_found_out() -> None:
    """Rules are held against the profiles again."""
    found, asked = cohort(), policy(capacity=9)
    matching = pm.match(found, asked)
    plan = plan_of(matching)
    assert found.coaches is not None
    teams = {p.id: p["team"] for p in (*found.mentors, *found.coaches)}
    place, coach = next(
        (k, who)
        for k, pair in enumerate(plan.pairs)
        for who in plan.coaches
        if teams[who] == teams[pair.mentor]
    )
    with pytest.raises(pm.VerificationError, match="coach_rule_broken"):
        pm.verify(replace(matching, coaching=altered(plan, place, coach=coach, reason="")), found, asked)


def test_bounds_of_a_joint_choice_are_proven_again() -> None:
    """A changed price of a coach or a changed value does not pass."""
    found, asked = cohort(), policy(jointly=True, capacity=1)
    matching = pm.match(found, asked)
    proofs = matching.certificate.proofs
    assert len(proofs[-1].coach_prices) == 3
    wrong = replace(proofs[-1], coach_prices=proofs[-1].coach_prices + 50_000)
    broken = replace(matching.certificate, proofs=(*proofs[:-1], wrong))
    with pytest.raises(pm.VerificationError, match="bound_not_proven"):
        pm.verify(replace(matching, certificate=broken), found, asked)
