"""A policy with what people decided: locked pairs, vetoed pairs, and exceptions for overrides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding
from pairmatch.policy import Exempt
from pairmatch.policy.exceptions import NEVER
from pairmatch.reviewing.overriding import Override
from pairmatch.reviewing.reading import Pair
from pairmatch.rules import Forbidden, Required
from pairmatch.scoring import MINIMUM_WEIGHT, Fit, Scorer

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["locked_policy"]


def locked_policy(
    locked: Sequence[Pair],
    vetoed: Sequence[Pair],
    overrides: Sequence[Override],
    cohort: Cohort,
    policy: Policy,
    fitted: Fit,
) -> Policy:
    """The policy that makes the locked pairs and none of the vetoed ones.

    Parameters
    ----------
    locked, vetoed
        Pairs of ids.
    overrides
        Decisions on locked pairs that break a rule.
    cohort, policy, fitted
        The people, a policy that fits them, and its fitted values.

    Raises
    ------
    CallError
        A locked pair is vetoed, or breaks a rule without an override, or one that nobody may override; or
        an override is of no locked pair.
    """
    scorer = Scorer(cohort, policy, fitted)
    broken = {pair: _broken(scorer, *pair) for pair in locked}
    found = [*_refused(broken, {one.pair for one in overrides}), *_apart(locked, vetoed, overrides)]
    found += _required_by(policy, vetoed)
    if found:
        raise CallError(found)
    exceptions = [Exempt(rule, *pair) for pair, labels in broken.items() for rule in labels]
    rules = _with(_with(policy.rules, Required, locked), Forbidden, vetoed)
    # A veto holds, though the policy excepts the pair from the pairs that it forbids itself.
    kept = [
        one
        for one in policy.exceptions
        if one.rule != Forbidden.name or (one.mentor, one.mentee) not in set(vetoed)
    ]
    return replace(policy, rules=rules, exceptions=(*kept, *exceptions))


def _broken(scorer: Scorer, mentor: str, mentee: str) -> tuple[str, ...]:
    """Labels of the rules that a pair breaks, and the bar."""
    mentors, mentees = scorer.cohort.mentors, scorer.cohort.mentees
    score = scorer.pair(mentors.person(mentors.position(mentor)), mentees.person(mentees.position(mentee)))
    light = scorer.is_light(mentor, mentee, score.weight)
    return (*score.forbidden_by, *([MINIMUM_WEIGHT] if light else []))


def _refused(broken: dict[Pair, tuple[str, ...]], answered: set[Pair]) -> Iterator[Finding]:
    """Locked pairs that break a rule for which nobody answers, or one that stands above overrides."""
    needed = "the locked pair breaks this rule; unlock it, or give an override with who, when and why"
    for (mentor, mentee), labels in broken.items():
        for label in labels:
            if label in NEVER:
                hint = f"the locked pair breaks this rule, which nobody overrides: {NEVER[label]}; unlock it"
                yield Finding("not_overridable", hint, "locked", f"{mentor} + {mentee}", column=label)
            elif (mentor, mentee) not in answered:
                yield Finding("override_needed", needed, "locked", f"{mentor} + {mentee}", column=label)


def _apart(
    locked: Sequence[Pair], vetoed: Sequence[Pair], overrides: Sequence[Override]
) -> Iterator[Finding]:
    """Pairs that are both locked and vetoed, and overrides of pairs that are not locked."""
    hint = "the pair is both locked and vetoed; drop the one or the other"
    for mentor, mentee in sorted(set(locked) & set(vetoed)):
        yield Finding("locked_and_vetoed", hint, "locked", f"{mentor} + {mentee}")
    hint = "an override is about a pair that is not locked; lock the pair, or drop the override"
    for mentor, mentee in sorted({one.pair for one in overrides} - set(locked)):
        yield Finding("override_not_locked", hint, "overrides", f"{mentor} + {mentee}")


def _required_by(policy: Policy, vetoed: Sequence[Pair]) -> Iterator[Finding]:
    """Vetoed pairs that the policy requires."""
    hint = "the policy requires the vetoed pair; drop the one or the other"
    required = {pair for rule in policy.rules if isinstance(rule, Required) for pair in rule.pairs}
    for mentor, mentee in sorted(required & set(vetoed)):
        yield Finding("vetoed_and_required", hint, "vetoed", f"{mentor} + {mentee}")


def _with(rules: Sequence[Any], kind: Any, pairs: Sequence[Pair]) -> tuple[Any, ...]:
    """The rules with more pairs in the rule of a kind, which names pairs."""
    if not pairs:
        return tuple(rules)
    own = [rule for rule in rules if type(rule) is kind]
    others = [rule for rule in rules if type(rule) is not kind]
    return (*others, kind((*(pair for rule in own for pair in rule.pairs), *pairs)))
