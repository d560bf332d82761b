"""One side offers what the other wants: the measure, in both directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from pairmatch.cohort.nearness import best, checked_nearness, learnt_nearness, near, nearness
from pairmatch.comparing import LISTS
from pairmatch.errors import Finding, amount, counted, listed, shown
from pairmatch.goals.coverage_form import coverage_form
from pairmatch.goals.in_words import in_common, nearest, one_line
from pairmatch.goals.learning import Learning
from pairmatch.goals.protocol import Floats
from pairmatch.parameters import Checks, absent_fields, mixed_meaning, set_field, wrong_kinds
from pairmatch.terms import THOUSAND, Term

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.forms import Form

__all__ = ["Coverage"]


@dataclass(frozen=True)
class Coverage(Learning):
    """Scores the share of one side's wishes that the other side covers, by priority and proficiency.

    Parameters
    ----------
    focus
        Unwanted topics, near to no wish, that the offering side may have before the score falls; from 1 to
        1000.
    mentors, mentees
        Topics or list fields of the two sides.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.
    """

    offered_by: ClassVar[str]
    """The side that offers: ``"mentors"`` or ``"mentees"``."""
    usual: ClassVar[tuple[str, str]]
    """The fields' defaults, which the label need not tell."""

    focus: int = field(default=5, kw_only=True)
    mentors: str = field(kw_only=True)
    mentees: str = field(kw_only=True)

    def _check(self, checks: Checks) -> None:
        set_field(self, "focus", checks.whole("focus", self.focus, least=1, most=1000))
        checks.text("mentors", self.mentors)
        checks.text("mentees", self.mentees)

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name if self.fields == self.usual else f"{self.name}({self.mentors}, {self.mentees})"

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that the goal uses."""
        return (self.mentors, self.mentees)

    @property
    def compared(self) -> tuple[str, str]:
        """The mentors' and the mentees' field whose words may be near."""
        return (self.mentors, self.mentees)

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the goal needs and the cohort does not have."""
        return [
            *absent_fields(cohort, self.label, [self.mentors], [self.mentees]),
            *wrong_kinds(cohort, self.label, [("mentors", self.mentors), ("mentees", self.mentees)], LISTS),
            *mixed_meaning(cohort, self.label, self.mentors, self.mentees),
        ]

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """What an encoder says of the terms, by hashes; without one the thesaurus alone relates them."""
        return {"near": learnt_nearness(cohort, self.mentors, self.mentees)}

    def _checked(self, fitted: Mapping[str, Any]) -> dict[str, Any]:
        return {"near": checked_nearness(fitted["near"])}

    def score(self, block: Block) -> Floats:
        """Scores of a block's pairs."""
        sides = self._made(block.cohort)
        mentors_offer = self.offered_by == "mentors"
        left, right = (sides.able, sides.wanted) if mentors_offer else (sides.wanted, sides.able)
        covered = block.product(left, right)
        offered = block.of(self.offered_by, sides.offered)
        wished = block.of("mentees" if mentors_offer else "mentors", sides.wishes)
        # Whole numbers up to the division: it is the only step that rounds.
        parts = np.maximum(wished * float(THOUSAND), 1.0) * self._spread(block, offered, sides)
        return np.where((offered > 0) & (wished > 0), covered * float(self.focus) / parts, np.nan)

    def _spread(self, block: Block, offered: Floats, sides: Sides) -> Floats | float:
        """Unwanted topics that the offering side has, but at least ``focus``.

        Of ``focus + 1`` topics more than ``focus`` are unwanted only where nothing is covered at all.
        """
        if not (offered > self.focus + 1).any():
            return float(self.focus)
        mentors_offer = self.offered_by == "mentors"
        left, right = (sides.offers, sides.near) if mentors_offer else (sides.near, sides.offers)
        return np.maximum(float(self.focus), offered - block.product(left, right))

    def score_pair(self, mentor: Person, mentee: Person) -> float | None:
        """One pair's score in plain Python."""
        giver, taker = self._giver_and_taker(mentor, mentee)
        offered = {term.key: min(term.weight, THOUSAND) for term in giver}
        wanted = {term.key: term.weight for term in taker}
        if not offered or not sum(wanted.values()):
            return None
        covered = sum(
            priority * self._worth(mentor.cohort, offered, topic) for topic, priority in wanted.items()
        )
        unwanted = sum(
            1 for topic in offered if not any(self._near(mentor.cohort, topic, wish) for wish in wanted)
        )
        score: float = covered * self.focus / (sum(wanted.values()) * THOUSAND * max(self.focus, unwanted))
        return score

    def told(self, mentor: Person, mentee: Person) -> str:
        """Which wishes are covered, in words."""
        cohort = mentor.cohort
        giver, taker = self._giver_and_taker(mentor, mentee)
        return in_common(cohort, taker, giver, partial(self._near, cohort))

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """How many wishes are covered, which, and what lowers the score."""
        cohort = mentor.cohort
        giver, taker = self._giver_and_taker(mentor, mentee)
        offered = {term.key: min(term.weight, THOUSAND) for term in giver}
        found = nearest(cohort, taker, giver, partial(self._near, cohort))
        covered = [wish for wish in found if self._worth(cohort, offered, wish.key)]
        wanted = counted(len(taker), "wanted topic")
        if not covered:
            return "does not cover the wanted topic" if len(taker) == 1 else f"covers none of {wanted}"
        exact = [self._with_worth(wish.entry, self._worth(cohort, offered, wish.key)) for wish in covered]
        told = [f"covers {len(covered)} of {wanted}: {listed(exact)}"]
        told += [one_line(wish.why) for wish in covered[:5] if wish.why]
        beyond = sum(not any(self._near(cohort, topic, wish.key) for wish in taker) for topic in offered)
        if beyond > self.focus:
            told.append(f"offers {beyond} topics that are not wanted, more than {self.focus}")
        return "; ".join(told)

    @staticmethod
    def _with_worth(entry: str, worth: int) -> str:
        """A wish, with what its cover is worth where that is not 1."""
        return shown(entry) if worth == THOUSAND else f"{shown(entry)} ({amount(worth / THOUSAND)})"

    def _giver_and_taker(self, mentor: Person, mentee: Person) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        """What the one offers and the other wants."""
        ours, theirs = mentor[self.mentors], mentee[self.mentees]
        return (ours, theirs) if self.offered_by == "mentors" else (theirs, ours)

    def _near(self, cohort: Cohort, first: str, second: str) -> int:
        """How near two topics are, in thousandths."""
        return near(cohort, (self.mentors, self.mentees), (first, second), self._learnt(cohort)["near"])

    def _worth(self, cohort: Cohort, offered: Mapping[str, int], wanted: str) -> int:
        """What the nearest offered topic is worth for a wanted one, in thousandths, rounded half up."""
        worth = (
            (ability * self._near(cohort, topic, wanted) + THOUSAND // 2) // THOUSAND
            for topic, ability in offered.items()
        )
        return max(worth)

    def form(self, cohort: Cohort, share_scale: float, most: int, instead: int) -> Form:
        """The goal as features and a curve (see :mod:`pairmatch.forms`)."""
        share, mentors_offer = (share_scale, most, instead), self.offered_by == "mentors"
        return coverage_form(self._made(cohort), self.focus, share, mentors_offer=mentors_offer)

    def _made(self, cohort: Cohort) -> Sides:
        return cohort.cached((self.name, *self.fields, self.stamp), lambda: self._sides(cohort))

    def _sides(self, cohort: Cohort) -> Sides:
        """The matrices whose products are the sums of a pair."""
        index = cohort.term_index(self.mentors, self.mentees)
        nearby = nearness(cohort, self.mentors, self.mentees, self._learnt(cohort)["near"])
        mentors, mentees = (index.mentors, index.mentor_weights), (index.mentees, index.mentee_weights)
        giver, taker = (mentors, mentees) if self.offered_by == "mentors" else (mentees, mentors)
        return Sides(
            able=best(_capped(giver[1]), nearby),
            wanted=taker[1],
            offers=giver[0],
            near=_marked(best(taker[0] * float(THOUSAND), nearby)),
            offered=np.asarray(giver[0].sum(axis=1)),
            wishes=np.asarray(taker[1].sum(axis=1)),
        )


class Sides(NamedTuple):
    """Who offers and who wants; matrices are people × terms.

    Attributes
    ----------
    able
        What each person's offers are worth for each topic, in thousandths.
    wanted
        Priorities in thousandths.
    offers
        1 for each topic that a person offers.
    near
        1 for each topic that is a person's wish, or near to one.
    offered
        How many topics each person offers.
    wishes
        The sum of each person's priorities.
    """

    able: csr_array[Any]
    wanted: csr_array[Any]
    offers: csr_array[Any]
    near: csr_array[Any]
    offered: Floats
    wishes: Floats


def _marked(weights: csr_array[Any]) -> csr_array[Any]:
    """1 wherever there is something."""
    marked = weights.copy()
    marked.data = np.ones_like(marked.data)
    return marked


def _capped(weights: csr_array[Any]) -> csr_array[Any]:
    """Proficiencies, none above 1: another field's weights may be priorities."""
    able = weights.copy()
    able.data = np.minimum(able.data, float(THOUSAND))
    return able
