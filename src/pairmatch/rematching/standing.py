"""What has become of the pairs before: which still run, and why the others ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.scoring import Scorer
from pairmatch.scoring.listed import exact

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = ["Ended", "standing_of"]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Ended:
    """Why a pair can no longer go on.

    Attributes
    ----------
    reason
        ``"failed"``, ``"mentor_left"``, ``"mentee_left"`` or ``"rule_broken"``.
    rules
        For ``"rule_broken"``: labels of the rules that forbid the pair now.
    """

    reason: str
    rules: tuple[str, ...] = ()


def standing_of(
    pairs: Iterable[Pair], failed: Iterable[Pair], cohort: Cohort, scorer: Scorer
) -> tuple[tuple[Pair, ...], dict[Pair, Ended]]:
    """The pairs that still run, and why each of the others ended; the bar ends no running pair.

    Parameters
    ----------
    pairs
        Mentor id, mentee id of the pairs before.
    failed
        Pairs that failed.
    cohort
        The cohort now, in which whoever left rests.
    scorer
        The policy's rules over this cohort.
    """
    gone, failed = {}, frozenset(failed)
    mentors, mentees = _present(cohort.mentors), _present(cohort.mentees)
    for pair in pairs:
        reason = "mentor_left" if pair[0] not in mentors else "mentee_left" if pair[1] not in mentees else ""
        gone[pair] = "failed" if pair in failed else reason
    here = [pair for pair, reason in gone.items() if not reason]
    rows = [cohort.mentors.position(a) for a, _ in here], [cohort.mentees.position(b) for _, b in here]
    allowed = dict(zip(here, exact(scorer, *rows)[1].tolist(), strict=True)) if here else {}
    ended = {pair: Ended(reason) for pair, reason in gone.items() if reason}
    ended |= {
        pair: Ended("rule_broken", _broken(pair, cohort, scorer)) for pair, ok in allowed.items() if not ok
    }
    return tuple(sorted(pair for pair, ok in allowed.items() if ok)), ended


def _present(people: Profiles) -> frozenset[str]:
    """Who takes part."""
    ids = people.ids
    return frozenset(ids[row] for row in np.flatnonzero(people.active).tolist())


def _broken(pair: Pair, cohort: Cohort, scorer: Scorer) -> tuple[str, ...]:
    """Labels of the rules that forbid a pair, by their reference forms."""
    mentor = cohort.mentors.person(cohort.mentors.position(pair[0]))
    mentee = cohort.mentees.person(cohort.mentees.position(pair[1]))
    return scorer.pair(mentor, mentee).forbidden_by
