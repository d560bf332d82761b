"""Tables of goals and rules by what people filled in: the same as pair by pair, or none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch import goals, rules
from pairmatch.cohort import Block, Cohort
from pairmatch.scoring import tabulated
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.scorer import Part, units
from pairmatch.scoring.shares import Share
from pairmatch.scoring.tabulated import Table, goal_table, rule_table, table_form
from pairmatch.testing.contract_tools import fitting
from pairmatch.testing.goal_contract import taught
from pairmatch.testing.large import form_units
from pairmatch.testing.strategies import tables
from pairmatch.testing.tables import Tables
from tests.scoring import people

GOALS: tuple[Any, ...] = (
    goals.Same("department", weight=1),
    goals.Same("languages", weight=1, missing="zero"),
    goals.LevelGapTable({0: 0.1, 1: 1 / 3, 2: 1}, weight=1),
    goals.Closeness("utc_offset", scale=6, weight=1),
    goals.PersonScore("tenure", weight=1),
    goals.SharedTerms("languages", weight=1),
    goals.TopicCoverage(weight=1),
    goals.WorkingStyle(weight=1),
    goals.Overlap("characteristics", "identity_to_match", when="asks_for_match", weight=1, purpose="asked"),
)
RULES: tuple[Any, ...] = (
    rules.Different("region", missing="allow"),
    rules.Same("languages"),
    rules.LevelGap(at_least=1, senior="mentee"),
    rules.OptedIn(),
    rules.CommonSlots(1),
    rules.CoversMustTopics(),
    rules.TrainedFor(["technology"]),
    rules.TrainedFor(["technology"], of="both"),
)


def labels(part: Any) -> str:
    """A goal's or rule's label."""
    return getattr(part, "label", part.name)


def part_of(goal: Any, cohort: Cohort) -> Part:
    """A goal that is worth 300,000 units."""
    return Part(goal.name, Gauge(goal, cohort), Share(300_000.0, 300_000), 12_345)


def looked_up(table: Table) -> Any:
    """What a table says of all pairs."""
    return table.cells[table.mentor_codes][:, table.mentee_codes]


@pytest.mark.parametrize("goal", GOALS, ids=labels)
@settings(max_examples=15)
@given(drawn=tables(5, 5))
def test_goals(goal: Any, drawn: Tables) -> None:
    """A goal's table is exact in every unit, also where data lack."""
    cohort = fitting(drawn, goal)
    part = part_of(taught(goal, cohort), cohort)
    table = goal_table(part, cohort)
    assert table is not None
    whole = Block.whole(cohort)
    assert (table.cells.dtype, table.mentor_codes.dtype) == (np.int32, np.int32)
    assert np.array_equal(looked_up(table), np.broadcast_to(units(part, whole)[0], whole.shape))
    assert table.cells.size <= np.prod(whole.shape)


@pytest.mark.parametrize("rule", RULES, ids=labels)
@settings(max_examples=15)
@given(drawn=tables(5, 5))
def test_rules(rule: Any, drawn: Tables) -> None:
    """A rule's table says who is allowed."""
    cohort = fitting(drawn, rule)
    table = rule_table(rule, cohort)
    assert table is not None
    whole = Block.whole(cohort)
    assert table.cells.dtype == np.bool_
    assert np.array_equal(looked_up(table), np.broadcast_to(rule.allowed(whole), whole.shape))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 3, 64]), st.booleans())
def test_forms(seed: int, most: int, wide: bool) -> None:
    """A table's form is exact, as features or as a curve, however it is cut."""
    random = np.random.default_rng(seed)
    keys = (4, 6) if wide else (6, 4)
    n, m = 23, 31
    table = Table(
        random.integers(0, keys[0], n).astype(np.int32),
        random.integers(0, keys[1], m).astype(np.int32),
        random.choice([0, 0, 1, 77, 300_000, -(1 << 21)], keys).astype(np.int32),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tabulated, "MOST_FEATURES", most)
        form = table_form(table)
    assert form.error == 0
    assert bool(form.curves) == (most < 4)
    rows, columns = random.permutation(n), random.permutation(m)
    told = form_units(form, rows, columns, ((1, 9), (30,)))
    assert np.array_equal(told, looked_up(table)[rows][:, columns])


class Unnamed:
    """A rule that does not say what it reads."""

    name = "unnamed"

    def allowed(self, block: Block) -> Any:
        return np.ones(block.shape, np.bool_)


class Dishonest:
    """A rule that reads more than it names."""

    name, fields = "dishonest", ("department",)

    def allowed(self, block: Block) -> Any:
        mentors, mentees = block.numbers("level")
        return mentors <= mentees


@pytest.mark.parametrize(
    "rule",
    [
        Unnamed(),
        Dishonest(),
        rules.OutsideManagementLine(),
        rules.NotPairedBefore(),
        rules.Forbidden([("m1", "e1")]),
    ],
    ids=labels,
)
def test_what_has_no_table(rule: Any) -> None:
    """Whose cells tell too little has no table."""
    assert rule_table(rule, people.cohort(5)) is None


def test_too_many_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nearly everybody is a key of their own, a table would be as large as all pairs."""
    cohort = people.cohort(5)
    part = part_of(goals.Same("department", weight=1), cohort)
    assert goal_table(part, cohort) is not None
    monkeypatch.setattr(tabulated, "MOST_CELLS", 3)
    assert goal_table(part, cohort) is None
