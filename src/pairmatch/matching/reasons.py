"""Why somebody has no partner: reason codes, decided from counts that anyone can recount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pairmatch.matching.result import Left

__all__ = ["REASONS", "Standing", "left_of"]

REASONS = {
    "not_active": "not taking part: 'active' says no",
    "not_eligible": "not eligible: a rule about people is not kept",
    "no_place": "a capacity of 0 pairs",
    "no_active_partner": "nobody on the other side takes part",
    "data_missing": "a hard rule lacks data and so forbids every pair; fill them in",
    "no_eligible_partner": "no partner is left after the hard rules",
    "below_minimum_weight": "the rules leave partners, but each weighs less than the policy's minimum weight",
    "partners_full": "every eligible partner's places are taken",
    "partners_without_hours": "every eligible partner's places or hours are used up",
    "quota_full": "an eligible partner has a free place, but a rule about groups leaves no room for the pair",
    "not_better": "an eligible partner has a free place, but no better matching holds this pair",
    "cut_short": "an eligible partner has a free place, but the work ended before such a pair was settled",
}
"""Reason codes and what they mean, in words that fit one person and many."""


@dataclass(frozen=True)
class Standing:
    """The counts of one person without a partner.

    Attributes
    ----------
    active
        Whether the person takes part.
    capacity
        Most pairs that the person may have.
    eligible
        Partners that every rule and the minimum weight allow.
    light
        Partners that the rules allow and the minimum weight does not.
    open
        Eligible partners with a free place.
    affordable
        Eligible partners with a free place and the hours for this pair.
    taken
        Partners that each rule forbids by itself.
    partners
        People of the other side who take part, the person's own other role left out.
    lacks
        Labels of the rules that lack this person's data.
    barred
        Labels of the rules by which this person is not eligible.
    within
        Affordable partners with whom a pair would break no rule about groups, as far as counting tells;
        None where no such rule is full.
    quotas
        Labels of the rules about groups that are full for this person, or for partners.
    settled
        Whether the matching is proven to be the best one; False where the work ended before.
    """

    active: bool
    capacity: int
    eligible: int
    light: int
    open: int
    affordable: int
    taken: Mapping[str, int]
    partners: int = 0
    lacks: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    settled: bool = True
    within: int | None = None
    quotas: tuple[str, ...] = ()


def left_of(role: str, identifier: str, standing: Standing) -> Left:
    """A person without a partner, with the reason."""
    told, reason = (standing.eligible, standing.taken, standing.lacks, standing.barred), reason_of(standing)
    return Left(role, identifier, reason, *told, standing.quotas if reason == "quota_full" else ())


def reason_of(standing: Standing) -> str:
    """The reason code that the counts prove, the strongest first."""
    if not standing.active:
        return "not_active"
    if standing.barred:
        return "not_eligible"
    if standing.capacity == 0 and not standing.lacks:
        return "no_place"
    if standing.partners == 0:
        return "no_active_partner"
    if standing.lacks:
        return "data_missing"
    if standing.eligible == 0:
        return "below_minimum_weight" if standing.light else "no_eligible_partner"
    if standing.open == 0:
        return "partners_full"
    if standing.affordable == 0:
        return "partners_without_hours"
    if standing.within == 0:
        return "quota_full"
    return "not_better" if standing.settled else "cut_short"
