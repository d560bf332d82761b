"""Hypothesis strategies for whole cohorts: small, with holes, and with every kind of entanglement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from pairmatch.cohort import Cohort, Field
from pairmatch.testing.draws import integers, permutations, picks, sizes
from pairmatch.testing.tables import Column, Tables

__all__ = ["OWN", "cohorts", "reorderings", "tables"]

OF_A_PERSON: dict[str, Column] = {
    "department": Column("text", ("Sales", "Finance", "sales ", "R&D", "R and D", "IT")),
    "function": Column("text", ("Legal", "Sales", "legal ", "Actuarial")),
    "team": Column("text", ("blue", "Red", "red", "T-1", "t 1")),
    "level": Column("number", ("3", "1", "5", "4", "2", "0", "-1", "6")),
    "region": Column("text", ("north", "South", "SOUTH", "east")),
    "time_zone": Column("text", ("Europe/London", "60", "-300", "Asia/Kolkata", "Pacific/Auckland")),
}
"""Fields in which a person is the same on both sides."""

OF_BOTH: dict[str, Column] = {
    "languages": Column("list", ("English", "Español", "espanol", "Deutsch")),
    "slots": Column("list", ("Mon 9", "Tue 14", "Fri 8")),
    "hobbies": Column("list", ("Chess", "chess ", "Rock climbing", "bouldering", "Opera", "Theater")),
    "interests": Column("list", ("AI", "retail", "Art", "painting")),
    "past_functions": Column("list", ("sales", "Legal", "Claims", "LEGAL")),
    "style_pace": Column("number", ("0.5", "0", "1", "0.25", "0.9")),
    "style_directness": Column("number", ("0.1", "0.7", "1")),
    "style_structure": Column("number", ("0.3", "0", "0.6")),
    "style_formality": Column("number", ("1", "0.2", "0.45")),
    "tenure": Column("number", ("2", "0", "11.5", "7", "30")),
    "reference_rating": Column("number", ("4", "3.5", "1", "5"), "confidential"),
    "gender": Column("text", ("a", "b", "c"), "sensitive"),
    "capacity": Column("number", ("1", "2", "1", "1", "3") * 3 + ("0",)),
    "active": Column("bool", ("yes", "TRUE", "y", "1", True) * 3 + ("no",)),
    "opted_in": Column("bool", ("yes", "y", "yes", "no", "1", "yes")),
    "trained": Column("bool", ("yes", "1", True, "no")),
    "manager_agrees": Column("bool", ("yes", "no", "y", "yes", "yes")),
    "trained_for": Column("list", ("TikTok", "technology", "python", "AI tools")),
}
OF_MENTORS: dict[str, Column] = {
    "topics_offered": Column("topics", ("AI tools:0.8", "python", "ai tools:0.3", "Sales:0.5", "TikTok")),
    "wants_back": Column("topics", ("Strategy:2", "finance")),
    "hours": Column("number", ("3", "4.5", "0", "2", "8")),
}
OF_MENTEES: dict[str, Column] = {
    "topics_wanted": Column("topics", ("AI tools:3", "python!", "Python:0.5", "tiktok:2", "C++")),
    "offers_back": Column("topics", ("strategy:0.9", "Finance", "budgeting:0.7")),
    "hours": Column("number", ("1", "2", "1.5", "0")),
    "must_match": Column("bool", ("yes", "no", "no")),
}
OWN: dict[str, Column] = {
    "organisation": Column("text", ("Land Registry", "land registry", "HMRC", "DfT")),
    "profession": Column("text", ("Policy", "Digital", "policy")),
    "characteristics": Column("list", ("x", "y", "z"), "special"),
    "identity_to_match": Column("list", ("X", "y", "w"), "special"),
    "asks_for_match": Column("bool", ("yes", "no")),
}
"""Fields that the cohorts declare beside the canonical ones, unless others are asked for."""

ID_STYLES = ("p{}", "00{}", "Zoë {}", "{}@example.org")


def cohorts(
    max_mentors: int = 4,
    max_mentees: int = 4,
    *,
    own: Mapping[str, Column] | None = None,
    sparse: bool = True,
) -> st.SearchStrategy[Cohort]:
    """Whole cohorts: see `tables` for what they hold and for the parameters."""
    return tables(max_mentors, max_mentees, own=own, sparse=sparse).map(Tables.cohort)


@st.composite
def tables(
    draw: st.DrawFn,
    max_mentors: int = 4,
    max_mentees: int = 4,
    *,
    own: Mapping[str, Column] | None = None,
    sparse: bool = False,
    id_styles: Sequence[str] = ID_STYLES,
) -> Tables:
    """The raw tables of a cohort, with which a test can also reorder rows or drop columns.

    Missing data, people who stand in both tables, managers direct and dotted, of another table, of the
    organisation chart or outside both, inactive people, mandated mentees, capacities, minimums, hours,
    topics, hobbies, words that are the same after normalisation, earlier pairs and when they ended, wishes
    of both sides, vetoes.

    Parameters
    ----------
    max_mentors, max_mentees
        Most people per side; there is at least one.
    own
        Declared fields by name, instead of ``OWN``.
    sparse
        Whether whole columns, the organisation chart, the history, wishes and vetoes may be absent.
    id_styles
        Patterns of ids. The mentors come first: with ``("p{}",)`` and four of each, the mentors are
        ``p0`` to ``p3`` and ``p4`` is always a mentee.
    """
    own = OWN if own is None else own
    style = st.sampled_from(id_styles)
    n, m = draw(sizes(max_mentors)), draw(sizes(max_mentees))
    both = draw(st.sampled_from((0, 0, 1, 2)))
    people = n + m - min(both, n, m)
    ids = [draw(style).format(k) for k in range(people)]
    chart = draw(st.sampled_from(("own", "org", "outside")))
    personal = {"id": ids, **draw(_cells(OF_A_PERSON, people)), **draw(_managers(ids, chart))}
    left, right = draw(_side(OF_MENTORS, own, n)), draw(_side(OF_MENTEES, own, m))
    drawn = Tables(
        mentors={name: cells[:n] for name, cells in personal.items()} | left,
        mentees={name: cells[people - m :] for name, cells in personal.items()} | right,
        fields={name: Field(column.kind, None, column.class_) for name, column in own.items()},
        org=ORG if chart == "org" else None,
        history=draw(_history(ids)),
        preferences=draw(_preferences(ids[:n], ids[people - m :])),
        vetoes=draw(_vetoes(ids[:n], ids[people - m :])),
        outside_managers="allow" if chart == "outside" else "error",
    )
    return draw(_thinned(drawn)) if sparse else drawn


def reorderings(drawn: Tables) -> st.SearchStrategy[Tables]:
    """The same people in another order of rows."""
    n, m = drawn.shape
    return st.tuples(permutations(n), permutations(m)).map(lambda orders: drawn.rows(*orders))


ORG: dict[str, list[Any]] = {"id": ["boss 1", "boss 2"], "manager": [None, "boss 1"]}
OUTSIDE = ("elsewhere", "elsewhere too")
FURTHER = ("history", "preferences", "vetoes")
LEFT = "left long ago"
DAYS = ("2025-01-31", None, "2026-11-21", "2024-02-29", "2025-11-22")
"""When earlier pairs ended; None where they did not."""


def _cells(columns: Mapping[str, Column], rows: int) -> st.SearchStrategy[dict[str, list[Any]]]:
    """All columns in one draw: a number for each cell, which picks from what the column may hold."""
    numbers = integers(len(columns) * rows, 0, 2**16 - 1, grain=7919)
    return numbers.map(lambda drawn: _filled(columns, drawn.reshape(-1, rows).tolist()))


def _filled(columns: Mapping[str, Column], numbers: list[list[int]]) -> dict[str, list[Any]]:
    drawn = zip(columns.items(), numbers, strict=True)
    return {name: [column.cell(number) for number in cells] for (name, column), cells in drawn}


@st.composite
def _side(
    draw: st.DrawFn, side: Mapping[str, Column], own: Mapping[str, Column], rows: int
) -> dict[str, list[Any]]:
    """The columns in which a person may differ from one table to the other."""
    few = draw(st.integers(0, 9)) in (4, 9)
    minimum = {"minimum": Column("number", ("0", "0", "0", "1") if few else ("0",))}
    return draw(_cells({**OF_BOTH, **side, **minimum, **own}, rows))


@st.composite
def _managers(draw: st.DrawFn, ids: Sequence[str], chart: str) -> dict[str, list[Any]]:
    """Managers without a cycle: somebody earlier in one order of the people, or from above them all."""
    above: tuple[str, ...] = {"own": (), "org": tuple(ORG["id"]), "outside": OUTSIDE}[chart]
    order = draw(permutations(len(ids)))
    direct, dotted = draw(integers(len(ids), 0, 9, grain=3)).tolist(), draw(integers(len(ids), 0, 9)).tolist()
    manager: list[Any] = [None] * len(ids)
    second: list[Any] = [None] * len(ids)
    for place, person in enumerate(order):
        known = [*above, *(ids[k] for k in order[:place])]
        manager[person] = known[direct[person] % len(known)] if known and direct[person] < 8 else None
        second[person] = known[dotted[person] % len(known)] if known and dotted[person] > 7 else None
    return {"manager": manager, "dotted_managers": second}


@st.composite
def _history(draw: st.DrawFn, ids: Sequence[str]) -> dict[str, list[Any]]:
    """Earlier pairs, of people who have left too, and when they ended."""
    known = [*ids, LEFT]
    count = draw(st.integers(0, 4))
    mentors, mentees = draw(picks(count, known)), draw(picks(count, known, grain=2))
    return {"mentor": mentors, "mentee": mentees, "ended": draw(picks(count, DAYS, grain=3))}


def _preferences(mentors: Sequence[str], mentees: Sequence[str]) -> st.SearchStrategy[dict[str, list[Any]]]:
    """Wishes of both sides, each once: lists with ties and gaps, with people on them who have left."""

    def told(drawn: list[int]) -> dict[str, list[Any]]:
        wishes = {}
        for k in drawn:
            mentor, mentee = _one_of(mentors, k % 7), _one_of(mentees, k // 7 % 7)
            wishes[mentor, mentee, "mentee" if k // 49 % 3 else "mentor"] = str(1 + k // 147 % 4)
        rows = [(*wish, rank) for wish, rank in wishes.items()]
        return {name: [row[at] for row in rows] for at, name in enumerate(("mentor", "mentee", "by", "rank"))}

    return integers(6, 0, 2**16 - 1, grain=7919).map(lambda drawn: told(drawn.tolist()))


def _vetoes(mentors: Sequence[str], mentees: Sequence[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    """Two pairs at most that will not be."""

    def told(drawn: list[int]) -> dict[str, list[str]]:
        rows = [k for k in drawn if k % 3]
        return {
            "mentor": [_one_of(mentors, k // 3 % 7) for k in rows],
            "mentee": [_one_of(mentees, k // 21 % 7) for k in rows],
        }

    return integers(2, 0, 2**16 - 1, grain=31).map(lambda drawn: told(drawn.tolist()))


def _one_of(people: Sequence[str], number: int) -> str:
    """Somebody, or now and then one who has left."""
    known = [*people, LEFT]
    return known[number % len(known)]


@st.composite
def _thinned(draw: st.DrawFn, drawn: Tables) -> Tables:
    """Without some of the columns that nobody needs, and perhaps without the further tables."""
    spare = sorted({*drawn.mentors, *drawn.mentees} - {"id", "manager", "dotted_managers"})
    gone = [
        name for name, dice in zip(spare, draw(integers(len(spare), 0, 7)).tolist(), strict=True) if dice == 7
    ]
    kept, absent = drawn.without(*gone), draw(integers(4, 0, 1)).tolist()
    tables: dict[str, Any] = {name: None for name, gone in zip(FURTHER, absent, strict=False) if gone}
    if absent[-1] and drawn.history is not None:
        pairs = {name: cells for name, cells in drawn.history.items() if name != "ended"}
        tables = {"history": pairs, **tables}
    return replace(kept, **tables)
