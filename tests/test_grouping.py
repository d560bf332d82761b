"""Groups of people by what stands in their columns: how keys are told, ordered and compared."""

from __future__ import annotations

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.grouping import folded, grouping, in_order, spelt


def cohort() -> pm.Cohort:
    """Five mentors, of whom one rests."""
    mentors = pd.DataFrame(
        {
            "id": list("abcde"),
            "active": ["yes", "yes", "yes", "no", "yes"],
            "region": ["South", "north ", "North", "West", None],
            "languages": ["English; Deutsch", "english", None, "Welsh", "Deutsch; English"],
            "level": [1, 2, 1, 1, None],
        }
    )
    return pm.Cohort(mentors, pd.DataFrame({"id": ["x"]}))


def test_people_of_one_kind() -> None:
    """Who has the same entries is of one kind; who rests is of none."""
    found = grouping(cohort(), "mentors", ["languages"])
    assert found.total == 4
    assert found.keys == (("deutsch",), ("english",), (None,))
    assert found.kind[0] == found.kind[4] != found.kind[1]
    assert found.kind[3] == 0
    assert [found.count(key) for key in found.keys] == [2, 3, 1]
    assert found.rows(("deutsch",)).tolist() == [1, 0, 0, 0, 1]


def test_combinations() -> None:
    """Several columns make a key of several values; those that nobody has are not there."""
    found = grouping(cohort(), "mentors", ["region", "level"])
    assert [found.told(key) for key in found.keys] == [
        "North & 1",
        "North & 2",
        "South & 1",
        "unknown & unknown",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (True, "yes"), (False, "no"), (3.0, "3"), (0.5, "0.5"), ("a b", "a b")],
)
def test_spelt(value: object, text: str) -> None:
    """Values as a policy file would name them."""
    assert spelt(value) == text


def test_folded() -> None:
    """What is written in different ways is one key, where it would be one value in a table."""
    assert folded("R&D & North -> I.T.") == folded("r and d & NORTH -> i.t")
    assert folded("True & x") == folded("yes & X")
    assert folded("a -> b") != folded("b -> a")


def test_order() -> None:
    """By value, blank ones last."""
    assert in_order([(None, "b"), ("b", None), ("b", "a"), ("a", "z")]) == (
        ("a", "z"),
        ("b", "a"),
        ("b", None),
        (None, "b"),
    )
