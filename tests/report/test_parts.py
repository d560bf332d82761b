"""Drawings and tables of the page: departments, loads, the trade-off, greedy and random."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.diagnose import Diagnosis
from pairmatch.diagnosing import Diagnosed, Relaxation
from pairmatch.report import render_report
from pairmatch.report.beside import beside, gains
from pairmatch.report.curve import curve
from pairmatch.report.flow_drawing import flow_section
from pairmatch.report.helps import help_rows, helps_by_person, whys_by_person
from pairmatch.report.load_rows import load_parts
from pairmatch.report.people import Group, Single
from pairmatch.trade_off import TradeOff
from pairmatch.uplift import Uplift


def matched(departments: str = "AABC", capacity: int = 2) -> pm.Matching:
    """Four mentors with two places each, five mentees."""
    mentors = pd.DataFrame(
        {"id": list("abcd"), "department": list(departments), "hobbies": "chess", "capacity": capacity}
    )
    mentees = pd.DataFrame({"id": list("vwxyz"), "department": list("AABBC"), "hobbies": "chess"})
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))


def traded(rows: list[tuple[float, float, float]], **chosen: float) -> TradeOff:
    """A trade-off of these points: worst, total, gap."""
    table = pd.DataFrame(rows, columns=["worst", "total", "gap"])
    return TradeOff(table, ("total", "worst"), chosen, complete=not chosen)


def test_departments_are_counted_in_words_and_in_the_table() -> None:
    """Rows and columns add up; bands begin and end at the departments' bars."""
    matching = matched()
    section = flow_section(matching)
    assert section is not None
    assert sum(int(total) for _, _, total in section.rows) == len(matching.made)
    assert [sum(map(int, cells)) for _, cells, _ in section.rows] == [int(row[2]) for row in section.rows]
    assert len(section.ribbons) == sum(cell != "0" for _, cells, _ in section.rows for cell in cells)
    assert all(re.fullmatch(r"[MCLZ\d., ]+", ribbon.outline) for ribbon in section.ribbons)
    assert section.words.endswith(".")


def test_without_departments_there_is_no_such_part() -> None:
    """Nothing to count by."""
    people = [pd.DataFrame({"id": ids, "hobbies": "chess"}) for ids in (["a"], ["b"])]
    matching = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    assert flow_section(matching) is None


def test_loads_are_told_of_mentors_and_of_mentees_with_several() -> None:
    """People with so many pairs, and how many of them are full; mentees with one place each are left out."""
    matching = matched()
    (part,) = load_parts(matching)
    assert part.role == "mentors"
    assert sum(int(row.people) for row in part.rows) == 4
    loads = matching.pairs["mentor"].value_counts()
    assert part.words.startswith(f"{(loads == 2).sum()} of 4 mentors")
    assert max(row.width for row in part.rows) == 98


def test_a_curve_lies_within_its_drawing() -> None:
    """Points from left to right, round numbers along both axes, and the matching's own point."""
    drawn = curve(traded([(0.3, 20.0, 0.1), (0.1, 30.0, 0.0)], worst=0.1, total=30.0))
    assert drawn is not None
    assert [point.along for point in drawn.points] == ["0.1", "0.3"]
    assert [point.proven for point in drawn.points] == [True, False]
    assert drawn.chosen is not None
    assert (drawn.chosen.x, drawn.chosen.y) == (drawn.points[0].x, drawn.points[0].y)
    assert [mark.text for mark in drawn.marks_up] == ["20", "25", "30"]
    assert drawn.words == (
        "2 points, each the best there is; 1 hollow one is not proven. "
        "The work was cut short by its time limit."
    )


def test_curves_of_one_point_and_of_none() -> None:
    """One point is drawn in the middle, and said to be the only one."""
    drawn = curve(traded([(0.1, 30.0, 0.0)]))
    assert drawn is not None
    assert drawn.chosen is None
    assert drawn.words == "One matching has the most of both at once: neither costs anything of the other."
    assert not drawn.drawn
    assert drawn.points[0].x == pytest.approx((84 + 610) / 2)
    assert curve(traded([])) is None


