"""What the commands read: every file is looked at, and everything wrong with any of them is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pairmatch as pm
from pairmatch.cohort.reading import read_csv
from pairmatch.errors import Finding

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort, Schema
    from pairmatch.matching import Matching
    from pairmatch.policy import Policy

Value = TypeVar("Value")


@dataclass(frozen=True)
class Tables:
    """The files that make up a cohort."""

    mentors: Path
    mentees: Path
    org: Path | None = None
    history: Path | None = None
    preferences: Path | None = None
    vetoes: Path | None = None
    coaches: Path | None = None

    def read(self, schema: Schema) -> Cohort:
        """Read them as one cohort."""
        return pm.Cohort.read(
            self.mentors,
            self.mentees,
            schema=schema,
            org=self.org,
            history=self.history,
            preferences=self.preferences,
            vetoes=self.vetoes,
            coaches=self.coaches,
        )


def read_inputs(tables: Tables, policy_file: Path) -> tuple[Cohort, Policy]:
    """The cohort and the policy, or one error with all that is wrong in any of the files."""
    _refuse_preset(policy_file)
    errors: list[pm.InputError] = []
    schema = _tried(errors, lambda: pm.Schema.read(policy_file))
    policy = _tried(errors, lambda: pm.Policy.read(policy_file))
    cohort = _tried(errors, lambda: tables.read(schema)) if schema is not None else None
    if cohort is None or policy is None:
        raise _joined(errors)
    return cohort, policy


def _refuse_preset(policy_file: Path) -> None:
    """Say how a preset becomes a file, where its name stands in a file's place."""
    name = str(policy_file)
    if name in pm.Policy.presets() and not policy_file.exists():
        hint = (
            f"there is no file '{name}', but a preset of that name: `pairmatch preset {name} > policy.toml` "
            "makes a file of it, for --policy policy.toml"
        )
        raise pm.FileError([Finding("unreadable_file", hint, column="--policy")])


def _tried(errors: list[pm.InputError], call: Callable[[], Value]) -> Value | None:
    try:
        return call()
    except pm.InputError as error:
        errors.append(error)
        return None


def _joined(errors: list[pm.InputError]) -> pm.InputError:
    findings = dict.fromkeys(finding for error in errors for finding in error.findings)
    kinds = {type(error) for error in errors}
    return (kinds.pop() if len(kinds) == 1 else pm.InputError)(findings)


def read_later(
    folder: Path, tables: Tables, policy_file: Path | None, rows: Mapping[str, Path | None]
) -> tuple[Cohort, Policy | None, dict[str, Any]]:
    """The people of now, the policy where a file holds one, and the tables of what happened since.

    Parameters
    ----------
    folder
        Where the matching before was written; its schema reads the tables.
    tables, policy_file
        The people of now; None where the policy is the same.
    rows
        Files of what happened, by the argument that they are for.
    """
    from pairmatch.matching import read_header

    errors: list[pm.InputError] = []
    policy = None
    if policy_file is None:
        schema = _tried(errors, lambda: read_header(folder)[0])
    else:
        _refuse_preset(policy_file)
        schema = _tried(errors, lambda: pm.Schema.read(policy_file))
        policy = _tried(errors, lambda: pm.Policy.read(policy_file))
    cohort = _tried(errors, lambda: tables.read(schema)) if schema is not None else None
    found: list[Finding] = []
    frames: dict[str, Any] = {
        name: _rows(path, name, found) for name, path in rows.items() if path is not None
    }
    errors += [pm.FileError(found)] if found else []
    if errors or cohort is None:
        raise _joined(errors)
    return cohort, policy, frames


def _rows(path: Path, name: str, found: list[Finding]) -> pd.DataFrame:
    """A CSV file as it is: all cells text, its columns in small letters."""
    import pandas as pd

    table = read_csv(path, name, found)
    if table is None:
        return pd.DataFrame()
    cells = zip(table.header, table.columns, strict=True)
    return pd.DataFrame({head.lower(): pd.Series(column, dtype=object) for head, column in cells})


def read_result(folder: Path, tables: Tables, policy_file: Path | None) -> tuple[Matching, Cohort, Policy]:
    """A written matching with the cohort and policy that it claims, or that the caller holds it against."""
    from pairmatch.matching import read_header

    if policy_file is None:
        schema, policy = read_header(folder)
        cohort = tables.read(schema)
    else:
        cohort, policy = read_inputs(tables, policy_file)
    return pm.Matching.read(folder, cohort), cohort, policy
