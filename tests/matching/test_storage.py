"""A matching on disk: what is written, what is not, and what is refused when it is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import datasets, goals, rules
from pairmatch.cohort.fields import CANONICAL
from pairmatch.matching import safe_cell
from pairmatch.testing.strategies import Case, cases
from tests.own_parts import Loose, SameFloor

FILES = ("matching.json", "pairs.csv", "unmatched.csv")

Data = dict[str, Any]


@pytest.fixture(name="true")
def fixture_true(tmp_path: Path) -> tuple[pm.Matching, Path]:
    """A small matching with people left over, and the folder it was written to."""
    policy = pm.Policy(
        rules=[rules.LevelsBelow(at_least=1)],
        goals=[goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1)],
        objective=("must_match", "mentees", "leximin", "total"),
        minimum_weight=0.1,
    )
    matching = pm.match(datasets.synthetic(mentors=8, mentees=6, seed=5), policy)
    matching.write(tmp_path / "out")
    assert matching.made
    assert matching.left
    return matching, tmp_path / "out"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refused(folder: Path, cohort: pm.Cohort) -> set[tuple[str, str]]:
    """Code and file of each finding of the one error that reading ends in."""
    with pytest.raises(pm.FileError) as caught:
        pm.Matching.read(folder, cohort)
    return {(finding.code, finding.column) for finding in caught.value.findings}


@settings(max_examples=40)
@given(cases())
def test_what_was_read_is_written_alike(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    """Write, read, write: the same bytes; and what was read verifies."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        event("infeasible")
        return
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    matching.write(one)
    again = pm.Matching.read(one, case.cohort)
    again.write(two)
    assert contents(one) == contents(two)
    assert (again.made, again.left, again.remarks) == (matching.made, matching.left, matching.remarks)
    pm.verify(again, case.cohort, case.policy)


def test_the_three_files(true: tuple[pm.Matching, Path]) -> None:
    """The tables show what the JSON holds, the JSON has its schema number, and all is UTF-8."""
    matching, folder = true
    assert set(contents(folder)) == set(FILES)
    assert json.loads((folder / "matching.json").read_text("utf-8"))["schema"] == 1
    for name, table in (("pairs.csv", matching.pairs), ("unmatched.csv", matching.unmatched)):
        shown = pd.read_csv(
            folder / name, dtype={"mentor": str, "mentee": str, "id": str}, keep_default_na=False
        )
        pd.testing.assert_frame_equal(shown, table, check_dtype=False)


def test_the_tables_may_be_absent(true: tuple[pm.Matching, Path]) -> None:
    """The JSON alone is the matching."""
    matching, folder = true
    (folder / "pairs.csv").unlink()
    (folder / "unmatched.csv").unlink()
    assert pm.Matching.read(folder, matching.cohort).made == matching.made


