"""Pairs held against every rule, load, quota and bar, one by one and without the solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pairmatch.checking.pairs import broken_loads, charges, mandated_in, tier_value
from pairmatch.errors import Finding
from pairmatch.matching import Made
from pairmatch.parameters import label_of
from pairmatch.problem import COVERAGE_TIERS, WEIGHT_TIERS
from pairmatch.reviewing.reading import Pair
from pairmatch.rules import Required
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Fit, Scorer

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person, Profiles
    from pairmatch.policy import Policy

__all__ = ["VIOLATIONS", "Judged", "Violation", "judged"]

VIOLATIONS = {
    "rule_broken": "a rule forbids the pair",
    "same_person": "nobody is paired with themself",
    "below_minimum_weight": "the pair weighs less than the policy's minimum weight",
    "not_active": "the person does not take part",
    "required_pair_absent": "the required pair is not made",
}
"""Codes of what a pair breaks, and what they mean; loads and quotas have codes of their rules."""


class Violation(NamedTuple):
    """One thing that pairs break.

    Attributes
    ----------
    rule
        Label of the rule; ``"same_person"``, ``"minimum_weight"``, ``"capacity"``, ``"minimum"`` or
        ``"active"`` where it is none of the policy's own rules.
    side, id
        Whom it is about, where it is about one person.
    mentor, mentee
        The pair, where it is about one.
    code, hint
        Reason code and a sentence.
    """

    rule: str
    side: str
    id: str
    mentor: str
    mentee: str
    code: str
    hint: str


@dataclass(frozen=True)
class Judged:
    """What was found about listed pairs.

    Attributes
    ----------
    violations
        Everything that they break.
    made
        The pairs with their weights, sorted; contributions are left out.
    values
        Value of each tier that pairs alone decide, in units.
    """

    violations: tuple[Violation, ...]
    made: tuple[Made, ...]
    values: Mapping[str, int]


def judged(pairs: Sequence[Pair], cohort: Cohort, policy: Policy, fitted: Fit) -> Judged:
    """Hold pairs against a policy.

    Parameters
    ----------
    pairs
        Pairs of ids of the cohort, each once.
    cohort, policy
        A policy that fits the cohort.
    fitted
        Fitted values.
    """
    ordered = sorted(pairs)
    scorer = Scorer(cohort, policy, fitted)
    active = {side: _active(cohort.side(side)) for side in ("mentors", "mentees")}
    made, violations = [], [*_resting(ordered, active)]
    words = {label_of(rule): str(getattr(rule, "description", "")) for rule in policy.pair_rules}
    for mentor, mentee in ordered:
        score = scorer.pair(_person(cohort.mentors, mentor), _person(cohort.mentees, mentee))
        made.append(Made(mentor, mentee, score.weight, score.completeness, {}))
        light = scorer.is_light(mentor, mentee, score.weight)
        broken = [*score.forbidden_by, *([MINIMUM_WEIGHT] if light else [])]
        violations += [_of_pair(label, mentor, mentee, words.get(label, "")) for label in broken]
    violations += _of_loads(ordered, cohort, policy)
    taking = [one for one in made if one.mentor in active["mentors"] and one.mentee in active["mentees"]]
    return Judged(tuple(violations), tuple(made), _values(tuple(taking), cohort, policy))


def _active(people: Profiles) -> frozenset[str]:
    return frozenset(who for who, on in zip(people.ids, people.active.tolist(), strict=True) if on)


def _person(people: Profiles, who: str) -> Person:
    return people.person(people.position(who))


def _resting(pairs: Sequence[Pair], active: Mapping[str, frozenset[str]]) -> Iterator[Violation]:
    """Partners who do not take part."""
    for pair in pairs:
        for side, who in zip(("mentors", "mentees"), pair, strict=True):
            if who not in active[side]:
                yield Violation("active", side, who, *pair, "not_active", VIOLATIONS["not_active"])


def _of_pair(label: str, mentor: str, mentee: str, words: str) -> Violation:
    codes = {SAME_PERSON: "same_person", MINIMUM_WEIGHT: "below_minimum_weight"}
    code = codes.get(label, "rule_broken")
    hint = f"not kept: {words}" if words and code == "rule_broken" else VIOLATIONS[code]
    return Violation(label, "pairs", "", mentor, mentee, code, hint)


def _of_loads(pairs: Sequence[Pair], cohort: Cohort, policy: Policy) -> Iterator[Violation]:
    """What the pairs together break: own capacities and minimums, load rules, rules about groups."""
    for finding in broken_loads(pairs, cohort, policy):
        yield _told("capacity" if finding.code == "over_capacity" else "minimum", finding)
    made = frozenset(pairs)
    for rule in (*policy.load_rules, *policy.group_rules):
        if isinstance(rule, Required):
            yield from (_not_made(label_of(rule), *pair) for pair in rule.pairs if pair not in made)
        else:
            yield from (_told(label_of(rule), finding) for finding in rule.broken(pairs, cohort))


def _not_made(rule: str, mentor: str, mentee: str) -> Violation:
    code = "required_pair_absent"
    return Violation(rule, "pairs", "", mentor, mentee, code, VIOLATIONS[code])


def _told(rule: str, finding: Finding) -> Violation:
    return Violation(rule, finding.side, finding.id, "", "", finding.code, finding.hint)


def _values(made: tuple[Made, ...], cohort: Cohort, policy: Policy) -> dict[str, int]:
    """The tiers that pairs alone decide; what coaches would add is not among them."""
    cost = charges([(one.mentor, one.mentee) for one in made], cohort, policy)
    mandated = mandated_in(cohort)
    tiers = [tier for tier in policy.objective if tier in (*COVERAGE_TIERS, *WEIGHT_TIERS)]
    return {tier: tier_value(tier, made, mandated, cost) for tier in tiers}
