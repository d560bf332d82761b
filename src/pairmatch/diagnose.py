"""``pairmatch.diagnose``: why people have no partner, truly, and the least that would have to be given up."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.blocking import BlockingSet, Reach
from pairmatch.checking import check_calls
from pairmatch.diagnosing import Diagnosed, Relaxation
from pairmatch.diagnosing.candidates import Candidates
from pairmatch.diagnosing.instant import instant_for
from pairmatch.diagnosing.solving import Solving
from pairmatch.diagnosing.telling import relaxation_table, told_person, told_relaxation, truth_table
from pairmatch.diagnosing.together import together
from pairmatch.diagnosing.truths import displaced, displacement_of, first_truths
from pairmatch.diagnosing.trying import Trying, best_first
from pairmatch.errors import CallError, Finding, NoSolutionError, counted, shown
from pairmatch.explaining.asking import check_audience, check_matching
from pairmatch.explaining.scorers import scorer_of
from pairmatch.matching import one_person
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Left, Matching
    from pairmatch.problem import Report

__all__ = ["Diagnosis", "diagnose"]

LEAST_SECONDS = 0.01

SMALL, HELD = 1 << 16, 1 << 20
"""Possible pairs up to which a problem is solved again in an instant, and in about a second."""

PRICED = 40
"""People whose price is worked out together."""

MOST_LINES = 40
"""Lines about people in the text; those who share a reason share a line."""

FORCED = 2
"""Relaxations of each kind that are solved again with one person served, where that takes long."""


@dataclass(frozen=True, eq=False, repr=False)
class Diagnosis:
    """Why people have no partner, and what would help.

    Attributes
    ----------
    audience
        Who may read it.
    people
        One entry per person without a partner.
    found
        The relaxations, the one that serves most people first.
    complete
        Whether everything worth trying was tried: False where a time limit ended the work before.
    """

    audience: str
    people: tuple[Diagnosed, ...]
    found: tuple[Relaxation, ...]
    complete: bool = True

    @property
    def table(self) -> pd.DataFrame:
        """One row per person without a partner: role, id, reason, kind, why, eligible, people, places.

        ``people`` and ``places`` are those of the blocking set, 0 where there is none.
        """
        return truth_table(self.people)

    @property
    def relaxations(self) -> pd.DataFrame:
        """One row per relaxation, the one that serves most people first.

        Columns: relaxation (in words), kind, rule, role and id (whose place), mentor and mentee (whose
        exception), serves (how many who have no partner would get one), people (their ids), cost (weight that
        all pairs together lose, below 0 where they gain), newly_unmatched (ids of those who would lose their
        only partner), changed (how many would have other partners), others_lose (weight that is lost beside
        the pairs of those newly served), exact (whether it is proven) and forced (whether the person gets a
        partner only if that is required).
        """
        return relaxation_table(self.found)

    @property
    def blocking_sets(self) -> tuple[BlockingSet, ...]:
        """The blocking sets, each once, the one with fewest people first."""
        found = {frozenset(one.blocking.people): one.blocking for one in self.people if one.blocking}
        return tuple(sorted(found.values(), key=lambda one: (len(one.people), one.role, one.people)))

    def of(self, *, mentor: str | None = None, mentee: str | None = None) -> Diagnosis:
        """The same for one person: the reason, and the relaxations found that serve them.

        To have relaxations looked for that serve one person, diagnose that person.

        Raises
        ------
        CallError
            Not exactly one person was named, or the person is none of those diagnosed.
        """
        named = [(role, who) for role, who in (("mentor", mentor), ("mentee", mentee)) if who is not None]
        people = tuple(one for one in self.people if [(one.role, one.id)] == named)
        if not people:
            hint = "name one person without a partner: either mentor=... or mentee=..."
            raise CallError([Finding("not_diagnosed", hint, id=str(named[0][1]) if named else "")])
        found = tuple(one for one in self.found if named[0] in one.people)
        return Diagnosis(self.audience, people, found, self.complete)

    def __str__(self) -> str:
        lines = told_person(self.people[0]) if len(self.people) == 1 else self._told_together()
        if self.found:
            lines.append("what would help:")
            lines += [f"  {told_relaxation(one)}" for one in self.found]
        if not self.complete:
            lines.append("time ended before everything was tried")
        return "\n".join(lines or ["everybody has a partner"])

    def _told_together(self) -> list[str]:
        groups = together(self.people)
        more = sum(len(group.people) for group in groups[MOST_LINES:])
        lines = [str(group) for group in groups[:MOST_LINES]]
        return [*lines, f"and {counted(more, 'person', 'people')} more, told in the table"] if more else lines

    def __repr__(self) -> str:
        who = counted(len(self.people), "person", "people")
        if len(self.people) == 1:
            who = f"{self.people[0].role} {shown(self.people[0].id)}"
        found = counted(len(self.found), "relaxation")
        return f"<Diagnosis of {who} without a partner, {found}, for the {self.audience}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def diagnose(
    matching: Matching,
    *,
    mentor: str | None = None,
    mentee: str | None = None,
    relaxations: bool = True,
    most: int = 20,
    time_limit: float | None = None,
    progress: Report | None = None,
    audience: str = "lead",
) -> Diagnosis:
    """Tell why people have no partner, and which single relaxation would serve whom at what cost.

    Parameters
    ----------
    matching
        The matching.
    mentor, mentee
        Id of one person without a partner; neither for all of them. For one person a relaxation is also told
        where the best matching would serve others, with the price of serving this person.
    relaxations
        Whether to look for relaxations too: one more place, an exception for one pair, a milder rule, a rule
        less, a lower bar. Each that is told was solved with.
    most
        Most relaxations to tell, at least 1.
    time_limit
        Seconds for solving, > 0; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` now and then.
    audience
        ``"lead"`` or ``"auditor"``. Easing a rule over sensitive, special or confidential fields is told to
        the auditor alone.

    Returns
    -------
    Diagnosis

    Raises
    ------
    CallError
        More than one person was named, or one who has a partner; or an argument cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> cohort = pm.Cohort(pd.DataFrame({"id": ["ana"]}), pd.DataFrame({"id": ["eve", "fay"]}))
    >>> diagnosis = pm.diagnose(pm.match(cohort, pm.Policy(objective=["mentees"])))
    >>> diagnosis.table[["kind", "people", "places"]].values.tolist()
    [['blocking_set', 2, 1]]
    >>> diagnosis.relaxations["relaxation"].tolist()
    ['one more place with mentor ana']
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit, progress)
    check_audience(audience)
    _check_most(most)
    left, ends = _left_out(matching, mentor, mentee), _ends(time_limit)
    reach = Reach(matching, scorer_of(matching))
    people = first_truths(matching, reach, left)
    if not people:
        return Diagnosis(audience, (), ())
    with Workers() as workers:
        solving = Solving(matching, reach.scorer, workers, ends)
        people, whole = _priced(solving, reach, people, relaxations=relaxations)
        if not relaxations:
            return Diagnosis(audience, tuple(people), (), whole)
        trials = list(Candidates(matching, reach, people, audience).trials(2 * most))
        pairs = reach.pairs
        anew = pairs <= HELD or time_limit is not None
        instant = instant_for(solving, reach, trials)
        trying = Trying(solving, instant, people, progress, anew=anew)
        if mentor is None and mentee is None:
            found, done = trying.for_all(trials)
        else:
            place = reach.places(people[0].role).get(people[0].id, -1)
            forced = most if pairs <= SMALL else FORCED if pairs <= HELD else 2 * FORCED
            found, done = trying.for_one(trials, people[0], place, forced)
    return Diagnosis(audience, tuple(people), tuple(best_first(found, most)), whole and done)


def _left_out(matching: Matching, mentor: str | None, mentee: str | None) -> Sequence[Left]:
    """Those who are asked about."""
    if mentor is None and mentee is None:
        return matching.left
    role, who = one_person(matching.cohort, mentor, mentee)
    found = [one for one in matching.left if (one.role, one.id) == (role, who)]
    if not found:
        hint = "has a partner; pairmatch.explain tells why this one"
        raise CallError([Finding("has_partner", hint, f"{role}s", who)])
    return found


def _priced(
    solving: Solving, reach: Reach, people: Sequence[Diagnosed], *, relaxations: bool
) -> tuple[list[Diagnosed], bool]:
    """The people with what serving them would cost, where that is open and can be solved at once.

    And whether time sufficed for all of them.
    """
    told, whole = list(people), True
    alone = len(people) == 1
    most = PRICED if reach.pairs <= SMALL else 1 if reach.pairs <= HELD or (alone and relaxations) else 0
    at = [k for k, one in enumerate(people) if one.kind in (KINDS if alone else KINDS[:3])]
    for k in at[:most]:
        one = people[k]
        try:
            forced = one.role, reach.places(one.role)[one.id]
            outcome = solving.changed(None, forced)
        except NoSolutionError:
            whole = False
            break
        told[k] = displaced(one, displacement_of(outcome, one.role, one.id))
    return told, whole


KINDS = ("displaced", "groups", "open", "blocking_set")
"""Kinds of truth of which somebody may ask for the price; of the last one only for a single person."""


def _ends(time_limit: float | None) -> Callable[[], float | None]:
    """Tells how many seconds are left."""
    started = time.monotonic()

    def left() -> float | None:
        if time_limit is None:
            return None
        remaining = time_limit - (time.monotonic() - started)
        if remaining <= 0:
            raise NoSolutionError("the time limit ended before everything was tried")
        return max(remaining, LEAST_SECONDS)

    return left


def _check_most(most: object) -> None:
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise CallError([Finding("bad_number", "must be a whole number, at least 1", column="most")])
