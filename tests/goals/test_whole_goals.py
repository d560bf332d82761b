"""Links, even loads and pairs of different people, and what holds for every cohort goal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals
from pairmatch.goals import priced
from pairmatch.groups import Places
from pairmatch.testing.cohort_goal_contract import as_table, short, some_places, told_groups
from pairmatch.testing.contract_tools import fitting
from pairmatch.testing.load_contract import some_pairs
from pairmatch.testing.policy_strategies import COHORT_GOALS
from pairmatch.testing.table_strategies import tables
from pairmatch.testing.tables import Tables
from tests.own_parts import problems

pytestmark = pytest.mark.untraced


def cohort(mentors: dict[str, Any], mentees: dict[str, Any]) -> pm.Cohort:
    """A cohort with these columns."""
    return pm.Cohort(frame("m", mentors), frame("e", mentees))


def frame(letter: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Columns with ids before them."""
    count = len(next(iter(columns.values())))
    return pd.DataFrame({"id": [f"{letter}{k}" for k in range(count)], **columns})


def test_links_have_an_even_part() -> None:
    """Five pairs over the four links between different departments: more than two are too many."""
    people = cohort({"department": ["IT", "IT", "Law"]}, {"department": ["it", "HR", "HR", "HR", "Law"]})
    goal = goals.Links("department")
    groups = goal.groups(people, Places(3, 5, 5))
    # IT -> HR, IT -> Law, Law -> IT, Law -> HR; IT -> Law can have two pairs at most, and is not limited.
    assert [(group.name, group.limit) for group in groups] == [
        ("pairs with department = IT -> HR", 2),
        ("pairs with department = Law -> HR", 2),
    ]
    made = as_table([("m0", "e1"), ("m1", "e2"), ("m1", "e3"), ("m0", "e2"), ("m2", "e4")])
    assert goal.shortfall(made, people, Places(3, 5, 5)) == 2


def test_links_within_one_value() -> None:
    """Where there is one department alone, all pairs are its part; a blank cell is a value of its own."""
    alone = cohort({"department": ["IT", "IT"]}, {"department": ["IT"]})
    assert goals.Links("department").groups(alone, Places(2, 1, 2)) == []
    blank = cohort({"department": ["IT", None]}, {"department": ["IT", "IT"]})
    (link, _) = goals.Links("department").groups(blank, Places(1, 1, 1))
    assert (link.name, link.limit) == ("pairs with department = IT -> IT", 1)


def test_even_loads() -> None:
    """The most pairs by the persons, rounded up; never below one."""
    people = cohort({"team": ["a", "b"]}, {"team": ["a", "b", "c"]})
    made = as_table([("m0", "e0"), ("m0", "e1"), ("m0", "e2"), ("m1", "e2")])
    for side, places, load, beyond in (
        ("mentors", Places(2, 3, 4), 2, 1),
        ("mentors", Places(0, 0, 0), 1, 2),
        ("mentees", Places(2, 3, 4), 2, 0),
    ):
        goal = goals.EvenLoad(of=side)  # type: ignore[arg-type]
        (even,) = goal.evens(people, places)
        assert set(even.load.tolist()) == {load}
        assert goal.shortfall(made, people, places) == beyond


def test_different_pairs() -> None:
    """A share of the most pairs, rounded up; who left the cell blank differs from nobody."""
    people = cohort({"gender": ["a", "b", None]}, {"gender": ["a", "b", "c"]})
    goal = goals.DifferentPairs("gender", share=0.6, purpose="reach across")
    (group,) = goal.groups(people, Places(3, 3, 4))
    assert (group.name, group.target) == ("pairs with different gender", 3)
    made = as_table([("m0", "e0"), ("m0", "e1"), ("m2", "e1"), ("m1", "e2")])
    assert goal.shortfall(made, people, Places(3, 3, 4)) == 1
    assert goal.description == "at least 60 % of the pairs have different values in 'gender'"


