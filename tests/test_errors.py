"""The error tree: everything at once, in words, and able to travel."""

from __future__ import annotations

import pickle

import pytest

import pairmatch as pm
from pairmatch.errors import Finding, amount, counted, did_you_mean, listed, shown, told

GATHERED = (
    pm.InputError, pm.CohortError, pm.SchemaError, pm.PolicyError, pm.CallError, pm.FileError,
    pm.InfeasibleError, pm.VerificationError,
)  # fmt: skip

FOUND = (
    *(Finding("bad_level", "write a whole number", "mentors", f"m{k}", k, "grade") for k in range(1, 8)),
    Finding("missing_file", "there is none", column="matching.json"),
    Finding("no_rows", "hand in one row per person", "mentees"),
)


@pytest.mark.parametrize("kind", GATHERED)
def test_all_findings_are_told_and_travel(kind: type[pm.InputError]) -> None:
    """One heading, one line per kind of problem, five people and a count; the same after pickling."""
    error = pickle.loads(pickle.dumps(kind(iter(FOUND))))
    assert error.findings == FOUND
    heading, *lines = str(error).splitlines()
    assert heading == f"{kind.heading}: 9 problems"
    people = ", ".join(f"m{k} (row {k})" for k in range(1, 6))
    assert lines == [
        f"  - bad_level (mentors column 'grade'): write a whole number [{people} and 2 more]",
        "  - missing_file ('matching.json'): there is none",
        "  - no_rows (mentees): hand in one row per person",
    ]
    assert list(error.table.columns) == ["code", "hint", "side", "id", "row", "column"]
    assert len(error.table) == 9


@pytest.mark.parametrize(
    "error",
    [pm.NoSolutionError("late"), pm.SolverError("odd"), pm.MissingExtraError("The command line", "cli")],
)
def test_the_others_travel_too(error: pm.PairmatchError) -> None:
    """Plain messages."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (type(error), str(error))


def test_one_problem_is_one_problem() -> None:
    """In the right number."""
    assert str(pm.CallError([Finding("odd", "mend it")])) == (
        "The call cannot be carried out: 1 problem\n  - odd: mend it"
    )
    assert [counted(n, "pair") for n in (0, 1, 2, 1000)] == ["0 pairs", "1 pair", "2 pairs", "1,000 pairs"]
    assert [counted(n, "person", "people") for n in (1, 2)] == ["1 person", "2 people"]


def test_amounts() -> None:
    """No exponents, no more decimals than there are."""
    assert [amount(v) for v in (0.0, -0.0, 2e6, 0.5, 1e-6, 124.25, -1.5)] == [
        "0", "0", "2,000,000", "0.5", "0.000001", "124.25", "-1.5"]  # fmt: skip


def test_lists_and_ids() -> None:
    """Five names and a count; one line for whatever an id holds."""
    assert listed("abcde") == "a, b, c, d, e"
    assert listed("abcdefg") == "a, b, c, d, e and 2 more"
    assert shown("a\nb\u202e") == "a?b?"
    assert shown("x" * 61) == "x" * 57 + "..."


def test_did_you_mean() -> None:
    """The nearest word in its own spelling; nothing where none is near."""
    assert did_you_mean("hobies", ["Hobbies", "level"]) == " Did you mean 'Hobbies'?"
    assert did_you_mean("salary", ["Hobbies", "level"]) == ""
    assert told([]) == []
