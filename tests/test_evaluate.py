"""``evaluate``: every measure counted by hand, and nothing that tells of fewer than five."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.checking.intervals import exact_interval
from pairmatch.cohort import Cohort
from pairmatch.errors import CallError, FileError
from pairmatch.evaluate import REFERENCES, Evaluation, Measured, evaluate
from pairmatch.programme import Event, PairPlan, Programme
from pairmatch.programme.measures import MEASURES

LONG = 20
"""Pairs that started on one day."""


def event(day: str, kind: str, mentor: str = "", mentee: str = "", reason: str = "") -> Event:
    """An event of 2026, by month and day."""
    return Event(f"2026-{day}", kind, mentor, mentee, reason)


def programme(*more: Event, on: str = "08-01", **options: Any) -> Programme:
    """Twenty pairs m0-e0, m1-e1, ..., and what else happened."""
    started = [event("01-05", "started", f"m{k}", f"e{k}") for k in range(LONG)]
    return Programme.from_events([*started, *more], on=f"2026-{on}", **options)


def met(pair: int, times: int) -> list[Event]:
    """A pair's sessions."""
    return [event(f"02-{day:02d}", "met", f"m{pair}", f"e{pair}") for day in range(1, times + 1)]


def answers(**columns: Any) -> pd.DataFrame:
    """Answers of both people of the first ten pairs; a column may be a value, or one for each row."""
    people = [(f"m{k}", f"e{k}", by) for k in range(10) for by in ("mentor", "mentee")]
    return pd.DataFrame(people, columns=["mentor", "mentee", "by"]).assign(**columns)


def counts(evaluation: Evaluation, measure: str) -> dict[str, tuple[int | None, int | None]]:
    """Count and base of every figure of a measure, by whom and which group."""
    return {
        figure.of if figure.group == "all" else f"{figure.of}: {figure.group}": (figure.count, figure.base)
        for figure in evaluation[measure]
    }


def test_a_programme_without_trouble() -> None:
    """Nothing ended, nobody was asked: what is not known yet has no share."""
    found = evaluate(programme(on="03-01"))
    assert [figure.measure for figure in found.figures if figure.group == "all" and figure.of != "mentors"]
    assert counts(found, "rematch_rate") == {"mentees": (0, LONG)}
    assert counts(found, "ended_early") == {"pairs": (0, LONG)}
    assert counts(found, "drop_out") == {
        "people": (0, 2 * LONG),
        "mentors": (0, LONG),
        "mentees": (0, LONG),
    }
    assert counts(found, "enough_sessions") == {"pairs": (0, 0)}
    assert found["match_satisfaction"][0].share is None
    assert found["match_satisfaction"][0].told.endswith("nobody to count yet")
    assert list(dict.fromkeys(found.measures["measure"])) == list(MEASURES)


def test_enough_sessions() -> None:
    """Five of seven, of the pairs whose time is over; one that ended early and is too young is not told."""
    more = [*met(0, 5), *met(1, 4), *met(2, 7), *met(3, 6), event("02-20", "ended", "m3", "e3", "no_time")]
    young = [event("07-01", "started", "m30", "e30"), event("07-02", "ended", "m30", "e30", "no_time")]
    assert counts(evaluate(programme(*more, *young)), "enough_sessions") == {"pairs": (3, LONG)}
    assert counts(evaluate(programme(*more, on="07-04")), "enough_sessions") == {"pairs": (0, 0)}
    plan = PairPlan(months=1, sessions=4, enough=4)
    assert counts(evaluate(programme(*more, plan=plan)), "enough_sessions") == {"pairs": (4, LONG)}


def test_sessions_as_people_tell_them() -> None:
    """They go before the events; of two that differ the smaller counts, and of one person's the last."""
    told = pd.DataFrame(
        [
            ["m0", "e0", "mentor", "2026-03-01", 7, None],
            ["m0", "e0", "mentee", "2026-03-01", 5, None],
            ["m1", "e1", "mentor", "2026-03-01", 7, None],
            ["m1", "e1", "mentee", "2026-03-01", 4, None],
            ["m2", "e2", "mentee", "2026-06-01", 6, 7],
            ["m2", "e2", "mentee", "2026-03-01", 1, 7],
            ["m2", "e2", "mentee", "2026-09-01", 1, 7],
            ["m3", "e3", "mentee", "", 7, 14],
            ["m4", "e4", "mentee", "", 10, 14],
        ],
        columns=["mentor", "mentee", "by", "date", "sessions_held", "sessions_planned"],
    )
    found = evaluate(programme(*met(5, 5), *met(1, 7)), told)
    assert counts(found, "enough_sessions") == {"pairs": (4, LONG)}  # e0, e2, e4 and e5


