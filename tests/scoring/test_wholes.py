"""What a policy asks of the matching as a whole reaches the solver in its positions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.groups import Cross, Even, Group, Places
from pairmatch.scoring import build, build_required, fit, loads, places_of
from pairmatch.scoring.order import canonical_order
from pairmatch.testing import reference_problem
from pairmatch.testing.policy_strategies import Case, cases
from tests.own_parts import problems


def people(count: int, **columns: Any) -> pd.DataFrame:
    """A table of people p0, p1, ..."""
    return pd.DataFrame({"id": [f"p{k}" for k in range(count)], **columns})


def cohort() -> pm.Cohort:
    """Four mentors, of whom one rests and one has no capacity, and three mentees."""
    mentors = people(5, region=["n", "s", "s", "n", "n"], active=["yes", "yes", "no", "yes", "yes"])
    mentors["capacity"] = [3, 2, 1, 0, 1]
    mentors["trained"] = ["yes", "yes", "yes", "yes", "no"]
    return pm.Cohort(mentors, people(3, region=["n", "s", "s"]).assign(id=["e0", "e1", "e2"]))


def places(policy: pm.Policy, of: pm.Cohort | None = None) -> Places:
    """How many can be matched under a policy."""
    asked = of or cohort()
    order = [canonical_order(side, policy.seed) for side in (asked.mentors, asked.mentees)]
    return places_of(asked, policy, loads(asked, policy, *order))


def test_places_are_what_counting_tells() -> None:
    """Who rests, has no capacity or is not admitted has no place; nobody has more pairs than partners."""
    assert places(pm.Policy(objective=["mentees"])) == Places(3, 3, 3)
    trained = pm.Policy(rules=[rules.Trained(of="mentors")], objective=["mentees"])
    assert places(trained) == Places(2, 3, 3)
    twice = pm.Policy(mentees={"capacity": 2}, objective=["mentees"])
    assert places(twice) == Places(3, 3, 6)


def test_places_with_mentors_chosen() -> None:
    """Those with the largest capacities tell how many pairs there can be."""
    one = pm.Policy(rules=[rules.MentorsChosen(at_most=1)], mentees={"capacity": 3}, objective=["mentees"])
    assert places(one) == Places(1, 3, 3)


def test_nobody_at_all() -> None:
    """Without anybody who can be matched there are no places, and no targets."""
    everybody = pm.Cohort(
        people(2, active=["no", "no"], region=["n", "s"]), people(1, active=["no"], region=["n"])
    )
    policy = pm.Policy(goals=[goals.Spread("region"), goals.EvenLoad()], objective=["mentees", "spread"])
    assert places(policy, everybody) == Places(0, 0, 0)
    problem = build(everybody, policy, fit(everybody, policy)).problem
    assert problem.groups == ()
    assert problem.evens[0].load.tolist() == []


def test_groups_stand_in_the_problems_positions() -> None:
    """Groups name people by position, with the label and price of their goal, goals before rules."""
    policy = pm.Policy(
        rules=[rules.AtMost(1, where={"region": "n"})],
        goals=[goals.Spread("region", price=0.25), goals.EvenLoad(price=2)],
        objective=["mentees", "spread"],
    )
    asked = cohort()
    built = build(asked, policy, fit(asked, policy))
    north, south, quota = built.problem.groups
    assert [(group.part, group.price, group.target, group.most) for group in (north, south, quota)] == [
        ("spread(region, mentors)", 250_000, 2, None),
        ("spread(region, mentors)", 250_000, 1, None),
        ("at_most(1 mentors, region = n)", 0, None, 1),
    ]
    ids = [asked.mentors.ids[row] for row in built.mentors]
    can = {"p0", "p4"}
    assert {one for one, counts in zip(ids, north.mentors, strict=True) if counts} == can  # type: ignore[arg-type]
    (even,) = built.problem.evens
    assert (even.part, even.price, even.load.tolist()) == ("even_load(mentors)", 2_000_000, [1, 1, 1, 1])
    again = build_required(asked, policy, fit(asked, policy)).problem
    assert [group.name for group in again.groups] == [group.name for group in built.problem.groups]


@given(case=cases(whole=True))
def test_the_reference_states_the_same(case: Case) -> None:
    """Groups by position and groups worked out by hand are of the same people, with the same bounds."""
    stated = reference_problem(case.cohort, case.policy)
    if stated is None:
        return
    built = build(case.cohort, case.policy, fit(case.cohort, case.policy))
    ids = (
        [case.cohort.mentors.ids[row] for row in built.mentors],
        [case.cohort.mentees.ids[row] for row in built.mentees],
    )
    ours = [told(group, *ids) for group in built.problem.groups]
    assert ours == [told(group, stated.mentors, stated.mentees) for group in stated.problem.groups]
    evens = [(even.part, even.price, set(even.load.tolist())) for even in built.problem.evens]
    assert evens == [(even.part, even.price, set(even.load.tolist())) for even in stated.problem.evens]


def told(group: Group, mentors: Any, mentees: Any) -> Any:
    """A group by ids."""
    bounds = group.part, group.name, group.target, group.limit, group.least, group.most, group.price
    own = None if group.mentors is None else dict(zip(mentors, group.mentors.tolist(), strict=True))
    other = None if group.mentees is None else dict(zip(mentees, group.mentees.tolist(), strict=True))
    pairs = None
    if group.pairs is not None:
        every = np.indices((len(mentors), len(mentees))).reshape(2, -1)
        cells = group.pairs.of(*every).tolist()
        pairs = {(mentors[i], mentees[j]): n for i, j, n in zip(*every.tolist(), cells, strict=True)}
    return bounds, own, other, pairs


class Own:
    """A company's own cohort goal, whose groups a test hands in."""

    name = "own"
    price = 1.0

    def __init__(self, *groups: Any, evens: Any = ()) -> None:
        self._groups, self._evens = list(groups), list(evens)

    def groups(self, cohort: pm.Cohort, places: Places) -> Any:
        """The groups as they were handed in."""
        return self._groups

    def evens(self, cohort: pm.Cohort, places: Places) -> Any:
        """The even loads as they were handed in."""
        return self._evens

    def shortfall(self, pairs: pd.DataFrame, cohort: pm.Cohort, places: Places) -> int:
        """Nothing is short."""
        return 0


