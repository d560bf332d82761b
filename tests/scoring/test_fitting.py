"""What is learnt from a cohort, and that nothing but the cohort decides it."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from typing import Any

import pytest

from pairmatch import goals
from pairmatch.cohort import Block, Cohort
from pairmatch.errors import FileError
from pairmatch.parameters import label_of
from pairmatch.scoring import Fit, Scorer, fit
from pairmatch.scoring.fitting import FINE, bound
from pairmatch.scoring.gauge import Gauge
from tests.scoring.people import SCHEMA, Given, cohort, frames, history, policy


def by_hand(people: Cohort, goal: Any) -> tuple[int | None, int]:
    """A goal's average over the active pairs that it can judge, by the reference form, and their number."""
    gauge = Gauge(goal, people)
    pairs = [(m, e) for m in people.mentors if m.active for e in people.mentees if e.active]
    units = [u for m, e in pairs if (u := gauge.read_pair(m, e, FINE)) is not None]
    return (int(Fraction(sum(units), len(units)) + Fraction(1, 2)) if units else None), len(units)


@pytest.mark.parametrize("seed", range(6))
def test_averages_by_hand(seed: int) -> None:
    """Averages range over all pairs of active people that have data, before rules (law §3)."""
    people, terms = cohort(seed), policy()
    found = fit(people, terms)
    for goal in terms.goals:
        label = label_of(goal)
        expected = by_hand(people, bound(goal, found.fitted.get(label)))
        assert (found.averages[label], found.judged[label]) == expected, label
    assert not found.sampled


@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_the_cohort_decides(seed: int) -> None:
    """Block sizes, row order and people who are not active change no fitted value."""
    mentors, mentees = frames(seed)
    found = fit(cohort(seed), policy())
    assert all(fit(cohort(seed), policy(), block_pairs=n) == found for n in (1, 10, 25))
    turned = Cohort(mentors.iloc[::-1], mentees.iloc[::-1], schema=SCHEMA, history=history())
    assert fit(turned, policy()) == found
    tables = [table.assign(manager="") for table in (mentors, mentees)]
    active = [table[table["active"] != "no"] for table in tables]
    rested = Cohort(*active, schema=SCHEMA, history=history())
    again = fit(rested, policy(rules=[]))
    assert (again.averages, again.fitted) == (found.averages, found.fitted)


def test_a_goal_that_nobody_can_judge_is_left_out() -> None:
    """It has no average, and the other goals share its weight."""
    nothing = Given({}, default=None, label="nothing")
    something = Given({}, default=0.5, label="something")
    people = cohort(1)
    found = fit(people, policy(goals=[nothing, something]))
    assert found.left_out == ("nothing",)
    assert (found.average("nothing"), found.average("something")) == (None, 0.5)
    scorer = Scorer(people, policy(goals=[nothing, something]), found)
    assert scorer.labels == ("something",)
    assert (scorer.score(Block.whole(people)).weight == 500_000).all()


def test_large_cohorts_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of pairs the averages range over the people with the smallest hashes."""
    monkeypatch.setattr("pairmatch.scoring.fitting.MOST_PAIRS", 100)
    monkeypatch.setattr("pairmatch.scoring.fitting.SAMPLE", 5)
    mentors, mentees = frames(4, 30, 20)
    people = Cohort(mentors, mentees, schema=SCHEMA, history=history())
    found = fit(people, policy())
    assert (found.sampled, found.pairs) == (True, 25)
    turned = Cohort(mentors.iloc[::-1], mentees.iloc[::-1], schema=SCHEMA, history=history())
    assert fit(turned, policy(seed=9), block_pairs=6) == found


def test_a_sample_without_data_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A goal that one pair alone has data for is found wherever the pair is, and is not left out."""
    monkeypatch.setattr("pairmatch.scoring.fitting.MOST_PAIRS", 100)
    monkeypatch.setattr("pairmatch.scoring.fitting.SAMPLE", 5)
    people = cohort(4, 30, 20)
    active = [p.id for p in people.mentors if p.active], [p.id for p in people.mentees if p.active]
    for pair in ((active[0][0], active[1][0]), (active[0][-1], active[1][-1])):
        rare = Given({pair: 0.25}, default=None, label="rare")
        found = fit(people, policy(goals=[rare, Given({}, default=None, label="nothing")]))
        assert (found.average("rare"), found.judged["rare"]) == (0.25, 1)
        assert found.left_out == ("nothing",)


def test_round_trip() -> None:
    """A fit survives JSON and pickle, and holds no profile value."""
    found = fit(cohort(5), policy())
    text = json.dumps(found.to_dict())
    assert Fit.from_dict(json.loads(text)) == found == pickle.loads(pickle.dumps(found))
    assert not any(word in text.casefold() for word in ("chess", "opera", "climbing", "gen z", "retail"))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("averages", None),
        ("averages", {"a": -1}),
        ("averages", {"a": FINE + 1}),
        ("averages", {"a": 0.5}),
        ("averages", {"a": True}),
        ("fitted", {"a": 1}),
        ("judged", {"a": "1"}),
        ("pairs", -1),
        ("sampled", "no"),
    ],
)
def test_damaged_fits_are_refused(part: str, value: object) -> None:
    """A fit from a damaged file is an error that names the part."""
    data = {**fit(cohort(5), policy()).to_dict(), part: value}
    with pytest.raises(FileError, match=f"bad_fit .*{part}"):
        Fit.from_dict(data)


def test_absent_parts_are_told_at_once() -> None:
    """All absent parts are in one error."""
    with pytest.raises(FileError) as caught:
        Fit.from_dict({})
    assert len(caught.value.findings) == 5


@pytest.mark.parametrize("seed", range(3))
def test_a_joiner_changes_nobodys_weight(seed: int) -> None:
    """With the first fit, pairs keep their weights when somebody joins (law §3)."""
    mentors, mentees = frames(seed, 12, 9)
    mentors.loc[11, ["active", "level", "hobbies"]] = ["yes", "5", "falconry"]
    before = Cohort(mentors.iloc[:-1], mentees, schema=SCHEMA, history=history())
    after = Cohort(mentors, mentees, schema=SCHEMA, history=history())
    found = fit(before, policy())
    old = Scorer(before, policy(), found).score(Block.whole(before))
    new = Scorer(after, policy(), found).score(Block.whole(after))
    assert (old.weight == new.weight[:-1]).all()
    assert fit(after, policy()) != found


def test_goals_without_anything_to_learn() -> None:
    """A goal that learns nothing is used as it is."""
    goal = Given({})
    assert bound(goal, None) is goal
    assert bound(goal, {}) is goal


@pytest.mark.parametrize("fitted", [None, {}, {"rarity": 1, "unknown": 2}, {"rarity": {}, "unknown": "x"}])
def test_a_goal_is_never_used_without_what_it_learnt(fitted: Any) -> None:
    """Fitted values that are absent or damaged are an error, not a reason to learn anew."""
    with pytest.raises(FileError, match=r"bad_fit .*fitted: shared_hobbies"):
        bound(goals.SharedHobbies(weight=1), fitted)
