"""The command ``check``: pairs that people edited, held against every rule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pairmatch.check import check as checked
from pairmatch.cli.app import Coaches, History, Mentees, Mentors, Org, Preferences, Vetoes, app
from pairmatch.cli.inputs import Tables, read_inputs
from pairmatch.cli.speech import spoken
from pairmatch.matching import read_header

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Pairs", "PolicyOrHeader", "check", "people_and_policy"]

Pairs = Annotated[
    Path,
    typer.Argument(help="Pairs (CSV: mentor, mentee), or the folder of a result.", show_default=False),
]
PolicyOrHeader = Annotated[
    Path | None,
    typer.Option(
        "--policy", help="Rules and column map; if not given, those of the result beside the pairs."
    ),
]


@app.command()
@spoken
def check(
    pairs: Pairs,
    mentors: Mentors,
    mentees: Mentees,
    policy: PolicyOrHeader = None,
    org: Org = None,
    history: History = None,
    preferences: Preferences = None,
    vetoes: Vetoes = None,
    coaches: Coaches = None,
) -> None:
    """Hold pairs edited by hand against every rule, load and quota; exit 0 valid, 1 not."""
    tables = Tables(mentors, mentees, org, history, preferences, vetoes, coaches)
    found = checked(pairs, *people_and_policy(pairs, tables, policy))
    typer.echo(found)
    if not found.valid:
        raise typer.Exit(1)


def people_and_policy(pairs: Path, tables: Tables, policy_file: Path | None) -> tuple[Cohort, Policy]:
    """The people, and the policy of a file or of the result beside the pairs."""
    if policy_file is not None:
        return read_inputs(tables, policy_file)
    schema, policy = read_header(pairs if pairs.is_dir() else pairs.parent)
    return tables.read(schema), policy