def test_ends_and_drop_out() -> None:
    """Goals met and time over are no early ends; who leaves after those has not dropped out."""
    found = evaluate(
        programme(
            event("02-01", "ended", "m0", "e0", "no_chemistry"),
            event("02-01", "ended", "m1", "e1", "goals_met"),
            event("02-02", "left", "", "e1"),
            event("02-01", "ended", "m2", "e2"),
            event("02-02", "left", "", "e2"),
            event("02-02", "left", "m3"),
            event("02-03", "left", "m4"),
            event("02-04", "joined", "m4"),
            event("07-05", "ended", "m5", "e5", "no_time"),
            event("07-06", "left", "m5"),
            event("07-07", "left", "m6"),
            event("03-01", "left", "m77"),
        )
    )
    assert counts(found, "ended_early") == {"pairs": (4, LONG)}  # e0, e2, e3, e4
    assert counts(found, "drop_out") == {
        "people": (2, 2 * LONG),
        "mentors": (1, LONG),  # m3; m4 came back
        "mentees": (1, LONG),  # e2
    }
    said = answers(ended_early=[None, "yes", "no", *[None] * 17])
    assert counts(evaluate(programme(), said), "ended_early") == {"pairs": (1, LONG)}


def test_rematch_rate() -> None:
    """Mentees who started again after an early end; not those with two mentors at once."""
    found = evaluate(
        programme(
            event("02-01", "ended", "m0", "e0", "no_chemistry"),
            event("02-05", "started", "m1", "e0"),
            event("02-01", "ended", "m2", "e2", "no_chemistry"),
            event("02-05", "proposed", "m3", "e2"),
            event("02-01", "ended", "m4", "e4", "completed"),
            event("02-05", "started", "m5", "e4"),
            event("02-05", "started", "m7", "e6"),
            event("02-06", "left", "m8"),
            event("02-06", "started", "m9", "e8"),
        )
    )
    assert counts(found, "rematch_rate") == {"mentees": (2, LONG)}  # e0 and e8


def test_satisfaction() -> None:
    """A rating of four of five is satisfied; each answer counts by itself, and silence does not."""
    ratings = [5, 1, 4, 3, 3.9, 4, None, 4, *[5] * 12]
    found = evaluate(programme(), answers(match_satisfaction=ratings, goal_achieved=["yes", "no"] * 10))
    assert counts(found, "match_satisfaction") == {"people": (16, 19), "mentors": (8, 9), "mentees": (8, 10)}
    assert counts(found, "programme_satisfaction") == {"people": (0, 0)}
    assert counts(found, "goal_achieved") == {"people": (10, 20), "mentors": (10, 10), "mentees": (0, 10)}
    assert counts(found, "response") == {"people": (20, 40), "mentors": (10, 20), "mentees": (10, 20)}
    wide = evaluate(programme(), answers(match_satisfaction=7), scale=(0, 10), satisfied_at=7)
    assert counts(wide, "match_satisfaction")["people"] == (20, 20)


def test_intervals_and_references() -> None:
    """Each share with its interval, above, below or open against what others report."""
    found = evaluate(programme(), answers(programme_satisfaction=5))
    (people, *_) = found["programme_satisfaction"]
    assert (people.share, people.low, people.high) == (1.0, *exact_interval(20, 20))
    assert (people.reference, people.against) == (REFERENCES["programme_satisfaction"], "above")
    assert found["enough_sessions"][0].against == "below"
    assert found["drop_out"][0].against == "below"
    assert found["ended_early"][0].against == ""
    loose = evaluate(programme(), answers(programme_satisfaction=5), confidence=0.999)
    assert loose["programme_satisfaction"][0].against == "open"
    own = evaluate(programme(), references={"ended_early": 0.2})
    assert own["ended_early"][0].against == "below"
    assert own["drop_out"][0].reference is None
    assert found["response"][0].told == "response (people): 20 of 40, 50% (34% to 66%)"


def cohort(*departments: str) -> Cohort:
    """The people of the programme, mentors with a department each."""
    mentors = pd.DataFrame({"id": [f"m{k}" for k in range(len(departments))], "department": departments})
    return Cohort(mentors, pd.DataFrame({"id": [f"e{k}" for k in range(len(departments))]}))


