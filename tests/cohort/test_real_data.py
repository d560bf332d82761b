"""Two public organisations: Oracle's HR sample and a mentoring round of a civil service network."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from pairmatch.cohort import Block, Cohort, Field, Schema
from tests.public_data import folder

GRADES = ("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4")


@pytest.fixture(scope="module")
def civil_service() -> Cohort:
    """Fifty mentors and fifty mentees of six departments."""
    path = folder("uk-civil-service-small")
    special = Field("list", ",", "special")
    schema = Schema(
        columns={"id": "email address", "organisation": "organisation", "profession": "profession"},
        fields={
            "characteristics": special,
            "identity to match": special,
            "match with similar identity": Field("bool"),
        },
        level_column="grade",
        level_order=GRADES,
    )
    return Cohort.read(path / "mentors.csv", path / "mentees.csv", schema=schema)


@pytest.fixture(scope="module")
def oracle() -> Cohort:
    """All 107 employees, the managers among them as mentees, the others as mentors."""
    path = folder("oracle-hr")
    people = pd.read_csv(path / "employees.csv", dtype=str)
    managers = people["employee_id"].isin(people["manager_id"])
    schema = Schema(columns={"id": "employee_id", "manager": "manager_id", "department": "department_id"})
    return Cohort(people[~managers], people[managers], schema=schema)


def test_civil_service(civil_service: Cohort) -> None:
    """Ids, grades, lists and consent are read as the files have them."""
    assert civil_service.shape == (50, 50)
    mentor, mentee = civil_service.mentors.person(12), civil_service.mentees.person(0)
    assert mentor["characteristics"][0].label == "Bisexual or pansexual"
    assert [term.key for term in mentor["characteristics"]] == ["bisexual or pansexual", "transgender", "gay"]
    assert (mentor["level"], mentor["grade"]) == (9.0, 9.0)
    assert mentee["match with similar identity"] is True
    assert not np.isnan(civil_service.mentees.number("level")).any()
    assert civil_service.field_class("Identity to match") == "special"
    assert civil_service.organisation is None


def test_civil_service_notes(civil_service: Cohort) -> None:
    """Columns that nobody reads are noted, and nothing else is."""
    assert set(civil_service.notes["code"]) == {"unknown_column"}
    assert "biography" in set(civil_service.notes["column"])


def test_civil_service_in_blocks(civil_service: Cohort) -> None:
    """Counts by blocks are those that pandas makes from the files."""
    path = folder("uk-civil-service-small")
    left, right = (pd.read_csv(path / f"{side}.csv") for side in ("mentors", "mentees"))
    block = Block.whole(civil_service)
    mentor_codes, mentee_codes = block.codes("profession")
    assert (mentor_codes == mentee_codes).sum() == len(left.merge(right, on="profession"))
    levels = block.numbers("level")
    rank = {grade: k for k, grade in enumerate(GRADES)}
    gaps = left["grade"].map(rank).to_numpy()[:, None] - right["grade"].map(rank).to_numpy()[None, :]
    np.testing.assert_array_equal(levels[0] - levels[1], gaps)


def test_oracle_chart(oracle: Cohort) -> None:
    """The chart has one root, and networkx sees the same lines and distances."""
    chart = oracle.organisation
    assert chart is not None
    assert chart.roots == ("100",)
    assert oracle.shape == (89, 18)
    tree = chart.graph().to_undirected()
    assert nx.is_tree(tree)
    steps = dict(nx.all_pairs_shortest_path_length(tree))
    assert all(chart.distance(a, b) == steps[a][b] for a in chart.ids for b in oracle.mentees.ids)
    assert max(chart.depth(name) or 0 for name in chart.ids) == 3
    assert chart.complete_many(chart.ids).all()


def test_oracle_lines(oracle: Cohort) -> None:
    """Everybody is in line with their own manager; the whole line ends with the president."""
    chart = oracle.organisation
    assert chart is not None
    for levels in (1, 2, None):
        pairs = oracle.line_pairs(levels).toarray()
        expected = [[b in chart.line(a, levels) for b in oracle.mentees.ids] for a in oracle.mentors.ids]
        np.testing.assert_array_equal(pairs, expected)
    assert oracle.line_pairs(None).toarray()[:, oracle.mentees.position("100")].all()
    assert oracle.line_pairs(1).sum() == len(oracle.mentors)
