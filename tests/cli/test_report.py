"""The command `report`: a written result in, one page out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.made import invoke


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A small cohort and its matching: the result and both tables."""
    folder = tmp_path_factory.mktemp("made")
    people = folder / "people"
    assert invoke("generate", "--mentors", 9, "--mentees", 8, "--seed", 3, "--out", people).exit_code == 0
    tables = people / "mentors.csv", people / "mentees.csv"
    done = invoke("match", *tables, "--policy", people / "policy.toml", "--out", folder / "result")
    assert done.exit_code == 0, done.output
    return folder / "result", *tables


def test_the_page_of_a_result_is_replaced(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Without --out in the result's folder, by one that tells more; with it anywhere."""
    own = made[0] / "report.html"
    assert "for this short page" in own.read_text("utf-8")
    done = invoke("report", *made)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"Report:    {own}\n"
    assert "for this short page" not in own.read_text("utf-8")
    assert "Who else would suit" in own.read_text("utf-8")
    other = tmp_path / "page.html"
    assert invoke("report", *made, "--out", other, "--audience", "auditor").exit_code == 0
    assert "for the auditor" in other.read_text("utf-8")


def test_other_files_are_not_lost(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Unless --force says so; audiences without a page are refused."""
    mine = tmp_path / "mine.html"
    mine.write_text("mine", encoding="utf-8")
    refused = invoke("report", *made, "--out", mine)
    assert refused.exit_code == 2
    assert "--force to replace it" in refused.stderr
    assert mine.read_text("utf-8") == "mine"
    refused = invoke("report", *made, "--out", tmp_path / "new.html", "--audience", "mentee")
    assert refused.exit_code == 2
    assert "pm.introduce" in refused.stderr
    assert invoke("report", *made, "--out", mine, "--force").exit_code == 0
    assert mine.read_text("utf-8").startswith("<!DOCTYPE html>")
