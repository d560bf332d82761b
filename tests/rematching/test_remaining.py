"""Whoever has no partner after a repair is told as when all are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.checking import people_left, remarks_on
from pairmatch.matching import Left
from pairmatch.rematching import remaining, repairing
from pairmatch.scoring import Scorer

POLICY = pm.datasets.synthetic_policy()


@pytest.mark.parametrize("movable", [None, "all"])
@pytest.mark.parametrize("bar", [None, 0.6])
@pytest.mark.parametrize("seed", [1, 2])
def test_as_when_all_are_counted(
    monkeypatch: pytest.MonkeyPatch, seed: int, bar: float | None, movable: str | None
) -> None:
    told, compared = repairing._left, []

    def left(loaded: Any, events: Any, cohort: pm.Cohort, scorer: Scorer) -> tuple[Left, ...]:
        found = told(loaded, events, cohort, scorer)
        now = Scorer(cohort, scorer.policy, scorer.fit)
        built = repairing._built(loaded, events, now)
        pairs = repairing._positions(loaded, events)
        assert found == people_left(built, pairs, loaded.workers, settled=True)
        assert repairing._remarks(loaded, events, cohort, scorer) == remarks_on(cohort, now.policy, now.fit)
        compared.append(len(events.mentors_left) + len(events.mentees_left))
        return found

    monkeypatch.setattr(repairing, "_left", left)
    cohort = pm.datasets.synthetic(mentors=30 + 20 * seed, mentees=50, seed=seed)
    matching = pm.match(cohort, replace(POLICY, minimum_weight=bar))
    draw = np.random.default_rng(seed)
    with pm.Rematcher(matching, movable=movable) as ready:
        for k in range(6):
            ready.rematch(**_changes(draw, ready.matching, leave=k % 2 == 1))
    assert len(compared) >= 4
    assert any(compared)


def _changes(draw: np.random.Generator, matching: pm.Matching, *, leave: bool) -> dict[str, Any]:
    cohort, made = matching.cohort, matching.made
    pick = [made[k] for k in draw.choice(len(made), 5, replace=False)]
    anybody = [str(draw.choice(cohort.mentors.ids)), str(draw.choice(cohort.mentees.ids))]
    gone = [pick[0].mentor, pick[1].mentee, *anybody] if leave else []
    stay = [pair for pair in pick[2:] if pair.mentor not in gone and pair.mentee not in gone]
    places = {pair.mentor: int(draw.integers(1, 4)) for pair in stay[2:]}
    return {"failed": [(pair.mentor, pair.mentee) for pair in stay[:2]], "left": gone, "capacities": places}


def test_where_much_changed_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remaining, "MOST", 0)
    matching = pm.match(pm.datasets.synthetic(mentors=30, mentees=20, seed=4), POLICY)
    failed = [(pair.mentor, pair.mentee) for pair in matching.made[:2]]
    with pm.Rematcher(matching) as ready:
        revised = ready.rematch(failed=failed)
    assert "searches" in revised.stats
    pm.verify(revised, matching.cohort, POLICY, before=matching)
