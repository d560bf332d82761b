"""Errors, notes and representations hold ids, columns and reason codes, never what a cell says (law §11)."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch.cohort.fields import CANONICAL

MARK = "Zqx777"
"""Part of every cell; no message may hold it."""

CELLS: tuple[Any, ...] = (
    *(MARK, f"{MARK}:0.5", f"tea:{MARK}", f"tea:9{MARK}", f'"{MARK}', f"{MARK}; {MARK}:-1", f"-7.{MARK}"),
    *([MARK], {MARK: 0.5}, {MARK: -1}, {"tea": MARK}, [(MARK, 2)], [(MARK, MARK)], (MARK, 3), {MARK}),
    *(f"1{MARK}", MARK.encode()),
)
"""Cells that suit some kinds of fields and not others."""

OWN = {f"own_{kind}": {"kind": kind} for kind in ("number", "bool", "list", "topics", "text")}


def said(mentors: pd.DataFrame, mentees: pd.DataFrame) -> str:
    """Everything that a cohort, or the error instead of it, says unasked."""
    try:
        cohort = pm.Cohort(mentors, mentees, schema=pm.Schema(fields=OWN))
    except pm.PairmatchError as error:
        table = error.table.to_string() if isinstance(error, pm.InputError) else ""
        return f"{error} {error!r} {table} {pickle.loads(pickle.dumps(error))}"
    people = [cohort.mentors, cohort.mentees, *cohort.mentors, *cohort.mentees]
    return " ".join([repr(cohort), cohort.notes.to_string(), *map(repr, people)])


@pytest.mark.parametrize("column", [name for name in (*CANONICAL, *OWN) if name != "id"])
def test_no_cell_is_repeated(column: str) -> None:
    """In whatever field, on whichever side, well or badly written."""
    for cell in CELLS:
        for side in (0, 1):
            frames = [pd.DataFrame({"id": ["m1", "m2"]}), pd.DataFrame({"id": ["e1", "e2"]})]
            frames[side][column] = pd.Series([cell, None], dtype=object)
            assert MARK not in said(*frames)
            frames[0][column] = frames[1][column] = pd.Series([cell, cell], dtype=object)
            assert MARK not in said(*frames)
