"""The commands `check` and `complete`, and `match --relax`: human review from files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke, matched

POLICY = """
schema = 1
[[rules]]
rule = "different_department"
[[goals]]
goal = "shared_hobbies"
weight = 1
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Two mentors, two mentees, of whom the rule serves one, and their matching."""
    folder = tmp_path_factory.mktemp("made")
    mentors = pd.DataFrame({"id": ["ana", "ben"], "department": ["IT", "Law"], "hobbies": ["chess", "golf"]})
    mentees = pd.DataFrame({"id": ["eve", "fay"], "department": ["IT", "IT"], "hobbies": ["chess", "golf"]})
    return matched(folder, mentors, mentees, POLICY)


def test_a_result_is_valid_until_it_is_edited(made: tuple[Path, Path, Path]) -> None:
    """The written pairs pass; edited beside the result they are held against the same policy."""
    result, *tables = made
    done = invoke("check", result, *tables)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "valid: 1 pair, nothing is broken")
    edited = result.parent / "edited.csv"
    edited.write_text("mentor,mentee\nana,eve\nben,fay\n", encoding="utf-8")
    done = invoke("check", edited, *tables, "--policy", result.parent / "policy.toml")
    assert done.exit_code == 1
    asked = "mentor and mentee are in different departments"
    assert f"different_department (pairs): not kept: {asked} [ana + eve]" in done.stdout
    done = invoke("check", edited, *tables)
    assert done.exit_code == 2
    assert "matching.json" in done.stderr


def test_a_list_that_cannot_be_read(made: tuple[Path, Path, Path]) -> None:
    """All problems at once, and exit code 2."""
    result, *tables = made
    bad = result.parent / "bad.csv"
    bad.write_text("mentor,mentee\nann,eve\nben,\n", encoding="utf-8")
    done = invoke("check", bad, *tables, "--policy", result.parent / "policy.toml")
    assert done.exit_code == 2
    assert "Did you mean 'ana'" in done.stderr
    assert "blank_id" in done.stderr


def test_completed_with_an_override(made: tuple[Path, Path, Path]) -> None:
    """Without an answer for the broken rule it is refused; with one it is made, and priced."""
    result, *tables = made
    chosen = result.parent / "chosen.csv"
    chosen.write_text("mentor,mentee\nana,eve\n", encoding="utf-8")
    out, policy = result.parent / "completed", ("--policy", result.parent / "policy.toml")
    done = invoke("complete", chosen, *tables, "--out", out, *policy)
    assert done.exit_code == 2
    assert "override_needed" in done.stderr
    answer = result.parent / "overrides.csv"
    answer.write_text(
        "mentor,mentee,who,when,why\nana,eve,Kim,2026-03-01,asked for by both\n", encoding="utf-8"
    )
    done = invoke("complete", chosen, *tables, "--out", out, *policy, "--overrides", answer)
    assert done.exit_code == 0, done.output
    assert "Price:     2 pairs round 1 locked pair" in done.stdout
    assert "Exception: different_department: 1 pair [ana + eve]" in done.stdout
    assert (out / "exceptions.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "ana,eve,different_department"
    ]
    assert "Kim" not in (out / "matching.json").read_text(encoding="utf-8")
    assert invoke("verify", out, *tables).exit_code == 0


def test_rules_give_way_on_the_command_line(made: tuple[Path, Path, Path]) -> None:
    """Exceptions are told and written; a label that is none is the call's fault."""
    result, *tables = made
    policy, out = ("--policy", result.parent / "policy.toml"), result.parent / "relaxed"
    done = invoke("match", *tables, *policy, "--out", out, "--relax", "different_department")
    assert done.exit_code == 0, done.output
    assert "Exception: different_department: 1 pair [ana + eve]" in done.stdout
    assert (out / "exceptions.csv").exists()
    done = invoke("match", *tables, *policy, "--out", out, "--relax", "diferent_department")
    assert done.exit_code == 2
    assert "Did you mean 'different_department'" in done.stderr
    done = invoke("match", *tables, *policy, "--out", out)
    assert done.exit_code == 0
    assert not (out / "exceptions.csv").exists()
