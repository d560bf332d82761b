"""The coaches of a matching: put into words after the solver, and checked again without it.

Rules and scores are read pair by pair from the reference forms; the bounds of a choice made after the pairs
are proven again from its prices, over every pair with every coach who suits it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.checking.case import exact_sum
from pairmatch.errors import Finding
from pairmatch.groups import Coaching
from pairmatch.matching import Certificate, Coached, CoachPlan, Made, Matching
from pairmatch.problem import MINIMUMS, Ints, Solution, TierProof
from pairmatch.scoring import Fit, Suiting, canonical_order, loads, suiting

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring import Built

__all__ = ["check_coaches", "coach_plan", "coach_worth", "suiting_of"]

TIERS = ("coached", "total")
"""What is best for coaches who are chosen after the pairs, most important first."""

FLOORS = ("worst", "leximin")

LARGEST = 2**44
"""Prices beyond this could overflow the sums; no honest certificate comes near."""

AT_ONCE = 1 << 20
"""Pairs with coaches that are held against the prices at one time."""


def coach_plan(
    cohort: Cohort, built: Built, made: Sequence[Made], solution: Solution, *, jointly: bool
) -> CoachPlan | None:
    """The solver's choice of coaches, by ids; None where the problem has no coaches.

    Parameters
    ----------
    cohort, built
        The cohort, and its problem.
    made
        The matching's pairs.
    solution
        The same pairs by positions, and their coaches.
    jointly
        Whether pairs and coaches were chosen together.
    """
    found = built.suiting
    if found is None:
        return None
    names, own = _ids(cohort, found), found.coaching
    order = _order(cohort, built, made, solution.pairs)
    coach_of = {int(pair): int(coach) for pair, coach in solution.coached}
    pairs = []
    for pair, k in zip(made, order.tolist(), strict=True):
        i, j = solution.pairs[k].tolist()
        coach = coach_of.get(k)
        told = (
            (None, 0, _reason(own, i, j)) if coach is None else (names[coach], _score(own, i, j, coach), "")
        )
        pairs.append(Coached(pair.mentor, pair.mentee, *told))
    capacity = tuple(own.capacity.tolist())
    if jointly:
        values = {proof.tier: proof.value for proof in solution.tiers}
        before = {tier: int(solution.stats[f"one_after_the_other_{tier}"]) for tier in values}
        return CoachPlan(tuple(pairs), names, capacity, True, None, before, values)
    proofs = tuple(replace(proof, mentor_prices=proof.mentor_prices[order]) for proof in solution.tiers)
    certificate = Certificate(proofs, tuple(_name(pair) for pair in pairs), names, solution.complete)
    return CoachPlan(tuple(pairs), names, capacity, certificate=certificate)


def _order(cohort: Cohort, built: Built, made: Sequence[Made], pairs: Ints) -> Ints:
    """For each pair of the matching, its place in the solution."""
    mentors, mentees = built.mentors[pairs[:, 0]], built.mentees[pairs[:, 1]]
    ids = zip(mentors.tolist(), mentees.tolist(), strict=True)
    place = {(cohort.mentors.ids[i], cohort.mentees.ids[j]): k for k, (i, j) in enumerate(ids)}
    return np.array([place[pair.mentor, pair.mentee] for pair in made], np.int64)


def _score(coaching: Coaching, mentor: int, mentee: int, coach: int) -> int:
    return int(coaching.mentor_score[mentor, coach] + coaching.mentee_score[mentee, coach])


def suiting_of(
    matching: Matching, cohort: Cohort, policy: Policy, mentors: Ints, mentees: Ints
) -> Suiting | None:
    """The coaches held against the people in these rows, with the matching's fitted values."""
    if policy.coaches is None:
        return None
    bounds = loads(cohort, policy, mentors, mentees)
    return suiting(cohort, policy, Fit.from_dict(matching.fitted).coaches, mentors, mentees, bounds)


def coach_worth(matching: Matching) -> dict[str, int]:
    """What coaches who were chosen with the pairs add to the tiers ``"coached"`` and ``"total"``."""
    plan = matching.coaching
    if plan is None or not plan.jointly:
        return {}
    return {"coached": plan.coached, "total": sum(pair.score for pair in plan.pairs)}


