"""Conflicts among dozens of people: counts and cuts leave few of them, and searches give up in time."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.conflict import Conflict, Member
from pairmatch.conflicts import asking, explaining, shrinking, with_conflict
from pairmatch.conflicts.asking import Asking
from pairmatch.conflicts.reading import Source, read
from pairmatch.scoring import canonical_order, fit
from pairmatch.solver.clock import Clock
from pairmatch.solver.feasible import any_matching

GOALS = [goals.Same("region", weight=1)]


def cohort(mentors: int, mentees: int, **columns: object) -> pm.Cohort:
    """People of whom every other one is of the north; columns of the mentors."""
    tables = [
        pd.DataFrame(
            {
                "id": [f"{letter}{place:02}" for place in range(number)],
                "region": ["North" if place % 2 else "South" for place in range(number)],
                "level": [place % 5 for place in range(number)],
                "hours": [1 + place % 3 for place in range(number)],
            }
        )
        for letter, number in (("m", mentors), ("e", mentees))
    ]
    return pm.Cohort(tables[0].assign(**columns), tables[1])


def found(people: pm.Cohort, policy: pm.Policy) -> Conflict:
    """The conflict of a policy that nobody can keep."""
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(people, policy)
    conflict = caught.value.conflict
    assert conflict is not None
    return conflict


def member(conflict: Conflict, rule: str) -> Member:
    """The member of a rule."""
    return next(each for each in conflict.members if each.rule == rule)


@pytest.mark.parametrize("large", [shrinking.LARGE, 10])
def test_a_count_names_one_person_more_than_there_are_places(large: int) -> None:
    """Of thirty-five who must be served, as many as places and one more; each of them is needed."""
    people, policy = cohort(30, 35), pm.Policy(rules=[rules.Minimum(mentees=1)], goals=GOALS)
    with mock.patch.object(shrinking, "LARGE", large):
        conflict = found(people, policy)
    assert (conflict.minimal, conflict.each_needed, conflict.others) == (True, True, True)
    assert len(member(conflict, "minimum").ids) == 31
    assert len(member(conflict, "own capacity").ids) == 30
    off, *places = conflict.repairs
    assert off.words == "leave out the rule 'minimum'"
    assert all(repair.words.startswith("5 more places for mentor m") for repair in places)
    assert {repair.enough for repair in conflict.repairs} == {True}


def test_the_first_of_ever_larger_minimums() -> None:
    """Minimums of several pairs: none may be lowered for the others' sake."""
    people = cohort(6, 4, minimum=[3, 3, 3, 0, 0, 0], capacity=3)
    conflict = found(people, pm.Policy(goals=GOALS, mentees={"capacity": 2}))
    assert (conflict.minimal, conflict.each_needed) == (True, True)
    assert member(conflict, "own minimum").ids == ("m00", "m01", "m02")
    assert all(repair.enough for repair in conflict.repairs)
    lowered = {repair.words for repair in conflict.repairs if repair.kind == "minimum"}
    assert lowered < {f"lower the minimum of mentor m0{place} to 2" for place in range(3)}
    assert {repair.words for repair in conflict.repairs if repair.kind == "place"} < {
        f"one more place for mentee e0{place}" for place in range(4)
    }


def test_a_quota_among_many() -> None:
    """Who is chosen, and how many are needed: the nearest count is the nearest."""
    people, chosen = cohort(40, 40), rules.MentorsChosen(at_most=10)
    policy = pm.Policy(rules=[chosen, rules.Minimum(mentees=1)], goals=GOALS)
    conflict = found(people, policy)
    assert (conflict.minimal, conflict.proven) == (True, True)
    assert len(member(conflict, "minimum").ids) == 11
    first = conflict.repairs[0]
    assert (first.words, first.enough) == ("allow at most 40 in place of 10 in 'mentors_chosen'", True)


def test_hours_among_many() -> None:
    """Budgets that are too small in all, though each pair would fit."""
    policy = pm.Policy(rules=[rules.Hours(), rules.Minimum(mentees=1)], goals=GOALS)
    assert len(pm.match(cohort(30, 30, capacity=2), policy).pairs) == 30
    conflict = found(cohort(30, 30, capacity=2, hours=1), policy)
    assert (conflict.proven, conflict.minimal, conflict.each_needed) == (True, True, True)
    assert len(member(conflict, "minimum").ids) == 1
    assert len(member(conflict, "hours").ids) == 30
    assert {repair.kind: repair.enough for repair in conflict.repairs} == {"rule_off": True, "hours": False}


def test_what_cannot_be_told_in_time_is_not_claimed() -> None:
    """Searches that end without an answer leave members that may not be needed."""
    people, policy = cohort(12, 12), pm.Policy(rules=[rules.Hours(), rules.Minimum(mentees=1)], goals=GOALS)
    source = Source(people, policy, fit(people, policy), *_rows(people))
    system = read(source)
    ask, real = Asking(Clock(None)), any_matching

    def unsure(*given: object, **told: object) -> object:
        answer = real(*given, **told)  # type: ignore[arg-type]
        return answer if answer.feasible is False else replace(answer, feasible=None)

    tight = replace(system, mentee_hours=np.full(12, 500, np.int64))
    with (
        mock.patch.object(asking, "any_matching", unsure),
        mock.patch.object(asking, "constructed", return_value=None),
    ):
        conflict = explaining.conflict_of(source, tight, ask)
    assert conflict is None or (conflict.proven and not conflict.minimal)


def test_the_clock_ends_it() -> None:
    """Once time is over what is proven stands, and nothing more is claimed."""
    people, policy = cohort(30, 35), pm.Policy(rules=[rules.Minimum(mentees=1)], goals=GOALS)
    source = Source(people, policy, fit(people, policy), *_rows(people))
    system = read(source)
    for looks in range(1, 30, 3):
        conflict = explaining.conflict_of(source, system, Asking(_Counted(looks)))
        assert conflict is None or conflict.proven
        assert conflict is None or not conflict.each_needed or len(member(conflict, "minimum").ids) == 31


class _Counted(Clock):
    """A clock that is over after it was looked at so often."""

    def __init__(self, looks: int) -> None:
        super().__init__(None)
        self._looks = looks

    @property
    def over(self) -> bool:
        """Whether it was looked at often enough."""
        self._looks -= 1
        return self._looks < 0


def _rows(people: pm.Cohort) -> tuple[np.ndarray, np.ndarray]:
    return canonical_order(people.mentors, 0), canonical_order(people.mentees, 0)


def test_seconds_are_kept() -> None:
    """A conflict takes no longer than it may."""
    people, policy = (
        cohort(40, 40),
        pm.Policy(rules=[rules.MentorsChosen(10), rules.Minimum(mentees=1)], goals=GOALS),
    )
    error = with_conflict(pm.InfeasibleError([]), people, policy, fit(people, policy), seconds=0.5)
    assert error.conflict is None or error.conflict.proven
