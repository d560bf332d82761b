"""The command ``introduce``: a page for each pair, to read before the two meet."""

from __future__ import annotations

from typing import Annotated

import typer

import pairmatch as pm
from pairmatch.cli.app import (
    Coaches,
    Force,
    History,
    Mentees,
    Mentors,
    Org,
    Out,
    Preferences,
    Result,
    Vetoes,
    app,
)
from pairmatch.cli.folder import refuse_foreign, staged
from pairmatch.cli.inputs import Tables, read_result
from pairmatch.cli.long_work import options_named
from pairmatch.cli.speech import spoken
from pairmatch.errors import shown

__all__ = ["introduce"]


@app.command()
@spoken
def introduce(
    result: Result,
    mentors: Mentors,
    mentees: Mentees,
    out: Out,
    audience: Annotated[str, typer.Option(help="Who reads the pages: mentee or mentor.")] = "mentee",
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown instead of HTML.")] = False,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
    force: Force = False,
) -> None:
    """Write a page for each pair that introduces the partner, from what people allow to be shown."""
    refuse_foreign(out, replace=False, force=force)
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    matching, _, _ = read_result(result, tables, None)
    suffix = "md" if markdown else "html"
    lines = []
    with options_named(), staged(out, replace=False, force=force) as stage:
        for number, pair in enumerate(sorted((made.mentor, made.mentee) for made in matching.made), start=1):
            # Numbers: a name of a person in a file's name would be seen by whoever sees the folder.
            name = f"introduction-{number:04}.{suffix}"
            mentor, mentee = pair
            pm.introduce(matching, mentor=mentor, mentee=mentee, audience=audience).write(stage / name)
            lines.append(f"{name}  mentor {shown(mentor)}, mentee {shown(mentee)}")
    typer.echo("\n".join([*lines, f"Introductions for each {audience}: {out}"]))
