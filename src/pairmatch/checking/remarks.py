"""What is worth knowing of a matching though nothing is wrong: told by `match`, told again by `verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairmatch.checking.eligibility import barred_people
from pairmatch.errors import Finding, counted
from pairmatch.scoring import Fit, lacking

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["remarks_on"]


def remarks_on(cohort: Cohort, policy: Policy, fitted: Fit) -> tuple[Finding, ...]:
    """Goals that nobody could be judged by, people who are not eligible, and rules that lacked data."""
    hint = "no pair of the cohort has the data for this goal; it was left out and the others share its weight"
    remarks = [Finding("goal_left_out", hint, "policy", column=label) for label in fitted.left_out]
    remarks += barred_people(cohort, policy)
    for label, (mentors, mentees) in lacking(cohort, policy).items():
        who = [counted(n, noun) for n, noun in ((mentors, "mentor"), (mentees, "mentee")) if n]
        if who:
            said = f"lacks the data of {' and '.join(who)}; its 'missing' says whether they may be paired"
            remarks.append(Finding("rule_lacks_data", said, "policy", column=label))
    return tuple(remarks)
