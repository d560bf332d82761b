"""`verify` finds what a tamperer changes about groups, quotas, even loads, coaches and hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.matching import Coached
from pairmatch.testing.strategies import Case, cases
from tests.test_match_groups import cohort, people, policy
from tests.test_verify import proofs, raised

Tamper = Callable[[pm.Matching], pm.Matching]


@pytest.fixture(scope="module", name="grouped")
def fixture_grouped() -> pm.Matching:
    """Quotas, goals over groups and even loads; some prices of groups are not 0."""
    asked = policy(
        objective=("mentees", "spread", "total"),
        goals=[
            goals.Same("region", weight=1),
            goals.Same("department", weight=0.3),
            goals.Spread("region", of="pairs", target="even", price=0.1),
            goals.Links("department", price=0.2),
            goals.EvenLoad(price=0.05),
        ],
        mentees={"capacity": 2},
    )
    return pm.match(cohort(), asked, time_limit=20)


@pytest.fixture(scope="module", name="coached")
def fixture_coached() -> pm.Matching:
    """Coaches chosen together with the pairs, too few for all of them."""
    mentors, mentees = people(8, "m", 1), people(7, "e", 2)
    regions = ["North", "South", "South"]
    coaches = pd.DataFrame({"id": ["c0", "c1", "c2"], "region": regions, "capacity": [2, 1, 2]})
    asked = pm.Policy(
        rules=[rules.DifferentDepartment()],
        goals=[goals.Same("region", weight=1)],
        coaches=pm.Coaches(goals=[goals.Same("region", weight=1)], weight=0.3, jointly=True),
    )
    return pm.match(pm.Cohort(mentors, mentees, coaches=coaches), asked)


def holds(matching: pm.Matching) -> None:
    """Verify it against what it was made from."""
    pm.verify(matching, matching.cohort, matching.policy)


def plan(matching: pm.Matching, change: Callable[[Coached], Coached], place: int = 0) -> pm.Matching:
    """One pair's coach changed; ``place`` counts the pairs that have one."""
    assert matching.coaching is not None
    pairs = list(matching.coaching.pairs)
    where = [k for k, pair in enumerate(pairs) if pair.coach is not None][place]
    pairs[where] = change(pairs[where])
    return replace(matching, coaching=replace(matching.coaching, pairs=tuple(pairs)))


def everywhere(by: int, name: str) -> Callable[[Any], Any]:
    """All prices of a kind moved."""
    return lambda proof: getattr(proof, name) + by


def last(matching: pm.Matching, **changes: Any) -> pm.Matching:
    """The last tier's proof changed."""
    return proofs(matching, matching.certificate.proofs[-1].tier, **changes)


def left(matching: pm.Matching, **changes: Any) -> pm.Matching:
    """The first unmatched person told otherwise."""
    return replace(matching, left=(replace(matching.left[0], **changes), *matching.left[1:]))


GROUPED: dict[str, Tamper] = {
    "a group's price raised": lambda m: last(m, group_prices=raised(10**7, "group_prices", 0)),
    "a group's price lowered": lambda m: last(m, group_prices=raised(-(10**7), "group_prices", -1)),
    "a group's price overflowing": lambda m: last(m, group_prices=raised(2**61, "group_prices", 0)),
    "one price too few": lambda m: last(m, group_prices=lambda p: p.group_prices[1:]),
    "one price too many": lambda m: last(m, group_prices=lambda p: np.append(p.group_prices, 0)),
    "the scale 0": lambda m: last(m, scale=lambda _: 0),
    "the scale negative": lambda m: last(m, scale=lambda p: -p.scale),
    "the scale raised": lambda m: last(m, scale=lambda p: p.scale + 1),
    "prices of coaches": lambda m: last(m, coach_prices=lambda _: np.array([1])),
    "prices said to be the least": lambda m: last(m, canonical=lambda _: True),
    "everybody dearer": lambda m: last(m, mentor_prices=everywhere(10**6, "mentor_prices")),
    "less spread": lambda m: proofs(m, "spread", value=lambda p: p.value - 1),
    "more spread": lambda m: proofs(
        m,
        "spread",
        value=lambda p: p.value + 1,
        bound=lambda p: p.bound + 1,
        verified_bound=lambda p: p.verified_bound + 1,
    ),
    "a multiplier changed": lambda m: last(m, multipliers=lambda p: {**p.multipliers, "mentees": -(10**9)}),
    "no rule holds anybody back": lambda m: left(m, quotas=()),
    "another reason": lambda m: left(m, reason="not_better", quotas=()),
    "another rule": lambda m: left(m, quotas=("at_least",)),
}


