"""Who is not eligible, and by which rule: read person by person from the rules' plain forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pairmatch.errors import Finding, counted
from pairmatch.parameters import ELIGIBILITY, has_methods, label_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person
    from pairmatch.policy import Policy

__all__ = ["about_people", "barred_by", "barred_people"]


def about_people(policy: Policy) -> tuple[Any, ...]:
    """The rules that say of single people whether they are eligible, in the policy's order."""
    return tuple(rule for rule in policy.pair_rules if has_methods(rule, ELIGIBILITY))


def barred_by(rules: Sequence[Any], person: Person) -> tuple[str, ...]:
    """Labels of those rules by which a person is not eligible."""
    return tuple(label_of(rule) for rule in rules if rule.bars(person))


def barred_people(cohort: Cohort, policy: Policy) -> Iterator[Finding]:
    """For each rule that bars somebody who takes part, how many."""
    for rule in about_people(policy):
        sides = (("mentor", cohort.mentors), ("mentee", cohort.mentees))
        barred = [(role, sum(person.active and rule.bars(person) for person in side)) for role, side in sides]
        who = [counted(number, role) for role, number in barred if number]
        if who:
            verb = "is" if sum(number for _, number in barred) == 1 else "are"
            hint = f"{' and '.join(who)} {verb} not eligible"
            yield Finding("not_eligible", hint, "policy", column=label_of(rule))
