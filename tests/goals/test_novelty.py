"""The goal that the two stand far apart in the organisation, compared with networkx."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch import goals
from pairmatch.cohort import Cohort, Organisation
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from pairmatch.testing.table_strategies import tables
from tests.rules.small import codes, cohort, scores

GOAL = goals.Novelty(scale=6, weight=1)


class TestNovelty(PairGoalContract):
    """The contract, with a scale longer than any line."""

    goal = goals.Novelty(scale=100, weight=0.05)


def chart_of(people: Cohort) -> Organisation:
    """The cohort's chart, which it has."""
    assert people.organisation is not None
    return people.organisation


def company(managers: list[Any], **tables: Any) -> Cohort:
    """Two mentors and the mentees, each with a manager."""
    return cohort({"manager": managers[:2]}, {"manager": managers[2:]}, **tables)


@given(tables(), st.sampled_from([0.5, 1, 2, 2.5, 4, 7, 100]))
def test_it_is_the_shortest_path_along_direct_lines(drawn: Any, scale: float) -> None:
    """Over the direct lines of networkx, where both tops are known; without a path as far as can be."""
    people = drawn.cohort()
    chart = chart_of(people)
    graph = nx.Graph((a, b) for a, b, kind in chart.lines if kind == "direct")
    graph.add_nodes_from(chart.ids)
    tops = set(chart.roots)
    known = set().union(*(nx.node_connected_component(graph, top) for top in tops), set())
    lengths = dict(nx.all_pairs_shortest_path_length(graph))
    expected = [
        [
            min(1.0, lengths[a].get(b, float("inf")) / scale) if {a, b} <= known else None
            for b in people.mentees.ids
        ]
        for a in people.mentors.ids
    ]
    assert scores(goals.Novelty(scale=scale, weight=1), people) == expected


def test_by_hand() -> None:
    """Oneself, one's manager, a colleague, the manager's manager, another branch; of a scale of 6."""
    org = {"id": ["top", "a", "b"], "manager": [None, "top", "top"]}
    people = company(["a", "m1", "a", "m1", "b"], org=org)
    assert scores(GOAL, people) == [[2 / 6, 1 / 6, 4 / 6], [3 / 6, 2 / 6, 5 / 6]]
    twice = cohort({"id": ["x"], "manager": ["top"]}, {"id": ["x", "y"], "manager": ["top", "x"]}, org=org)
    assert scores(GOAL, twice) == [[0.0, 1 / 6]]


def test_different_tops_are_as_far_apart_as_can_be() -> None:
    """Two companies in one programme; the deep one and the shallow one."""
    org = {"id": ["t1", "t2"], "manager": [None, None]}
    people = company(["t1", "m1", "t2", "m1", "e2"], org=org)
    assert scores(goals.Novelty(scale=100, weight=1), people)[0] == [1.0, 1 / 100, 2 / 100]


def test_where_a_top_is_not_known_data_lack() -> None:
    """A blank manager of somebody who should have one; a manager outside; both ways."""
    people = cohort(
        {"manager": ["top", None], "level": ["1", "1"]},
        {"manager": ["top"], "level": ["2"]},
        org={"id": ["top"], "manager": [None]},
    )
    assert scores(GOAL, people) == [[2 / 6], [None]]
    outside = company(["x", "m1", "m1", "e1"], outside_managers="allow")
    assert scores(GOAL, outside) == [[None, None], [None, None]]


def test_dotted_lines_are_no_way() -> None:
    """Only direct lines count."""
    people = cohort(
        {"manager": ["top"], "dotted_managers": ["e1"]},
        {"manager": ["top"], "dotted_managers": [None]},
        org={"id": ["top"], "manager": [None]},
    )
    assert scores(GOAL, people) == [[2 / 6]]


def test_a_long_line() -> None:
    """Two thousand levels, and windows of a few of them."""
    ids = [f"p{k}" for k in range(2000)]
    org = {"id": ids, "manager": [None, *ids[:-1]]}
    people = cohort({"manager": ["p1999", "p1"]}, {"manager": ["p1999", "p1996", "p1901", "p3"]}, org=org)
    assert scores(goals.Novelty(scale=100, weight=1), people) == [
        [2 / 100, 5 / 100, 1.0, 1.0],
        [1.0, 1.0, 1.0, 4 / 100],
    ]


def test_what_it_needs() -> None:
    """Somebody has to say who reports to whom."""
    people = cohort({"team": ["a"]}, {"team": ["b"]})
    found = GOAL.needs(people)
    assert codes(found) == [("absent_table", "org", "manager")]
    assert "who reports to whom" in found[0].hint
    with pytest.raises(PolicyError, match="absent_table"):
        GOAL.score_pair(people.mentors.person(0), people.mentees.person(0))


@pytest.mark.parametrize("scale", [0, -1, 101, "6", None, float("nan")])
def test_bad_scales(scale: Any) -> None:
    """A scale is a number of lines that an organisation may have."""
    with pytest.raises(PolicyError, match=r"bad_number.*'scale'"):
        goals.Novelty(scale=scale, weight=1)


@given(tables(), st.integers(0, 5))
def test_lines_upwards_and_depths(drawn: Any, steps: int) -> None:
    """For many people at once as for one, strangers too."""
    chart = chart_of(drawn.cohort())
    asked = [*chart.ids, "stranger"]
    assert [None if d < 0 else d for d in chart.depths(asked)] == [chart.depth(name) for name in asked]
    for name, above in zip(asked, chart.upwards(asked, steps).tolist(), strict=True):
        line = [name] if chart.known(name) else []
        while line and len(line) <= steps and (manager := chart.manager(line[-1])):
            line.append(manager)
        assert [chart.ids[k] for k in above if k >= 0] == line
        assert above[len(line) :] == [-1] * (steps + 1 - len(line))
