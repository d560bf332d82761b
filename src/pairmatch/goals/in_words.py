"""What two lists have in common, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.terms import Term

__all__ = ["in_common"]


def in_common(
    cohort: Cohort, wanted: Sequence[Term], there: Sequence[Term], near: Callable[[str, str], int]
) -> str:
    """Each wanted entry that has a near one over there, with what makes them near.

    Parameters
    ----------
    cohort
        The cohort, for its thesaurus.
    wanted, there
        The entries of the two people.
    near
        How near two keys are, in thousandths.

    Returns
    -------
    str
        As ``"chess; 'bouldering' is another name of 'rock climbing'"``; empty where nothing is near.
    """
    told = []
    for term in wanted:
        nearest = max(there, key=lambda other: near(other.key, term.key), default=None)
        if nearest is not None and near(nearest.key, term.key):
            told.append(_told(cohort, term, nearest))
    return "; ".join(told)


def _told(cohort: Cohort, term: Term, other: Term) -> str:
    if term.label.casefold() == other.label.casefold():
        return term.label
    # An encoder that was there at the matching may be absent now; that it found them near stays true.
    return cohort.thesaurus.why(term.label, other.label) or f"'{term.label}' is near '{other.label}'"
