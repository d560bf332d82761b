"""What cannot be simulated is refused with a reason, everything at once."""

from __future__ import annotations

from typing import Any

import pytest

import pairmatch as pm
from pairmatch.simulate import Life, Plan, calibrated, run
from tests.simulate.worlds import company


def refused(call: Any, *args: Any, **kwargs: Any) -> dict[str, str]:
    """The hints, by argument."""
    with pytest.raises(pm.CallError) as caught:
        call(*args, **kwargs)
    assert {finding.code for finding in caught.value.findings} == {"bad_argument"}
    return {finding.column: finding.hint for finding in caught.value.findings}


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("name", " ", "'name' must be a text that is not blank"),
        ("name", 3, "not 3"),
        ("matching", "bst", "must be one of best, greedy, random, not 'bst'. Did you mean 'best'?"),
        ("matching", None, "not None"),
        ("rematch", 1, "'rematch' must be True or False, not 1"),
        ("feedback", "yes", "'feedback' must be True or False"),
        ("reserve", -1, "'reserve' must be a whole number from 0 to 1000000, not -1"),
        ("reserve", True, "not True"),
        ("threshold", 1.5, "'threshold' must be a number from 0 to 1, not 1.5"),
        ("threshold", float("nan"), "not nan"),
        ("patience", 0.5, "'patience' must be a whole number"),
        ("every", 0, "'every' must be a whole number from 1"),
        ("waves", (1, 2), "'waves' must be months in a tuple, ascending from 0, as in (0, 3)"),
        ("waves", (0, 3, 3), "ascending"),
        ("waves", (), "ascending"),
        ("waves", [0, 3], "in a tuple"),
        ("waves", (0, "3"), "months"),
    ],
)
def test_a_plan_is_checked(name: str, value: Any, hint: str) -> None:
    """Each attribute of a plan has its range."""
    hints = refused(Plan, **({"name": "plan"} | {name: value}))
    assert set(hints) == {name}
    assert hints[name].startswith("Plan: ")
    assert hint in hints[name]


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("months", 0, "'months' must be a whole number from 1 to 240, not 0"),
        ("sessions", 2.5, "'sessions' must be a whole number"),
        ("insight", -0.1, "'insight' must be a number from 0 to 1, not -0.1"),
        ("mentors_part", "half", "not 'half'"),
        ("mentor_leaving", 1, "'mentor_leaving' must be a number from 0 to 0.999, not 1"),
        ("mentee_leaving", -1, "not -1"),
        ("waiting", -1, "'waiting' must be a number from 0 to 1000"),
        ("drifting", 1, "'drifting' must be a number from 0 to 0.999"),
        ("stepping_back", 2, "'stepping_back' must be a number from 0 to 1"),
        ("staying", None, "'staying' must be a number from 0 to 1, not None"),
        ("failing", 1, "'failing' must be a number from 0 to 0.999"),
        ("attending", 0, "'attending' must be a number above 0 and below 1, not 0"),
        ("satisfied", 1, "'satisfied' must be a number above 0 and below 1, not 1"),
        ("effect", 11, "'effect' must be a number from 0 to 10, not 11"),
        ("noise", 0, "'noise' must be a number from 0.001 to 1000, not 0"),
        ("joining", 2, "'joining' must be a number from 0 to 1"),
        ("joined_by", 0, "'joined_by' must be a whole number from 1"),
    ],
)
def test_a_life_is_checked(name: str, value: Any, hint: str) -> None:
    """Each assumption has its range."""
    hints = refused(Life, **{name: value})
    assert set(hints) == {name}
    assert hint in hints[name]


def test_parts_of_chemistry_are_a_whole() -> None:
    """What the weight tells and what is the mentor's own cannot be more than all."""
    hints = refused(Life, insight=0.8, mentors_part=0.5)
    assert hints == {"mentors_part": "Life: 'insight' squared and 'mentors_part' together must be at most 1."}
    assert Life(insight=0.8, mentors_part=0.36).between == pytest.approx(0)


def test_everything_wrong_is_told_at_once() -> None:
    """A plan and a life with several mistakes name them all."""
    assert set(refused(Plan, name="", every=0, waves=None)) == {"name", "every", "waves"}
    assert set(refused(Life, months=0, effect=-1)) == {"months", "effect"}


def test_run_is_checked() -> None:
    """Arguments of a run are told by name, all at once."""
    hints = refused(run, "world", ["plan"], "life", runs=0, seed=-1)
    assert set(hints) == {"world", "plans", "life", "runs", "seed"}
    assert "World.of(cohort, policy)" in hints["world"]
    assert hints["life"] == "simulate: 'life' must be a Life, or None."
    assert "'plans' must be a Plan, or several of them." in refused(run, company(), 3)["plans"]
    assert "'plans' must be a Plan" in refused(run, company(), [])["plans"]


def test_plans_have_names_of_their_own() -> None:
    """Two plans of one name cannot be told apart."""
    hints = refused(run, company(), [Plan(name="a"), Plan(name="a", rematch=False)])
    assert "two plans share a name" in hints["plans"]


def test_calibrated_is_checked() -> None:
    """Figures to be reached are shares, and there is at least one."""
    hints = refused(calibrated, 1, 2, plan=3, dropout=0, completing=1, satisfied="all", runs=1, seed=0.5)
    assert set(hints) == {"world", "life", "plan", "dropout", "completing", "satisfied", "runs", "seed"}
    assert hints["plan"] == "calibrated: 'plan' must be a Plan, or None."
    nothing = refused(calibrated, company(), dropout=None, completing=None, satisfied=None)
    assert "there is nothing to search for; give one of satisfied" not in nothing["dropout"]
    assert "there is nothing to search for" in nothing["dropout"]


def test_tables_are_checked() -> None:
    """A confidence is between 0 and 1, and a plan to hold others against is one of the simulation's."""
    year = run(company(), Plan(name="again"), runs=2)
    assert "'confidence' must be a number above 0 and below 1" in refused(year.table, 1)["confidence"]
    hints = refused(year.differences, "agian", 0)
    assert set(hints) == {"against", "confidence"}
    assert "must be one of again, not 'agian'. Did you mean 'again'?" in hints["against"]
