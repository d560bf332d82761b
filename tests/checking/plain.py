"""A tier's bound in plain Python, pair by pair, set by set and count by count, as TierProof tells it."""

from __future__ import annotations

from itertools import combinations

from pairmatch.problem import MINIMUMS, Problem, TierProof
from pairmatch.testing.referee import pair_need


def plain_bound(problem: Problem, proof: TierProof, values: dict[str, int], floor: int | None = None) -> int:
    """The bound that prices of every kind prove by weak duality."""
    times = {**proof.multipliers, proof.tier: proof.scale}
    worth = _pairs(problem, proof, times)
    required = {(int(i), int(j)) for i, j in problem.loads.required}
    weights = dict(zip(worth, problem.weight.tolist(), strict=True))
    used = [[sum(p[side] == k for p in required) for k in range(n)] for side, n in enumerate(_sizes(problem))]
    capacity = problem.loads.mentor_capacity.tolist(), problem.loads.mentee_capacity.tolist()
    usable = {
        (i, j)
        for i, j in worth
        if (i, j) not in required
        and used[0][i] < capacity[0][i]
        and used[1][j] < capacity[1][j]
        and (floor is None or weights[i, j] >= floor)
    }
    u, v = proof.mentor_prices.tolist(), proof.mentee_prices.tolist()
    total = sum(worth[i, j] - u[i] - v[j] for i, j in required)
    if proof.bundles:
        for i in range(problem.n_mentors):
            total += _best_set(
                problem, proof, times, i, [(j, worth[i, j] - v[j]) for k, j in usable if k == i]
            )
    else:
        total += sum(max(0, worth[i, j] - u[i] - v[j]) for i, j in usable)
    for side, prices in enumerate((u, v)):
        for k, price in enumerate(prices):
            if side == 1 or not proof.bundles:
                loads = range(used[side][k], capacity[side][k] + 1)
                total += max(load_gain(problem, proof, times, side, k, load) + price * load for load in loads)
    for g, group in enumerate(problem.groups):
        total += _best_count(problem, group, _price(proof, g), times.get("total", 0) + times.get("spread", 0))
    if problem.coaching is not None and len(proof.coach_prices):
        total += sum(
            int(c) * int(w) for c, w in zip(problem.coaching.capacity, proof.coach_prices, strict=True)
        )
    earlier = sum(many * values[tier] for tier, many in proof.multipliers.items())
    return (total - earlier) // proof.scale


def load_gain(
    problem: Problem, proof: TierProof, times: dict[str, int], side: int, person: int, load: int
) -> int:
    """What a person's load is worth."""
    name = ("mentors", "mentees")[side]
    minimum = (problem.loads.mentor_minimum, problem.loads.mentee_minimum)[side]
    gain = times.get(MINIMUMS, 0) * min(load, int(minimum[person]))
    if load:
        gain += times.get(name, 0)
        gain += times.get("must_match", 0) if side == 1 and problem.must_match[person] else 0
        if problem.earlier is not None:
            waited = (problem.earlier.mentors_waited, problem.earlier.mentees_waited)[side]
            gain += times.get("waited", 0) * int(waited[person])
        for g, group in enumerate(problem.groups):
            own = getattr(group, name)
            gain -= 0 if own is None else _price(proof, g) * int(own[person])
    for even in problem.evens:
        if even.side == name:
            charged = times.get("total", 0) + times.get("spread", 0)
            gain -= charged * even.price * max(0, load - int(even.load[person]))
    return gain


def _pairs(problem: Problem, proof: TierProof, times: dict[str, int]) -> dict[tuple[int, int], int]:
    worth = {}
    pairs = zip(problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True)
    for i, j, weight in pairs:
        gain = times.get("total", 0) * weight + times.get("pairs", 0)
        for g, group in enumerate(problem.groups):
            if group.pairs is not None:
                cross = group.pairs
                gain -= _price(proof, g) * int(cross.cells[cross.mentor[i], cross.mentee[j]])
        worth[i, j] = gain + _best_coach(problem, proof, times, i, j) + _running(problem, times, i, j)
    return worth


def _running(problem: Problem, times: dict[str, int], i: int, j: int) -> int:
    """What a pair gains for running already."""
    earlier = problem.earlier
    running = {} if earlier is None else {tuple(p): k for k, p in enumerate(earlier.pairs.tolist())}
    if earlier is None or (i, j) not in running:
        return 0
    held = times.get("held", 0) if earlier.held[running[i, j]] else 0
    return held + times.get("kept", 0) + times.get("total", 0) * earlier.bonus


def _best_coach(problem: Problem, proof: TierProof, times: dict[str, int], i: int, j: int) -> int:
    coaching = problem.coaching
    if coaching is None:
        return 0
    gains = [0]
    for c in range(len(coaching.capacity)):
        if coaching.mentor_allowed[i, c] and coaching.mentee_allowed[j, c]:
            score = int(coaching.mentor_score[i, c] + coaching.mentee_score[j, c])
            price = int(proof.coach_prices[c]) if len(proof.coach_prices) else 0
            gains.append(times.get("coached", 0) + times.get("total", 0) * score - price)
    return max(gains)


def _best_set(
    problem: Problem, proof: TierProof, times: dict[str, int], mentor: int, pairs: list[tuple[int, int]]
) -> int:
    loads = problem.loads
    required = [int(j) for i, j in loads.required if i == mentor]
    need = pair_need(problem)
    budget = None if loads.mentor_hours is None else int(loads.mentor_hours[mentor])
    best = None
    for size in range(len(pairs) + 1):
        if size and len(required) + size > loads.mentor_capacity[mentor]:
            continue
        for chosen in combinations(pairs, size):
            spent = sum(need[mentor, j] for j in [*required, *(j for j, _ in chosen)])
            if size and budget is not None and spent > budget:
                continue
            gain = load_gain(problem, proof, times, 0, mentor, len(required) + size)
            worth = gain + sum(value for _, value in chosen)
            best = worth if best is None else max(best, worth)
    assert best is not None
    return best


def _best_count(problem: Problem, group: object, price: int, charged: int) -> int:
    """Every count within the reach, one after the other."""
    from pairmatch.groups import Group, span

    assert isinstance(group, Group)
    low, high = span(group, problem.loads)
    counts = [c for c in range(low, high + 1) if group.holds(c)]
    return max((price * c - charged * group.price * group.short(c) for c in counts), default=0)


def _price(proof: TierProof, group: int) -> int:
    return int(proof.group_prices[group]) if len(proof.group_prices) else 0


def _sizes(problem: Problem) -> tuple[int, int]:
    return problem.n_mentors, problem.n_mentees
