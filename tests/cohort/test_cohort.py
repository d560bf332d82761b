"""A cohort as a whole: fingerprint, immutability, pickling, threads."""

from __future__ import annotations

import copy
import pickle
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairmatch.cohort import Cohort, Schema
from pairmatch.errors import CallError
from pairmatch.terms import Thesaurus
from tests.cohort.tables import cohort, frame, mentees, mentors

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4),
            "team": st.sampled_from(["", "Sales", "R&D", "Ünit, 1", 'a "b"']),
            "level": st.sampled_from(["", "1", "2"]),
            "active": st.sampled_from(["", "yes", "no"]),
            "topics_wanted": st.sampled_from(["", "AI:2; go!", "go"]),
            "notes": st.text(max_size=3),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row["id"],
)


def frames(rows: list[dict[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same people as mentors, and as mentees under other ids."""
    return pd.DataFrame(rows), pd.DataFrame([{**row, "id": f"e-{row['id']}"} for row in rows])


@given(ROWS, st.randoms(use_true_random=False), st.sampled_from(",;\t"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fingerprint_is_of_the_content(
    tmp_path: Path, rows: list[dict[str, str]], random: Any, delimiter: str
) -> None:
    """Order of rows and columns, unused columns, case of headings, file or frame: none of them counts."""
    made = Cohort(*frames(rows))
    shuffled = random.sample(rows, len(rows))
    columns = random.sample(["id", "team", "level", "active", "topics_wanted"], 5)
    paths = []
    for k, table in enumerate(frames(shuffled)):
        paths.append(tmp_path / f"{k}.csv")
        table[columns].rename(columns=str.upper).to_csv(paths[-1], sep=delimiter, index=False)
    assert Cohort.read(*paths).fingerprint == made.fingerprint


CHANGES = [
    {"team": ["a", "x"]},
    {"tenure": [1, 3]},
    {"hobbies": ["a;b", "c"]},
    {"topics_wanted": ["a:2", "b"]},
    {"topics_wanted": ["a:2!", None]},
    {"active": ["yes", None]},
    {"id": ["e1", "e3"]},
    {"manager": ["m2", None]},
    {"region": [None, None]},
]


@pytest.mark.parametrize("change", CHANGES, ids="-".join)
def test_fingerprint_sees_every_change(change: dict[str, list[Any]]) -> None:
    """Any change of a cell, an id or the fields there are changes the fingerprint."""
    base = {"team": ["a", "b"], "tenure": [1, 2], "hobbies": ["a", "b;c"], "topics_wanted": ["a:2", None]}
    base["active"] = ["yes", "no"]
    before = Cohort(mentors(), mentees(**base)).fingerprint
    after = Cohort(mentors(), mentees(**{**base, **change})).fingerprint
    assert len(after) == 64
    assert before != after


def test_fingerprint_sees_chart_and_history() -> None:
    """So do the chart and the history; no history is not the same as an empty one."""
    empty = frame(mentor=[], mentee=[])
    pair = frame(mentor=["m1"], mentee=["e1"])
    org = frame(id=["m1"], manager=["e1"])
    more: list[dict[str, Any]] = [{}, {"history": empty}, {"history": pair}, {"org": org}]
    more += [{"org": org.assign(type="dotted")}, {"org": org[:0]}]
    assert len({Cohort(mentors(), mentees(), **extra).fingerprint for extra in more}) == len(more)
    twice = pd.concat([pair, pair])
    assert (
        Cohort(mentors(), mentees(), history=twice).fingerprint
        == Cohort(mentors(), mentees(), history=pair).fingerprint
    )


def test_fingerprint_stays() -> None:
    """The fingerprint of a known cohort is the one it always had: files written long ago are still of it."""
    columns = {
        "team": ["Sales", None],
        "tenure": [1.5, None],
        "hobbies": ["Chess; go", ""],
        "active": ["yes", ""],
    }
    made = Cohort(mentors(**columns), mentees(**columns), thesaurus=Thesaurus.empty())
    assert made.fingerprint == "32a2b6dc3a7b6e028810f31ffad660ccda95290e1309c2b5f70d1f57fd64bd84"


def test_the_callers_frames_stay_as_they_are() -> None:
    """Nothing is written into the caller's frames, and later changes to them do not reach the cohort."""
    left = mentors(team=["a", "b"], tenure=[1.0, 2.0], hobbies=[["x"], ["y"]])
    before = copy.deepcopy(left)
    made = Cohort(left, mentees())
    fingerprint = Cohort(left, mentees()).fingerprint
    pd.testing.assert_frame_equal(left, before)
    left.loc[0, ["team", "tenure"]] = ["changed", 9.0]
    left["hobbies"].iloc[0].append("changed")
    assert made.mentors.text("team").tolist() == ["a", "b"]
    assert made.mentors.number("tenure").tolist() == [1, 2]
    assert made.fingerprint == fingerprint


def test_immutable() -> None:
    """Neither a cohort, nor its profiles, nor their arrays can be changed; notes are a fresh table."""
    made = cohort(team=["a", "b"], tenure=[1, 2], active=["y", "n"], unused=[1, 2])
    for holder, name in (
        (made, "mentors"),
        (made, "schema"),
        (made.mentors, "ids"),
        (made.mentors.person(0), "id"),
    ):
        with pytest.raises(AttributeError):
            setattr(holder, name, None)
    with pytest.raises(TypeError):
        made.mentors.person(0)["team"] = "x"  # type: ignore[index]
    codes = made.codes("team")
    arrays = [made.mentors.text("team"), made.mentors.number("tenure"), made.mentors.flag("active"), *codes]
    for array in [*arrays, made.comparable("mentors", "team"), made.present("mentors", "team")]:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]
    notes = made.notes
    notes.loc[0, "code"] = "changed"
    assert set(made.notes["code"]) == {"unknown_column"}


def test_pickle_and_copy() -> None:
    """A cohort survives pickling and copying, stays immutable and belongs to its own persons."""
    made = Cohort(
        mentors(team=["a", "b"]),
        mentees(),
        org=frame(id=["m1"], manager=["m2"]),
        history=frame(mentor=["m1"], mentee=["e1"]),
    )
    assert made.codes("id")[0].size == 2
    for other in (pickle.loads(pickle.dumps(made)), copy.deepcopy(made)):
        assert other.fingerprint == made.fingerprint
        assert other.mentors.person(0).cohort is other
        assert other.organisation is not None
        assert other.organisation.manager("m1") == "m2"
        with pytest.raises(ValueError, match="read-only"):
            other.mentors.text("team")[0] = "x"


def test_derived_values_are_made_once() -> None:
    """Many threads at once get one and the same derived value."""
    made = cohort(team=["a", "b"])
    calls: list[int] = []
    gate = threading.Barrier(8)

    def ask() -> object:
        gate.wait()
        return made.cached(("test",), lambda: calls.append(1) or object())

    with ThreadPoolExecutor(8) as pool:
        results = [job.result() for job in [pool.submit(ask) for _ in range(8)]]
    assert len(calls) == 1
    assert len(set(map(id, results))) == 1


def test_small_things() -> None:
    """Shape, fields, words, sides and a history that is empty rather than absent."""
    made = Cohort(mentors(team=["a", "b"]), frame(id=["e"], tenure=[1]), history=frame(mentor=[], mentee=[]))
    assert made.shape == (2, 1)
    assert made.fields == ("id", "team", "tenure")
    assert repr(made) == "<Cohort of 2 mentors and 1 mentee>"
    assert repr(made.mentors) == "<2 mentors, 2 fields>"
    assert made.side("mentees") is made.mentees
    assert made.history == ()
    assert cohort().history is None
    assert made.schema == Schema()
    with pytest.raises(CallError):
        made.side("coaches")


def test_similar_ids_are_noted() -> None:
    """Ids that differ in case only are two people, with a note that they may be one."""
    notes = Cohort(mentors(), frame(id=["M1", "e2"])).notes
    assert notes[["code", "side", "id"]].to_numpy().tolist() == [["similar_id", "mentees", "M1"]]


def test_index_of_a_frame_makes_no_difference() -> None:
    """A frame's own index, also a doubled one, and categorical or nullable columns are no trouble."""
    left = mentors(team=["a", None], tenure=[1, None])
    odd = left.set_index(np.array([5, 5])).astype({"team": "category", "tenure": "Int64", "id": "string"})
    assert Cohort(odd, mentees()).fingerprint == Cohort(left, mentees()).fingerprint


def test_import_is_light() -> None:
    """What this module imports at its top is numpy alone; the rest comes when it is needed."""
    import subprocess

    code = (
        "import sys, pairmatch.cohort; print(*{'pandas', 'scipy', 'networkx', 'ortools'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
