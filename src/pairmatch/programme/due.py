"""What somebody should do next: approve, start, ask how it goes, arrange a session."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from pairmatch.programme.lives import PairLife
from pairmatch.programme.plan import PairPlan

__all__ = ["DUE", "check_ins_of", "due_of"]

DUE = {
    "approval": "the proposal is to be approved or turned down",
    "start": "the pair is approved and has not started",
    "first_month": "the check-in a month after the start",
    "mid_point": "the check-in halfway",
    "end": "the check-in at the planned end",
    "session": "the pair has not met for long",
}
"""What can be due, and what it means."""

CheckIn = tuple[str, str, str, datetime.date, str]
"""Mentor, mentee, check-in, its day, how it stands."""

Due = tuple[str, str, str, datetime.date]
"""What, mentor, mentee, since when."""


def check_ins_of(lives: Iterable[PairLife], plan: PairPlan, on: datetime.date) -> Iterator[CheckIn]:
    """Every check-in of the pairs that have started, and whether it was done.

    One that happens in the plan's ``early_days`` before its day, or later, counts for it, until the next
    one's turn has come. The last whose day has come is due, earlier ones that nobody did are missed.
    """
    for life in lives:
        if life.state != "started" or life.started is None:
            continue
        stages = plan.check_ins(life.started)
        early = datetime.timedelta(days=plan.early_days)
        opens = [day - early for _, day in stages]
        opens[0] = life.started
        for at, (name, day) in enumerate(stages):
            closes = opens[at + 1] if at + 1 < len(stages) else datetime.date.max
            done = any(opens[at] <= asked < closes for asked in life.check_ins)
            last = at + 1 == len(stages) or on < stages[at + 1][1]
            state = "done" if done else "to_come" if on < day else "due" if last else "missed"
            yield life.mentor, life.mentee, name, day, state


def due_of(lives: Iterable[PairLife], plan: PairPlan, on: datetime.date) -> list[Due]:
    """What is due, longest overdue first."""
    lives = tuple(lives)
    found: list[Due] = [
        (name, mentor, mentee, day)
        for mentor, mentee, name, day, state in check_ins_of(lives, plan, on)
        if state == "due"
    ]
    for life in lives:
        found.extend(_next(life, plan, on))
    order = list(DUE)
    return sorted(found, key=lambda due: (due[3], order.index(due[0]), due[1], due[2]))


def _next(life: PairLife, plan: PairPlan, on: datetime.date) -> Iterator[Due]:
    if life.state == "proposed":
        yield "approval", life.mentor, life.mentee, life.since
    elif life.state == "approved":
        yield "start", life.mentor, life.mentee, life.since
    elif life.state == "started":
        quiet = (life.sessions or (life.since,))[-1] + datetime.timedelta(days=plan.quiet_days)
        if quiet <= on:
            yield "session", life.mentor, life.mentee, quiet
