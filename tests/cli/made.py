"""Commands run in this process, and a small written result for them to work on."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
from typer.testing import CliRunner

from pairmatch.cli import COMMANDS
from pairmatch.cli.app import app


def invoke(*arguments: object) -> Any:
    """Run a command."""
    for name in COMMANDS:
        import_module(f"pairmatch.cli.{name}")
    return CliRunner().invoke(app, list(map(str, arguments)))


def matched(
    folder: Path, mentors: pd.DataFrame, mentees: pd.DataFrame, policy: str
) -> tuple[Path, Path, Path]:
    """Write tables and policy, and match them: the result and both tables."""
    tables = folder / "mentors.csv", folder / "mentees.csv"
    for people, path in zip((mentors, mentees), tables, strict=True):
        people.to_csv(path, index=False)
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    done = invoke("match", *tables, "--policy", folder / "policy.toml", "--out", folder / "result")
    assert done.exit_code == 0, done.output
    return folder / "result", *tables
