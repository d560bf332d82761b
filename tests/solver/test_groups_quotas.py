"""Quotas that cannot be: what is said, and that it is said before any search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pairmatch.errors import CallError, InfeasibleError
from pairmatch.groups import Cross, Group
from pairmatch.problem import Ints, Loads, Problem
from pairmatch.solver import assign, solve
from pairmatch.solver.search import Search


def square(n: int, groups: tuple[Group, ...], required: tuple[tuple[int, int], ...] = ()) -> Problem:
    """Everybody can be paired with everybody, once, and weighs the same."""
    mentor, mentee = np.divmod(np.arange(n * n, dtype=np.int32), np.int32(n))
    one, none = np.ones(n, np.int64), np.zeros(n, np.int64)
    loads = Loads(one, one, none, none, required=np.array(required, np.int64).reshape(-1, 2))
    return Problem(
        mentor, mentee, np.full(n * n, 10), loads, np.zeros(n, bool), ("mentees", "total"), groups=groups
    )


def members(n: int, who: range | list[int]) -> Ints:
    """Ones for some, zeros for the others."""
    own = np.zeros(n, np.int64)
    own[list(who)] = 1
    return own


def told(problem: Problem) -> tuple[str, ...]:
    """What the solver says about an impossible problem, without a search."""
    with pytest.raises(InfeasibleError) as caught:
        solve(problem)
    return tuple(f"{finding.code}: {finding.hint}" for finding in caught.value.findings)


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting has to do."""

    def refuse(*_: object) -> None:
        raise AssertionError("a search was started")

    monkeypatch.setattr(Search, "maximise", refuse)


@pytest.mark.usefixtures("no_search")
def test_more_than_there_are() -> None:
    """A group of two can bring no three."""
    (text,) = told(square(4, (Group("at least 3 women", "women", mentors=members(4, [0, 1]), least=3),)))
    assert text.startswith("quota_too_high: at least 3 women (women): at least 3 must be, but at most 2 can")


@pytest.mark.usefixtures("no_search")
@pytest.mark.parametrize("who", [[], [0, 1], [0, 1, 2]])
def test_of_protected_groups_no_count_is_told(who: list[int]) -> None:
    """Whether none or two can is not said where the group is about a protected field."""
    quota = Group("quota", "women", mentors=members(4, who), least=4, protected=True)
    (text,) = told(square(4, (quota,)))
    assert text == (
        "quota_too_high: quota (women): at least 4 must be, but fewer can; ask for fewer, open more places, "
        "or look at the spelling of its values"
    )


@pytest.mark.usefixtures("no_search")
def test_a_group_that_nobody_is_of() -> None:
    """A slip of the pen, rather than too few places."""
    (text,) = told(square(4, (Group("quota", "region = Nroth", mentors=members(4, []), least=1),)))
    assert "nobody is of this group; look at the spelling of its values" in text


@pytest.mark.usefixtures("no_search")
def test_too_low_and_together_tell_no_protected_count() -> None:
    """The other messages hold their tongue as well."""
    low = Group("quota", "women", mentors=members(4, [0, 1]), most=1, protected=True)
    (text,) = told(square(4, (low,), required=((0, 0), (1, 1))))
    assert "minimums and required pairs alone make more; allow more" in text
    women = Group("women", "women", mentors=members(4, [0, 1]), least=2, protected=True)
    men = Group("men", "men", mentors=members(4, [2, 3]), least=2, protected=True)
    chosen = Group("chosen", "chosen", mentors=members(4, range(4)), most=3)
    (text,) = told(square(4, (women, men, chosen)))
    assert "are different people, so that more mentors must have a pair than can; ask" in text


@pytest.mark.usefixtures("no_search")
def test_few_chosen_mentors_have_few_places() -> None:
    """Three mentors with a place each cannot have the six mentees who must have one, nor one two of them."""
    problem = square(6, (Group("chosen", "mentors chosen", mentors=members(6, range(6)), most=3),))
    minimum = replace(problem.loads, mentee_minimum=np.ones(6, np.int64))
    (text,) = told(replace(problem, loads=minimum))
    assert text == (
        "quotas_over_places: minimums and required pairs ask for 6 pairs of the mentees, but chosen (mentors "
        "chosen) leaves places for at most 3; allow more, or relax them"
    )
    one = Group("chosen", "mentors chosen", mentors=members(6, range(6)), most=1)
    two = Group("quota", "north", mentees=members(6, range(4)), least=2)
    (text,) = told(replace(problem, groups=(one, two)))
    assert "at least 2 must be, but at most 1 can" in text


