"""What two lists have in common, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.terms import Term

__all__ = ["Near", "in_common", "nearest", "one_line"]

LONGEST = 200
"""Characters of a reason that are shown."""


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
    return "; ".join(found.why or found.entry for found in nearest(cohort, wanted, there, near))


def nearest(
    cohort: Cohort, wanted: Sequence[Term], there: Sequence[Term], near: Callable[[str, str], int]
) -> list[Near]:
    """The same entry by entry."""
    found = []
    for term in wanted:
        other = max(there, key=lambda other: near(other.key, term.key), default=None)
        if other is not None and near(other.key, term.key):
            found.append(Near(term.label, term.key, _why(cohort, term, other)))
    return found


def one_line(text: str) -> str:
    """A reason as a sentence may show it: on one line, and not without end."""
    plain = "".join(c if c.isprintable() else "?" for c in text)
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 3]}..."


class Near(NamedTuple):
    """A wanted entry that has a near one over there.

    Attributes
    ----------
    entry, key
        The wanted entry, as it was written and as it is compared.
    why
        What makes the two near; empty where they are written alike.
    """

    entry: str
    key: str
    why: str


def _why(cohort: Cohort, term: Term, other: Term) -> str:
    if term.label.casefold() == other.label.casefold():
        return ""
    # An encoder that was there at the matching may be absent now; that it found them near stays true.
    return cohort.thesaurus.why(term.label, other.label) or f"'{term.label}' is near '{other.label}'"
