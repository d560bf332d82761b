"""Small cohorts written by hand, and the two forms of a rule or goal read side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pairmatch.cohort import Block, Cohort, Schema
from pairmatch.errors import Finding
from pairmatch.problem import Loads

Cells = Mapping[str, Sequence[Any]]


def cohort(
    mentors: Cells, mentees: Cells, *, fields: Mapping[str, Any] | None = None, **tables: Any
) -> Cohort:
    """A cohort from columns; ids are m1, m2, ... and e1, e2, ... unless given."""
    schema = Schema(fields=dict(fields or {}), outside_managers=tables.pop("outside_managers", "error"))
    words = tables.pop("thesaurus", None)
    frames = {name: pd.DataFrame(dict(cells), dtype=object) for name, cells in tables.items()}
    return Cohort(_frame("m", mentors), _frame("e", mentees), schema=schema, thesaurus=words, **frames)


def _frame(letter: str, cells: Cells) -> pd.DataFrame:
    rows = len(next(iter(cells.values())))
    ids = {"id": [f"{letter}{k}" for k in range(1, rows + 1)]}
    return pd.DataFrame({**ids, **cells}, dtype=object)


def verdicts(rule: Any, people: Cohort) -> list[list[bool]]:
    """What a pair rule says of every pair, which both forms say alike."""
    assert rule.needs(people) == []
    block = Block.whole(people)
    told: list[list[bool]] = np.broadcast_to(rule.allowed(block), block.shape).tolist()
    assert told == [[rule.allowed_pair(ours, theirs) for theirs in people.mentees] for ours in people.mentors]
    return told


def scores(goal: Any, people: Cohort) -> list[list[float | None]]:
    """What a goal says of every pair, None where it lacks data; both forms say alike to the last bit."""
    assert goal.needs(people) == []
    block = Block.whole(people)
    array = np.broadcast_to(goal.score(block), block.shape)
    told = [[None if np.isnan(score) else score for score in row] for row in array.tolist()]
    assert told == [[goal.score_pair(ours, theirs) for theirs in people.mentees] for ours in people.mentors]
    return told


def codes(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Code, side and column of each finding."""
    return [(finding.code, finding.side, finding.column) for finding in findings]


def loads(n_mentors: int, n_mentees: int, capacity: int = 5) -> Loads:
    """The same capacity for everybody, and no minimum."""
    return Loads(
        np.full(n_mentors, capacity, np.int64),
        np.full(n_mentees, capacity, np.int64),
        np.zeros(n_mentors, np.int64),
        np.zeros(n_mentees, np.int64),
    )
