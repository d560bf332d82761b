"""A matching's pairs, weighed again with its frozen values; what is needed often is made once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from pairmatch.blocking import Reach
from pairmatch.matching import Made, Matching
from pairmatch.parameters import label_of
from pairmatch.problem import Ints
from pairmatch.scoring import SAME_PERSON, Columns, Fit, PairScore, Scorer, loads, visible_columns
from pairmatch.scoring.scorer import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person
    from pairmatch.policy import Policy

__all__ = ["Read", "columns_for", "people_of", "read", "rule_words", "score_of", "scorer_of"]

_READ: WeakKeyDictionary[Matching, Read] = WeakKeyDictionary()
"""What was read of each matching that is still alive: it is frozen, so that this is too."""


@dataclass(frozen=True, eq=False)
class Read:
    """A matching as explanations read it.

    Attributes
    ----------
    matching
        The same matching as another object: one that held what it is looked up by could never be freed.
    scorer
        A scorer with the matching's frozen values.
    """

    matching: Matching
    scorer: Scorer

    @cached_property
    def pairs(self) -> dict[tuple[str, str], list[Made]]:
        """The pairs of each person who has some, by role and id."""
        found: dict[tuple[str, str], list[Made]] = {}
        for pair in self.matching.made:
            found.setdefault(("mentor", pair.mentor), []).append(pair)
            found.setdefault(("mentee", pair.mentee), []).append(pair)
        return found

    @cached_property
    def capacity(self) -> dict[str, Ints]:
        """Most pairs of each person, by role, in the order of the tables."""
        cohort = self.scorer.cohort
        people = np.arange(len(cohort.mentors)), np.arange(len(cohort.mentees))
        found = loads(cohort, self.scorer.policy, *people)
        return {"mentor": found.mentor_capacity, "mentee": found.mentee_capacity}

    @cached_property
    def reach(self) -> Reach:
        """Whom people without a partner could reach."""
        return Reach(self.matching, self.scorer)

    def is_full(self, role: str, who: str) -> bool:
        """Whether somebody has no place left."""
        row = self.scorer.cohort.side(f"{role}s").position(who)
        return len(self.pairs.get((role, who), ())) >= int(self.capacity[role][row])


def read(matching: Matching) -> Read:
    """What explanations read of a matching, made once for each."""
    found = _READ.get(matching)
    if found is None:
        scorer = Scorer(matching.cohort, matching.policy, Fit.from_dict(matching.fitted))
        found = _READ[matching] = Read(replace(matching), scorer)
    return found


def scorer_of(matching: Matching) -> Scorer:
    """A scorer with the matching's frozen values."""
    return read(matching).scorer


def people_of(cohort: Cohort, mentor: str, mentee: str) -> tuple[Person, Person]:
    """The two people of a pair."""
    return (
        cohort.mentors.person(cohort.mentors.position(mentor)),
        cohort.mentees.person(cohort.mentees.position(mentee)),
    )


def score_of(matching: Matching, mentor: str, mentee: str) -> PairScore:
    """One pair's score by the reference forms."""
    return scorer_of(matching).pair(*people_of(matching.cohort, mentor, mentee))


def columns_for(matching: Matching, audience: str) -> Columns:
    """The contribution columns that an audience may see."""
    left_out = scorer_of(matching).left_out
    return visible_columns(matching.cohort, matching.policy, audience=audience, left_out=left_out)


def rule_words(policy: Policy, label: str) -> str:
    """A rule in words, by its label."""
    if label == SAME_PERSON:
        return "nobody is paired with themself"
    if label == MINIMUM_WEIGHT:
        return f"a pair weighs at least {policy.minimum_weight:g}"
    for rule in policy.rules:
        if label_of(rule) == label:
            return str(getattr(rule, "description", label))
    return label
