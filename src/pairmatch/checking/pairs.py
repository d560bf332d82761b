"""What a matching claims about the pairs in hand, checked by the reference forms of rules and goals.

Plain Python, no solver and no blocks: one reversed comparison cannot fool both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

from pairmatch.checking.coaches import check_coaches, coach_worth
from pairmatch.checking.running import loose_of, revised_value
from pairmatch.errors import Finding
from pairmatch.matching import Made, Matching, revised_objective
from pairmatch.problem import COVERAGE_TIERS, REMATCH_TIERS, RESOLUTION, TierProof
from pairmatch.scoring import Fit, Scorer, canonical_order, loads, visible_columns, wholes

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person, Profiles
    from pairmatch.policy import Policy

__all__ = ["broken_loads", "charges", "check_pairs", "mandated_in", "tier_value"]


def check_pairs(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """Everything that is false about a matching's pairs, loads, weights and tier values."""
    found = _unknown(matching, cohort)
    if found:
        return found
    found += _twice(matching)
    found += _scores(matching, cohort, policy)
    pairs = [(pair.mentor, pair.mentee) for pair in matching.made]
    found += broken_loads(pairs, cohort, policy)
    for rule in (*policy.load_rules, *policy.group_rules):
        found += rule.broken(pairs, cohort)
    return found + check_coaches(matching, cohort, policy) + _values(matching, cohort, policy)


def _unknown(matching: Matching, cohort: Cohort) -> list[Finding]:
    """Partners who are not in the cohort or do not take part."""
    active = {
        side: {i for i, on in zip(people.ids, people.active.tolist(), strict=True) if on}
        for side, people in (("mentors", cohort.mentors), ("mentees", cohort.mentees))
    }
    hint = "is paired, but is not an active person of this cohort"
    return [
        Finding("unknown_partner", hint, side, who)
        for pair in matching.made
        for side, who in (("mentors", pair.mentor), ("mentees", pair.mentee))
        if who not in active[side]
    ]


def _twice(matching: Matching) -> list[Finding]:
    counts = Counter((p.mentor, p.mentee) for p in matching.made)
    hint = "the same pair is listed more than once"
    found = [Finding("duplicate_pair", hint, "pairs", _name(*pair)) for pair, n in counts.items() if n > 1]
    if not found and list(counts) != sorted(counts):
        found.append(
            Finding("wrong_order", "the pairs are not sorted by the ids of mentor and mentee", "pairs")
        )
    return found


