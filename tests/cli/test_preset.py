"""``pairmatch preset``: a policy file to start from."""

from __future__ import annotations

import tomllib

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
