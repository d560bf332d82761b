"""Rules that tell all that they forbid at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pairmatch import rules
from pairmatch.cohort import Block, Cohort
from pairmatch.rules.few import MOST_EACH
from tests.rules.small import cohort

PEOPLE: Any = (
    {"team": ["a", "b", None], "active": ["yes", "no", "yes"], "trained": ["yes", None, "no"]},
    {"team": ["A ", "c", None], "active": ["yes", "yes", "yes"], "trained": ["yes", "yes", None]},
)
TABLES: Any = {
    "history": {
        "mentor": ["m1", "m2", "gone"],
        "mentee": ["e2", "e2", "e1"],
        "ended": [None, "2020-01-01", None],
    },
    "vetoes": {"mentor": ["m3"], "mentee": ["e3"]},
    "org": {"id": ["m1", "m2", "m3", "e1", "e2", "e3"], "manager": ["e1", "e1", "e2", "e3", "e3", None]},
}


def forbidden(rule: Any, people: Cohort) -> list[list[bool]]:
    """What the rule tells at once, which is what it says of each pair."""
    few = rule.few(people)
    told = few.mentors[:, None] | few.mentees[None, :] | few.pairs.toarray()
    block = Block.whole(people)
    assert np.array_equal(told, np.broadcast_to(~rule.allowed(block), block.shape))
    answer: list[list[bool]] = told.tolist()
    return answer


@pytest.mark.parametrize(
    ("rule", "pairs"),
    [
        (rules.NotSameTeam(missing="allow"), [(0, 0)]),
        (rules.NotSameTeam(), [(0, 0), (0, 2), (1, 2), (2, 0), (2, 1), (2, 2)]),
        (rules.NotPairedBefore(), [(0, 1), (1, 1)]),
        (rules.CoolDown(12, "2026-11-22"), [(0, 1)]),
        (rules.NotVetoed(), [(2, 2)]),
        (rules.Forbidden([("m1", "e3"), ("m9", "e1")]), [(0, 2)]),
        (rules.OutsideManagementLine(levels=1), [(0, 0), (1, 0), (2, 1)]),
        (rules.OutsideManagementLine(levels=2), [(0, 0), (0, 2), (1, 0), (1, 2), (2, 1), (2, 2)]),
        (rules.Trained(of="mentees"), [(0, 2), (1, 2), (2, 2)]),
        (rules.Trained(missing="allow"), [(2, 0), (2, 1), (2, 2)]),
    ],
)
def test_what_a_rule_tells_at_once(rule: Any, pairs: list[tuple[int, int]]) -> None:
    """The pairs by hand, which both forms say alike."""
    told = forbidden(rule, cohort(*PEOPLE, **TABLES))
    assert [(i, j) for i, row in enumerate(told) for j, said in enumerate(row) if said] == pairs


def test_lists_are_told_by_their_entries() -> None:
    """Who shares two entries is one pair."""
    people = cohort({"languages": ["fr; de", "it", None]}, {"languages": ["de; fr", "es"]})
    assert forbidden(rules.Different("languages", missing="allow"), people)[0] == [True, False]
    assert forbidden(rules.Different("languages"), people)[2] == [True, True]


@pytest.mark.parametrize("column", ["team", "languages"])
@pytest.mark.parametrize("missing", ["allow", "forbid"])
def test_many_pairs_are_not_told(column: str, missing: Any) -> None:
    """Where everybody shares a value there are more pairs than people can count."""
    size = 2 * MOST_EACH + 1
    people = cohort({column: ["a"] * size}, {column: ["a"] * size})
    assert rules.Different(column, missing=missing).few(people) is None
    fewer = cohort({column: ["a"] * (size - 1)}, {column: ["a"] * (size - 1)})
    assert rules.Different(column, missing=missing).few(fewer).pairs.nnz == (size - 1) ** 2


def test_nobody_shares_a_blank() -> None:
    """A column without any value."""
    people = cohort({"team": [None, None], "level": [1, 2]}, {"team": [None], "level": [1]})
    assert forbidden(rules.NotSameTeam(missing="allow"), people) == [[False], [False]]
