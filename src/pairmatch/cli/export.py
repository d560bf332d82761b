"""The command ``export``: everything that is kept of one person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pairmatch as pm
from pairmatch.cli.app import Coaches, History, Org, Preferences, Vetoes, app
from pairmatch.cli.inputs import Tables
from pairmatch.cli.speech import spoken
from pairmatch.keeping.places import JSON
from pairmatch.matching import read_header

__all__ = ["export"]

Table = Annotated[Path | None, typer.Option(help="Table of this side (CSV), for profile and explanation.")]


@app.command()
@spoken
def export(
    person: Annotated[str, typer.Argument(help="Id of the person.", show_default=False)],
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders to look through.", show_default=False)
    ],
    mentors: Table = None,
    mentees: Table = None,
    out: Annotated[Path | None, typer.Option(help="Write it there (JSON); else it is printed.")] = None,
    audience: Annotated[
        str | None,
        typer.Option(help="'lead' adds what others said in confidence; else the person may read it."),
    ] = None,
    also: Annotated[list[str] | None, typer.Option(help="A name that pages may hold. Repeat it.")] = None,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
) -> None:
    """Tell everything that pairmatch's files hold about one person, as JSON."""
    cohort = None
    if mentors is not None and mentees is not None:
        folder = next((path for path in paths if (path / JSON).exists()), None)
        schema = pm.Schema() if folder is None else read_header(folder)[0]
        cohort = Tables(mentors, mentees, org, history, preferences, vetoes, coaches).read(schema)
    elif mentors is not None or mentees is not None:
        raise typer.BadParameter(
            "give both --mentors and --mentees, or neither", param_hint="--mentors / --mentees"
        )
    found = pm.export(person, *paths, cohort=cohort, audience=audience, also=also or ())
    if out is None:
        typer.echo(found)
    else:
        found.write(out)
        typer.echo(f"{repr(found)[1:-1]}, written to {out}")