class OwnRule(Own):
    """A company's own group rule."""

    shortfall = None  # type: ignore[assignment]

    def broken(self, pairs: Any, cohort: pm.Cohort) -> list[pm.Finding]:
        """Nothing is broken."""
        return []


def cross(mentor: Any, mentee: Any, cells: Any) -> Cross:
    """Classes of pairs."""
    return Cross(np.array(mentor, np.int32), np.array(mentee, np.int32), np.array(cells))


@pytest.mark.parametrize(
    "part",
    [
        Own(Group("", "short", mentors=np.ones(3, np.int64), target=1)),
        Own(Group("", "broken", mentees=np.ones(3), target=1)),
        Own(Group("", "listed", mentees=[1, 1, 1], target=1)),  # type: ignore[arg-type]
        Own(Group("", "bounded", mentees=np.ones(3, np.int64), most=1)),
        OwnRule(Group("", "priced", mentees=np.ones(3, np.int64), target=1)),
        Own(Group("", "beyond", pairs=cross([0] * 5, [0, 0, 1], [[1]]), target=1)),
        Own(Group("", "negative", pairs=cross([0] * 5, [0, 0, -1], [[1]]), target=1)),
        Own(Group("", "few", pairs=cross([0] * 4, [0, 0, 0], [[1]]), target=1)),
        Own(Group("", "flat", pairs=cross([0] * 5, [0, 0, 0], [1]), target=1)),
        Own(Group("", "halves", pairs=cross([0] * 5, [0, 0, 0], [[0.5]]), target=1)),
        Own(evens=[Even("", "mentees", np.ones(2, np.int64), 0)]),
        Own(evens=[Even("", "mentees", np.zeros(3, np.int64), 0)]),
    ],
)
def test_groups_that_do_not_fit_are_refused(part: Any) -> None:
    """A goal of one's own whose groups do not fit the tables is told so by its label."""
    section = {"rules": [part]} if isinstance(part, OwnRule) else {"goals": [part]}
    policy = pm.Policy(**section, objective=["mentees"])  # type: ignore[arg-type]
    asked = cohort()
    with pytest.raises(pm.PolicyError) as caught:
        build(asked, policy, fit(asked, policy))
    assert problems(caught.value) == {("wrong_groups", "own")}


class Handed(Own):
    """A cohort goal that hands in whatever a test hands it."""

    def __init__(self, groups: Any, evens: Any = ()) -> None:
        self._groups, self._evens = groups, evens


ONES = np.ones(5, np.int64)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Handed(None), "must return a list of pairmatch.groups.Group"),
        (Handed([{"mentors": 1}]), "must return a list of pairmatch.groups.Group"),
        (Handed([], None), "must return a list of pairmatch.groups.Even"),
        (Handed([Group("", "x", mentors=ONES, target=1.5)]), "'target' of the group 'x'"),  # type: ignore[arg-type]
        (Handed([Group("", "x", mentors=ONES, limit="2")]), "'limit' of the group 'x'"),  # type: ignore[arg-type]
        (Handed([Group("", "x", mentors=ONES)]), "needs 'target' or 'limit'"),
        (OwnRule(Group("", "x", mentors=ONES, least=1.5)), "'least' of the group 'x'"),  # type: ignore[arg-type]
        (OwnRule(Group("", "x", mentors=ONES, most=True)), "'most' of the group 'x'"),
        (OwnRule(Group("", "x", mentors=ONES)), "needs 'least' or 'most'"),
        (Handed([Group("", "x", pairs="all", target=1)]), "needs a whole number for each row"),  # type: ignore[arg-type]
        (Handed([], [Even("", "pairs", ONES, 0)]), "the side of an even load"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_group_is_refused_in_words(part: Any, said: str) -> None:
    """Whatever a method of one's own returns, what is wrong with it is told with the goal's label."""
    section = {"rules": [part]} if isinstance(part, OwnRule) else {"goals": [part]}
    policy = pm.Policy(**section, objective=["mentees"])  # type: ignore[arg-type]
    asked = cohort()
    with pytest.raises(pm.PolicyError, match=said) as caught:
        build(asked, policy, fit(asked, policy))
    assert problems(caught.value) == {("wrong_groups", "own")}


def test_groups_over_protected_fields_say_so() -> None:
    """The solver's messages tell no counts of them (law §12)."""
    asked = pm.Cohort(people(3, gender=["f", "m", "m"]), people(3, gender=["f", "m", "m"]))
    policy = pm.Policy(
        rules=[rules.AtMost(1, where={"gender": "m"}, purpose="x"), rules.MentorsChosen(at_most=2)],
        goals=[goals.Spread("gender", purpose="x"), goals.Spread("id", out_of=1)],
        objective=["mentees"],
    )
    groups = build(asked, policy, fit(asked, policy)).problem.groups
    assert {group.part: group.protected for group in groups} == {
        "spread(gender, mentors)": True,
        "spread(id, mentors)": False,
        "at_most(1 mentors, gender = m)": True,
        "mentors_chosen": False,
    }
