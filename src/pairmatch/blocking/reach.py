"""Who can be reached from a person without a partner, by eligible pairs and pairs of the matching in turn."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.blocking.blocking_set import BlockingSet
from pairmatch.blocking.reached import Reached
from pairmatch.cohort import Block
from pairmatch.matching import known
from pairmatch.problem import Ints
from pairmatch.scoring import Fit, Scorer, canonical_order, loads

if TYPE_CHECKING:
    from pairmatch.blocking.reached import Bools
    from pairmatch.matching import Matching

__all__ = ["Reach"]


class Reach:
    """The ways from people without a partner to free places.

    A person without a partner reaches everybody whom the rules allow them, from there all who hold these
    places, from there everybody allowed to those, and so on. Where a free place is reached, the person could
    have a partner though everybody else who has one kept one. Where none is, all who were reached stand in
    each other's way: that is a Hall set, and no set of people within it is one.

    Parameters
    ----------
    matching
        The matching; it is read once, for however many people.
    scorer
        Its rules and goals with the matching's fitted values, where these are at hand already.

    Attributes
    ----------
    scorer
        Rules and goals.
    """

    def __init__(self, matching: Matching, scorer: Scorer | None = None) -> None:
        cohort, policy = matching.cohort, matching.policy
        self._matching = matching
        self.scorer = scorer or Scorer(cohort, policy, Fit.from_dict(matching.fitted))
        self._rows = (
            canonical_order(cohort.mentors, policy.seed),
            canonical_order(cohort.mentees, policy.seed),
        )
        self._loads = loads(cohort, policy, *self._rows)

    def blocking_set(self, role: str, who: str) -> BlockingSet | None:
        """The people who stand in each other's way, with this one; None where there is no such set.

        Parameters
        ----------
        role
            ``"mentor"`` or ``"mentee"``.
        who
            Id of a person. There is a set only for those who take part, have a place and no partner.

        Raises
        ------
        CallError
            The id is not in the cohort.

        Examples
        --------
        >>> import pandas as pd
        >>> import pairmatch as pm
        >>> from pairmatch.blocking import Reach
        >>> cohort = pm.Cohort(pd.DataFrame({"id": ["ana"]}), pd.DataFrame({"id": ["eve", "fay"]}))
        >>> matching = pm.match(cohort, pm.Policy(objective=["mentees"]))
        >>> left = matching.left[0].id
        >>> print(Reach(matching).blocking_set("mentee", left).places)
        1
        """
        place = self.places(role).get(who)
        if place is None:
            known(self._matching.cohort, role, who)
        capacity = self._loads.mentor_capacity if role == "mentor" else self._loads.mentee_capacity
        reached = self.side(role)
        if place is None or capacity[place] == 0 or reached.kept[place] >= 0:
            return None
        found = reached.closed(place)
        if found is None:
            return None
        own, partners = self.ids(role), self.ids("mentee" if role == "mentor" else "mentor")
        others = sorted(own[at] for at in found[0].tolist()[1:])
        whom = tuple(sorted(partners[at] for at in found[1].tolist()))
        return BlockingSet(role, who, (who, *others), whom, int(reached.places[found[1]].sum()))

    def side(self, role: str) -> Reached:
        """The reach of one side's people, in positions of those who take part."""
        return self._mentors if role == "mentor" else self._mentees

    @property
    def pairs(self) -> int:
        """Possible pairs of those who take part."""
        return len(self._rows[0]) * len(self._rows[1])

    def ids(self, role: str) -> list[str]:
        """For each position the id."""
        return self._named[role == "mentee"]

    def rows(self, role: str) -> Ints:
        """For each position the row of the table."""
        return self._rows[role == "mentee"]

    def eligible(self, role: str, who: Ints, partners: Ints) -> Bools:
        """Which pairs of some people with some partners the rules and the bar allow, a row for each person.

        Parameters
        ----------
        role
            Role of the people.
        who, partners
            Positions in canonical order of those who take part.
        """
        mentors, mentees = (who, partners) if role == "mentor" else (partners, who)
        block = Block(self.scorer.cohort, self._rows[0][mentors], self._rows[1][mentees])
        allowed = self.scorer.eligible(block)
        if self.scorer.bar:
            light = self.scorer.light(block, self.scorer.weight(block))
            allowed &= ~light | self._running_in(mentors, mentees)
        return allowed if role == "mentor" else allowed.T

    def _running_in(self, mentors: Ints, mentees: Ints) -> Bools:
        """The pairs that ran before a re-match: the bar does not ask them."""
        inside = np.zeros((len(mentors), len(mentees)), np.bool_)
        revision = self._matching.revision
        if revision is not None and revision.running:
            ours, theirs = self.places("mentor"), self.places("mentee")
            own, other = ({at: k for k, at in enumerate(some.tolist())} for some in (mentors, mentees))
            for mentor, mentee in revision.running:
                at = own.get(ours.get(mentor, -1)), other.get(theirs.get(mentee, -1))
                if at[0] is not None and at[1] is not None:
                    inside[at] = True
        return inside

    @cached_property
    def _mentors(self) -> Reached:
        return self._side("mentor", len(self._rows[0]), self._loads.mentee_capacity)

    @cached_property
    def _mentees(self) -> Reached:
        return self._side("mentee", len(self._rows[1]), self._loads.mentor_capacity)

    def _side(self, role: str, people: int, places: Ints) -> Reached:
        """One side's people, each with one partner: further places that they hold count as free."""
        kept = np.full(people, -1, np.int64)
        ours, theirs = self.places("mentor"), self.places("mentee")
        for pair in self._matching.made:
            at = ours[pair.mentor], theirs[pair.mentee]
            own, partner = at if role == "mentor" else at[::-1]
            kept[own] = partner
        return Reached(lambda who, partners: self.eligible(role, who, partners), kept, places)

    def places(self, role: str) -> dict[str, int]:
        """Positions by id, of those who take part."""
        return self._mentor_places if role == "mentor" else self._mentee_places

    @cached_property
    def _mentor_places(self) -> dict[str, int]:
        return {who: place for place, who in enumerate(self.ids("mentor"))}

    @cached_property
    def _mentee_places(self) -> dict[str, int]:
        return {who: place for place, who in enumerate(self.ids("mentee"))}

    @cached_property
    def _named(self) -> tuple[list[str], list[str]]:
        cohort = self._matching.cohort
        sides = zip((cohort.mentors.ids, cohort.mentees.ids), self._rows, strict=True)
        ours, theirs = ([ids[row] for row in rows.tolist()] for ids, rows in sides)
        return ours, theirs
