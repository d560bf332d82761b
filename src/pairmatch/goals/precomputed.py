"""Scores that were made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pairmatch.errors import Finding, amount, listed
from pairmatch.forms import Form
from pairmatch.goals.forming import constant, exceptions
from pairmatch.goals.protocol import Floats
from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import Checks, is_share, set_field, swapped_pairs, told

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["Precomputed"]

COLUMNS = ("mentor", "mentee", "score")


@dataclass(frozen=True)
class Precomputed(Weighted):
    """Takes each pair's score from a table. For a pair that is not in it, the goal lacks data.

    Ids that are not in the cohort are passed over.

    Parameters
    ----------
    scores
        A frame with the columns ``mentor`` and ``mentee`` (ids) and ``score`` (in [0, 1]), one row per
        pair at most, or a list of such rows.
    label
        The goal's column in tables; needed where a policy has several.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Precomputed([("m3", "e17", 0.8)], weight=1, label="interview").scores
    (('m3', 'e17', 0.8),)
    """

    name: ClassVar[str] = "precomputed"

    scores: tuple[tuple[str, str, float], ...]
    label: str = field(default="precomputed", kw_only=True)

    def _check(self, checks: Checks) -> None:
        checks.text("label", self.label)
        set_field(self, "scores", _checked(checks, self.scores))

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return f"the pair's score in the table '{self.label}' is high"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """Pairs that name a mentee first and a mentor second."""
        return swapped_pairs(cohort, self.label, [(mentor, mentee) for mentor, mentee, _ in self.scores])

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        scores, known = self._told(block.cohort)
        return np.where(block.barred(known), block.part(scores), np.nan)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form | None:
        """The goal as a constant, with the pairs of the table as exceptions; None where they are many."""
        listed = exceptions(cohort, self._told(cohort)[1])
        return None if listed is None else Form(*constant(cohort, instead), exceptions=listed)

    def _told(self, cohort: Cohort) -> tuple[csr_array[Any], csr_array[Any]]:
        return cohort.cached((self.name, self._stamp), lambda: _matrices(cohort, self.scores))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        return self._by_pair.get((mentor.id, mentee.id))

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """What the table says."""
        return f"{amount(self._by_pair[mentor.id, mentee.id])} in the table"

    @cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], float]:
        return {(mentor, mentee): score for mentor, mentee, score in self.scores}

    @cached_property
    def _stamp(self) -> str:
        digest = blake2b()
        for row in self.scores:
            digest.update(repr(row).encode())
        return digest.hexdigest()


def _checked(checks: Checks, scores: object) -> tuple[tuple[str, str, float], ...]:
    """The rows, sorted by pair; what is wrong with them is noted."""
    found: dict[tuple[str, str], float] = {}
    bad: dict[str, list[str]] = {"bad_row": [], "bad_share": [], "duplicate_pair": []}
    for number, row in enumerate(_rows(checks, scores), start=1):
        fault = _fault(row, found)
        if fault:
            bad[fault].append(str(number))
        else:
            mentor, mentee, score = row
            found[mentor.strip(), mentee.strip()] = float(score)
    for code, numbers in bad.items():
        if numbers:
            checks.add(code, "scores", f"{HINTS[code]}: row {listed(numbers)}.")
    return tuple((mentor, mentee, score) for (mentor, mentee), score in sorted(found.items()))


HINTS = {
    "bad_row": "each row of 'scores' must be a mentor's id, a mentee's id and a score",
    "bad_share": "each score must be a number from 0 to 1",
    "duplicate_pair": "each pair may have one score only",
}


def _fault(row: Any, found: Mapping[tuple[str, str], float]) -> str:
    if not isinstance(row, list | tuple) or len(row) != len(COLUMNS):
        return "bad_row"
    if not all(isinstance(part, str) and part.strip() for part in row[:2]):
        return "bad_row"
    if (row[0].strip(), row[1].strip()) in found:
        return "duplicate_pair"
    return "" if is_share(row[2]) else "bad_share"


def _rows(checks: Checks, scores: Any) -> Iterable[Any]:
    if hasattr(scores, "columns"):
        if set(COLUMNS) <= set(scores.columns):
            return zip(*(scores[name] for name in COLUMNS), strict=True)
        checks.add("missing_columns", "scores", "'scores' needs the columns 'mentor', 'mentee' and 'score'.")
        return ()
    if isinstance(scores, Iterable) and not isinstance(scores, str | bytes | Mapping):
        return scores
    checks.add("bad_table", "scores", f"'scores' must be a frame or a list of rows, not {told(scores)}.")
    return ()


def _matrices(
    cohort: Cohort, scores: Iterable[tuple[str, str, float]]
) -> tuple[csr_array[Any], csr_array[Any]]:
    """Scores, and which pairs have one (a score may be 0), over the whole cohort."""
    from scipy.sparse import csr_array

    mentors = {identifier: row for row, identifier in enumerate(cohort.mentors.ids)}
    mentees = {identifier: row for row, identifier in enumerate(cohort.mentees.ids)}
    known = [(mentors[m], mentees[e], score) for m, e, score in scores if m in mentors and e in mentees]
    places = np.array([row[:2] for row in known], np.int64).reshape(-1, 2).T
    values = np.array([row[2] for row in known], np.float64)
    where = (places[0], places[1])
    shape = (len(cohort.mentors), len(cohort.mentees))
    return csr_array((values, where), shape=shape), csr_array((np.ones(len(known), bool), where), shape=shape)