def test_a_former_matching_is_replaced(true: tuple[pm.Matching, Path], tmp_path: Path) -> None:
    """A folder holds one matching; what else lies in it stays."""
    matching, folder = true
    (folder / "report.html").write_text("mine", encoding="utf-8")
    other = pm.match(matching.cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    other.write(folder)
    other.write(str(tmp_path / "deep" / "new"))
    assert contents(folder) == contents(tmp_path / "deep" / "new") | {"report.html": b"mine"}


# -- privacy ---------------------------------------------------------------------------------


def marked(side: str) -> pd.DataFrame:
    """Two people with a value in every canonical field, each value one that can be found again."""
    cells: Data = {"id": [f"{side[:4]}1", f"{side[:4]}2"]}
    for name, known in CANONICAL.items():
        numbers = {"level": [3, 3], "capacity": [2, 2], "minimum": [0, 0], "utc_offset": [7.75, 7.75]}
        texts = {"text": f"Secret {name}", "list": f"Secret {name}; also", "topics": f"Secret {name}"}
        if name not in ("id", "manager", "dotted_managers", "time_zone"):
            cells.setdefault(
                name,
                numbers.get(name)
                or (["yes", "yes"] if known.kind == "bool" else [texts.get(known.kind, 0.625)] * 2),
            )
    cells["topics_wanted" if side == "mentors" else "topics_offered"] = ["Secret topics; more", ""]
    cells["salary"] = ["Secret salary", "Secret salary"]
    return pd.DataFrame(cells)


def test_no_profile_is_written(tmp_path: Path) -> None:
    """Of everything that the profiles say, nothing can be found in the files: ids alone."""
    schema = pm.Schema(fields={"salary": {"kind": "text", "class": "confidential"}})
    cohort = pm.Cohort(marked("mentors"), marked("mentees"), schema=schema)
    policy = pm.Policy(
        rules=[rules.Same("location"), rules.Hours()],
        goals=[
            goals.TopicCoverage(weight=3),
            goals.SharedHobbies(weight=1),
            goals.SharedTerms("interests", weight=1),
            goals.Same("gender", weight=1, purpose="a test"),
            goals.Overlap("languages", "past_functions", weight=1),
            goals.Closeness("age", scale=3, weight=1, purpose="a test"),
            goals.Same("salary", weight=1),
        ],
    )
    matching = pm.match(cohort, policy)
    matching.write(tmp_path)
    assert len(matching.made) == 2
    text = b"\n".join(contents(tmp_path).values()).decode().casefold()
    assert "ment1" in text
    assert [mark for mark in ("secret", "0.625", "7.75") if mark in text] == []


# -- spreadsheets ----------------------------------------------------------------------------

AWKWARD = (
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1+1", "''=1+1", "'quoted'", 'say "hi"', "a,b", "a;=1+1",
    "O'Neil", "007", "1e5", "TRUE", "😀", "אבג", "e\u0301", "é", "nan", "x" * 200,
)  # fmt: skip


def test_awkward_ids_come_back(tmp_path: Path) -> None:
    """No cell begins a formula, split at commas or semicolons, and every id can be told from the others."""
    mentors = pd.DataFrame({"id": AWKWARD, "hobbies": "golf"})
    mentees = pd.DataFrame({"id": [f"{name[:190]} too" for name in AWKWARD], "hobbies": "golf"})
    cohort = pm.Cohort(mentors, mentees)
    matching = pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    matching.write(tmp_path)
    again = pm.Matching.read(tmp_path, cohort)
    assert again.made == matching.made
    text = (tmp_path / "pairs.csv").read_text("utf-8")
    rows = list(csv.reader(text.splitlines()))[1:]
    assert [row[0] for row in rows] == [safe_cell(made.mentor) for made in matching.made]
    assert len({row[0] for row in rows}) == len(AWKWARD)
    for separator in ",;":
        cells = [cell for row in csv.reader(text.splitlines(), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠\t\r\n"))] == []


@pytest.mark.parametrize("text", ["=a", "+a", "-a", "@a", "\ta", "\ra", "\na", "＝a", "＠a"])
def test_safe_cells(text: str) -> None:
    """An apostrophe goes before a formula, and before an apostrophe that could be taken for that one."""
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"'{text}") == f"''{text}"
    assert safe_cell(f"x{text}") == f"x{text}"
    assert safe_cell(f"x;{text}") == f"x;'{text}"


@pytest.mark.parametrize("identifier", ["a\nb", "\ud800", "a\u202eb", "nul\0"])
def test_ids_that_no_file_could_show_never_get_into_a_cohort(identifier: str) -> None:
    """Broken characters and ones that nobody sees are refused at the door."""
    with pytest.raises(pm.CohortError, match="bad_id"):
        pm.Cohort(pd.DataFrame({"id": [identifier]}), pd.DataFrame({"id": ["e1"]}))


# -- damage ----------------------------------------------------------------------------------


def changed(change: Callable[[Data], object]) -> Callable[[Path], object]:
    """Damage done to the JSON's data."""

    def damage(folder: Path) -> None:
        path = folder / "matching.json"
        data = json.loads(path.read_text("utf-8"))
        change(data)
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8", errors="surrogatepass")

    return damage


def raw(content: bytes) -> Callable[[Path], object]:
    """The JSON replaced."""
    return lambda folder: (folder / "matching.json").write_bytes(content)


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    """A text of a file replaced, once."""

    def damage(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return damage


def a_folder(folder: Path) -> None:
    """A folder where the file should be."""
    (folder / "matching.json").unlink()
    (folder / "matching.json").mkdir()


def an_extra_column(folder: Path) -> None:
    """One more column in the table of pairs."""
    lines = (folder / "pairs.csv").read_text("utf-8").splitlines()
    (folder / "pairs.csv").write_text("".join(f"{line},1\n" for line in lines), encoding="utf-8")


DAMAGED: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda folder: (folder / "matching.json").unlink(), "missing_file"),
    "a folder": (a_folder, "unreadable_file"),
    "empty": (raw(b""), "damaged_file"),
    "not JSON": (raw(b"pairs: many"), "damaged_file"),
    "cut short": (lambda f: raw((f / "matching.json").read_bytes()[:-40])(f), "damaged_file"),
    "not UTF-8": (raw(b'{"kind": "matching", "schema": 1, "x": "\xff"}'), "damaged_file"),
    "nested beyond measure": (raw(b"[" * 100_000), "damaged_file"),
    "a list": (raw(b"[]"), "damaged_file"),
    "another kind": (changed(lambda d: d.update(kind="policy")), "damaged_file"),
    "no schema number": (changed(lambda d: d.pop("schema")), "unknown_schema"),
    "a later schema number": (changed(lambda d: d.update(schema=2)), "unknown_schema"),
    "a schema number that is none": (changed(lambda d: d.update(schema=True)), "unknown_schema"),
    "a schema number in digits and a point": (changed(lambda d: d.update(schema=1.0)), "unknown_schema"),
    "NaN": (changed(lambda d: d["pairs"][0].__setitem__(3, float("nan"))), "damaged_file"),
    "infinity": (changed(lambda d: d["pairs"][0].__setitem__(2, float("inf"))), "damaged_file"),
    "a weight in words": (changed(lambda d: d["pairs"][0].__setitem__(2, "much")), "damaged_file"),
    "a weight that is yes": (changed(lambda d: d["pairs"][0].__setitem__(2, True)), "damaged_file"),
    "an id that is a number": (changed(lambda d: d["pairs"][0].__setitem__(0, 7)), "damaged_file"),
    "completeness in words": (changed(lambda d: d["pairs"][0].__setitem__(3, "all")), "damaged_file"),
    "a pair too short": (changed(lambda d: d["pairs"][0].pop()), "damaged_file"),
    "pairs that are none": (changed(lambda d: d.update(pairs=7)), "damaged_file"),
    "a contribution too many": (changed(lambda d: d["pairs"][0][4].update(charm=1)), "damaged_file"),
    "a contribution too few": (changed(lambda d: d["pairs"][0][4].popitem()), "damaged_file"),
    "a price beyond 64 bits": (
        changed(lambda d: d["certificate"][0]["mentor_prices"].__setitem__(0, 2**63)), "damaged_file"),
    "a price that is a fraction": (
        changed(lambda d: d["certificate"][0]["mentor_prices"].__setitem__(0, 0.5)), "damaged_file"),
    "prices that are none": (changed(lambda d: d["certificate"][0].update(mentor_prices={})), "damaged_file"),
    "a tier without its kind": (changed(lambda d: d["certificate"][0].pop("kind")), "damaged_file"),
    "no certificate": (changed(lambda d: d.pop("certificate")), "damaged_file"),
    "no policy": (changed(lambda d: d.pop("policy")), "damaged_file"),
    "another policy": (changed(lambda d: d["policy"].update(seed=3)), "damaged_file"),
    "a policy that is none": (changed(lambda d: d["policy"].update(objective=["fun"])), "damaged_file"),
    "a rule that nobody knows": (
        changed(lambda d: d["policy"]["rules"].append({"rule": "same_floor"})), "unknown_rule"),
    "no fitted values": (changed(lambda d: d.update(fitted=None)), "damaged_file"),
    "the fingerprint of another cohort": (changed(lambda d: d.update(cohort="0" * 64)), "other_cohort"),
    "a pair edited in the table": (replaced("pairs.csv", "m", "n"), "table_changed"),
    "a column added to the table": (an_extra_column, "table_changed"),
    "a row taken out of the table": (
        lambda f: (f / "unmatched.csv").write_text("role,id\n", encoding="utf-8"), "table_changed"),
    "a table of other bytes": (lambda f: (f / "pairs.csv").write_bytes(b"\xff\xfe"), "table_changed"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_files_are_refused(true: tuple[pm.Matching, Path], kind: str) -> None:
    """One FileError that says which file, and nothing else."""
    matching, folder = true
    damage, code = DAMAGED[kind]
    damage(folder)
    assert {found for found, _ in refused(folder, matching.cohort)} == {code}


def test_another_cohort_is_refused(true: tuple[pm.Matching, Path]) -> None:
    """One value of one person is another: not the cohort that was matched."""
    _, folder = true
    assert refused(folder, datasets.synthetic(mentors=8, mentees=6, seed=6)) == {
        ("other_cohort", "matching.json")
    }


def test_edited_tables_are_all_named(true: tuple[pm.Matching, Path]) -> None:
    """Both tables in one error."""
    matching, folder = true
    for name in FILES[1:]:
        (folder / name).write_text("", encoding="utf-8")
    assert refused(folder, matching.cohort) == {("table_changed", name) for name in FILES[1:]}


def test_a_folder_that_cannot_be_written(true: tuple[pm.Matching, Path], tmp_path: Path) -> None:
    """A file stands where the folder should be: told in words, nothing written."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(pm.FileError, match="unwritable"):
        true[0].write(tmp_path / "file")
    assert (tmp_path / "file").read_text("utf-8") == "mine"


@pytest.mark.parametrize(("directory", "cohort"), [(None, None), (7, "people")])
def test_wrong_arguments(directory: Any, cohort: Any, true: tuple[pm.Matching, Path]) -> None:
    """No path, no cohort: refused as a call, not as a file."""
    with pytest.raises(pm.CallError, match="directory"):
        pm.Matching.read(directory, true[0].cohort)
    with pytest.raises(pm.CallError, match="directory"):
        true[0].write(directory)
    with pytest.raises(pm.CallError, match="cohort"):
        pm.Matching.read(true[1], cohort)


def test_own_rules_and_goals_are_handed_in(tmp_path: Path) -> None:
    """With `extra` they are read; without, the error says how."""
    schema = pm.Schema(fields={"floor": {"kind": "number"}})
    people = [pd.DataFrame({"id": [f"{k}1", f"{k}2"], "floor": [1, 2], "hobbies": "golf"}) for k in "me"]
    cohort = pm.Cohort(*people, schema=schema)
    policy = pm.Policy(rules=[SameFloor(within=0)], goals=[Loose(weight=2), goals.SharedHobbies(weight=1)])
    matching = pm.match(cohort, policy)
    matching.write(tmp_path)
    again = pm.Matching.read(tmp_path, cohort, extra=[SameFloor, Loose])
    assert again.made == matching.made
    pm.verify(again, cohort, policy)
    with pytest.raises(pm.FileError, match=r"extra=\[") as caught:
        pm.Matching.read(tmp_path, cohort)
    assert [finding.code for finding in caught.value.findings] == ["unknown_rule", "unknown_goal"]


def test_numbers_of_other_types_are_written(true: tuple[pm.Matching, Path], tmp_path: Path) -> None:
    """What was read holds the same kinds of numbers as what was matched."""
    matching, folder = true
    again = pm.Matching.read(folder, matching.cohort)
    for one, two in zip(matching.certificate.proofs, again.certificate.proofs, strict=True):
        assert one.mentor_prices.dtype == two.mentor_prices.dtype == np.int64
    assert again.certificate.table.equals(matching.certificate.table)
