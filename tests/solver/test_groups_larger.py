"""Groups where prices direct the search: against one whole mixed-integer model, in time, the same twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest import mock

import numpy as np
import pytest

from pairmatch.errors import NoSolutionError
from pairmatch.groups import Cross, Even, Group
from pairmatch.problem import MINIMUMS, Ints, Loads, Problem, Progress, Solution
from pairmatch.solver import rounds, solve
from pairmatch.solver.clock import Clock
from pairmatch.solver.groups import directed, far, grouped
from tests.solver.naive import Naive, only_required
from tests.solver.test_groups import plain_bound


def mixed(n: int, seed: int, *, capacity: int = 1, share: float = 0.2, quota: bool = True) -> Problem:
    """Random people of two and three kinds on each side, whose weights pull against the targets."""
    draw = np.random.default_rng(seed)
    mentor, mentee = np.nonzero(draw.random((n, n)) < share)
    kinds = [draw.integers(0, 3, n) for _ in range(4)]
    weight = draw.integers(0, 1000, len(mentor)) + 150 * kinds[0][mentor] + 100 * kinds[2][mentee]
    groups: list[Group] = []
    for name, kind in zip(("mentors", "mentors", "mentees", "mentees"), kinds, strict=True):
        for value in range(3):
            own: dict[str, Any] = {name: (kind == value).astype(np.int64)}
            groups.append(Group("spread", f"{name} {value}", **own, target=round(0.2 * n), price=300))
    cross = Cross(kinds[0].astype(np.int32), kinds[2].astype(np.int32), 1 - np.eye(3, dtype=np.int64))
    groups.append(Group("different", "pairs", pairs=cross, target=n // 2, limit=n // 2 + 1, price=90))
    if quota:
        groups.append(Group("chosen", "mentors", mentors=np.ones(n, np.int64), most=round(0.6 * n)))
    capacities, none = np.full(n, capacity), np.zeros(n, np.int64)
    loads = Loads(capacities, np.ones(n, np.int64), none, none)
    arcs = mentor.astype(np.int32), mentee.astype(np.int32), weight
    return Problem(*arcs, loads, np.zeros(n, bool), ("mentees", "total"), 1000, groups=tuple(groups))


def whole_model(problem: Problem, tier: str, held: dict[str, int]) -> int:
    """The best value of a tier by one mixed-integer model over everything, the earlier tiers held."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    arcs, n, m = len(problem.mentor), problem.n_mentors, problem.n_mentees
    size = arcs + n + 2 * len(problem.groups)
    rows: list[tuple[Ints, float, float]] = []

    def row(entries: dict[int, float], low: float, high: float) -> None:
        line = np.zeros(size)
        line[list(entries)] = list(entries.values())
        rows.append((line, low, high))

    for side, person, capacity in (
        (n, problem.mentor, problem.loads.mentor_capacity),
        (m, problem.mentee, problem.loads.mentee_capacity),
    ):
        for who in range(side):
            row(dict.fromkeys(np.flatnonzero(person == who).tolist(), 1), 0, capacity[who])
    for i in range(n):
        mine = np.flatnonzero(problem.mentor == i).tolist()
        row({**dict.fromkeys(mine, -1), arcs + i: 1}, -np.inf, 0)
        row({**dict.fromkeys(mine, 1), arcs + i: -len(mine) - 1}, -np.inf, 0)
    gain = np.zeros(size)
    for place, group in enumerate(problem.groups):
        count = counted(problem, group, size)
        below, above = arcs + n + 2 * place, arcs + n + 2 * place + 1
        gain[[below, above]] = -group.price
        for bound, at, sign in ((group.target, below, 1.0), (group.limit, above, -1.0)):
            line = count.copy()
            line[at] = sign
            if bound is not None:
                rows.append((line, bound if sign > 0 else -np.inf, np.inf if sign > 0 else bound))
        if group.most is not None:
            rows.append((count, -np.inf, group.most))
    if tier == "mentees":
        gain[:] = 0
        gain[:arcs] = 1
    else:
        gain[:arcs] = problem.weight
        row(dict.fromkeys(range(arcs), 1), held["mentees"], np.inf)
    lines, low, high = (np.array([entry[k] for entry in rows]) for k in (0, 1, 2))
    upper = np.r_[np.ones(arcs + n), np.full(2 * len(problem.groups), np.inf)]
    whole = np.r_[np.ones(arcs + n), np.zeros(2 * len(problem.groups))]
    found = milp(
        -gain, integrality=whole, bounds=Bounds(0, upper), constraints=LinearConstraint(lines, low, high)
    )
    return round(-found.fun)


