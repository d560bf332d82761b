"""Codes in plain words, for readers who never saw the code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIERS = {
    "held": "Pairs kept that may not end",
    "kept": "Running pairs kept",
    "waited": "Rounds waited by those who now have a partner",
    "must_match": "Named mentees with a mentor",
    "mentees": "Mentees with a mentor",
    "mentors": "Mentors with a mentee",
    "pairs": "Pairs",
    "worst": "Smallest weight of a matched mentee",
    "leximin": "Weights of the matched mentees, smallest first",
    "coached": "Pairs with a coach",
    "spread": "What the group goals fall short, at their prices",
    "total": "Sum of the weights",
}


def total_words(*, groups: bool, coaches: bool) -> str:
    """The tier ``"total"`` in words.

    Parameters
    ----------
    groups
        Whether the policy has goals for the whole group.
    coaches
        Whether coaches are chosen together with the pairs.
    """
    sum_of = TIERS["total"] + (" and of the coaches’ scores" if coaches else "")
    return sum_of + (", less the group goals’ prices" if groups else "")


PROOFS = {
    "prices": "by prices that anyone can check against the data",
    "cut": "by a group of people who share too few partners",
    "search": "by the solver's complete search",
}

METHODS = {"pairmatch": "This matching", "greedy": "Greedy", "random": "Random"}
"""Ways to match the same people, as :func:`pairmatch.uplift` names them."""

LEFT = {
    "not_active": "Taking no part: the column 'active' says no",
    "not_eligible": "Not eligible: a rule about people does not admit them",
    "no_place": "No place to fill: a capacity of 0 pairs",
    "no_active_partner": "Nobody on the other side takes part",
    "data_missing": "Data missing that a hard rule asks for, which forbids every pair; please fill them in",
    "no_eligible_partner": "No partner left after the hard rules",
    "below_minimum_weight": "Partners left by the rules, each of less weight than the policy's minimum",
    "partners_full": "Every eligible partner's places are taken",
    "partners_without_hours": "Every eligible partner's places or hours are used up",
    "quota_full": "Eligible partners with a free place, but a rule about groups has no room for such a pair",
    "not_better": "Eligible partners with a free place, but no better matching holds such a pair",
    "cut_short": "Eligible partners with a free place, but the work ended before such a pair was settled",
}
"""Why people have no partner: below a count, so true of one as of many."""


def plain(code: str, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """The words for a code; a code without words of its own reads as itself, without underscores."""
    text = words.get(code) or code.replace("_", " ").replace("(", " (")
    return text[:1].upper() + text[1:]
