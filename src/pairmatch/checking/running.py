"""What a re-match's tiers count, by ids and by places: loose running pairs, and rounds waited.

Plain Python, no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pairmatch.checking.case import Running
from pairmatch.matching import Matching
from pairmatch.problem import Ints, Loads
from pairmatch.scoring import Scorer, loads
from pairmatch.scoring.listed import exact
from pairmatch.scoring.order import active_positions

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Loose", "loose_of", "revised_value", "running_in", "with_held"]

Pair = tuple[str, str]


class Loose(NamedTuple):
    """What the tiers of a re-match count, by id.

    Attributes
    ----------
    pairs
        Running pairs that nothing requires.
    held
        Those of them that may not end, where that can be helped.
    waited
        Rounds by side and id.
    bonus
        What each of the pairs counts in the tier ``"total"``, in units.
    """

    pairs: frozenset[Pair] = frozenset()
    held: frozenset[Pair] = frozenset()
    waited: Mapping[Pair, int] = {}
    bonus: int = 0


def loose_of(matching: Matching, cohort: Cohort, policy: Policy) -> Loose:
    """What the tiers of a matching's re-match count; nothing for a first matching."""
    revision = matching.revision
    if revision is None:
        return Loose()
    held = frozenset(revision.held)
    pairs = frozenset(revision.running) - _required_by(policy, cohort)
    waited = {(side, who): rounds for side, who, rounds in revision.waited}
    if revision.required:
        return Loose(pairs - held, frozenset(), waited, revision.bonus)
    return Loose(pairs, pairs & held, waited, revision.bonus)


def revised_value(tier: str, pairs: Sequence[Pair], loose: Loose) -> int:
    """What a re-match adds to a tier's value for these pairs."""
    kept = [pair for pair in pairs if pair in loose.pairs]
    if tier == "waited":
        people = {("mentors", mentor) for mentor, _ in pairs} | {("mentees", mentee) for _, mentee in pairs}
        return sum(loose.waited.get(who, 0) for who in people)
    counted = {"held": sum(pair in loose.held for pair in kept), "kept": len(kept)}
    return counted.get(tier, loose.bonus * len(kept) if tier == "total" else 0)


def _required_by(policy: Policy, cohort: Cohort) -> frozenset[Pair]:
    """Pairs that the policy requires."""
    rows = [active_positions(people) for people in (cohort.mentors, cohort.mentees)]
    required = loads(cohort, policy, *rows).required
    mentors, mentees = cohort.mentors.ids, cohort.mentees.ids
    return frozenset((mentors[rows[0][i]], mentees[rows[1][j]]) for i, j in required.tolist())


# -- in the places of a certificate ------------------------------------------------------------


def with_held(bounds: Loads, matching: Matching) -> Loads:
    """The loads with the held running pairs required, where the re-match required them."""
    revision = matching.revision
    if revision is None or not revision.required:
        return bounds
    held = _placed(revision.held, matching)
    return replace(bounds, required=np.unique(np.concatenate([bounds.required, held]), axis=0))


def running_in(matching: Matching, scorer: Scorer, rows: tuple[Ints, Ints]) -> Running | None:
    """What the re-match knew of the matching before, by places; None for a first matching.

    Parameters
    ----------
    matching
        Whose revision has been checked.
    scorer
        Weighs the pairs.
    rows
        For each place, the row of the table.
    """
    revision = matching.revision
    if revision is None:
        return None
    loose = loose_of(matching, scorer.cohort, scorer.policy)
    pairs = np.unique(_placed(loose.pairs, matching), axis=0)
    ours, theirs = rows[0][pairs[:, 0]], rows[1][pairs[:, 1]]
    ids = zip(ours.tolist(), theirs.tolist(), strict=True)
    mentors, mentees = scorer.cohort.mentors.ids, scorer.cohort.mentees.ids
    held = np.array([(mentors[i], mentees[j]) in loose.held for i, j in ids], np.bool_)
    waited = (
        _rounds(loose, "mentors", matching.certificate.mentors),
        _rounds(loose, "mentees", matching.certificate.mentees),
    )
    return Running(pairs, held, exact(scorer, ours, theirs)[0], waited, loose.bonus)


def _rounds(loose: Loose, side: str, ids: Sequence[str]) -> Ints:
    return np.array([loose.waited.get((side, who), 0) for who in ids], np.int64)


def _placed(pairs: Iterable[Pair], matching: Matching) -> Ints:
    ours, theirs = (
        {who: place for place, who in enumerate(ids)}
        for ids in (matching.certificate.mentors, matching.certificate.mentees)
    )
    return np.array([(ours[m], theirs[e]) for m, e in pairs], np.int64).reshape(-1, 2)