def _scores(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """Each pair against every rule, and its weight against the reference."""
    fitted = Fit.from_dict(matching.fitted)
    scorer = Scorer(cohort, policy, fitted)
    columns = visible_columns(cohort, policy, left_out=fitted.left_out)
    if matching.columns != columns.names:
        return [Finding("wrong_columns", "the contribution columns are not those of this policy", "pairs")]
    found = []
    # The minimum weight does not end a pair that runs.
    running = frozenset(() if matching.revision is None else matching.revision.running)
    for pair in matching.made:
        score = scorer.pair(_person(cohort.mentors, pair.mentor), _person(cohort.mentees, pair.mentee))
        for label in score.forbidden_by:
            hint = "a pair breaks this rule"
            found.append(Finding("rule_broken", hint, "pairs", _name(pair.mentor, pair.mentee), column=label))
        light = scorer.is_light(pair.mentor, pair.mentee, score.weight)
        if light and (pair.mentor, pair.mentee) not in running:
            hint = "a pair weighs less than the policy's minimum weight"
            found.append(Finding("below_minimum_weight", hint, "pairs", _name(pair.mentor, pair.mentee)))
        claimed = (pair.weight, pair.completeness, dict(pair.contributions))
        if claimed != (score.weight, columns.completeness(scorer, score), columns.told(score.contributions)):
            hint = "a pair's weight, completeness or contributions are not those of its profiles"
            found.append(Finding("wrong_weight", hint, "pairs", _name(pair.mentor, pair.mentee)))
    return found


def broken_loads(pairs: Sequence[tuple[str, str]], cohort: Cohort, policy: Policy) -> list[Finding]:
    """Who has more pairs than the own capacity or fewer than the own minimum, or the policy's default."""
    found = []
    sides = (
        ("mentors", cohort.mentors, policy.mentors, Counter(mentor for mentor, _ in pairs)),
        ("mentees", cohort.mentees, policy.mentees, Counter(mentee for _, mentee in pairs)),
    )
    for side, people, default, load in sides:
        most, least = _own(people, "capacity", default.capacity), _own(people, "minimum", default.minimum)
        for row, (identifier, active) in enumerate(zip(people.ids, people.active.tolist(), strict=True)):
            if load[identifier] > most[row]:
                found.append(
                    Finding("over_capacity", "has more pairs than the capacity allows", side, identifier)
                )
            if active and load[identifier] < least[row]:
                found.append(
                    Finding("below_minimum", "has fewer pairs than the minimum asks", side, identifier)
                )
    return found


def _own(people: Profiles, field: str, default: int) -> list[int]:
    """Everybody's own number, or the default where their field says nothing."""
    if field not in people:
        return [default] * len(people)
    return [default if isnan(own) else int(own) for own in people.number(field).tolist()]


def _values(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """The tiers' values, counted again from the pairs."""
    proofs = matching.certificate.proofs
    objective = revised_objective(policy.objective, matching.revision)
    if tuple(proof.tier for proof in proofs) != objective:
        return [
            Finding("wrong_tiers", "the certificate's tiers are not the policy's objective", "certificate")
        ]
    pairs, loose = (
        [(pair.mentor, pair.mentee) for pair in matching.made],
        loose_of(matching, cohort, policy),
    )
    mandated, cost = mandated_in(cohort), charges(pairs, cohort, policy)
    return [
        Finding("wrong_value", "the value is not that of the pairs", "certificate", column=proof.tier)
        for proof in proofs
        if (proof.value - revised_value(proof.tier, pairs, loose), proof.levels)
        != (_value(proof.tier, matching, mandated, cost), _levels(proof, matching))
    ]


def _value(tier: str, matching: Matching, mandated: set[str], cost: int) -> int:
    """A tier's value in units, with what coaches add who were chosen with the pairs; no re-match's part."""
    if tier in REMATCH_TIERS:
        return 0
    more = coach_worth(matching).get(tier, 0)
    return more if tier == "coached" else more + tier_value(tier, matching.made, mandated, cost)


def mandated_in(cohort: Cohort) -> set[str]:
    """Ids of the mentees who must be matched."""
    mentees = cohort.mentees
    flags = mentees.flag("must_match").tolist() if "must_match" in mentees else []
    return {identifier for identifier, flag in zip(mentees.ids, flags, strict=False) if flag == 1}


def charges(made: Sequence[tuple[str, str]], cohort: Cohort, policy: Policy) -> int:
    """What pairs of ids pay to the cohort goals, in units, by the goals' plain reference forms."""
    import pandas as pd

    if not policy.cohort_goals:
        return 0
    pairs = pd.DataFrame(list(made), columns=["mentor", "mentee"])
    mentors, mentees = (canonical_order(people, policy.seed) for people in (cohort.mentors, cohort.mentees))
    whole = wholes(cohort, policy, loads(cohort, policy, mentors, mentees), mentors, mentees)
    # No price is so small that it is nothing.
    return sum(
        max(1, round(goal.price * RESOLUTION)) * goal.shortfall(pairs, whole.applicants, whole.places)
        for goal in policy.cohort_goals
    )


def tier_value(tier: str, made: tuple[Made, ...], mandated: set[str], cost: int = 0) -> int:
    """A tier's value in units, from the pairs and from what they pay to the cohort goals."""
    mentees = {pair.mentee for pair in made}
    if tier in COVERAGE_TIERS:
        mentors = {pair.mentor for pair in made}
        return {"mentees": len(mentees), "mentors": len(mentors), "pairs": len(made)}.get(
            tier, len(mentees & mandated)
        )
    if tier == "spread":
        return -cost
    if tier == "total":
        return sum(pair.weight for pair in made) - cost
    return min(_totals(made).values(), default=0)


def _levels(proof: TierProof, matching: Matching) -> tuple[int, ...]:
    return tuple(sorted(_totals(matching.made).values())) if proof.tier == "leximin" else ()


def _totals(made: tuple[Made, ...]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for pair in made:
        totals[pair.mentee] += pair.weight
    return totals


def _person(people: Profiles, identifier: str) -> Person:
    return people.person(people.position(identifier))


def _name(mentor: str, mentee: str) -> str:
    return f"{mentor} + {mentee}"
