"""`sensitivity`: which pairs stay, against matching anew with each other weight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals
from pairmatch.match import Work, make
from pairmatch.parameters import label_of
from pairmatch.scoring import Fit, size
from pairmatch.sensitivity import sensitivity
from pairmatch.testing.strategies import Case, cases


@dataclass(frozen=True)
class Fast:
    """A company's own goal that comes as factors: levels that lie near together."""

    name: ClassVar[str] = "fast"
    weight: float

    def factors(self, cohort: pm.Cohort) -> Any:
        """Two columns on each side, whose product is the score."""
        ours, theirs = (np.nan_to_num(side.number("level")) / 20 for side in (cohort.mentors, cohort.mentees))
        return np.stack([ours, np.ones_like(ours) / 2], axis=1), np.stack([theirs, theirs / 2 + 0.25], axis=1)

    def score_pair(self, mentor: Any, mentee: Any) -> float:
        """The same for one pair."""
        ours, theirs = ((person["level"] or 0) / 20 for person in (mentor, mentee))
        return float(ours * theirs + theirs / 4 + 0.125)


@dataclass(frozen=True)
class ByBlock:
    """A company's own goal that cannot read a list of pairs."""

    name: ClassVar[str] = "by_block"
    weight: float

    def score(self, block: Any) -> Any:
        """The lower the mentor, the higher the score."""
        ours = np.nan_to_num(block.numbers("level")[0])
        if ours.shape[0] != len(block.mentor_positions) or ours.shape == block.shape:
            raise TypeError("blocks alone")
        return np.broadcast_to(1 / (1 + ours), block.shape)

    def score_pair(self, mentor: Any, mentee: Any) -> float:
        """The same for one pair."""
        return float(1 / (1 + (mentor["level"] or 0)))


COHORT = pm.datasets.synthetic(mentors=24, mentees=20, seed=3)
POLICY = replace(pm.datasets.synthetic_policy(), minimum_weight=0.2)
BY = 0.3


def anew(matching: pm.Matching, weights: dict[str, float]) -> set[tuple[str, str]]:
    """The pairs of a match with other weights of some goals, and the same fitted values."""
    policy = matching.policy
    changed = [
        replace(goal, weight=weights[label_of(goal)]) if label_of(goal) in weights else goal
        for goal in policy.goals
    ]
    fitted = Fit.from_dict(matching.fitted)
    try:
        again = make(matching.cohort, replace(policy, goals=changed), fitted, Work())
    except pm.InfeasibleError:
        return set()
    return {(pair.mentor, pair.mentee) for pair in again.made}


def in_use(matching: pm.Matching) -> dict[str, float]:
    """Weights of the goals in use."""
    left_out = Fit.from_dict(matching.fitted).left_out
    return {
        label_of(goal): goal.weight for goal in matching.policy.pair_goals if label_of(goal) not in left_out
    }


