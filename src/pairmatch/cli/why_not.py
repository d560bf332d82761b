"""The command ``why-not``: what stands between two people, or what their pair would cost."""

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
    TimeLimit,
    Vetoes,
    app,
)
from pairmatch.cli.inputs import Tables, read_result
from pairmatch.cli.long_work import options_named
from pairmatch.cli.speech import spoken

__all__ = ["why_not"]


@app.command("why-not")
@spoken
def why_not(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    mentor: Annotated[str, typer.Option(help="Id of the mentor.", show_default=False)],
    mentee: Annotated[str, typer.Option(help="Id of the mentee.", show_default=False)],
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also what an exception of the rules would cost.")
    ] = False,
    audience: Annotated[str, typer.Option(help="Who reads it: lead or auditor.")] = "lead",
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    time_limit: TimeLimit = None,
) -> None:
    """Say why two people are not a pair: the rule that forbids it, or what it would cost whom."""
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    with options_named():
        answer = pm.why_not(
            matching,
            mentor=mentor,
            mentee=mentee,
            audience=audience,
            anyway=anyway,
            time_limit=time_limit,
        )
    typer.echo(answer)