def held_against(greedy: float, random: float) -> Uplift:
    """An uplift with these totals."""
    rows = [
        ("pairmatch", 2, 2, 1.0, 0.5, 0.4),
        ("greedy", 2, 2, greedy, 0.4, 0.3),
        ("random", 2, 2, random, np.nan, np.nan),
    ]
    table = pd.DataFrame(rows, columns=["method", "mentees", "pairs", "total", "mean", "lowest"])
    weights = {"pairmatch": (0.4, 0.6), "greedy": (0.3, 0.5), "random": ()}
    return Uplift(table, weights, pd.DataFrame(columns=["figure", "mean", "low", "high"]))


def test_greedy_and_random_stand_beside_the_matching() -> None:
    """One scale for all; what cannot be told is a dash; more and less in words."""
    section = beside(held_against(0.8, 2.0))
    assert [panel.name for panel in section.panels] == ["This matching", "Greedy", "Random"]
    assert len({panel.bars.counts for panel in section.panels}) == 1
    assert section.panels[2].mean_at is None
    assert section.panels[2].mean == "–"
    assert "25.0% more than in greedy matching and 50.0% less than in random matching" in section.words
    assert "up to as much as in greedy matching and 25.0%" in beside(held_against(1.0, 0.8)).words
    assert gains(held_against(0.8, 0.0)) == (("greedy", pytest.approx(0.25)),)


def test_relaxations_are_told_with_whom_they_serve() -> None:
    """What they cost, who would lose a partner; for one person the first three."""

    def one(cost: float, *unmatched: tuple[str, str]) -> Relaxation:
        people = (("mentee", "e1"), ("mentor", "e1"))
        return Relaxation("one more place", "place", "", "mentor", "m", "", "", people, unmatched, cost, {})

    found = (one(0.25, ("mentee", "e2")), one(-0.25), one(0.0), one(0.5))
    person = Diagnosed("mentee", "e1", "partners_full", "open", "Not settled.", 1, {}, {})
    diagnosis = Diagnosis("lead", (person,), found)
    rows = help_rows(diagnosis)
    assert [row.cost for row in rows] == ["0.250", "gains 0.250", "nothing", "0.500"]
    assert [row.unmatched for row in rows] == ["mentee e2", "nobody", "nobody", "nobody"]
    assert (rows[0].serves, rows[0].people) == ("2", "mentee e1, mentor e1")
    assert helps_by_person(diagnosis)["mentee", "e1"] == (
        "one more place (costs 0.250; 1 other would lose their partner)",
        "one more place (gains 0.250)",
        "one more place",
    )
    assert whys_by_person(diagnosis) == {("mentee", "e1"): "Not settled."}
    assert (help_rows(None), helps_by_person(None), whys_by_person(None)) == ((), {}, {})


def test_what_is_true_of_several_is_told_once() -> None:
    """Those who share a sentence stand under it; those whom something would help first, with what."""
    alike = (Single("a", "same", ()), Single("b", "same", ("this",)))
    group = Group("mentee", "r", 3, (*alike, Single("c", "other", ())), 0)
    (shared,) = group.alike
    assert (shared.why, shared.helped, shared.others) == ("same", alike[1:], alike[:1])
    assert [single.id for single in group.singles] == ["c"]
    assert Group("mentee", "r", 1, alike[:1], 0).alike == ()
    assert Group("mentee", "r", 2, (Single("a", "", ()), Single("b", "", ())), 0).alike == ()


def test_the_page_tells_it_once() -> None:
    """Three wait for one place: one sentence, and each of them named."""
    people = pd.DataFrame({"id": ["m"]}), pd.DataFrame({"id": ["a", "b", "c", "d"]})
    matching = pm.match(pm.Cohort(*people), pm.Policy(objective=["mentees"]))
    text = render_report(matching)
    assert text.count("can be paired only with") == 1
    assert "All of them: they and 1 other mentee can be paired only with 1 mentor (m)" in text
    assert all(f"<bdi>{one.id}</bdi>" in text for one in matching.left)


def test_a_reason_is_not_told_twice() -> None:
    """Of people who take no part there is no more to tell than that."""
    people = pd.DataFrame({"id": ["m"]}), pd.DataFrame({"id": ["a", "b", "c"], "active": ["yes", "no", "no"]})
    text = render_report(pm.match(pm.Cohort(*people), pm.Policy(objective=["mentees"])))
    assert "Taking no part" in text
    assert "not taking part" not in text
    assert "<summary>Who<span" in text
