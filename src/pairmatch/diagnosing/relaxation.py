"""One thing that could be given up, and whom it would serve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch.diagnosing.applying import applied

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Relaxation"]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One thing that could be given up, and what follows, as solving with it shows.

    Attributes
    ----------
    words
        In words.
    kind
        ``"place"``, ``"exception"``, ``"milder_rule"``, ``"rule_off"`` or ``"lower_bar"``.
    rule
        Label of the rule that is eased; empty for a place.
    role, id
        Who gets one more place; empty otherwise.
    mentor, mentee
        The pair, for an exception; empty otherwise.
    people
        Roles and ids of those who so far had no partner and would get one.
    unmatched
        Roles and ids of those who would lose their only partner.
    cost
        Weight that all pairs together lose by it; below 0 where they gain.
    costs
        What each tier would lose, in the objective's order.
    changed
        How many people who have partners would have others.
    lost
        Weight that those who have partners now lose by it, all together.
    exact
        False where a search was cut short or left a gap.
    forced
        Whether the person asked about gets a partner only if that is required.
    eased
        The milder rule, or the lower bar; None otherwise.
    """

    words: str
    kind: str
    rule: str
    role: str
    id: str
    mentor: str
    mentee: str
    people: tuple[tuple[str, str], ...]
    unmatched: tuple[tuple[str, str], ...]
    cost: float
    costs: Mapping[str, float]
    changed: int = 0
    lost: float = 0.0
    exact: bool = True
    forced: bool = False
    eased: Any = None

    def applied(self, cohort: Cohort, policy: Policy) -> tuple[Cohort, Policy]:
        """The cohort and the policy with it given up, to be matched anew.

        Parameters
        ----------
        cohort, policy
            Those of the matching that was diagnosed.
        """
        return applied(self, cohort, policy)
