"""The further tables of the command line: earlier pairs, wishes, vetoes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from pairmatch.cli.app import app

POLICY = """
schema = 1
objective = ["mentees", "total"]
rules = [{rule = "not_vetoed"}, {rule = "cool_down", months = 12, on = 2026-11-22}]
goals = [{goal = "preferences", weight = 1}]
"""
FILES = {
    "mentors.csv": "id\nm1\nm2\n",
    "mentees.csv": "id\ne1\ne2\n",
    "history.csv": "mentor,mentee,ended\nm1,e1,2026-06-30\n",
    "wishes.csv": "mentor,mentee,by,rank\nm1,e1,mentee,1\nm1,e2,mentee,1\nm2,e2,mentee,2\n",
    "vetoes.csv": "mentor,mentee\nm2,e2\n",
    "policy.toml": POLICY,
}
FURTHER = ("--history", "history.csv", "--preferences", "wishes.csv", "--vetoes", "vetoes.csv")
PEOPLE = ("mentors.csv", "mentees.csv")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files above, in the current folder."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """One command."""
    return CliRunner().invoke(app, list(arguments))


def test_the_tables_are_read_wherever_the_cohort_is(folder: Path) -> None:
    """Match, verify and explain take the same files, and the rules and goals see them."""
    done = run("match", *PEOPLE, *FURTHER, "--policy", "policy.toml", "--out", "out")
    assert done.exit_code == 0, done.output
    pairs = pd.read_csv(folder / "out" / "pairs.csv")
    assert pairs[["mentor", "mentee", "preferences"]].to_numpy().tolist() == [
        ["m1", "e2", 1.0],
        ["m2", "e1", 0.0],
    ]
    done = run("verify", "out", *PEOPLE, *FURTHER)
    assert done.exit_code == 0, done.output
    done = run("explain", "out", *PEOPLE, *FURTHER, "--mentee", "e2")
    assert "mentee e2 with m1: weight 1.000" in done.output


def test_another_table_is_another_cohort() -> None:
    """The result is one of its tables; without them it is refused."""
    assert run("match", *PEOPLE, *FURTHER, "--policy", "policy.toml", "--out", "out").exit_code == 0
    done = run("verify", "out", *PEOPLE, *FURTHER[:4])
    assert done.exit_code == 2
    assert "other_cohort" in done.output
    words = "where match was handed org, history, preferences, vetoes or coaches, hand them in again"
    assert words in done.output
    assert words in run("explain", "out", *PEOPLE, "--mentee", "e1").output


def test_absent_and_bad_tables_are_told_at_once(folder: Path) -> None:
    """What the policy needs is asked for; what is wrong with several tables is told together."""
    done = run("match", *PEOPLE, "--policy", "policy.toml", "--out", "out")
    assert done.exit_code == 2
    for name, holds in (("vetoes", "vetoes"), ("history", "earlier pairs"), ("preferences", "preferences")):
        assert f"absent_table ({name})" in done.output
        assert f"needs the table of {holds} ({name}=, on the command line --{name})" in done.output
    (folder / "wishes.csv").write_text("mentor,mentee,by,rank\nm1,e1,boss,1\n", encoding="utf-8")
    (folder / "history.csv").write_text("mentor,mentee,ended\nm1,e1,soon\n", encoding="utf-8")
    done = run("match", *PEOPLE, *FURTHER, "--policy", "policy.toml", "--out", "out")
    assert done.exit_code == 2
    assert "bad_by (preferences column 'by')" in done.output
    assert "bad_date (history column 'ended')" in done.output


def test_tables_that_the_policy_does_not_read_are_told(folder: Path) -> None:
    """Handed in for nothing, and with people whom nobody knows: both are noted on standard error."""
    (folder / "policy.toml").write_text('schema = 1\nobjective = ["mentees"]\n', encoding="utf-8")
    (folder / "vetoes.csv").write_text("mentor,mentee\nM2,e2\n", encoding="utf-8")
    done = run("match", *PEOPLE, *FURTHER, "--policy", "policy.toml", "--out", "out")
    assert done.exit_code == 0, done.output
    assert (
        "Note: unused_table (vetoes): 1 veto was handed in and no rule of the policy reads it" in done.stderr
    )
    assert "Note: unused_table (preferences): 3 wishes were handed in and no goal of" in done.stderr
    assert "Note: unknown_people (vetoes): 1 of 1 row names a mentor or mentee who is not" in done.stderr
    assert run("verify", "out", *PEOPLE, *FURTHER).exit_code == 0