def test_groups() -> None:
    """By the values of a column as they are written, those without one as ``unknown``."""
    people = cohort(*["Sales"] * 6, *["sales "] * 2, *["IT"] * 6, *[""] * 6)
    more = [event("02-01", "ended", f"m{k}", f"e{k}", "no_time") for k in (0, 8, 9)]
    found = evaluate(programme(*more), by="department", cohort=people)
    assert counts(found, "ended_early") == {
        "pairs": (3, LONG),
        "pairs: mentor's department = IT": (2, 6),
        "pairs: mentor's department = Sales": (1, 8),
        "pairs: mentor's department = unknown": (0, 6),
    }
    assert counts(found, "response") == {
        "people": (0, 40),
        "mentors": (0, 20),
        "mentees": (0, 20),
        "mentors: department = IT": (0, 6),
        "mentors: department = Sales": (0, 8),
        "mentors: department = unknown": (0, 6),
    }
    own = programme(*more, cohort=people)
    assert evaluate(own, by=["department"]).figures == found.figures


def test_other_kinds_of_columns() -> None:
    """Flags and numbers as they are spelt; who has several entries is of several groups."""
    mentors = pd.DataFrame(
        {
            "id": [f"m{k}" for k in range(LONG)],
            "level": [1, 2] * 10,
            "trained": ["yes"] * 10 + ["no"] * 10,
            "hobbies": ["chess; golf"] * 15 + ["golf"] * 5,
        }
    )
    people = Cohort(mentors, pd.DataFrame({"id": [f"e{k}" for k in range(LONG)]}))
    found = evaluate(programme(), by=("level", "trained", "hobbies"), cohort=people)
    told = counts(found, "ended_early")
    assert {name.removeprefix("pairs: mentor's "): base for name, (_, base) in told.items()} == {
        "pairs": 20,
        "level = 1": 10,
        "level = 2": 10,
        "trained = no": 10,
        "trained = yes": 10,
        "hobbies = chess": 15,
        "hobbies = golf": 20,
    }


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [((10, 10), set()), ((16, 4), {"A", "B"}), ((10, 6, 4), {"B", "C"}), ((8, 6, 3, 3), {"C", "D"})],
)
def test_small_groups_are_withheld(sizes: tuple[int, ...], hidden: set[str]) -> None:
    """With as many others as keep them from being worked out as a difference from the whole."""
    names = "ABCD"
    people = cohort(*(name for name, size in zip(names, sizes, strict=False) for _ in range(size)))
    found = evaluate(programme(), by="department", cohort=people)
    for measure, before in (("ended_early", "mentor's "), ("drop_out", "")):
        figures = {figure.group.removeprefix(f"{before}department = "): figure for figure in found[measure]}
        assert {name for name, figure in figures.items() if figure.withheld} == hidden
        for name in hidden:
            assert (figures[name].count, figures[name].share, figures[name].low) == (None, None, None)
            assert figures[name].told.endswith("withheld, for privacy")
    table = found.measures
    assert table[table["group"].str.endswith("= A") & ("A" in hidden)]["base"].isna().all()
    assert re.fullmatch(r"<Evaluation on 2026-08-01: \d+ figures, \d+ of them withheld>", repr(found))


def test_a_tiny_programme() -> None:
    """Of fewer than five nothing is told at all."""
    tiny = Programme.from_events([event("01-05", "started", "m1", "e1")], on="2026-03-01")
    assert all(figure.withheld or figure.base == 0 for figure in evaluate(tiny).figures)


def test_few_answers_of_one_side() -> None:
    """Three mentors who answered are not told, and neither are the mentees, whose number would tell."""
    said = answers(match_satisfaction=4)
    few = said[(said["by"] == "mentee") | (said.index < 6)]
    assert counts(evaluate(programme(), few), "match_satisfaction") == {
        "people": (13, 13),
        "mentors": (None, None),
        "mentees": (None, None),
    }


def test_a_pair_of_one_day_is_not_a_second_one() -> None:
    """Whose only pair started and ended on the same day was not matched again; who then got another was."""
    day = [event("02-01", "started", "m30", "e30"), event("02-01", "ended", "m30", "e30", "no_time")]
    assert counts(evaluate(programme(*day)), "rematch_rate") == {"mentees": (0, LONG + 1)}
    again = event("02-01", "started", "m31", "e30")
    assert counts(evaluate(programme(*day, again)), "rematch_rate") == {"mentees": (1, LONG + 1)}


