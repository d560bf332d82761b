"""Large cohorts are matched by sweeps; here small ones are too, and compared with holding all pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.errors import CallError, InfeasibleError, NoSolutionError, PairmatchError
from pairmatch.scoring import size
from pairmatch.testing.policy_strategies import Case
from pairmatch.testing.strategies import cases

FLOWS = ("must_match", "mentees", "mentors", "pairs", "total")


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    held = size.HELD
    yield
    size.HELD = held


def swept(cohort: pm.Cohort, policy: pm.Policy, **how: object) -> pm.Matching:
    """The matching by sweeps, whatever the size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        return pm.match(cohort, policy, **how)


def values(matching: pm.Matching) -> list[tuple[str, int, int, int]]:
    """Each tier with its value and what is proven of it."""
    return [(p.tier, p.value, p.bound, p.verified_bound) for p in matching.certificate.proofs]


objectives = st.permutations(FLOWS).flatmap(
    lambda order: st.integers(1, len(FLOWS)).map(lambda k: tuple(order[:k]))
)


@settings(max_examples=150)
@given(case=cases(objective=objectives))
def test_the_same_as_holding_all_pairs(case: Case) -> None:
    """Every tier has the same value and bound, and both ways of verifying agree."""
    with_hours = any(isinstance(rule, rules.Hours) for rule in case.policy.rules)
    try:
        held = pm.match(case.cohort, case.policy)
    except InfeasibleError:
        with pytest.raises((NoSolutionError, InfeasibleError) if with_hours else InfeasibleError):
            swept(case.cohort, case.policy)
        return
    try:
        matching = swept(case.cohort, case.policy)
    except NoSolutionError:
        assert with_hours  # a search over the core found none; it claims no more than that
        return
    if with_hours:
        # The prices leave a gap; what is claimed must be true.
        first = next(zip(values(matching), values(held), strict=True))
        assert first[0][1] <= first[1][1] <= first[0][2]
    else:
        assert [v[:2] for v in values(matching)] == [v[:2] for v in values(held)]
        assert matching.certificate.gap == held.certificate.gap
    pm.verify(matching, case.cohort, case.policy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        pm.verify(matching, case.cohort, case.policy)
        pm.verify(held, case.cohort, case.policy)


@settings(max_examples=40)
@given(case=cases(objective=st.sampled_from([("mentees", "worst", "total"), ("mentees", "worst")])))
def test_worst_is_the_same(case: Case) -> None:
    """The floor, too, where nobody has several mentors."""
    try:
        held = pm.match(case.cohort, case.policy)
    except PairmatchError:
        return
    matching = swept(case.cohort, case.policy)
    assert [v[:2] for v in values(matching)] == [v[:2] for v in values(held)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        pm.verify(matching, case.cohort, case.policy)


def crowd(n: int, hubs: int) -> tuple[pm.Cohort, pm.Policy, np.ndarray]:
    """People who all like the same few on the other side best; everybody else has one fair partner."""
    numbers = np.random.default_rng(4)
    weights = numbers.random((n, n)) * 0.1
    weights[:hubs] += 0.6
    weights[:, :hubs] += 0.6
    weights[:hubs, :hubs] -= 0.3
    weights[np.arange(hubs, n), np.arange(hubs, n)] = 0.5
    mentors = pd.DataFrame({"id": [f"m{k:03}" for k in range(n)], "department": "A"})
    mentees = pd.DataFrame({"id": [f"e{k:03}" for k in range(n)], "department": "B"})
    ids = {"mentor": np.repeat(mentors["id"], n).to_numpy(), "mentee": np.tile(mentees["id"], n)}
    pairs = pd.DataFrame({**ids, "score": weights.ravel()})
    policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.Precomputed(pairs, weight=1)])
    return pm.Cohort(mentors, mentees), policy, weights


def test_an_optimum_outside_every_list_of_favourites() -> None:
    """Partners whom nobody has among their best are found all the same, and proven to be the best."""
    n, hubs = 160, 60
    cohort, policy, weights = crowd(n, hubs)
    planted = weights[np.arange(hubs, n), np.arange(hubs, n)]
    assert ((weights[hubs:] > planted[:, None]).sum(axis=1) >= hubs).all()
    assert ((weights[:, hubs:] > planted).sum(axis=0) >= hubs).all()
    held, matching = pm.match(cohort, policy), swept(cohort, policy)
    assert values(matching) == values(held)
    assert matching.stats["pairs_joined"] >= n - hubs
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    assert {(f"m{k:03}", f"e{k:03}") for k in range(hubs, n)} <= made


def test_leximin_needs_all_pairs_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what can be held, the tiers that need all pairs are refused before work starts."""
    cohort, _, _ = crowd(8, 2)
    monkeypatch.setattr(size, "HELD", 10)
    monkeypatch.setattr(size, "MOST_HELD", 20)
    policy = pm.Policy(goals=[goals.Same("department", weight=1)], objective=("mentees", "leximin"))
    with pytest.raises(CallError, match=r"64 possible pairs; with the tier 'leximin' at most 20"):
        pm.match(cohort, policy)


@settings(max_examples=40)
@given(case=cases(objective=st.sampled_from([("must_match", "mentees", "total"), ("pairs", "total")])))
def test_ties_and_why_not_are_the_same(case: Case) -> None:
    """Another optimum, and what another pair would cost, are told by sweeps as by holding all pairs."""
    if any(isinstance(rule, rules.Hours) for rule in case.policy.rules):
        return  # a sweep with hours leaves a gap
    try:
        held = pm.match(case.cohort, case.policy)
    except InfeasibleError:
        return
    another = held.ties()
    made = {(pair.mentor, pair.mentee) for pair in held.made}
    others = [(m.id, e.id) for m in case.cohort.mentors for e in case.cohort.mentees]
    mentor, mentee = next((pair for pair in others if pair not in made), others[0])
    told = pm.why_not(held, mentor=mentor, mentee=mentee)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        assert held.ties() in (another, None)
        swept_ = pm.why_not(held, mentor=mentor, mentee=mentee)
    assert (swept_.verdict, swept_.costs, swept_.equal) == (told.verdict, told.costs, told.equal)
