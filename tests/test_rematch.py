"""Re-matches against trying everything: least disturbance and value, for every kind of change and mixed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.rematch import rematch
from pairmatch.scoring import Fit
from pairmatch.testing.strategies import Case, cases
from pairmatch.testing.tables import Tables
from tests.rematching_plain import Events, Expected, expected

MANY = max(25, (settings.default.max_examples if settings.default else 0) // 4)

TIERS = (
    ("must_match", "mentees", "total"),
    ("mentees", "total"),
    ("total",),
    ("mentees", "mentors", "pairs", "total"),
    ("pairs", "mentees", "total"),
    ("mentees",),
)

MOVED = ("department", "level", "team", "region", "capacity", "active", "organisation", "hours")
"""Columns in which somebody may change."""


def first(case: Case) -> pm.Matching:
    """The matching before."""
    try:
        return pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        assume(False)
        raise


@st.composite
def events(draw: st.DrawFn, matching: pm.Matching, *, limits: bool = True) -> Events:
    """Anything that can happen to a matching."""
    pairs = [(pair.mentor, pair.mentee) for pair in matching.made]
    people = [(side, who) for side in ("mentors", "mentees") for who in matching.cohort.side(side).ids]
    some = st.lists(st.sampled_from(pairs), max_size=2, unique=True).map(tuple) if pairs else st.just(())
    anybody = st.lists(st.sampled_from(people), max_size=2, unique=True)
    dice = draw(st.lists(st.booleans(), min_size=6, max_size=6))
    movable = draw(st.one_of(st.just("all"), some)) if dice[0] else None
    most = draw(st.integers(0, 2)) if limits and dice[1] and draw(st.booleans()) else None
    free = movable is not None or most is not None
    return Events(
        failed=draw(some) if dice[2] else (),
        left=tuple(draw(anybody)) if dice[3] else (),
        capacities=tuple((*who, draw(st.integers(0, 3))) for who in draw(anybody)) if dice[4] else (),
        waited=tuple((*who, draw(st.integers(1, 3))) for who in draw(anybody)) if dice[5] else (),
        movable=movable,
        disturbance=draw(st.sampled_from(("after_coverage", "last", "weighted")))
        if free
        else "after_coverage",
        stability=draw(st.sampled_from((0.0, 0.05, 0.5))),
        max_changes=most,
        minimum_weight=draw(st.sampled_from((None, None, 0.0, 0.3, 0.6))),
    )


@st.composite
def later(draw: st.DrawFn, tables: Tables) -> Tables:
    """The tables of a later round: somebody changed, somebody joined, in another order."""
    for side in ("mentors", "mentees"):
        cells = {name: list(column) for name, column in getattr(tables, side).items()}
        n = len(cells["id"])
        for name in draw(st.lists(st.sampled_from(MOVED), max_size=2, unique=True)):
            if name in cells:
                cells[name][draw(st.integers(0, n - 1))] = cells[name][draw(st.integers(0, n - 1))]
        if draw(st.booleans()):
            row = draw(st.integers(0, n - 1))
            for name, column in cells.items():
                column.append(f"new {side}" if name == "id" else column[row])
        changed: dict[str, Any] = {side: cells}
        tables = replace(tables, **changed)
    return tables


def agrees(revised: pm.Matching, told: Expected, asked: Events) -> None:
    """Values, running pairs, and all that follows from them."""
    assert told.best is not None
    revision = revised.revision
    if revision is None:
        assert not asked.failed
        assert not asked.left
        return
    now = {(pair.mentor, pair.mentee) for pair in revised.made}
    assert set(revision.running) == told.running
    assert revision.required == told.required
    assert tuple(proof.tier for proof in revised.certificate.proofs) == told.best.objective
    assert tuple(proof.value for proof in revised.certificate.proofs) == told.best.values
    assert [proof.levels for proof in revised.certificate.proofs if proof.tier == "leximin"] == [
        told.best.levels for tier in told.best.objective if tier == "leximin"
    ]
    assert revised.certificate.gap == 0
    assert not now & {*asked.failed}
    if told.required:
        assert set(revision.held) <= now
    gone = {(change.before, change.mentee) for change in revision.changes if change.before}
    new = {(change.after, change.mentee) for change in revision.changes if change.after}
    assert gone == (told.running | told.ended) - now
    assert new == now - (told.running | told.ended)


def compared(case: Case, asked: Events, tables: Tables | None) -> None:
    """Re-match, and hold it against trying everything."""
    matching = first(case)
    cohort, fit = None, Fit.from_dict(matching.fitted)
    try:
        cohort = None if tables is None else tables.cohort()
        if cohort is not None:
            case.policy.check(cohort)
    except pm.InputError:
        assume(False)
    if not case.policy.pair_goals:
        asked = replace(asked, minimum_weight=None)
    if asked.disturbance == "weighted" and "total" not in case.policy.objective:
        asked = replace(asked, disturbance="last")
    now = case.tables if tables is None else tables
    asked = replace(
        asked,
        **{
            name: tuple(entry for entry in getattr(asked, name) if entry[1] in getattr(now, entry[0])["id"])
            for name in ("left", "capacities", "waited")
        },
    )
    made = [(pair.mentor, pair.mentee) for pair in matching.made]
    try:
        told = expected(made, now, case.policy, fit, asked)
    except pm.PolicyError:
        event("a required pair needs somebody who left")
        with pytest.raises(pm.PolicyError):
            rematch(matching, cohort, **asked.arguments)
        return
    try:
        revised = rematch(matching, cohort, **asked.arguments)
    except pm.InfeasibleError:
        event("infeasible")
        assert told.best is None
        return
    agrees(revised, told, asked)
    event(f"changes {min(len(revised.changes), 3)}, required {told.required}")
    pm.verify(revised, revised.cohort, revised.policy)


@settings(max_examples=MANY)
@given(cases(3, 3, st.sampled_from(TIERS)), st.data())
def test_same_people(case: Case, data: st.DataObject) -> None:
    """Pairs failed, people left, other capacities: one by one and mixed."""
    compared(case, data.draw(events(first(case), limits=False)), None)


@settings(max_examples=MANY)
@given(cases(3, 3, st.sampled_from(TIERS)), st.data())
def test_other_people(case: Case, data: st.DataObject) -> None:
    """People joined, left and changed beside all that."""
    asked = data.draw(events(first(case), limits=False))
    compared(case, asked, data.draw(later(case.tables)))


@settings(max_examples=MANY)
@given(cases(3, 3, st.sampled_from(TIERS)), st.data())
def test_limited_changes(case: Case, data: st.DataObject) -> None:
    """At most so many running pairs end beside those that must."""
    most = data.draw(st.integers(0, 2))
    asked = data.draw(events(first(case)))
    compared(case, replace(asked, max_changes=most), None)


@settings(max_examples=MANY)
@given(cases(3, 3, whole=True), st.data())
def test_any_policy(case: Case, data: st.DataObject) -> None:
    """Quotas, cohort goals, hours and every order of tiers, the fairest first too."""
    compared(case, data.draw(events(first(case), limits=False)), None)


@pytest.mark.proof
@settings(max_examples=3000)
@given(cases(3, 3, whole=True), st.data())
def test_every_kind_of_change_mixed_at_length(case: Case, data: st.DataObject) -> None:
    """Any policy, other people, every argument, with and without a limit of changes."""
    most = data.draw(st.sampled_from((None, None, 0, 1, 2)))
    most = None if "leximin" in case.policy.objective else most
    asked = replace(data.draw(events(first(case), limits=False)), max_changes=most)
    if most is None and asked.movable is None:
        asked = replace(asked, disturbance="after_coverage")
    compared(case, asked, data.draw(later(case.tables)))