@pytest.mark.usefixtures("no_search")
def test_more_than_the_other_side_has_places_for() -> None:
    """Three mentees cannot be matched with two mentors."""
    problem = square(4, (Group("quota", "juniors", mentees=members(4, range(4)), least=3),))
    capacity = np.array([1, 1, 0, 0])
    (text,) = told(replace(problem, loads=replace(problem.loads, mentor_capacity=capacity)))
    assert "at most 2 can" in text


@pytest.mark.usefixtures("no_search")
def test_who_has_no_allowed_pair_does_not_count() -> None:
    """A woman whom the rules leave nobody cannot fill a quota."""
    problem = square(3, (Group("quota", "women", mentors=members(3, [0, 1]), least=2),))
    kept = problem.mentor != 0
    arcs = {name: getattr(problem, name)[kept] for name in ("mentor", "mentee", "weight")}
    (text,) = told(replace(problem, **arcs))
    assert "at most 1 can" in text


@pytest.mark.usefixtures("no_search")
def test_quotas_over_different_people_that_need_too_many_places() -> None:
    """Two and two of the three who can be chosen."""
    north = Group("quota of the north", "north", mentors=members(4, [0, 1]), least=2)
    south = Group("quota of the south", "south", mentors=members(4, [2, 3]), least=2)
    chosen = Group("mentors chosen", "mentors", mentors=members(4, range(4)), most=3)
    (text,) = told(square(4, (north, south, chosen)))
    assert text.startswith(
        "quotas_over_places: quota of the north (north): 2 and quota of the south (south): 2"
    )
    assert "4 mentors must have a pair, but at most 3 can" in text


@pytest.mark.usefixtures("no_search")
def test_required_pairs_above_a_quota() -> None:
    """At most one, where two must be."""
    group = Group("at most 1", "north", mentors=members(3, [0, 1]), most=1)
    (text,) = told(square(3, (group,), required=((0, 0), (1, 1))))
    assert text.startswith("quota_too_low: at most 1 (north): at most 1 may be")
    assert "at least 2" in text


@pytest.mark.usefixtures("no_search")
def test_a_quota_against_itself() -> None:
    """At least two and at most one."""
    (text,) = told(square(3, (Group("quota", "north", mentors=members(3, range(3)), least=2, most=1),)))
    assert text.startswith("quotas_cross: quota (north)")


def test_what_only_a_search_finds_names_the_quotas() -> None:
    """Pairs across and pairs within cannot both be all pairs."""
    classes = np.array([0, 1, 0, 1], np.int32)
    across = Cross(classes, classes, 1 - np.eye(2, dtype=np.int64))
    within = Cross(classes, classes, np.eye(2, dtype=np.int64))
    groups = (
        Group("across", "pairs", pairs=across, least=3),
        Group("within", "pairs", pairs=within, least=3),
    )
    (text,) = told(square(4, groups))
    assert text.startswith("contradiction: no matching meets across (pairs) and within (pairs) together")


@pytest.mark.parametrize("tier", ["spread", "coached"])
def test_weights_alone_have_no_groups(tier: str) -> None:
    """The solver's own door takes no cohort goals and no coaches, and says so."""
    with pytest.raises(
        CallError, match="weights alone have no coaches and no cohort goals; leave the tier out"
    ):
        assign(np.ones((2, 2)), objective=("mentees", tier))


def test_without_quotas_the_old_words() -> None:
    """Hours and required pairs alone."""
    problem = square(2, (), required=((0, 0),))
    hours = {"mentee_hours": np.array([5, 1]), "mentor_hours": np.array([1, 9])}
    (text,) = told(replace(problem, loads=replace(problem.loads, **hours)))
    assert text.startswith("contradiction: minimums, required pairs and hour budgets")
