"""The chart of a re-match: every change, from the mentor before to the mentor after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import pairmatch as pm
from pairmatch.matching import CHANGES, Change, Revision
from pairmatch.plot.changes_chart import changes_chart
from pairmatch.plot.words import plain
from tests.plot.test_charts import records, spec

COHORT = pm.datasets.synthetic(mentors=30, mentees=20, seed=3)
MATCHING = pm.match(COHORT, pm.datasets.synthetic_policy())


def revised(*changes: Change) -> pm.Matching:
    """The matching as if it had come of a re-match that changed so much."""
    running = tuple((made.mentor, made.mentee) for made in MATCHING.made)
    return replace(MATCHING, revision=Revision(running=running, changes=changes))


def told(chart: Any) -> list[str]:
    """The lines below the title."""
    lines: list[str] = spec(chart)["title"]["subtitle"]
    return lines


def test_each_change_is_a_line() -> None:
    """Both ends are there; nobody stands for the empty text, and reasons come in their fixed order."""
    chart = changes_chart(
        revised(
            Change("e1", "m1", "m2", "moved"),
            Change("e2", "m3", "", "failed"),
            Change("e3", "", "m4", "new"),
        )
    )
    ends = [(each["mentee"], each["side"], each["mentor"], each["reason"]) for each in records(chart)]
    assert ends == [
        ("e2", "before", "m3", "Failed"),
        ("e2", "after", "nobody", "Failed"),
        ("e1", "before", "m1", "Moved"),
        ("e1", "after", "m2", "Moved"),
        ("e3", "before", "nobody", "New"),
        ("e3", "after", "m4", "New"),
    ]
    n = len(MATCHING.made)
    assert told(chart)[0].endswith(f"{n} of {n} running pairs go on")
    assert told(chart)[1] == "3 mentees with another partner, or with none any more"


def test_many_changes_are_counted() -> None:
    """More than can be drawn one by one become bars, one for each reason."""
    changes = [Change(f"e{k}", f"m{k}", "", "failed" if k % 3 else "moved") for k in range(60)]
    counts = {each["reason"]: each["changes"] for each in records(changes_chart(revised(*changes)))}
    assert counts == {"Failed": 40, "Moved": 20}


def test_reasons_keep_their_colours() -> None:
    """Whatever other reasons there are."""

    def colour(*reasons: str) -> Any:
        chart = spec(changes_chart(revised(*(Change(f"e{k}", "m", "", r) for k, r in enumerate(reasons)))))
        scale = chart["layer"][0]["encoding"]["color"]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    every = colour(*CHANGES)
    assert len(set(every.values())) == len(CHANGES)
    assert colour("moved", "new") == {plain(code): every[plain(code)] for code in ("moved", "new")}


def test_nothing_changed_says_so() -> None:
    """A first matching, or one after which nothing happened, has an empty picture."""
    assert told(changes_chart(MATCHING))[1] == "no pair has changed"
    assert told(changes_chart(revised()))[1] == "no pair has changed"


def test_only_matchings_are_drawn() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be a Matching"):
        changes_chart("changes")  # type: ignore[arg-type]
