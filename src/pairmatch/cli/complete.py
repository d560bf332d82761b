"""The command ``complete``: the best matching round pairs that people chose, and its price."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pairmatch.check import complete as completed
from pairmatch.cli.app import (
    Coaches,
    Force,
    History,
    Mentees,
    Mentors,
    Org,
    Out,
    Preferences,
    ShowProgress,
    TimeLimit,
    Vetoes,
    app,
    tell_result,
    write_result,
)
from pairmatch.cli.check import Pairs, PolicyOrHeader, people_and_policy
from pairmatch.cli.folder import refuse_foreign, staged
from pairmatch.cli.inputs import Tables
from pairmatch.cli.long_work import options_named, shown_progress
from pairmatch.cli.speech import spoken

__all__ = ["complete"]


@app.command()
@spoken
def complete(
    pairs: Pairs,
    mentors: Mentors,
    mentees: Mentees,
    out: Out,
    policy: PolicyOrHeader = None,
    locked: Annotated[
        Path | None,
        typer.Option(
            help="Pairs that stay (CSV: mentor, mentee); else those marked in a column 'locked', or all."
        ),
    ] = None,
    vetoed: Annotated[
        Path | None, typer.Option(help="Pairs that are not to be made (CSV: mentor, mentee).")
    ] = None,
    overrides: Annotated[
        Path | None,
        typer.Option(help="Who lets a locked pair break a rule (CSV: mentor, mentee, who, when, why)."),
    ] = None,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    time_limit: TimeLimit = None,
    progress: ShowProgress = None,
    force: Force = False,
) -> None:
    """Keep the pairs that people chose and match the others round them; say what that costs."""
    refuse_foreign(out, replace=True, force=force)
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    people, rules = people_and_policy(pairs, tables, policy)
    chosen = {"locked": locked, "vetoed": vetoed, "overrides": overrides}
    with options_named(), shown_progress(progress) as report:
        done = completed(pairs, people, rules, **chosen, time_limit=time_limit, progress=report)
    with staged(out, replace=True, force=force) as stage:
        write_result(done.matching, stage)
    tell_result(done.matching, out)
    typer.echo(f"Price:     {done}")
