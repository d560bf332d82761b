"""Coaches on the page: each pair with its coach or with the reason, and each coach's load."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.report import coaches as coaches_module
from pairmatch.report import render_report
from pairmatch.report.coaches import coach_section


def matched(*, jointly: bool, capacity: int = 2) -> pm.Matching:
    """Four mentors and four mentees; two coaches, neither of whom supports a pair with own people."""
    people = {"region": ["n", "n", "s", "s"], "gender": ["f", "m", "f", "m"], "hobbies": "chess"}
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["m1", "m2", "m3", "m4"], **people}),
        pd.DataFrame({"id": ["e1", "e2", "e3", "e4"], **people}),
        coaches=pd.DataFrame({"id": ["c1", "c2"], "region": ["n", "s"], "gender": ["f", "m"]}),
    )
    support = pm.Coaches(
        rules=[rules.Different("region")],
        goals=[goals.Same("gender", weight=1, purpose="some wish for it")],
        capacity=capacity,
        jointly=jointly,
    )
    return pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)], coaches=support))


@pytest.mark.parametrize(("jointly", "words"), [(True, "together with"), (False, "after")])
def test_each_pair_is_told_with_its_coach(jointly: bool, words: str) -> None:
    """Those of the matching's table, and no others."""
    matching = matched(jointly=jointly)
    section = coach_section(matching)
    assert section is not None
    table = matching.coaches
    told = [(row.mentor, row.mentee, row.coach or None) for row in section.rows]
    assert told == list(table[["mentor", "mentee", "coach"]].itertuples(index=False, name=None))
    assert f"have a coach, chosen {words} the pairs." in section.words
    assert '<h2 id="coaches">' in render_report(matching, thorough=False)


def test_why_a_pair_has_none() -> None:
    """In words; the load is told beside the capacity."""
    section = coach_section(matched(jointly=False, capacity=1))
    assert section is not None
    assert {row.score for row in section.rows if not row.coach} <= {
        "every coach who suits both partners has as many pairs as they may have",
        "no coach who takes part suits both partners under the rules for coaches",
    }
    assert any(not row.coach for row in section.rows)
    assert {load.endswith(" of 1") for _, load in section.loads} == {True}


def test_what_the_other_order_would_have_lost() -> None:
    """Told where it is worth telling."""
    matching = matched(jointly=True)
    assert matching.coaching is not None
    plan = dataclasses.replace(
        matching.coaching, one_after_the_other={"total": 950_000}, together={"total": 1_000_000}
    )
    section = coach_section(dataclasses.replace(matching, coaching=plan))
    assert section is not None
    assert section.words.endswith(
        "Chosen after them, 5.0% of the total would have been lost (told by the solver, not proven)."
    )
    plan = dataclasses.replace(plan, one_after_the_other={"coached": 1, "total": 1_000_000})
    section = coach_section(dataclasses.replace(matching, coaching=plan))
    assert section is not None
    assert section.words.endswith("Chosen after them, 1 would have one.")


def test_long_lists_are_cut_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is in the file."""
    monkeypatch.setattr(coaches_module, "MOST_PAIRS", 1)
    assert "3 more pairs are in coaches.csv." in render_report(matched(jointly=False), thorough=False)


def test_protected_fields_of_coaches_are_told() -> None:
    """With the purpose; and no such part where nobody has a coach."""
    assert "for “Same (gender) of coaches”: some wish for it" in render_report(
        matched(jointly=False), thorough=False
    )
    plain = dataclasses.replace(matched(jointly=False), coaching=None)
    assert coach_section(plain) is None