def test_lists_that_differ_have_nothing_in_common() -> None:
    """One shared language is enough to be alike."""
    people = cohort({"languages": ["English; Deutsch", "Deutsch"]}, {"languages": ["english", "Español"]})
    goal = goals.DifferentPairs("languages", share=1)
    assert goal.shortfall(as_table([("m0", "e0"), ("m1", "e0")]), people, Places(2, 2, 2)) == 1


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: goals.Links(" ", price=-1), {("bad_text", "column"), ("bad_number", "price")}),
        (lambda: goals.EvenLoad(of="pairs"), {("bad_choice", "of")}),  # type: ignore[arg-type]
        (lambda: goals.DifferentPairs("gender", share=2), {("bad_share", "share")}),
        (lambda: goals.DifferentPairs(3), {("bad_text", "column")}),  # type: ignore[arg-type]
    ],
)
def test_bad_parameters(made: Any, expected: set[tuple[str, str]]) -> None:
    """What is wrong with the parameters is told by name."""
    with pytest.raises(pm.PolicyError) as caught:
        made()
    assert problems(caught.value) == expected


def test_too_many_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column in which everybody is different makes no groups that anybody could look at."""
    names = [f"n{k}" for k in range(40)]
    people = cohort({"team": names}, {"team": names})
    assert [found.code for found in goals.Links("team").needs(people)] == ["too_many_groups"]
    assert goals.DifferentPairs("team").needs(people) == []
    monkeypatch.setattr(priced, "MOST_CELLS", 1000)
    (found,) = goals.DifferentPairs("team").needs(people)
    assert found.hint == (
        "'different_pairs(team)' is over a column with too many different cells; take one with fewer."
    )


GOALS = st.sampled_from(COHORT_GOALS)


@given(drawn=tables(), goal=GOALS, places=some_places(), data=st.data())
def test_a_blank_person_more_moves_no_other_target(
    drawn: Tables, goal: Any, places: Places, data: st.DataObject
) -> None:
    """With everybody active, one more who rests changes neither the groups nor what is short."""
    people = fitting(drawn, goal)
    pairs = data.draw(some_pairs(people))
    more = replace(
        drawn,
        mentors=with_one(drawn.mentors),
        mentees=with_one(drawn.mentees),
        outside_managers="allow",
    ).cohort()
    again = more.resting(
        *(np.array([who == "zz" for who in side.ids]) for side in (more.mentors, more.mentees))
    )
    assert told_groups(goal, again, places) == told_groups(goal, people, places)
    assert short(goal, again, places, pairs) == short(goal, people, places, pairs)


def with_one(cells: Any) -> dict[str, Any]:
    """A table with one person more, of whom nothing is known."""
    return {name: [*column, "zz" if name == "id" else None] for name, column in cells.items()}


@given(drawn=tables(), places=some_places(), data=st.data())
def test_other_names_for_values_change_nothing(drawn: Tables, places: Places, data: st.DataObject) -> None:
    """Values under other names that sort alike have the same targets, and as many are short."""
    renamed = {"north": "a", "South": "c", "SOUTH": "C", "east": "0", None: None}
    if any("region" not in side for side in (drawn.mentors, drawn.mentees)):
        return
    again = replace(
        drawn,
        **{
            side: {**cells, "region": [renamed[cell] for cell in cells["region"]]}
            for side, cells in (("mentors", drawn.mentors), ("mentees", drawn.mentees))
        },
    )
    pairs = data.draw(some_pairs(drawn.cohort()))
    for goal in (goals.Spread("region"), goals.Spread("region", of="pairs"), goals.Links("region")):
        told = [told_groups(goal, one.cohort(), places) for one in (drawn, again)]
        assert [bounds[1:] for bounds in told[0]] == [bounds[1:] for bounds in told[1]]
        assert short(goal, drawn.cohort(), places, pairs) == short(goal, again.cohort(), places, pairs)


@given(drawn=tables(), goal=GOALS, places=some_places(), data=st.data())
def test_the_price_is_no_part_of_what_is_short(
    drawn: Tables, goal: Any, places: Places, data: st.DataObject
) -> None:
    """A goal at twice the price counts the same persons."""
    people = fitting(drawn, goal)
    dear, pairs = replace(goal, price=2 * goal.price), as_table(data.draw(some_pairs(people)))
    assert dear.shortfall(pairs, people, places) == goal.shortfall(pairs, people, places)
    assert told_groups(dear, people, places) == told_groups(goal, people, places)