def counted(problem: Problem, group: Group, size: int) -> Ints:
    """A group's count as a line of the model; mentees have one place."""
    arcs = len(problem.mentor)
    line = np.zeros(size)
    if group.mentors is not None:
        line[arcs : arcs + problem.n_mentors] = group.mentors
    if group.mentees is not None:
        line[:arcs] += group.mentees[problem.mentee]
    if group.pairs is not None:
        line[:arcs] += group.pairs.of(problem.mentor, problem.mentee)
    return line


def sound(problem: Problem, solution: Solution) -> None:
    """Every bound is what the prices prove, and no value is above its bound."""
    loads = problem.loads
    values = {proof.tier: proof.value for proof in solution.tiers}
    values[MINIMUMS] = int(loads.mentor_minimum.sum() + loads.mentee_minimum.sum())
    for proof in solution.tiers:
        assert proof.value <= proof.bound <= proof.verified_bound
        assert plain_bound(problem, proof, values) == proof.verified_bound


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("capacity", [1, 2])
def test_one_whole_model_finds_nothing_better(seed: int, capacity: int) -> None:
    """Twenty-odd people per side, fourteen groups: proven optimal, and the same as HiGHS says."""
    problem = mixed(24, seed, capacity=capacity)
    solution = solve(problem)
    held: dict[str, int] = {}
    for proof in solution.tiers:
        assert proof.value == proof.bound
        assert proof.value == whole_model(problem, proof.tier, held)
        held[proof.tier] = proof.value
    sound(problem, solution)


@pytest.mark.parametrize("capacity", [1, 2])
def test_the_way_for_many_pairs_is_sound(monkeypatch: pytest.MonkeyPatch, capacity: int) -> None:
    """Softened prices, flows and small linear programmes: near the optimum, and no bound below it."""
    problem = mixed(60, 7, capacity=capacity)
    best = solve(problem)
    for name, value in (("FEW", 0), ("AROUND", 60)):
        monkeypatch.setattr(directed, name, value)
    monkeypatch.setattr(grouped, "CLOSABLE", 0)
    monkeypatch.setattr(grouped, "LIKELY", 150)
    far = solve(problem)
    sound(problem, far)
    assert far.tiers[0].value == best.tiers[0].value
    assert far.tiers[1].value <= best.tiers[1].value <= far.tiers[1].bound
    assert far.tiers[1].gap < 0.02


def test_the_same_problem_gives_the_same_pairs() -> None:
    """Also where softened prices and searches have a hand in it."""
    problem = mixed(60, 3, share=0.9)
    one, two = solve(problem), solve(problem)
    assert one.pairs.tolist() == two.pairs.tolist()
    assert [proof.bound for proof in one.tiers] == [proof.bound for proof in two.tiers]


def test_soft_groups_leave_coverage_to_the_flow() -> None:
    """Tiers before the first charged one are proven as without groups."""
    problem = replace(mixed(30, 5, quota=False), objective=("mentees", "spread", "total"))
    solution = solve(problem)
    plain = solve(replace(problem, groups=(), objective=("mentees", "total")))
    assert solution.tiers[0].value == plain.tiers[0].value
    assert solution.tiers[1].value == -sum_short(problem, solution)
    assert [proof.value == proof.bound for proof in solution.tiers] == [True] * 3
    sound(problem, solution)


def sum_short(problem: Problem, solution: Solution) -> int:
    """What a matching is short, priced."""
    mentor, mentee = solution.pairs.T
    loads = (
        np.bincount(mentor, minlength=problem.n_mentors),
        np.bincount(mentee, minlength=problem.n_mentees),
    )
    return sum(group.price * group.short(group.count(*loads, mentor, mentee)) for group in problem.groups)


def test_even_loads_alone_are_a_flow() -> None:
    """No groups: prices prove the optimum."""
    problem = mixed(30, 2, capacity=3, quota=False)
    even = Even("even load", "mentors", np.ones(30, np.int64), 400)
    solution = solve(replace(problem, groups=(), evens=(even,)))
    assert [proof.kind for proof in solution.tiers] == ["prices", "prices"]
    assert not any(proof.canonical for proof in solution.tiers)
    sound(replace(problem, groups=(), evens=(even,)), solution)


