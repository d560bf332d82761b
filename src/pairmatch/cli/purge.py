"""The command ``purge``: one person taken out of everything that was written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import pairmatch as pm
from pairmatch.cli.app import app
from pairmatch.cli.speech import spoken

__all__ = ["purge"]


@app.command()
@spoken
def purge(
    person: Annotated[str, typer.Argument(help="Id of the person.", show_default=False)],
    paths: Annotated[
        list[Path], typer.Argument(help="Files and folders to look through.", show_default=False)
    ],
    also: Annotated[list[str] | None, typer.Option(help="A name that pages may hold. Repeat it.")] = None,
    when: Annotated[str, typer.Option(help="Day or time, for the line that an audit record gets.")] = "",
) -> None:
    """Take one person out of all files that pairmatch wrote; say what can no longer be verified."""
    typer.echo(pm.purge(person, *paths, also=also or (), when=when))
