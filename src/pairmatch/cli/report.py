"""The command ``report``: one page about a written result, with everything that can be told of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pairmatch.cli.app import (
    Coaches,
    Force,
    History,
    Mentees,
    Mentors,
    Org,
    Preferences,
    Result,
    Vetoes,
    app,
)
from pairmatch.cli.inputs import Tables, read_result
from pairmatch.cli.speech import spoken
from pairmatch.errors import FileError, Finding
from pairmatch.report import report as write_report

__all__ = ["report"]


@app.command()
@spoken
def report(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    out: Annotated[
        Path | None, typer.Option(help="The HTML file; report.html in the result's folder if not given.")
    ] = None,
    audience: Annotated[str, typer.Option(help="For whom: lead or auditor.")] = "lead",
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    force: Force = False,
) -> None:
    """Write one HTML page: pairs with their reasons, who has none and what would help, charts."""
    target = result / "report.html" if out is None else out
    if out is not None and out.exists() and not force:
        hint = "a file of this name is there already; give another --out, or --force to replace it"
        raise FileError([Finding("file_exists", hint, column="--out")])
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    write_report(matching, target, audience)
    typer.echo(f"Report:    {target}")