def test_the_true_matchings_hold(grouped: pm.Matching, coached: pm.Matching) -> None:
    """Nothing is found where nothing was changed, and both are worth tampering with."""
    holds(grouped)
    holds(coached)
    assert any(proof.group_prices.any() for proof in grouped.certificate.proofs)
    assert grouped.left[0].reason == "quota_full"
    assert coached.coaching is not None
    assert 0 < coached.coaching.coached < len(coached.made)


@pytest.mark.parametrize("kind", GROUPED)
def test_tampering_with_groups_is_found(grouped: pm.Matching, kind: str) -> None:
    """Each change raises."""
    with pytest.raises(pm.VerificationError):
        holds(GROUPED[kind](grouped))


def test_a_broken_quota_is_found(grouped: pm.Matching) -> None:
    """Somebody beyond the number who may be chosen takes a pair over."""
    unchosen = next(person.id for person in grouped.left if person.role == "mentor")
    loads = grouped.pairs["mentor"].value_counts()
    place = next(k for k, pair in enumerate(grouped.made) if loads[pair.mentor] > 1)
    made = list(grouped.made)
    made[place] = replace(made[place], mentor=unchosen)
    with pytest.raises(pm.VerificationError, match="too_many"):
        holds(replace(grouped, made=tuple(made)))


COACHED: dict[str, Tamper] = {
    "a coach dropped": lambda m: plan(m, lambda p: replace(p, coach=None, score=0, reason="coaches_full")),
    "a coach dropped without a reason": lambda m: plan(m, lambda p: replace(p, coach=None, score=0)),
    "a coach nobody knows": lambda m: plan(m, lambda p: replace(p, coach="nobody")),
    "a score raised": lambda m: plan(m, lambda p: replace(p, score=p.score + 1)),
    "all with one coach": lambda m: plan(plan(plan(m, first), first, 1), first, 2),
    "capacity raised": lambda m: replace(m, coaching=replace(m.coaching, capacity=(9, 9, 9))),
    "no coaches told": lambda m: replace(m, coaching=None),
    "chosen after the pairs": lambda m: replace(m, coaching=replace(m.coaching, jointly=False)),
    "a coach's price lowered": lambda m: last(m, coach_prices=lambda p: _full(p) - 10**7),
    "a coach's price raised": lambda m: last(m, coach_prices=lambda p: _full(p) + 10**7),
    "a price too many": lambda m: last(m, coach_prices=lambda p: np.append(_full(p), 0)),
    "fewer coached": lambda m: proofs(m, "coached", value=lambda p: p.value - 1),
}


def first(pair: Coached) -> Coached:
    """The pair with the coach who has one place."""
    return replace(pair, coach="c1")


def _full(proof: Any) -> Any:
    return proof.coach_prices if len(proof.coach_prices) else np.zeros(3, np.int64)


@pytest.mark.parametrize("kind", COACHED)
def test_tampering_with_coaches_is_found(coached: pm.Matching, kind: str) -> None:
    """Each change raises."""
    with pytest.raises(pm.VerificationError):
        holds(COACHED[kind](coached))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(whole=True), st.data())
def test_any_altered_proof_is_found(case: Case, data: st.DataObject) -> None:
    """On any cohort and policy: a bound or value moved by a little never passes."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    proof = data.draw(st.sampled_from(matching.certificate.proofs))
    name = data.draw(st.sampled_from(("value", "bound", "verified_bound")))
    by = data.draw(st.sampled_from((-1, 1)))
    event(f"{proof.kind} {name} {by}")
    if name == "bound" and proof.kind == "search" and proof.value <= proof.bound + by <= proof.verified_bound:
        # What a search says between the value and what prices prove is its word.
        return
    with pytest.raises(pm.VerificationError):
        holds(proofs(matching, proof.tier, **{name: lambda p: getattr(p, name) + by}))
