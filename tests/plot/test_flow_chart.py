"""Departments: counted rightly, laid out without gaps or overlaps, drawn as counted."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.plot import flow_chart
from pairmatch.plot import flows as flows_module
from pairmatch.plot.flows import flows_of, laid_out
from tests.plot.test_charts import spec

GOALS = [goals.SharedHobbies(weight=1)]


def matched(**columns: list[str]) -> pm.Matching:
    """Six mentors and six mentees, all of whom suit each other."""
    people = {"hobbies": "chess", **columns}
    cohort = pm.Cohort(
        pd.DataFrame({"id": [f"m{k}" for k in range(6)], **people}),
        pd.DataFrame({"id": [f"e{k}" for k in range(6)], **people}),
    )
    return pm.match(cohort, pm.Policy(goals=GOALS))


def departments(matching: pm.Matching) -> Counter[tuple[str, str]]:
    """How many pairs there are between two departments, counted one by one."""
    cohort = matching.cohort
    found = Counter[tuple[str, str]]()
    for pair in matching.made:
        mentor = cohort.mentors.person(cohort.mentors.position(pair.mentor))["department"]
        mentee = cohort.mentees.person(cohort.mentees.position(pair.mentee))["department"]
        found[mentor or "unknown", mentee or "unknown"] += 1
    return found


def test_pairs_are_counted_by_department() -> None:
    """As they are one by one; who has none is unknown; the largest come first."""
    matching = matched(department=["IT", "IT", "IT", "Law", "Law", ""])
    flows = flows_of(matching)
    assert flows is not None
    assert {(flow.source, flow.target): flow.pairs for flow in flows.flows} == departments(matching)
    assert flows.sources == (("IT", 3), ("Law", 2), ("unknown", 1))
    assert (flows.field, flows.pairs) == ("department", 6)
    assert flows.within == sum(n for (a, b), n in departments(matching).items() if a == b)


def test_small_departments_are_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a drawing stays a drawing; nothing is lost."""
    monkeypatch.setattr(flows_module, "MOST_KINDS", 2)
    flows = flows_of(matched(department=["a", "a", "a", "b", "c", "d"]))
    assert flows is not None
    assert flows.sources == (("a", 3), ("all others", 3))
    assert flows.pairs == 6


def test_the_bands_fill_the_bars() -> None:
    """At both ends each department's bands follow each other from its upper end to its lower one."""
    flows = flows_of(matched(department=["a", "a", "a", "b", "b", "c"]))
    assert flows is not None
    sources, targets, bands = laid_out(flows)
    for nodes, ends in (
        (sources, [(band.flow.source, band.source_top, band.source_bottom) for band in bands]),
        (targets, [(band.flow.target, band.target_top, band.target_bottom) for band in bands]),
    ):
        for node in nodes:
            own = sorted((top, bottom) for name, top, bottom in ends if name == node.name)
            edges = [node.top, *(bottom for _, bottom in own)]
            assert [top for top, _ in own] == pytest.approx(edges[:-1])
            assert edges[-1] == pytest.approx(node.bottom)
        assert all(0 <= node.top < node.bottom <= 1 + 1e-9 for node in nodes)


def test_the_chart_holds_the_counts() -> None:
    """Each band with its departments and its pairs; a bar for each department at both ends."""
    matching = matched(department=["a", "a", "a", "b", "b", "c"])
    bands, ends = sorted(
        spec(flow_chart(matching))["datasets"].values(), key=lambda rows: "band" not in rows[0]
    )
    told = {(row["mentors"], row["mentees"]): row["pairs"] for row in bands}
    assert told == departments(matching)
    assert [row["words"] for row in ends] == ["a (3)", "b (2)", "c (1)"] * 2


def test_what_cannot_be_counted_is_refused() -> None:
    """Protected fields, fields that are not there, and matchings without any."""
    matching = matched(department=["a"] * 6, gender=["f"] * 6)
    with pytest.raises(pm.CallError, match="not counted by sensitive"):
        flow_chart(matching, field="gender")
    with pytest.raises(pm.CallError, match="Did you mean 'department'"):
        flow_chart(matching, field="departments")
    with pytest.raises(pm.CallError, match="of kind 'text'"):
        flow_chart(matching, field="hobbies")
    with pytest.raises(pm.CallError, match="no text field"):
        flow_chart(matched())
    with pytest.raises(pm.CallError, match="must be a Matching"):
        flow_chart(GOALS)  # type: ignore[arg-type]
    assert flows_of(matched()) is None
