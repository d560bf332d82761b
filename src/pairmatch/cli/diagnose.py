"""The command ``diagnose``: why people have no partner, and what would have to be given up."""

from __future__ import annotations

from typing import Annotated

import typer

import pairmatch as pm
from pairmatch.cli.app import (
    Coaches,
    History,
    Mentees,
    Mentors,
    Org,
    Preferences,
    Result,
    ShowProgress,
    TimeLimit,
    Vetoes,
    app,
)
from pairmatch.cli.inputs import Tables, read_result
from pairmatch.cli.long_work import options_named, shown_progress
from pairmatch.cli.speech import spoken

__all__ = ["diagnose"]


@app.command()
@spoken
def diagnose(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    mentee: Annotated[str | None, typer.Option(help="Id of one mentee without a partner.")] = None,
    mentor: Annotated[str | None, typer.Option(help="Id of one mentor without a partner.")] = None,
    relaxations: Annotated[
        bool, typer.Option("--relaxations/--reasons-only", help="Also what would help, tried by solving.")
    ] = True,
    most: Annotated[int, typer.Option(help="Most relaxations to tell.")] = 20,
    audience: Annotated[str, typer.Option(help="Who reads it: lead or auditor.")] = "lead",
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    time_limit: TimeLimit = None,
    progress: ShowProgress = None,
) -> None:
    """Say why people have no partner, and which single relaxation would serve whom at what cost."""
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    with options_named(), shown_progress(progress) as report:
        found = pm.diagnose(
            matching,
            mentor=mentor,
            mentee=mentee,
            relaxations=relaxations,
            most=most,
            audience=audience,
            time_limit=time_limit,
            progress=report,
        )
    typer.echo(found)
