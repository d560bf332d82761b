"""The people from whom anything is learnt: those who take part and whom the rules about people admit.

Whoever may have no pair at all is not to steer the weights of others (law §3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.parameters import ELIGIBILITY, has_methods

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["admitted"]


def admitted(cohort: Cohort, policy: Policy, *, plain: bool = False) -> Cohort:
    """The cohort, in which everybody whom a rule about people does not admit rests.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort.
    plain
        Whether to pass over the exceptions of rules.

    Returns
    -------
    Cohort
        The same rows; the cohort itself where every active person is admitted.
    """
    out: list[NDArray[np.bool_]] = [
        np.zeros(len(side), np.bool_) for side in (cohort.mentors, cohort.mentees)
    ]
    for rule in policy.plain_rules if plain else policy.pair_rules:
        if has_methods(rule, ELIGIBILITY):
            strict = getattr(rule, "missing", "forbid") == "forbid" and hasattr(rule, "lacking")
            found = [rule.barring(cohort), *([rule.lacking(cohort)] if strict else [])]
            for sides in found:
                out = [one | flags for one, flags in zip(out, sides, strict=True)]
    if not any(
        (flags & side.active).any() for flags, side in zip(out, (cohort.mentors, cohort.mentees), strict=True)
    ):
        return cohort
    return cohort.resting(*out)
