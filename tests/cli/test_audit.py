"""The commands `audit`, `purge` and `export`: files in, figures out; one person handed out or taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small cohort and its matching."""
    folder = tmp_path_factory.mktemp("made")
    people = folder / "people"
    assert invoke("generate", "--mentors", 20, "--mentees", 30, "--seed", 3, "--out", people).exit_code == 0
    done = invoke("match", *tables(folder), "--policy", people / "policy.toml", "--out", folder / "result")
    assert done.exit_code == 0, done.output
    return folder


def tables(folder: Path) -> tuple[Path, Path]:
    return folder / "people" / "mentors.csv", folder / "people" / "mentees.csv"


def test_audit(made: Path, tmp_path: Path) -> None:
    """Figures on stdout and as a table; columns of a table beside the people; both sides."""
    ids = pd.read_csv(tables(made)[1], dtype=str)["id"]
    data = tmp_path / "data.csv"
    pd.DataFrame({"id": ids, "shift": ["day", "night"] * 15}).to_csv(data, index=False)
    out = tmp_path / "audit.csv"
    by = ["--by", "shift", "--by", "shift & gender"]
    done = invoke("audit", made / "result", *tables(made), *by, "--data", data, "--out", out)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("Audit of mentees: ")
    assert "\nshift = day\n  matched: " in done.stdout
    table = pd.read_csv(out)
    assert set(table["by"].dropna()) == {"shift", "shift & gender"}
    assert invoke("audit", made / "result", *tables(made), "--by", "gender", "--of", "mentors").exit_code == 0
    wrong = invoke("audit", made / "result", *tables(made), "--by", "name")
    assert wrong.exit_code == 2
    assert "tells who somebody is" in wrong.stderr
    full = invoke("audit", made / "result", *tables(made), "--by", "gender", "--out", tmp_path)
    assert full.exit_code == 2
    assert "the table cannot be written" in full.stderr


def test_export_and_purge(made: Path, tmp_path: Path) -> None:
    """First everything about one person, then nothing."""
    result = made / "result"
    mentor = pd.read_csv(result / "pairs.csv", dtype=str)["mentor"][0]
    people = ["--mentors", tables(made)[0], "--mentees", tables(made)[1]]
    done = invoke("export", mentor, result, *people)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["profile"]["mentors"]["id"] == mentor
    assert told["found"][0]["explanation"]
    out = tmp_path / "told.json"
    assert invoke("export", mentor, result, "--out", out, "--audience", "lead").exit_code == 0
    assert json.loads(out.read_text("utf-8"))["found"][0]["in_confidence"]
    assert invoke("export", mentor, result, "--mentors", tables(made)[0]).exit_code == 2
    done = invoke("purge", mentor, result, "--when", "2026-03-02")
    assert done.exit_code == 0, done.output
    assert "can no longer be verified" in done.stdout
    assert mentor not in pd.read_csv(result / "pairs.csv", dtype=str)["mentor"].tolist()
    assert not (result / "report.html").exists()
    assert invoke("purge", mentor, made / "no").exit_code == 2
