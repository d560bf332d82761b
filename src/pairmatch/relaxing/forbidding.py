"""Which of a problem's pairs a rule forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.parameters import label_of
from pairmatch.policy import BAR, Policy
from pairmatch.scoring import Scorer
from pairmatch.scoring.listed import exact, light

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.scoring import Built, Fit

__all__ = ["breaking"]


def breaking(cohort: Cohort, policy: Policy, fitted: Fit, label: str, built: Built) -> NDArray[np.bool_]:
    """For each pair of a problem, whether it breaks a rule, or weighs less than the bar.

    Parameters
    ----------
    cohort, policy, fitted
        Whose rule it is; exceptions that the policy has already are none that it breaks.
    label
        The rule's label, or ``"minimum_weight"``.
    built
        The problem.
    """
    rows = built.mentors[built.problem.mentor], built.mentees[built.problem.mentee]
    if label == BAR:
        return light(Scorer(cohort, policy, fitted), *rows, built.problem.weight)
    alone = Policy(
        rules=[rule for rule in policy.rules if label_of(rule) == label],
        objective=("mentees",),
        exceptions=[one for one in policy.exceptions if one.rule == label],
    )
    same_person = np.asarray(cohort.mentors.ids)[rows[0]] == np.asarray(cohort.mentees.ids)[rows[1]]
    return np.asarray(~exact(Scorer(cohort, alone, fitted), *rows)[1] & ~same_person)
