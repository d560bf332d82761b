"""Check-ins after a month, halfway and at the end; approvals, starts and sessions that are overdue."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from pairmatch.errors import CallError
from pairmatch.programme import DUE, PairPlan
from pairmatch.programme.plan import CHECK_INS, months_after
from tests.programme.test_programme import event, rows, state

STARTED = event("01-10", "started", "m1", "e1")


def asked(*days: str) -> list[Any]:
    """A pair that somebody asked on some days."""
    return [STARTED, *(event(day, "checked_in", "m1", "e1") for day in days)]


def states(*days: str, on: str) -> list[str]:
    """How the check-ins of the pair stand."""
    return state(*asked(*days), on=on).check_ins["state"].tolist()


def test_days_of_check_ins() -> None:
    """A month after the start, halfway, and at the planned end."""
    table = state(STARTED, on="01-10").check_ins
    assert rows(table[["check_in", "day"]]) == [
        ["first_month", "2026-02-10"],
        ["mid_point", "2026-04-10"],
        ["end", "2026-07-10"],
    ]
    assert set(table["check_in"]) == set(CHECK_INS)


@pytest.mark.parametrize(
    ("days", "on", "expected"),
    [
        ((), "02-09", ["to_come", "to_come", "to_come"]),
        ((), "02-10", ["due", "to_come", "to_come"]),
        (("02-10",), "02-10", ["done", "to_come", "to_come"]),
        (("01-11",), "02-10", ["done", "to_come", "to_come"]),
        ((), "04-10", ["missed", "due", "to_come"]),
        (("03-26",), "04-10", ["done", "due", "to_come"]),
        (("03-27",), "04-10", ["missed", "done", "to_come"]),
        ((), "07-10", ["missed", "missed", "due"]),
        (("02-12", "04-12", "07-01"), "12-31", ["done", "done", "done"]),
    ],
)
def test_how_check_ins_stand(days: tuple[str, ...], on: str, expected: list[str]) -> None:
    """One shortly before its day counts; from shortly before the next one's day on it is that one's."""
    assert states(*days, on=on) == expected


def test_what_is_due() -> None:
    """Everything that waits for somebody, longest overdue first."""
    programme = state(
        STARTED,
        event("01-12", "proposed", "m2", "e2"),
        event("01-12", "proposed", "m3", "e3"),
        event("01-14", "approved", "m3", "e3"),
        event("02-20", "started", "m4", "e4"),
        event("03-01", "met", "m4", "e4"),
        on="03-20",
    )
    assert rows(programme.due) == [
        ["approval", "m2", "e2", "2026-01-12", 67],
        ["start", "m3", "e3", "2026-01-14", 65],
        ["first_month", "m1", "e1", "2026-02-10", 38],
        ["session", "m1", "e1", "2026-02-24", 24],
        ["first_month", "m4", "e4", "2026-03-20", 0],
    ]
    assert set(programme.due["what"]) <= set(DUE)


@pytest.mark.parametrize(
    ("months", "names"),
    [(1, ["end"]), (2, ["first_month", "end"]), (3, ["first_month", "mid_point", "end"])],
)
def test_short_plans(months: int, names: list[str]) -> None:
    """No two check-ins fall on one day, or out of their order."""
    for day in (datetime.date(2026, 1, 1) + datetime.timedelta(days=k) for k in range(366)):
        stages = PairPlan(months=months).check_ins(day)
        days = [when for _, when in stages]
        assert days == sorted(set(days))
        if day.day == 1 and day.month == 3:
            assert [name for name, _ in stages] == names


@pytest.mark.parametrize(
    ("wrong", "columns"),
    [
        ({"months": 0, "sessions": 1.5}, ["months", "sessions"]),
        ({"enough": 8}, ["enough"]),
        ({"early_days": -1, "quiet_days": True}, ["early_days", "quiet_days"]),
    ],
)
def test_plans_that_cannot_be(wrong: dict[str, Any], columns: list[str]) -> None:
    """All numbers that are out of range, at once."""
    with pytest.raises(CallError) as caught:
        PairPlan(**wrong)
    assert [finding.column for finding in caught.value.findings] == columns


def test_the_end_of_time() -> None:
    """Days stop where Python's do."""
    assert months_after(datetime.date(9999, 12, 1), 6) == datetime.date.max


def test_numbers_of_numpy_count() -> None:
    """A whole number from a table is one."""
    assert PairPlan(months=np.int64(3)) == PairPlan(months=3)  # type: ignore[arg-type]
    assert type(PairPlan(months=np.int64(3)).months) is int  # type: ignore[arg-type]
