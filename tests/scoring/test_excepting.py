"""Rules with exceptions, told of all pairs at once: the same as block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import rules
from pairmatch.cohort import Block
from pairmatch.parameters import label_of
from pairmatch.policy import Excepted
from pairmatch.scoring import Scorer, excepting, fit, size
from pairmatch.scoring.excepting import kept_in, told_with, told_without
from pairmatch.scoring.telling import Told

N = 14


def cohort() -> pm.Cohort:
    """People of a few departments and levels, some of whom have not opted in or left cells blank."""
    random = np.random.default_rng(5)

    def people(kind: str, levels: list[int]) -> pd.DataFrame:
        cells = {"department": ["A", "B", None], "opted_in": ["yes", "yes", "no", None], "level": levels}
        drawn = {name: random.choice(np.array(some, object), N) for name, some in cells.items()}
        return pd.DataFrame({"id": [f"{kind}{k:02}" for k in range(N)], **drawn})

    mentors = people("m", [1, 2, 3]).assign(topics_offered=["ai", "law"] * (N // 2))
    return pm.Cohort(mentors, people("e", [3, 4, 5]).assign(topics_wanted="ai!"))


def some_pairs() -> list[tuple[str, str]]:
    """Pairs of few people, several of one mentor and of one mentee."""
    random = np.random.default_rng(6)
    pairs = {(f"m{i:02}", f"e{j:02}") for i, j in random.integers(0, N, (12, 2)).tolist()}
    return sorted(pairs | {("m03", f"e{j:02}") for j in range(4)} | {(f"m{i:02}", "e05") for i in range(4)})


def allowed(told: Told, people: pm.Cohort) -> Any:
    """What a rule allows, from what it tells at once."""
    if told.few is not None:
        out = told.few.mentors[:, None] | told.few.mentees[None, :]
        return ~(out | told.few.pairs.toarray().astype(bool))
    if told.table is not None:
        return told.table.cells[told.table.mentor_codes][:, told.table.mentee_codes]
    return told.rule.allowed(Block.whole(people))


RULES = [
    rules.DifferentDepartment(),
    rules.LevelsBelow(at_least=2),
    rules.OptedIn(),
    rules.OptedIn(of="mentors", missing="allow"),
    rules.Forbidden([("m03", "e01"), ("m03", "e09"), ("m07", "e05")]),
    rules.CoversMustTopics(),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
@pytest.mark.parametrize("cells", [excepting.MOST_CELLS, 0])
def test_told_at_once_as_block_by_block(rule: Any, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few pairs, tables, and what has no short form."""
    monkeypatch.setattr(excepting, "MOST_CELLS", cells)
    people, one = cohort(), Excepted(rule, tuple(some_pairs()))
    block = Block.whole(people)
    wanted = np.broadcast_to(rule.allowed(block), block.shape).copy()
    for mentor, mentee in some_pairs():
        wanted[people.mentors.position(mentor), people.mentees.position(mentee)] = True
    assert np.array_equal(np.broadcast_to(one.allowed(block), block.shape), wanted)
    assert np.array_equal(allowed(told_with(one, people), people), wanted)
    assert np.array_equal(
        allowed(told_with(rule, people), people), rule.allowed(block) | np.zeros_like(wanted)
    )
    assert told_without(one, people).rule is rule


def test_excepted_people_stay_where_others_are_left_out() -> None:
    """In their order, and only among those who were there before."""
    people = cohort()
    policy = pm.Policy(
        rules=[rules.OptedIn()], objective=["mentees"], exceptions=[("opted_in", "m03", "e05")]
    )
    scorer = Scorer(people, policy, fit(people, policy))
    nobody = np.empty(0, np.int64)
    mentors, mentees = kept_in(scorer, (np.array([9, 3, 1]), np.array([4, 2])), (np.array([1]), nobody))
    assert (mentors.tolist(), mentees.tolist()) == ([3, 1], [])


@pytest.mark.parametrize("bar", [None, 0.6])
def test_a_large_cohort_is_matched_with_exceptions(
    bar: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By sweeps the same values and reasons as with all pairs at hand, and both ways of verifying agree."""
    people = cohort()
    random = np.random.default_rng(7)
    table = [(m, e, float(random.random())) for m in people.mentors.ids for e in people.mentees.ids]
    own = [rules.DifferentDepartment(), rules.OptedIn(), rules.LevelsBelow(at_least=2)]
    labels = [label_of(rule) for rule in own] + (["minimum_weight"] if bar else [])
    policy = pm.Policy(
        rules=own,
        goals=[pm.goals.Precomputed(table, weight=1)],
        minimum_weight=bar,
        exceptions=[(label, *pair) for label in labels for pair in some_pairs()],
    )
    held = pm.match(people, policy)
    assert len(held.exceptions)
    monkeypatch.setattr(size, "HELD", 0)
    swept = pm.match(people, policy)
    assert swept.values == held.values
    assert swept.left == held.left
    pm.verify(swept, people, policy)
    pm.verify(held, people, policy)