@settings(max_examples=max(6, settings().max_examples // 12))
@given(cases())
def test_every_change_is_that_of_a_match_with_the_other_weights(case: Case) -> None:
    """Single weights and joint draws, pair by pair."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    weights = in_use(matching)
    if not weights:
        with pytest.raises(pm.CallError, match="no goals over pairs that anybody has data for"):
            sensitivity(matching, draws=1)
        return
    own = [(pair.mentor, pair.mentee) for pair in matching.made]
    found = sensitivity(matching, by=BY, draws=3, seed=11)
    assert found.complete
    generator, kept = np.random.default_rng(11), []
    for _ in range(3):
        times = generator.uniform(1 - BY, 1 + BY, len(weights))
        pairs = anew(matching, {name: w * t for (name, w), t in zip(weights.items(), times, strict=True)})
        kept.append([pair in pairs for pair in own])
    expected = dict(zip(own, np.mean(kept, axis=0).tolist(), strict=True)) if own else {}
    told = {(row.mentor, row.mentee): row.survives for row in found.table.itertuples()}
    assert told == pytest.approx(expected)
    firm = dict.fromkeys(own, True)
    for goal, *changes in found.goals.itertuples(index=False):
        if goal == "other":
            event("told together")
            continue
        for change, count in zip((1 - BY, 1 + BY), changes, strict=True):
            pairs = anew(matching, {goal: weights[goal] * change})
            assert count == len(set(own) - pairs)
            firm = {pair: stays and pair in pairs for pair, stays in firm.items()}
    if "other" not in set(found.goals["goal"]):
        assert {(r.mentor, r.mentee): r.survives_each for r in found.table.itertuples()} == firm


def test_swept_cohorts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no pair is stored, the same pairs stay."""
    before = sensitivity(pm.match(COHORT, POLICY), draws=4)
    monkeypatch.setattr(size, "HELD", 0)
    after = sensitivity(pm.match(COHORT, POLICY), draws=4)
    pd.testing.assert_frame_equal(before.table, after.table)
    pd.testing.assert_frame_equal(before.goals, after.goals)


def test_pairs_may_become_too_light() -> None:
    """Where other weights leave no valid matching, no pair stays."""
    mentors = pd.DataFrame({"id": ["ana"], "hobbies": ["chess"], "region": ["N"]})
    mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"], "region": ["S"], "minimum": [1]})
    policy = pm.Policy(
        goals=[goals.SharedHobbies(weight=1), goals.Same("region", weight=1)], minimum_weight=0.5
    )
    found = sensitivity(pm.match(pm.Cohort(mentors, mentees), policy), draws=0)
    assert found.goals.to_numpy().tolist() == [["shared_hobbies", 1.0, 0.0], ["same(region)", 0.0, 1.0]]
    assert found.draws == 0


def test_nothing_to_weigh() -> None:
    """Without goals over pairs there are no weights to change."""
    policy = pm.Policy(objective=["mentees"])
    with pytest.raises(pm.CallError, match="no goals over pairs that anybody has data for"):
        sensitivity(pm.match(COHORT, policy))


def test_running_pairs_may_be_light() -> None:
    """In a re-match the running pairs stay possible, however little they weigh."""
    first = pm.match(COHORT, POLICY)
    revised = pm.rematch(first, failed=[(first.made[0].mentor, first.made[0].mentee)], movable="all")
    found = sensitivity(revised, by=0.01, draws=2)
    assert len(found.table) == len(revised.made)
    assert found.complete


@pytest.mark.parametrize("goal", [Fast(weight=1), ByBlock(weight=1)], ids=["factors", "blocks alone"])
def test_goals_of_somebodys_own(goal: Any) -> None:
    """A goal that comes as factors, or that cannot read a list of pairs, is weighed as others are."""
    policy = pm.Policy(goals=[goal, goals.SharedHobbies(weight=1)])
    matching = pm.match(COHORT, policy)
    found = sensitivity(matching, draws=0, by=0.5)
    own = {(pair.mentor, pair.mentee) for pair in matching.made}
    lower, upper = (len(own - anew(matching, {label_of(goal): times})) for times in (0.5, 1.5))
    assert found.goals.iloc[0][["lower", "upper"]].tolist() == [lower, upper]


def test_hidden_goals_change_together() -> None:
    """What the lead may not see by itself is not told by itself here."""
    schema = pm.Schema.from_dict({"fields": {"faith": {"kind": "text", "class": "special"}}})
    people = {"faith": ["a", "b", "a"], "hobbies": ["golf", "chess; golf", "chess"], "region": list("NSN")}
    mentors, mentees = (pd.DataFrame({"id": [f"{side}{k}" for k in range(3)], **people}) for side in "me")
    policy = pm.Policy(
        goals=[
            goals.SharedHobbies(weight=1),
            goals.Same("faith", weight=1, purpose="asked for"),
            goals.Same("region", weight=2),
        ]
    )
    found = sensitivity(pm.match(pm.Cohort(mentors, mentees, schema=schema), policy), draws=2)
    assert found.goals["goal"].tolist() == ["same(region)", "other"]


def test_it_shows_itself() -> None:
    """The least certain first; a line for each goal; steps on the way."""
    told: list[pm.Progress] = []
    found = sensitivity(pm.match(COHORT, POLICY), draws=5, progress=told.append)
    assert [each.done for each in told] == list(range(1, told[-1].total + 1))
    assert told[-1].total == 2 * len(found.goals) + 5
    assert found.table["survives"].is_monotonic_increasing
    lines = str(found).splitlines()
    assert "stay whichever single weight is 20% lower or higher" in lines[0]
    assert "on average of 5 joint draws" in lines[1]
    assert lines[2].startswith(f"  {found.goals['goal'][0]}: ")
    assert any("of the draws" in line for line in lines[3:])
    assert repr(found).startswith("<Sensitivity by 20%: ")
    assert found._repr_html_().count("<table") == 2


def test_a_time_limit_leaves_what_was_solved() -> None:
    """The result says that it was cut short; nothing is made up."""
    found = sensitivity(pm.match(COHORT, POLICY), draws=5, time_limit=1e-9)
    assert not found.complete
    assert found.draws == 0
    assert found.table["survives"].isna().all()
    assert found.goals[["lower", "upper"]].isna().all(axis=None)
    assert repr(found).endswith("cut short>")


def test_nothing_changes_with_one_goal() -> None:
    """A single weight is a whole weight, however large it is."""
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=3)])
    found = sensitivity(pm.match(COHORT, policy), draws=2)
    assert (found.table["survives"] == 1).all()
    assert found.goals[["lower", "upper"]].eq(0).all(axis=None)
    assert str(found).splitlines()[0].startswith(f"{len(found.table)} of {len(found.table)} pairs stay")


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ({"by": 0}, "must be a share above 0 and below 1, not 0"),
        ({"by": 1.0}, "must be a share above 0 and below 1"),
        ({"by": "20 %"}, "must be a share above 0 and below 1"),
        ({"draws": -1}, "must be a whole number of at least 0"),
        ({"seed": None}, "must be a whole number of at least 0"),
        ({"time_limit": 0}, "time_limit"),
    ],
    ids=["no change", "all of it", "a text", "less than no draw", "no seed", "no time"],
)  # fmt: skip
def test_calls_that_cannot_be_used(more: dict[str, Any], hint: str) -> None:
    """What is wrong is told before any work."""
    with pytest.raises(pm.CallError, match=hint):
        sensitivity(pm.match(COHORT, POLICY), **more)
    with pytest.raises(pm.CallError, match="must be a Matching"):
        sensitivity("matching")  # type: ignore[arg-type]
