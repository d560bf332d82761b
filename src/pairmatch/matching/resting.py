"""The pairs of a matching that rest on an exception of its policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pairmatch.parameters import label_of
from pairmatch.policy import BAR, Exempt
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching.result import Made, Matching

__all__ = ["resting_on", "resting_on_exceptions"]


def resting_on_exceptions(matching: Matching) -> pd.DataFrame:
    """One row per pair and rule: mentor, mentee, rule; sorted."""
    import pandas as pd

    rows = [(one.mentor, one.mentee, one.rule) for one in resting_on(matching)]
    return pd.DataFrame(rows, columns=["mentor", "mentee", "rule"]).astype(str)


def resting_on(matching: Matching) -> list[Exempt]:
    """The exceptions without which a pair of the matching would be forbidden; sorted by pair."""
    given: dict[tuple[str, str], set[str]] = {}
    for one in matching.policy.exceptions:
        given.setdefault((one.mentor, one.mentee), set()).add(one.rule)
    found = [
        Exempt(rule, pair.mentor, pair.mentee)
        for pair in matching.made
        if (pair.mentor, pair.mentee) in given
        for rule in _broken(matching, pair)
        if rule in given[pair.mentor, pair.mentee]
    ]
    return sorted(found, key=lambda one: (one.mentor, one.mentee, one.rule))


def _broken(matching: Matching, pair: Made) -> Iterator[str]:
    """Labels of the rules that forbid a pair, exceptions aside, and the bar."""
    mentors, mentees, policy = matching.cohort.mentors, matching.cohort.mentees, matching.policy
    mentor = mentors.person(mentors.position(pair.mentor))
    mentee = mentees.person(mentees.position(pair.mentee))
    for rule in policy.plain_rules:
        if not rule.allowed_pair(mentor, mentee):
            yield label_of(rule)
    if policy.minimum_weight is not None and pair.weight / RESOLUTION < policy.minimum_weight:
        yield BAR
