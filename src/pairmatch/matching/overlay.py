"""What a re-match was asked laid over plain data: over the tables as they are, over the policy as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.matching.revision import Revision

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["failed_pairs", "laid_over_cohort", "laid_over_policy"]


def laid_over_cohort(cohort: Cohort, revision: Revision | None) -> Cohort:
    """The cohort in which those who left rest, and capacities are those of the re-match.

    Parameters
    ----------
    cohort
        As the tables say, or with the revision laid over it already.
    revision
        What the re-match was asked; None for a first matching.

    Returns
    -------
    Cohort
        The cohort itself where nothing is to be laid over it. People whom it does not know are passed over.
    """
    if revision is None:
        return cohort
    resting = [_named(cohort, side, revision) for side in ("mentors", "mentees")]
    if any(flags.any() for flags in resting):
        cohort = cohort.resting(*resting)
    ours, theirs = (_places(cohort, side, revision) for side in ("mentors", "mentees"))
    return cohort.with_capacities(ours, theirs) if ours or theirs else cohort


def laid_over_policy(policy: Policy, revision: Revision | None) -> Policy:
    """The policy with the rule that forbids the pairs which have failed, and the bar for new pairs.

    Parameters
    ----------
    policy
        The programme's own, or with the revision laid over it already.
    revision
        What the re-match was asked; None for a first matching.
    """
    from pairmatch.rules import NotFailed

    if revision is None:
        return policy
    own = tuple(rule for rule in policy.rules if not isinstance(rule, NotFailed))
    more = (NotFailed(revision.failed),) if revision.failed else ()
    bar = policy.minimum_weight if revision.minimum_weight is None else revision.minimum_weight
    return replace(policy, rules=(*own, *more), minimum_weight=bar)


def failed_pairs(policy: Policy) -> frozenset[tuple[str, str]]:
    """All pairs that a policy's rules ``not_failed`` name."""
    from pairmatch.rules import NotFailed

    return frozenset(pair for rule in policy.rules if isinstance(rule, NotFailed) for pair in rule.pairs)


def _named(cohort: Cohort, side: str, revision: Revision) -> NDArray[np.bool_]:
    """Who of a side left, by row; who rests already is left as they are."""
    left = {who for where, who in revision.left if where == side}
    people = cohort.side(side)
    named = np.zeros(len(people), np.bool_)
    named[[people.position(who) for who in left if who in people.positions]] = True
    return named & people.active


def _places(cohort: Cohort, side: str, revision: Revision) -> Mapping[str, int]:
    people = cohort.side(side)
    told = {who: n for where, who, n in revision.capacities if where == side and who in people.positions}
    own = {who: people.person(people.position(who)).get("capacity") for who in told}
    return {who: places for who, places in told.items() if own[who] != places}
