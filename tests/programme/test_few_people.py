"""Figures that would tell of fewer than five people, though they count more pairs or answers than that."""

from __future__ import annotations

import pandas as pd

from pairmatch.cohort import Cohort
from pairmatch.evaluate import evaluate
from pairmatch.programme import Programme
from tests.test_evaluate import LONG, counts, event, programme


def of_six_each() -> tuple[Programme, Cohort]:
    """Four departments of mentors, one of which is m0 with six mentees; a mentee per mentor otherwise."""
    pairs = [("m0", f"e{k}") for k in range(6)] + [(f"m{k}", f"e{k}") for k in range(6, 30)]
    events = [event("01-05", "started", *pair) for pair in pairs]
    mentors = {"id": ["m0", *(f"m{k}" for k in range(6, 30))], "department": ["Law", *["Sales", "IT"] * 12]}
    mentees = pd.DataFrame({"id": [f"e{k}" for k in range(30)], "team": ["A", "B"] * 15})
    people = Cohort(pd.DataFrame(mentors), mentees)
    return Programme.from_events(events, people, on="2026-08-01"), people


def test_many_pairs_of_one_person() -> None:
    """Six answers and six pairs of one mentor tell of one person, and are withheld."""
    six, _ = of_six_each()
    said = pd.DataFrame([[*life.pair, "mentor", 2] for life in six.lives])
    said.columns = pd.Index(["mentor", "mentee", "by", "match_satisfaction"])
    found = evaluate(six, said, by="department")
    for measure, before in (("match_satisfaction", "mentors: "), ("ended_early", "pairs: mentor's ")):
        told = {name.removeprefix(before): base for name, (_, base) in counts(found, measure).items()}
        assert told["department = Law"] is None
        assert None in (told["department = IT"], told["department = Sales"])
    assert counts(evaluate(six, by="team"), "ended_early") == {
        "pairs": (0, 30),
        "pairs: mentee's team = A": (0, 15),
        "pairs: mentee's team = B": (0, 15),
    }
    few = said[said["mentor"].isin(["m0", "m6", "m7"])]
    assert all(figure.withheld for figure in evaluate(six, few)["match_satisfaction"])


def test_a_group_within_another() -> None:
    """A department and a region that is all of it but for one person: the difference would be theirs."""
    mentors = pd.DataFrame({"id": [f"m{k}" for k in range(LONG)]})
    mentors["department"] = ["Sales"] * 10 + ["IT"] * 10
    mentors["region"] = ["north"] * 9 + ["south"] * 11
    people = Cohort(mentors, pd.DataFrame({"id": [f"e{k}" for k in range(LONG)]}))
    found = evaluate(programme(), by=("department", "region"), cohort=people)
    for measure in ("ended_early", "drop_out"):
        told = {figure.group[-5:] for figure in found[measure] if not figure.withheld}
        assert not {"Sales", "north"} <= told
        assert not {"south", " = IT"} <= told
