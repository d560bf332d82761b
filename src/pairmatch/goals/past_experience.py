"""One of the two has worked where the other works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pairmatch.comparing import entries, in_words
from pairmatch.errors import Finding
from pairmatch.forms import Form
from pairmatch.goals.forming import constant, nothing, stacked
from pairmatch.goals.protocol import Floats
from pairmatch.goals.steps import stepping
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import absent_fields

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["PastExperience"]

KNOWN = float(1 << 20)
"""What a present function that the other knows counts beside a shared past one; more than anybody has."""


@dataclass(frozen=True)
class PastExperience(Weighted):
    """Scores a bridge between functions: experience that one of the two has of the other's work.

    1 where the mentor's ``past_functions`` hold the mentee's ``function``, or the other way round; 0.5 where
    both have a past function in common; else 0. Functions are compared after normalisation.

    Parameters
    ----------
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Notes
    -----
    What can be compared is judged: one side's past with the other's function or past. Where nothing can be,
    the goal lacks data.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.PastExperience(weight=0.1).description
    'one of the two has worked in the function of the other'
    """

    name: ClassVar[str] = "past_experience"
    fields: ClassVar[tuple[str, ...]] = ("function", "past_functions")

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "one of the two has worked in the function of the other"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return absent_fields(cohort, self.label, self.fields, self.fields)

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        mentors, mentees = self._told(block.cohort)
        bridges = block.product(mentors, mentees)
        ours, theirs = ([block.has(name, side) for name in self.fields] for side in ("mentors", "mentees"))
        judged = (ours[1] & (theirs[0] | theirs[1])) | (ours[0] & theirs[1])
        scores = np.where(bridges >= KNOWN, 1.0, np.where(bridges > 0, 0.5, 0.0))
        return np.where(judged, scores, np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form:
        """The goal as features and a curve, exactly (see :mod:`pairmatch.forms`)."""
        past, now = (
            [cohort.present(side, name) for side in ("mentors", "mentees")] for name in reversed(self.fields)
        )
        # What can be compared: our past with their function or past, else our function with their past.
        ours = [side.astype(np.float32)[:, None] for side in (past[0], now[0] & ~past[0])]
        theirs = [side.astype(np.float32)[:, None] for side in (past[1] | now[1], past[1])]
        judged = np.hstack(ours), np.hstack(theirs) * np.float32(-instead)
        everybody = not instead or (past[0].all() and (past[1] | now[1]).all())
        half = min(round(share_scale / 2), most)
        left, right, bridge = _counts(*self._told(cohort))
        curve, above = stepping(left, right, ((1, half), (bridge, min(round(share_scale), most) - half)))
        base = -above if everybody else instead - above
        features = [constant(cohort, base), nothing(cohort) if everybody else judged]
        return Form(*stacked(features), 0.0, (curve,))

    def _told(self, cohort: Cohort) -> tuple[csr_array[Any], csr_array[Any]]:
        return cohort.cached((self.name,), lambda: _careers(cohort))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        our_function, our_past = (entries(mentor, name) for name in self.fields)
        their_function, their_past = (entries(mentee, name) for name in self.fields)
        compared = [
            (our_past, their_function, 1.0),
            (our_function, their_past, 1.0),
            (our_past, their_past, 0.5),
        ]
        judged = [(a & b, worth) for a, b, worth in compared if a and b]
        return max((worth if shared else 0.0 for shared, worth in judged), default=None)

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """Who of the two knows the other's function, or where both have worked."""
        told = []
        for one, other in ((mentor, mentee), (mentee, mentor)):
            if entries(other, "function") & entries(one, "past_functions"):
                role = one.side.removesuffix("s")
                told.append(f"the {role} has worked in {in_words(other['function'])}")
        both = entries(mentor, "past_functions") & entries(mentee, "past_functions")
        shared = tuple(term for term in mentor["past_functions"] if term.key in both)
        told += [f"both have worked in {in_words(shared)}"] if shared and not told else []
        return "; ".join(told) or "no function in common"


def _careers(cohort: Cohort) -> tuple[csr_array[Any], csr_array[Any]]:
    """People × functions, three times over: products count shared past ones, and known ones KNOWN times."""
    from scipy.sparse import csr_array, hstack

    index = cohort.term_index("past_functions", "past_functions")
    column = {key: k for k, key in enumerate(index.vocabulary)}
    now = []
    for side in ("mentors", "mentees"):
        functions = cohort.comparable(side, "function").tolist()
        known = [(row, column[function]) for row, function in enumerate(functions) if function in column]
        rows, columns = np.array(known, np.int64).reshape(-1, 2).T
        shape = (len(functions), len(column))
        now.append(csr_array((np.full(len(known), KNOWN), (rows, columns)), shape=shape))
    mentors = hstack([index.mentors, index.mentors, now[0]], format="csr")
    mentees = hstack([index.mentees, now[1], index.mentees], format="csr")
    return mentors, mentees


def _counts(
    mentors: csr_array[Any], mentees: csr_array[Any]
) -> tuple[NDArray[np.int16], NDArray[np.int16], int]:
    """The same products in small whole numbers, and the least one that tells a known function."""
    ours, theirs = (np.split(side.toarray() > 0, 3, axis=1) for side in (mentors, mentees))
    shared = min(int(side.sum(axis=1).max(initial=0)) for side in (ours[0], theirs[0]))
    known = np.int16(shared + 1)
    left = np.hstack([ours[0], known * ours[2]])
    right = np.hstack([theirs[0] + known * theirs[1], theirs[2].astype(np.int16)])
    used = left.any(axis=0) & right.any(axis=0)
    return left[:, used].astype(np.int16), right[:, used].astype(np.int16), int(known)
