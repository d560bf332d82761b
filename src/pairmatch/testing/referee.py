"""What a matching of a ``Problem`` is worth and whether it is valid, in the plainest Python.

Slow and obvious on purpose: nothing here shares code with the solver or with the oracle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pairmatch.groups import Even, Group
from pairmatch.problem import Problem

__all__ = ["PositionPairs", "charges", "faults", "group_count", "tier_values", "totals"]

PositionPairs = Sequence[tuple[int, int]]


def faults(
    problem: Problem, pairs: Iterable[tuple[int, int]], coached: Iterable[tuple[int, int]] = ()
) -> list[str]:
    """Everything that makes a matching invalid, one sentence each; empty when it is valid.

    Parameters
    ----------
    problem
        The problem in arrays.
    pairs
        Pairs of positions, mentor first; an ``(n, 2)`` array will do.
    coached
        Which of them have a coach: the pair's place in ``pairs``, and the coach.
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
    found += [fault for group in problem.groups for fault in _group_faults(group, chosen)]
    return found + _hour_faults(problem, chosen) + _coach_faults(problem, chosen, _plain(coached))


def tier_values(
    problem: Problem, pairs: Iterable[tuple[int, int]], coached: Iterable[tuple[int, int]] = ()
) -> dict[str, int]:
    """The value of every tier (law §6) for one matching, whatever the problem's objective is.

    ``"leximin"`` is told by its smallest total, as ``"worst"``; its vector is `totals`, sorted.
    Both are 0 where nobody is matched.
    """
    chosen = _plain(pairs)
    matched = totals(problem, chosen)
    smallest = min(matched.values(), default=0)
    with_coach = _plain(coached)
    score = _coach_score(problem, chosen, with_coach) + _bonus(problem, chosen)
    cost = charges(problem, chosen)
    return {
        "must_match": sum(1 for mentee in matched if problem.must_match[mentee]),
        "mentees": len(matched),
        "mentors": len({mentor for mentor, _ in chosen}),
        "pairs": len(chosen),
        "worst": smallest,
        "leximin": smallest,
        "coached": len(with_coach),
        "spread": -cost,
        "total": sum(matched.values()) - cost + score,
        **_of_earlier(problem, chosen),
    }


def _of_earlier(problem: Problem, pairs: list[tuple[int, int]]) -> dict[str, int]:
    """The tiers that only a re-match has; nothing where the problem is none."""
    earlier = problem.earlier
    if earlier is None:
        return {}
    running = dict(zip(_plain(earlier.pairs), earlier.held.tolist(), strict=True))
    stay = [pair for pair in pairs if pair in running]
    waited = sum(int(earlier.mentors_waited[mentor]) for mentor in {mentor for mentor, _ in pairs})
    waited += sum(int(earlier.mentees_waited[mentee]) for mentee in {mentee for _, mentee in pairs})
    return {"held": sum(running[pair] for pair in stay), "kept": len(stay), "waited": waited}


def _bonus(problem: Problem, pairs: list[tuple[int, int]]) -> int:
    """What running pairs that stay count beside their weight."""
    earlier = problem.earlier
    return 0 if earlier is None else earlier.bonus * _of_earlier(problem, pairs)["kept"]


def charges(problem: Problem, pairs: Iterable[tuple[int, int]]) -> int:
    """What a matching pays to the cohort goals: the price of everybody short and of uneven loads."""
    chosen = _plain(pairs)
    cost = 0
    for group in problem.groups:
        count = group_count(group, chosen)
        if group.target is not None and count < group.target:
            cost += group.price * (group.target - count)
        if group.limit is not None and count > group.limit:
            cost += group.price * (count - group.limit)
    return cost + sum(even.price * _beyond(even, chosen) for even in problem.evens)


def group_count(group: Group, pairs: Iterable[tuple[int, int]]) -> int:
    """A group's count: what each person with a pair adds, once, and what each pair adds."""
    chosen = _plain(pairs)
    count = 0
    if group.mentors is not None:
        count += sum(int(group.mentors[mentor]) for mentor in {mentor for mentor, _ in chosen})
    if group.mentees is not None:
        count += sum(int(group.mentees[mentee]) for mentee in {mentee for _, mentee in chosen})
    cross = group.pairs
    if cross is not None:
        for mentor, mentee in chosen:
            count += int(cross.cells[cross.mentor[mentor]][cross.mentee[mentee]])
    return count


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


def _beyond(even: Even, pairs: list[tuple[int, int]]) -> int:
    """Pairs beyond an even load."""
    side = 0 if even.side == "mentors" else 1
    loads = Counter(pair[side] for pair in pairs)
    return sum(max(0, load - int(even.load[position])) for position, load in loads.items())


def _group_faults(group: Group, pairs: list[tuple[int, int]]) -> list[str]:
    count = group_count(group, pairs)
    found = []
    if group.least is not None and count < group.least:
        found.append(f"{group.name}: {count}, fewer than {group.least}")
    if group.most is not None and count > group.most:
        found.append(f"{group.name}: {count}, more than {group.most}")
    return found


def _coach_score(problem: Problem, pairs: list[tuple[int, int]], coached: list[tuple[int, int]]) -> int:
    coaching, score = problem.coaching, 0
    if coaching is not None:
        for place, coach in coached:
            mentor, mentee = pairs[place]
            score += int(coaching.mentor_score[mentor, coach]) + int(coaching.mentee_score[mentee, coach])
    return score


def _coach_faults(
    problem: Problem, pairs: list[tuple[int, int]], coached: list[tuple[int, int]]
) -> list[str]:
    coaching = problem.coaching
    if coaching is None:
        return [f"pair {place} has a coach, and there are none" for place, _ in coached]
    found = [
        f"pair {place} has {n} coaches"
        for place, n in Counter(place for place, _ in coached).items()
        if n > 1
    ]
    for coach, n in Counter(coach for _, coach in coached).items():
        if n > coaching.capacity[coach]:
            found.append(f"coach {coach} has {n} pairs, more than {coaching.capacity[coach]}")
    for place, coach in coached:
        mentor, mentee = pairs[place]
        if not (coaching.mentor_allowed[mentor, coach] and coaching.mentee_allowed[mentee, coach]):
            found.append(f"coach {coach} does not suit pair {pairs[place]}")
    return found


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
