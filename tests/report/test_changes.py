"""The changes of a re-match on the page."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals
from pairmatch.matching import Change, Revision
from pairmatch.report import render_report
from pairmatch.report.changes import MOST_CHANGES, change_section


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    """Two pairs, and a mentor to spare."""
    mentors = pd.DataFrame({"id": ["ana", "ben", "cy"], "hobbies": ["chess", "golf", "yoga"]})
    mentees = pd.DataFrame({"id": ["eve", "flo"], "hobbies": ["chess", "golf"]})
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))


def test_a_first_matching_has_none(matching):
    assert change_section(matching) is None
    assert "What has changed" not in render_report(matching, thorough=False)


def test_each_change_is_told_with_its_reason(matching):
    """Before, after, why; and how many go on."""
    page = render_report(pm.rematch(matching, failed=[("ana", "eve")]), thorough=False)
    assert "What has changed" in page
    assert "1 of 1 running pair goes on." in page
    assert "The pair did not work out" in page
    cells = '<th scope="row"><bdi>eve</bdi></th><td><bdi>ana</bdi></td><td class=""><bdi>cy</bdi></td>'
    assert cells in page


def test_what_moved_and_what_had_no_room_is_counted(matching):
    """In words above the table; of rules that a pair breaks, their labels."""
    revised = pm.rematch(matching, failed=[("ana", "eve")])
    told = (
        Change("a", "m1", "m2", "moved"),
        Change("b", "m2", "", "no_room"),
        Change("c", "m3", "m4", "rule_broken", ("not_same_team",)),
    )
    running = (("m1", "a"), ("m2", "b"), ("m9", "z"))
    section = change_section(replace(revised, revision=Revision(running=running, changes=told)))
    assert section is not None
    assert section.words == (
        "1 of 3 running pairs goes on. 1 that could move did so, for others’ sake. "
        "For 1 there is no room any more."
    )
    assert section.rows[2].reason == "The pair no longer keeps a hard rule: not same team"


def test_a_long_list_is_cut(matching):
    """The page stays readable, and says where the rest is."""
    revised = pm.rematch(matching, failed=[("ana", "eve")])
    many = tuple(Change(f"e{k}", "", "m", "new") for k in range(MOST_CHANGES + 2))
    page = render_report(replace(revised, revision=Revision(changes=many)), thorough=False)
    assert "2 more changes are in changes.csv." in page


def test_nothing_changed(matching):
    """Said so, without an empty table."""
    revised = replace(matching, revision=Revision(running=(("ana", "eve"),)))
    section = change_section(revised)
    assert section is not None
    assert section.words == "1 of 1 running pair goes on. Nothing has changed."
