"""Cohorts to be audited, by hand: who is of which group, and who has a partner."""

from __future__ import annotations

from typing import Any

import pandas as pd

import pairmatch as pm
from pairmatch import goals
from pairmatch.matching import Matching


def matching_of(mentors: dict[str, list[Any]], mentees: dict[str, list[Any]], **tables: Any) -> Matching:
    """A matching of people whose columns are given; weights come from their levels."""
    return pm.match(
        pm.Cohort(frame("m", mentors), frame("e", mentees), **tables),
        pm.Policy(goals=[goals.Closeness("tenure", scale=10, weight=1)]),
    )


def frame(head: str, columns: dict[str, list[Any]]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    ids = [f"{head}{k:02}" for k in range(size)]
    tenure = [k % 7 for k in range(size)]
    return pd.DataFrame({"id": ids, "tenure": tenure, **columns})


def many(**counts: int) -> list[str]:
    """So many of each value, one after the other."""
    return [value for value, count in counts.items() for _ in range(count)]