def check_coaches(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """Everything that is false about a matching's coaches; its pairs are those of the cohort."""
    plan, own = matching.coaching, policy.coaches
    if plan is None or own is None:
        hint = "the policy has a part about coaches and the matching tells of none, or the other way round"
        return [] if plan is None and own is None else [_finding("wrong_coaches", hint)]
    told = [(pair.mentor, pair.mentee) for pair in plan.pairs]
    if told != [(pair.mentor, pair.mentee) for pair in matching.made] or plan.jointly is not own.jointly:
        return [_finding("wrong_coaches", "the coaches are not told for the pairs of this matching")]
    rows = [canonical_order(people, policy.seed) for people in (cohort.mentors, cohort.mentees)]
    found = suiting_of(matching, cohort, policy, *rows)
    if found is None or _ids(cohort, found) != plan.coaches:
        return [_finding("wrong_coaches", "the coaches are not the active ones of this cohort")]
    if tuple(found.coaching.capacity.tolist()) != plan.capacity:
        return [_finding("wrong_coaches", "the coaches' capacities are not those of this cohort and policy")]
    places = _places(matching, cohort, rows)
    wrong = [*_choices(plan, found, places), *_loads(plan)]
    return wrong or [*_told(plan, matching.certificate), *_certified(plan, found, places)]


def _choices(plan: CoachPlan, found: Suiting, places: Ints) -> Iterator[Finding]:
    """Each pair with its coach against every rule, its score, and the reasons of those without."""
    load = Counter(pair.coach for pair in plan.pairs)
    full = {who for who, most in _most(plan).items() if load[who] >= most}
    for pair, (i, j) in zip(plan.pairs, places.tolist(), strict=True):
        if pair.coach is None:
            free = [
                who for who, suits in zip(plan.coaches, _suits(found.coaching, i, j), strict=True) if suits
            ]
            if pair.reason != _reason(found.coaching, i, j) or pair.score or not full.issuperset(free):
                hint = "a pair has no coach, and the reason is not true"
                yield _finding("wrong_reason", hint, pair)
            continue
        if pair.coach not in plan.coaches:
            yield _finding("unknown_coach", "a pair's coach is not an active coach of this cohort", pair)
            continue
        scores = (
            found.pair(pair.coach, "mentors", pair.mentor),
            found.pair(pair.coach, "mentees", pair.mentee),
        )
        for label in dict.fromkeys(label for score in scores for label in score.forbidden_by):
            yield _finding("coach_rule_broken", "a pair's coach breaks this rule", pair, label)
        if pair.score != sum(score.score for score in scores) or pair.reason:
            yield _finding("wrong_score", "a coach's score is not that of the profiles", pair)


def _loads(plan: CoachPlan) -> Iterator[Finding]:
    counts, most = Counter(pair.coach for pair in plan.pairs if pair.coach is not None), _most(plan)
    for who, number in counts.items():
        if number > most.get(who, number):
            hint = "has more pairs than the capacity allows"
            yield Finding("over_capacity", hint, "coaches", who)


def _most(plan: CoachPlan) -> dict[str, int]:
    return dict(zip(plan.coaches, plan.capacity, strict=True))


def _told(plan: CoachPlan, certificate: Certificate) -> Iterator[Finding]:
    """Values of both ways: those of this answer must be its own, those of the other way must be possible."""
    own = {proof.tier: proof.value for proof in certificate.proofs} if plan.jointly else {}
    if not plan.jointly:
        if plan.together or plan.one_after_the_other:
            yield _finding("wrong_value", "coaches chosen after the pairs tell of no other way")
    elif dict(plan.together) != own:
        yield _finding("wrong_value", "what pairs and coaches are worth together is not the tiers' values")
    elif plan.one_after_the_other.keys() != own.keys():
        yield _finding("wrong_value", "coaches chosen after the pairs are told of other tiers")
    elif not _is_possible(plan.one_after_the_other, certificate.proofs):
        yield _finding("wrong_value", "no coaches chosen after the pairs can reach what is told of them")


def _is_possible(before: Mapping[str, int], proofs: Sequence[TierProof]) -> bool:
    """Whether an answer with these values can exist and be no better than the one in hand."""
    return before.get("coached", 0) >= 0 and _is_not_better(before, proofs) and _is_within(before, proofs)


def _is_not_better(before: Mapping[str, int], proofs: Sequence[TierProof]) -> bool:
    """By the first tier that differs; equal worst totals do not tell what is left of leximin."""
    for proof in proofs:
        if before[proof.tier] != proof.value:
            return before[proof.tier] < proof.value
        if proof.tier == "leximin":
            break
    return True


def _is_within(before: Mapping[str, int], proofs: Sequence[TierProof]) -> bool:
    """Whether prices allow these values: they bound each mixture of tiers, not this answer alone."""
    now = {proof.tier: proof.value for proof in proofs}
    for proof in proofs:
        earlier = {tier: times for tier, times in proof.multipliers.items() if tier != MINIMUMS}
        if earlier.keys() <= now.keys():
            given_up = sum(times * (now[tier] - before[tier]) for tier, times in earlier.items())
            if proof.scale * before[proof.tier] >= proof.scale * (proof.verified_bound + 1) + given_up:
                return False
        if proof.tier in FLOORS and before[proof.tier] != proof.value:
            # The later bounds hold for pairs on this floor.
            return True
    return True


def _certified(plan: CoachPlan, found: Suiting, places: Ints) -> Iterator[Finding]:
    """The tiers of a choice that was made after the pairs: their values, and their bounds from prices."""
    if plan.jointly:
        if plan.certificate is not None:
            yield _finding("wrong_tiers", "coaches chosen with the pairs have no certificate of their own")
        return
    certificate = plan.certificate
    if certificate is None or tuple(certificate) != TIERS:
        yield _finding("wrong_tiers", "coaches chosen after the pairs have the tiers 'coached' and 'total'")
        return
    values = {"coached": plan.coached, "total": sum(pair.score for pair in plan.pairs)}
    for proof in certificate.proofs:
        hint = ""
        if proof.value != values[proof.tier]:
            hint = "the value is not that of the coaches"
        elif not _is_sound(proof, len(places), len(plan.coaches)):
            hint = "the prices and multipliers are not of a form that proves anything"
        elif (
            not proof.value
            <= proof.bound
            == proof.verified_bound
            == _bound(proof, found.coaching, places, values)
        ):
            hint = "the prices do not prove the bound that is claimed"
        elif certificate.complete and proof.value != proof.bound:
            hint = "a tier has a gap, yet the choice is said to be complete"
        if hint:
            yield Finding("coaches_not_proven", hint, "certificate", column=proof.tier)


def _is_sound(proof: TierProof, pairs: int, coaches: int) -> bool:
    earlier = set(TIERS[: TIERS.index(proof.tier)])
    shapes = proof.mentor_prices.shape == (pairs,) and proof.mentee_prices.shape == (coaches,)
    sizes = [abs(times) for times in proof.multipliers.values()]
    sizes += [
        int(np.abs(p.astype(object)).max(initial=0)) for p in (proof.mentor_prices, proof.mentee_prices)
    ]
    return (
        shapes and set(proof.multipliers) <= earlier and max(sizes, default=0) < LARGEST and proof.scale == 1
    )


def _bound(proof: TierProof, coaching: Coaching, places: Ints, values: Mapping[str, int]) -> int:
    """Weak duality, in which every pair may have one coach and a coach as many pairs as places."""
    times = {**proof.multipliers, proof.tier: 1}
    u, v = proof.mentor_prices, proof.mentee_prices
    bound, first = 0, times.get("coached", 0)
    height = max(1, AT_ONCE // max(1, len(v)))
    for start in range(0, len(places), height):
        i, j = places[start : start + height].T
        suits = coaching.mentor_allowed[i] & coaching.mentee_allowed[j] & (coaching.capacity > 0)
        gain = (coaching.mentor_score[i] + coaching.mentee_score[j]) * np.int64(times.get("total", 0))
        reduced = gain - u[start : start + height, None] - v
        bound += exact_sum(reduced[suits & (reduced > 0)])
    bound += int(np.maximum(first + u, 0).sum()) + int((np.maximum(v, 0) * coaching.capacity).sum())
    return bound - sum(often * values[tier] for tier, often in proof.multipliers.items())


def _suits(coaching: Coaching, mentor: int, mentee: int) -> list[bool]:
    both: list[bool] = (coaching.mentor_allowed[mentor] & coaching.mentee_allowed[mentee]).tolist()
    return both


def _reason(coaching: Coaching, mentor: int, mentee: int) -> str:
    return "coaches_full" if any(_suits(coaching, mentor, mentee)) else "no_coach_suits"


def _ids(cohort: Cohort, found: Suiting) -> tuple[str, ...]:
    return () if cohort.coaches is None else tuple(cohort.coaches.ids[row] for row in found.coaches.tolist())


def _places(matching: Matching, cohort: Cohort, rows: Sequence[Ints]) -> Ints:
    """Positions of the matching's pairs among the people in these rows."""
    sides = zip((cohort.mentors, cohort.mentees), rows, strict=True)
    mentors, mentees = ({people.ids[row]: k for k, row in enumerate(own.tolist())} for people, own in sides)
    places = [(mentors[pair.mentor], mentees[pair.mentee]) for pair in matching.made]
    return np.array(places, np.int64).reshape(-1, 2)


def _name(pair: Coached) -> str:
    return f"{pair.mentor} + {pair.mentee}"


def _finding(code: str, hint: str, pair: Coached | None = None, label: str = "") -> Finding:
    return Finding(code, hint, "coaches", "" if pair is None else _name(pair), column=label)