@settings(max_examples=25)
@given(st.lists(st.sampled_from("ABCDE"), min_size=LONG, max_size=LONG))
def test_nothing_small_is_told(departments: list[str]) -> None:
    """No figure of a group is under five or leaves under five, and never is exactly one withheld."""
    found = evaluate(programme(), by="department", cohort=cohort(*departments))
    groups = [figure for figure in found["ended_early"] if figure.group != "all"]
    for figure in groups:
        size = departments.count(figure.group[-1])
        assert figure.withheld or (figure.base == size >= 5 and LONG - size not in range(1, 5))
    hidden = [departments.count(figure.group[-1]) for figure in groups if figure.withheld]
    assert not hidden or (len(hidden) > 1 and sum(hidden) >= 5)


@pytest.mark.parametrize(
    ("arguments", "columns"),
    [
        ({"confidence": 1, "scale": (5, 1)}, ["confidence", "scale"]),
        ({"scale": 5}, ["scale"]),
        ({"satisfied_at": 9}, ["satisfied_at"]),
        ({"references": {"drop_outs": 0.1, "drop_out": 2}}, ["references", "references"]),
        ({"by": "department"}, ["by"]),
        ({"by": 5, "cohort": cohort("A")}, ["by"]),
        ({"cohort": pd.DataFrame(), "references": 5}, ["references", "cohort"]),
        ({"by": ["departmant", 7], "cohort": cohort("A")}, ["by", "by"]),
    ],
)
def test_arguments_that_cannot_be(arguments: dict[str, Any], columns: list[str]) -> None:
    """All of them at once."""
    with pytest.raises(CallError) as caught:
        evaluate(programme(), **arguments)
    assert [finding.column for finding in caught.value.findings] == columns


def test_no_programme() -> None:
    """Events alone are none."""
    with pytest.raises(CallError, match="'programme' must be a Programme"):
        evaluate([])  # type: ignore[arg-type]


def test_a_table_that_cannot_be(tmp_path: Path) -> None:
    """Every bad cell and row, and nothing of what stands there."""
    table = pd.DataFrame(
        [
            ["m0", "e0", "boss", 4, 5, "yes"],
            ["m0", "e0", "mentor", 6, 5, "yes"],
            ["m0", "e1", "mentee", 4, 5, "yes"],
            ["m0", "", "mentor", 4, 5.5, "SECRET"],
            ["m1", "e1", "mentor", "SECRET", 5, "yes"],
        ],
        columns=["mentor", "mentee", "by", "match_satisfaction", "sessions_held", "goal_achieved"],
    ).assign(sessions_planned=[7, 7, 7, 7, 0], mood="SECRET")
    with pytest.raises(CallError) as caught:
        evaluate(programme(), table)
    found = [(finding.code, finding.row, finding.column) for finding in caught.value.findings]
    assert found == [
        ("bad_side", 1, "by"),
        ("out_of_scale", 2, "match_satisfaction"),
        ("out_of_scale", 5, "match_satisfaction"),
        ("bad_integer", 4, "sessions_held"),
        ("bad_bool", 4, "goal_achieved"),
        ("unknown_column", 0, "mood"),
    ]
    assert "SECRET" not in str(caught.value)
    with pytest.raises(CallError) as caught:
        evaluate(
            programme(),
            table.iloc[[2, 3, 4]]
            .assign(match_satisfaction=4, sessions_held=5, goal_achieved="yes")
            .drop(columns="mood"),
        )
    assert [(one.code, one.id, one.row) for one in caught.value.findings] == [
        ("unknown_pair", "e1", 1),
        ("missing_cell", "m0", 2),
        ("bad_integer", "m1", 3),
    ]
    with pytest.raises(FileError, match="missing_file"):
        evaluate(programme(), tmp_path / "none.csv")
    with pytest.raises(CallError, match="missing_column"):
        evaluate(programme(), pd.DataFrame({"mentor": ["m0"]}))


def test_answers_from_a_file(tmp_path: Path) -> None:
    """As from a frame."""
    table = answers(match_satisfaction=4, goal_achieved="no")
    table.to_csv(tmp_path / "answers.csv", index=False)
    assert evaluate(programme(), tmp_path / "answers.csv").figures == evaluate(programme(), table).figures


def test_how_it_is_asked() -> None:
    """By measure; a measure that is none names the nearest."""
    found = evaluate(programme())
    assert len(found.lines) == len(found.figures) == len(found.measures)
    assert all(isinstance(figure, Measured) for figure in found["drop_out"])
    with pytest.raises(KeyError, match="drop_out"):
        found["drop_outs"]
