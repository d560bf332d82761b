"""``pairmatch preset``: a policy file to start from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pairmatch as pm
from pairmatch.cli.app import app


def test_a_preset_is_printed_as_it_stands() -> None:
    done = CliRunner().invoke(app, ["preset", "inclusion"])
    assert done.exit_code == 0
    assert pm.Policy.from_dict(tomllib.loads(done.stdout)) == pm.Policy.preset("inclusion")


def test_without_a_name_all_are_listed() -> None:
    lines = CliRunner().invoke(app, ["preset"]).stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(pm.Policy.presets())
    assert lines[0].endswith("  Reverse mentoring")


def test_an_unknown_one_is_told() -> None:
    done = CliRunner().invoke(app, ["preset", "peers"])
    assert done.exit_code == 2
    assert "Did you mean 'peer'" in done.stderr


def test_a_preset_in_a_files_place_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How the file is made, which then is read; a file of that name is taken as a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "people.csv").write_text("id\na\n", encoding="utf-8")
    call = ["match", "people.csv", "people.csv", "--out", "out", "--policy"]
    done = CliRunner().invoke(app, [*call, "inclusion"])
    assert done.exit_code == 2
    assert "`pairmatch preset inclusion > policy.toml` makes a file of it" in done.stderr
    assert "preset" not in CliRunner().invoke(app, [*call, "exclusion"]).stderr
    (tmp_path / "inclusion").write_text("schema = 1\n", encoding="utf-8")
    assert "unknown_file_type" in CliRunner().invoke(app, [*call, "inclusion"]).stderr
