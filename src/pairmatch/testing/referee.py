"""What a matching of a ``Problem`` is worth and whether it is valid, in the plainest Python.

Slow and obvious on purpose: nothing here shares code with the solver or with the oracle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pairmatch.problem import Problem

__all__ = ["PositionPairs", "faults", "tier_values", "totals"]

PositionPairs = Sequence[tuple[int, int]]


def faults(problem: Problem, pairs: Iterable[tuple[int, int]]) -> list[str]:
    """Everything that makes a matching invalid, one sentence each; empty when it is valid.

    Parameters
    ----------
    problem
        The problem in arrays.
    pairs
        Pairs of positions, mentor first; an ``(n, 2)`` array will do.
    """
    chosen = _plain(pairs)
    loads = problem.loads
    allowed = set(_weights(problem))
    found = [f"pair {pair} stands twice" for pair, n in Counter(chosen).items() if n > 1]
    found += [f"pair {pair} is not allowed" for pair in chosen if pair not in allowed]
    found += [f"required pair {pair} is absent" for pair in _plain(loads.required) if pair not in chosen]
    mentors = Counter(mentor for mentor, _ in chosen)
    mentees = Counter(mentee for _, mentee in chosen)
    found += _load_faults("mentor", mentors, loads.mentor_minimum.tolist(), loads.mentor_capacity.tolist())
    found += _load_faults("mentee", mentees, loads.mentee_minimum.tolist(), loads.mentee_capacity.tolist())
    return found + _hour_faults(problem, chosen)


def tier_values(problem: Problem, pairs: Iterable[tuple[int, int]]) -> dict[str, int]:
    """The value of every tier (law §6) for one matching, whatever the problem's objective is.

    ``"leximin"`` is told by its smallest total, as ``"worst"``; its vector is `totals`, sorted.
    Both are 0 where nobody is matched.
    """
    chosen = _plain(pairs)
    matched = totals(problem, chosen)
    smallest = min(matched.values(), default=0)
    return {
        "must_match": sum(1 for mentee in matched if problem.must_match[mentee]),
        "mentees": len(matched),
        "mentors": len({mentor for mentor, _ in chosen}),
        "pairs": len(chosen),
        "worst": smallest,
        "leximin": smallest,
        "total": sum(matched.values()),
    }


def totals(problem: Problem, pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The total weight of each matched mentee, by position."""
    weights = _weights(problem)
    out: dict[int, int] = {}
    for mentor, mentee in _plain(pairs):
        out[mentee] = out.get(mentee, 0) + weights[mentor, mentee]
    return out


def _plain(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(int(mentor), int(mentee)) for mentor, mentee in pairs]


def _weights(problem: Problem) -> dict[tuple[int, int], int]:
    places = zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True)
    return dict(zip(places, problem.weight.tolist(), strict=True))


def _load_faults(role: str, loads: Counter[int], minimum: list[int], capacity: list[int]) -> list[str]:
    found = []
    for position, (least, most) in enumerate(zip(minimum, capacity, strict=True)):
        if not least <= loads[position] <= most:
            found.append(f"{role} {position} has {loads[position]} pairs, not {least} to {most}")
    return found


def _hour_faults(problem: Problem, pairs: list[tuple[int, int]]) -> list[str]:
    if problem.loads.mentor_hours is None:
        return []
    need = pair_need(problem)
    used: Counter[int] = Counter()
    for mentor, mentee in pairs:
        used[mentor] += need.get((mentor, mentee), 0)
    return [
        f"mentor {mentor} spends {used[mentor]} of {budget} hundredths of an hour"
        for mentor, budget in enumerate(problem.loads.mentor_hours.tolist())
        if used[mentor] > budget
    ]


def pair_need(problem: Problem) -> dict[tuple[int, int], int]:
    """Hours of each allowed pair in units of 1/100 hour; 0 where hours do not act."""
    places = list(zip(problem.mentor.tolist(), problem.mentee.tolist(), strict=True))
    if problem.pair_hours is not None:
        return dict(zip(places, problem.pair_hours.tolist(), strict=True))
    if problem.loads.mentee_hours is None:
        return dict.fromkeys(places, 0)
    by_mentee = problem.loads.mentee_hours.tolist()
    return {(mentor, mentee): by_mentee[mentee] for mentor, mentee in places}
