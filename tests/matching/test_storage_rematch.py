"""A re-match on disk: what is written, how it is read with the tables as they are, and what is refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import datasets
from pairmatch.matching import END_REASONS
from tests.matching.test_storage_fuzz import VALUES, found, paths

Data = dict[str, Any]


@cache
def revised() -> tuple[pm.Matching, pm.Matching, str]:
    """A matching, its re-match with every kind of entry, and the JSON of that."""
    cohort = datasets.synthetic(mentors=9, mentees=8, seed=4)
    policy = replace(datasets.synthetic_policy(), minimum_weight=0.1)
    before = pm.match(cohort, policy)
    pairs = [(pair.mentor, pair.mentee) for pair in before.made]
    failed = pd.DataFrame([(*pairs[0], "conflict")], columns=["mentor", "mentee", "reason"])
    failed["reason"] = next(iter(END_REASONS))
    after = pm.rematch(
        before,
        failed=failed,
        left=[pairs[1][0]],
        capacities={pairs[2][0]: 2},
        movable=pairs[3:],
        max_changes=2,
        minimum_weight=0.05,
    )
    folder = Path(mkdtemp())
    after.write(folder)
    return before, after, (folder / "matching.json").read_text("utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("own", [False, True])
def test_what_was_read_is_written_alike(tmp_path: Path, own: bool) -> None:
    """With the programme's tables or with the re-match's own."""
    before, after, _ = revised()
    after.write(tmp_path / "one")
    again = pm.Matching.read(tmp_path / "one", after.cohort if own else before.cohort)
    assert again.revision == after.revision
    assert again.cohort.fingerprint == after.cohort.fingerprint
    again.write(tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    pm.verify(again, before.cohort, before.policy, before=before)


def test_the_changes_are_a_table_of_their_own(tmp_path: Path) -> None:
    """`changes.csv` shows them; a first matching has none, and leaves none of a former one."""
    before, after, _ = revised()
    after.write(tmp_path)
    shown = pd.read_csv(tmp_path / "changes.csv", dtype=str, keep_default_na=False)
    pd.testing.assert_frame_equal(shown, after.changes, check_dtype=False)
    (tmp_path / "changes.csv").write_text("mentee,before,after,reason\n", encoding="utf-8")
    with pytest.raises(pm.FileError, match="table_changed"):
        pm.Matching.read(tmp_path, before.cohort)
    (tmp_path / "changes.csv").unlink()
    pm.Matching.read(tmp_path, before.cohort)
    after.write(tmp_path)
    before.write(tmp_path)
    assert set(contents(tmp_path)) == {"matching.json", "pairs.csv", "unmatched.csv"}


def test_no_reason_of_an_end_is_written(tmp_path: Path) -> None:
    """Why a pair failed stands in no file."""
    _, after, _ = revised()
    after.write(tmp_path)
    text = b"\n".join(contents(tmp_path).values()).decode()
    assert [reason for reason in END_REASONS if f'"{reason}"' in text or f",{reason}" in text] == []


def test_other_tables_are_refused(tmp_path: Path) -> None:
    """What is laid over other people does not make them those that were matched."""
    _, after, _ = revised()
    after.write(tmp_path)
    with pytest.raises(pm.FileError, match="other_cohort"):
        pm.Matching.read(tmp_path, datasets.synthetic(mentors=9, mentees=8, seed=5))


def changed(name: str, value: Any) -> Callable[[Data], None]:
    """One entry of the revision replaced."""

    def change(data: Data) -> None:
        data["revision"][name] = value

    return change


DAMAGED: dict[str, Callable[[Data], None]] = {
    "no table": lambda data: data.update(revision=[]),
    "nothing": lambda data: data.update(revision=None),
    "an entry less": lambda data: data["revision"].pop("cooled"),
    "an entry more": changed("why", "x"),
    "a pair of one": changed("failed", [["m1"]]),
    "a pair of three": changed("running", [["m1", "e1", "x"]]),
    "a pair of numbers": changed("movable", [[1, 2]]),
    "a text for a list": changed("failed", "ab"),
    "a text for a pair": changed("failed", ["ab"]),
    "no side": changed("left", [["coaches", "c1"]]),
    "a side for a role": changed("waited", [["mentor", "m1", 1]]),
    "half a place": changed("capacities", [["mentors", "m1", 1.5]]),
    "fewer places than none": changed("capacities", [["mentors", "m1", -1]]),
    "a yes for rounds": changed("waited", [["mentors", "m1", True]]),
    "an unknown order": changed("disturbance", "first"),
    "a number for an order": changed("disturbance", 1),
    "half a bonus": changed("bonus", 0.5),
    "a text for a limit": changed("max_changes", "2"),
    "a number for yes": changed("required", 1),
    "a whole bar": changed("minimum_weight", 1),
    "an unknown reason": changed("changes", [["e1", "m1", "", "no_chemistry", []]]),
    "a short change": changed("changes", [["e1", "m1", "", "failed"]]),
    "rules as a text": changed("changes", [["e1", "m1", "", "rule_broken", "x"]]),
    "a number for a mentee": changed("changes", [[1, "m1", "", "failed", []]]),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_revision_is_refused(tmp_path: Path, kind: str) -> None:
    """In words, and for whatever cohort."""
    before, _, text = revised()
    data = json.loads(text)
    DAMAGED[kind](data)
    (tmp_path / "matching.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(pm.FileError, match="damaged_file"):
        pm.Matching.read(tmp_path, before.cohort)


@st.composite
def mutated(draw: st.DrawFn) -> Data:
    """The JSON's data with one or two nodes of the revision deleted, replaced, doubled or exchanged."""
    data = json.loads(revised()[2])
    for _ in range(draw(st.integers(1, 2))):
        places = [path for path in paths(data) if path[0] == "revision" and len(path) > 1]
        path = draw(st.sampled_from(places))
        parent, key = found(data, path[:-1]), path[-1]
        kind = draw(st.sampled_from(("delete", "value", "other node", "double")))
        event(kind)
        if kind == "delete":
            del parent[key]
        elif kind == "value":
            parent[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        elif kind == "double" and isinstance(parent, list):
            parent.append(copy.deepcopy(parent[key]))
        else:
            parent[key] = copy.deepcopy(found(data, draw(st.sampled_from(places))))
    return data


@settings(max_examples=max(100, settings.default.max_examples if settings.default else 0))
@given(mutated())
def test_any_change_is_refused_or_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, data: Data
) -> None:
    """FileError, or VerificationError, or the same changes; what was asked is taken as told."""
    before, after, _ = revised()
    folder = tmp_path_factory.mktemp("out")
    text = json.dumps(data, ensure_ascii=False)
    (folder / "matching.json").write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        matching = pm.Matching.read(folder, before.cohort)
        pm.verify(matching, before.cohort, before.policy, before=before)
    except (pm.FileError, pm.VerificationError) as error:
        event(type(error).__name__)
        return
    event("nothing changed")
    one, two = matching.revision, after.revision
    assert one is not None
    assert two is not None
    for name in ("changes", "running", "failed", "left", "capacities", "required"):
        assert getattr(one, name) == getattr(two, name)
