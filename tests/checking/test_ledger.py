"""The bound that prices prove: against plain Python, against brute force, and by a sweep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from pairmatch.checking.case import LARGEST, Case, Running, Strip, sound
from pairmatch.checking.ledger import Ledger
from pairmatch.errors import InfeasibleError
from pairmatch.problem import MINIMUMS, Found, Problem, Solution, TierProof, never
from pairmatch.solver import solve
from pairmatch.testing import brute_force_problem
from pairmatch.testing.draws import integers
from pairmatch.testing.strategies import problems
from tests.checking.plain import plain_bound
from tests.solver.naive import Naive

OBJECTIVES = (
    ("must_match", "mentees", "total"),
    ("mentees", "spread", "total"),
    ("mentors", "pairs", "total", "spread"),
    ("mentees", "coached", "total"),
    ("total", "coached"),
)


REVISED = (
    ("must_match", "mentees", "kept", "waited", "total"),
    ("held", "mentees", "waited", "spread", "total", "kept"),
    ("mentees", "coached", "kept", "total"),
)


@st.composite
def proofs(draw: st.DrawFn, problem: Problem) -> TierProof:
    """A proof of any tier with prices that nobody chose: it proves little, but what it proves is true."""
    tiers = [tier for tier in problem.objective if tier != "coached" or problem.coaching is not None]
    place = draw(st.integers(0, len(tiers) - 1))
    reach = draw(st.sampled_from((0, 1, 5, 300_000)))
    bundles = draw(st.booleans())
    coaches = 0 if problem.coaching is None else len(problem.coaching.capacity)
    earlier = (*tiers[:place], MINIMUMS)
    prices = {
        "mentor_prices": 0 * problem.loads.mentor_capacity
        if bundles
        else draw(integers(problem.n_mentors, -reach, reach)),
        "mentee_prices": draw(integers(problem.n_mentees, -reach, reach)),
        "group_prices": draw(integers(len(problem.groups) * draw(st.integers(0, 1)), -reach, reach)),
        "coach_prices": draw(integers(coaches * draw(st.integers(0, 1)), 0, 2 * reach)),
    }
    times = dict(zip(earlier, draw(integers(len(earlier), -1, 3)).tolist(), strict=True))
    scale = draw(st.integers(1, 3))
    return TierProof(tiers[place], 0, 0, 0, "search", times, bundles=bundles, scale=scale, **prices)


def case_of(problem: Problem, values: dict[str, int], pairs: tuple[tuple[int, int], ...] = ()) -> Case:
    """A problem as the checks see it."""
    chosen = np.array(pairs, np.int64).reshape(-1, 2)
    weight = {
        (i, j): w
        for i, j, w in zip(
            problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True
        )
    }
    return Case(
        loads=problem.loads,
        must_match=problem.must_match,
        mentor_load=np.bincount(chosen[:, 0], minlength=problem.n_mentors),
        mentee_load=np.bincount(chosen[:, 1], minlength=problem.n_mentees),
        chosen=chosen,
        weights=np.array([weight[i, j] for i, j in chosen.tolist()], np.int64),
        values=values,
        groups=problem.groups,
        evens=problem.evens,
        coaching=problem.coaching,
        running=running_of(problem, weight),
    )


def running_of(problem: Problem, weight: dict[tuple[int, int], int]) -> Running | None:
    """What an earlier matching left, as the checks see it."""
    earlier = problem.earlier
    if earlier is None:
        return None
    weights = np.array([weight[i, j] for i, j in earlier.pairs.tolist()], np.int64)
    waited = earlier.mentors_waited, earlier.mentees_waited
    return Running(earlier.pairs, earlier.held, weights, waited, earlier.bonus)


def strips(problem: Problem, case: Case, rows: int = 2) -> list[Strip]:
    """The pairs, a few mentors at a time."""
    shape = problem.n_mentors, problem.n_mentees
    weight, usable = np.zeros(shape, np.int64), np.zeros(shape, bool)
    weight[problem.mentor, problem.mentee] = problem.weight
    usable[problem.mentor, problem.mentee] = True
    used = case.used()
    usable &= (problem.loads.mentor_capacity > used[0])[:, None] & (problem.loads.mentee_capacity > used[1])
    usable[problem.loads.required[:, 0], problem.loads.required[:, 1]] = False
    cuts = [slice(k, k + rows) for k in range(0, problem.n_mentors, rows)]
    return [Strip(cut.start, weight[cut], usable[cut], usable[cut], weight[cut]) for cut in cuts]


def values_of(problem: Problem, by_tier: dict[str, int]) -> dict[str, int]:
    """The values of all tiers, and of the minimums."""
    loads = problem.loads
    return {**by_tier, MINIMUMS: int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())}


def drawn(
    data: st.DataObject, hours: bool, revised: bool = False
) -> tuple[Problem, TierProof, dict[str, int], Case, int]:
    """A problem, a proof, and the bound that plain Python finds."""
    order = st.sampled_from(REVISED if revised else OBJECTIVES)
    problem = data.draw(problems(3, 4, order, hours, groups=True, coaching=None, earlier=revised))
    if problem.coaching is None and "coached" in problem.objective:
        problem = replace(problem, objective=tuple(t for t in problem.objective if t != "coached"))
    # Hours by pair are known to the solver alone: no cohort has them.
    problem = replace(problem, pair_hours=None)
    best = brute_force_problem(problem)
    assume(best is not None)
    assert best is not None
    proof = data.draw(proofs(problem))
    values = values_of(problem, best.by_tier)
    bound = plain_bound(problem, proof, values)
    assert bound >= best.by_tier[proof.tier]
    return problem, proof, values, case_of(problem, values, best.pairs), bound


@settings(max_examples=100, deadline=None)
@given(st.data(), st.booleans(), st.booleans())
def test_any_prices_prove_what_plain_python_says(data: st.DataObject, hours: bool, revised: bool) -> None:
    """The ledger's bound is the formula's, never below the best value, and no other is taken."""
    problem, proof, _, case, bound = drawn(data, hours, revised)
    assert sound(proof, case, problem.objective[: problem.objective.index(proof.tier)])
    for shift, held in ((0, True), (1, False), (-1, False)):
        ledger = Ledger(replace(proof, verified_bound=bound + shift), case, None)
        for strip in strips(problem, case):
            ledger.add(strip)
        assert ledger.holds(LARGEST) is held


@settings(max_examples=100, deadline=None)
@given(st.data(), st.booleans())
def test_a_sweep_proves_the_same(data: st.DataObject, hours: bool) -> None:
    """What a sweep lists, asked kind by kind and length by length, gives the same bound."""
    problem, proof, _, case, bound = drawn(data, hours)
    # Coaches are never swept; weights are never above 1.
    problem = replace(problem, coaching=None)
    case = replace(case, coaching=None)
    proof = replace(proof, coach_prices=np.empty(0, np.int64))
    assume(proof.tier != "coached" and "coached" not in proof.multipliers)
    bound = plain_bound(problem, proof, dict(case.values))
    ledger = Ledger(replace(proof, verified_bound=bound), case, None)
    sweep, parts = Naive(problem), []
    for priced, among in ledger.asked(None):
        most = ledger.most or problem.n_mentees
        parts.append(sweep.beating(priced, most, never, among=among))
    ledger.add_pairs(0, joined(parts), some=True)
    assert ledger.holds(LARGEST)


@settings(max_examples=80, deadline=None)
@given(
    problems(
        3, 4, st.sampled_from((*OBJECTIVES, ("mentees", "worst", "total"))), None, groups=True, coaching=None
    )
)
def test_the_solvers_proofs_hold(problem: Problem) -> None:
    """Every tier's proof is sound and proves what it claims, and the searches' bounds are the best values."""
    if problem.coaching is None:
        problem = replace(problem, objective=tuple(t for t in problem.objective if t != "coached"))
    problem = replace(problem, pair_hours=None)
    assume("worst" not in problem.objective or problem.single)
    best = brute_force_problem(problem)
    try:
        solution = solve(problem)
    except InfeasibleError:
        assert best is None
        return
    assert best is not None
    assert tuple(proof.value for proof in solution.tiers) == best.values
    case, earlier = case_of(problem, values_of(problem, best.by_tier), pairs_of(solution)), []
    case.values.setdefault("mentees", len(np.unique(solution.pairs[:, 1])))  # type: ignore[attr-defined]
    floor, reach = None, required_reach(problem)
    for proof in solution.tiers:
        event(f"{proof.kind} {proof.tier} {'bundles' if proof.bundles else ''} {proof.scale > 1}")
        assert sound(proof, case, earlier)
        assert proof.value == proof.bound <= proof.verified_bound
        ledger = Ledger(proof, case, floor)
        for strip in strips(problem, case):
            ledger.add(strip)
        assert ledger.holds(reach)
        floor = proof.value if ledger.is_floor else floor
        earlier.append(proof.tier)


def pairs_of(solution: Solution) -> tuple[tuple[int, int], ...]:
    """The pairs as a plain tuple."""
    return tuple((int(i), int(j)) for i, j in solution.pairs)


def required_reach(problem: Problem) -> int:
    """The smallest weight of a required pair."""
    weight = dict(
        zip(
            zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True),
            problem.weight.tolist(),
            strict=True,
        )
    )
    return min((weight[int(i), int(j)] for i, j in problem.loads.required), default=2**62)


def joined(parts: list[Found]) -> Found:
    """All that was found."""
    columns = [
        np.concatenate([getattr(part, name) for part in parts]) for name in ("mentor", "mentee", "weight")
    ]
    return Found(*columns, parts[0].excess, complete=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"scale": 0},
        {"scale": -1},
        {"coach_prices": np.array([-1])},
        {"coach_prices": np.array([1, 1])},
        {"group_prices": np.array([1])},
        {"group_prices": np.array([1, 1, 1])},
        {"group_prices": np.array([2**61, 0])},
        {"group_prices": np.array([[1, 1]])},
        {"scale": 2**50},
        {"bundles": True},
        {"canonical": True},
        {"tier": "worst", "scale": 2},
        {"multipliers": {"total": 1}},
        {"multipliers": {"pairs": 2**61}},
    ],
)
def test_what_proves_nothing_is_not_sound(changed: dict[str, object]) -> None:
    """Shapes, signs and sizes that no honest proof has."""
    problem = grouped()
    case = case_of(problem, {})
    honest = proof_of(problem)
    assert sound(honest, case, ("pairs",))
    assert not sound(replace(honest, **changed), case, ("pairs",))


def grouped() -> Problem:
    """One mentor and one mentee, two groups and a coach."""
    from pairmatch.groups import Coaching, Group
    from pairmatch.problem import Loads

    one, none, yes = np.ones(1, np.int64), np.zeros(1, np.int64), np.ones((1, 1), bool)
    group = Group("part", "name", mentors=one, target=1, price=5)
    return Problem(
        mentor=none.astype(np.int32),
        mentee=none.astype(np.int32),
        weight=one * 7,
        loads=Loads(one, one, none, none),
        must_match=np.zeros(1, bool),
        objective=("pairs", "total"),
        groups=(group, group),
        coaching=Coaching(one, yes, yes, none[:, None], none[:, None]),
    )


def proof_of(problem: Problem) -> TierProof:
    """An honest proof of the second tier."""
    prices = {"mentor_prices": np.array([3]), "mentee_prices": np.array([4])}
    groups = {"group_prices": np.array([-5, 0]), "coach_prices": np.array([1])}
    return TierProof("total", 7, 7, 7, "prices", {"pairs": 2}, **prices, **groups, scale=2)
