"""What the command line says when a command ends in an error."""

from __future__ import annotations

import pytest
import typer

import pairmatch as pm
from pairmatch.cli.speech import aligned, spoken
from pairmatch.errors import Finding


def ended(error: BaseException) -> int:
    """The exit code of a command that raises this error."""

    @spoken
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as exit_:
        command()
    return exit_.value.exit_code


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (pm.CohortError([Finding("missing_id", "give an id", row=3)]), 2, "row 3"),
        (pm.CallError([Finding("bad_argument", "must be a number")]), 2, "bad_argument"),
        (pm.MissingExtraError("The report", "report"), 2, "pip install"),
        (pm.InfeasibleError([Finding("minimum", "nobody is left", id="e1")]), 1, "e1"),
        (pm.VerificationError([Finding("wrong_weight", "weighs less", id="e1")]), 1, "wrong_weight"),
        (pm.NoSolutionError("0.1 s"), 1, "in time"),
        (pm.SolverError("flow"), 1, "bug"),
        (PermissionError(13, "Permission denied", "out/pairs.csv"), 2, "Permission denied: out/pairs.csv"),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_errors_become_words_and_exit_codes(capsys, error, code, word):
    """Input errors exit 2, a no exits 1; the words go to stderr."""
    assert ended(error) == code
    told = capsys.readouterr()
    assert word in told.err
    assert told.out == ""


def test_a_reader_that_went_away_is_not_an_error_of_the_files():
    """A closed pipe is left to the command line's own handling."""

    @spoken
    def command() -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        command()


def test_every_bad_row_is_listed(capsys):
    """Where a sentence names five ids and counts the rest, a table names all; few need no table."""
    findings = [
        Finding("bad_number", "a number is needed", "mentors", f"m{n}", n, "hours") for n in range(1, 8)
    ]
    ended(pm.CohortError(findings))
    told = capsys.readouterr().err
    assert "and 2 more" in told
    assert [line.split() for line in told.splitlines()[-7:]] == [
        ["bad_number", "mentors", "hours", str(n), f"m{n}"] for n in range(1, 8)
    ]
    ended(pm.CohortError(findings[:5]))
    assert "Every one of them" not in capsys.readouterr().err


def test_ids_cannot_break_the_table(capsys):
    """A control character in an id is shown as a question mark."""
    ended(pm.CohortError([Finding("bad_id", "mend it", "mentors", f"m\n\x1b{n}", n) for n in range(6)]))
    told = capsys.readouterr().err
    assert "\x1b" not in told
    assert "m??3" in told


def test_columns_stand_under_each_other():
    """Widths are those of the longest cell."""
    assert aligned([("a", "b"), ("long", "c")]) == ["  a     b", "  long  c"]
