"""The command ``audit``: how groups fared in a matching."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pairmatch as pm
from pairmatch.cli.app import Coaches, History, Mentees, Mentors, Org, Preferences, Result, Vetoes, app
from pairmatch.cli.inputs import Tables, read_result
from pairmatch.cli.speech import spoken
from pairmatch.grouping import AND

__all__ = ["audit"]


@app.command()
@spoken
def audit(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    by: Annotated[
        list[str],
        typer.Option(
            help="Column whose groups are compared; 'gender & region' for both together. Repeat it."
        ),
    ],
    of: Annotated[str, typer.Option(help="Whose groups: mentees or mentors.")] = "mentees",
    data: Annotated[
        Path | None, typer.Option(help="Table with ids and columns that the matching never saw (CSV).")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Of the intervals, above 0 and below 1.")] = 0.95,
    out: Annotated[Path | None, typer.Option(help="Write the table there too (CSV).")] = None,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
) -> None:
    """Say how groups fared: who has a partner, how good a one, against the best-off group."""
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    asked = [tuple(part.strip() for part in entry.split(AND)) for entry in by]
    found = pm.audit(matching, by=asked, of=of, data=data, confidence=confidence)
    if out is not None:
        found.write(out)
    typer.echo(found)