def test_a_deadline_leaves_a_gap_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Soft groups and easy quotas: something valid, with a bound; quotas that nothing keeps: words."""
    monkeypatch.setattr(Clock, "over", property(lambda _: True))
    soft = mixed(40, 4, quota=False)
    cut = solve(soft, time_limit=1)
    assert not cut.complete
    sound(soft, cut)
    group = Group("quota", "mentors", mentors=np.ones(40, np.int64), least=3, most=20)
    hard = replace(soft, groups=(*soft.groups, group))
    cut = solve(hard, time_limit=1)
    assert not cut.complete
    sound(hard, cut)
    with pytest.raises(NoSolutionError, match="before any valid matching"):
        solve(opposed(), time_limit=1)


def test_too_many_pairs_to_search_for_any_matching_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quotas that no flow meets, and more pairs than a search may look at: words, and nothing half done."""
    monkeypatch.setattr(grouped, "SEARCHABLE", 0)
    with pytest.raises(NoSolutionError, match="nor was it shown that there is none"):
        solve(opposed())


def opposed() -> Problem:
    """Two quotas that no matching meets, though each alone could be."""
    classes = np.array([0, 1] * 3, np.int32)
    groups = tuple(
        Group(name, "pairs", pairs=Cross(classes, classes, cells), least=4)
        for name, cells in (("across", 1 - np.eye(2, dtype=np.int64)), ("within", np.eye(2, dtype=np.int64)))
    )
    return replace(mixed(6, 1, share=1.0, quota=False), groups=groups)


def test_among_many_pairs_a_valid_matching_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where flows meet no quota: among each person's best pairs with every kind of partner."""
    monkeypatch.setattr(grouped, "SEARCHABLE", 0)
    monkeypatch.setattr(grouped, "CLOSABLE", 0)
    monkeypatch.setattr(directed, "MOST_BROKEN", -1)
    problem = mixed(40, 1, share=1.0)
    classes = np.arange(40, dtype=np.int32) % 3
    cells = np.array([[3, 5, 7], [2, 9, 4], [8, 1, 6]])
    group = Group("cost", "pairs", pairs=Cross(classes, classes, cells), least=97, most=97)
    problem = replace(problem, groups=(*problem.groups, group))
    solution = solve(problem)
    sound(problem, solution)
    assert cells[solution.pairs[:, 0] % 3, solution.pairs[:, 1] % 3].sum() == 97


def test_known_prices_spare_the_first_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """With prices of groups to start from nothing is softened, and the answer is as good."""
    monkeypatch.setattr(directed, "FEW", 0)
    problem = mixed(40, 6)
    first = solve(problem)
    last = first.tiers[-1]
    prices = np.rint(last.group_prices / last.scale).astype(np.int64)

    def refuse(*_: object) -> None:
        raise AssertionError("prices were softened")

    monkeypatch.setattr(directed, "soft_prices", refuse)
    second = grouped.Grouped(problem, Clock(None, None), start=prices).run()
    assert [proof.value for proof in second.tiers] == [proof.value for proof in first.tiers]
    sound(problem, second)


def test_later_rounds_beyond_what_is_stored_start_from_the_prices_before() -> None:
    """Only the first round of sweeps has none."""
    problem, starts = mixed(40, 6, share=0.6), []
    inner = grouped.Grouped.__init__

    def noted(self: Any, *given: Any) -> None:
        starts.append(given[3])
        inner(self, *given)

    few = [
        mock.patch.object(room, name, 1) for room, name in ((rounds, "EACH"), (far, "EACH"), (far, "JOINING"))
    ]
    with few[0], few[1], few[2], mock.patch.object(grouped.Grouped, "__init__", noted):
        solve(only_required(problem), beyond=Naive(problem))
    assert len(starts) > 1
    assert starts[0] is None
    assert all(start is not None for start in starts[1:])


def test_progress_tells_the_gap() -> None:
    """Which tier, how many are done, and how far the best matching can be from the best one."""
    seen: list[Progress] = []
    solve(mixed(40, 6), progress=seen.append)
    assert {step.stage for step in seen} >= {"solving total"}
    assert all(step.total == 2 for step in seen)
    assert any(step.gap is not None for step in seen)
