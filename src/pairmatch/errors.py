"""Every error that pairmatch raises, on one page.

::

    PairmatchError
    ├── InputError             what was handed in is wrong; all problems at once, in a table
    │   ├── CohortError        people, organisation chart, history, wishes, vetoes
    │   ├── SchemaError        column map, field declarations, level order
    │   ├── PolicyError        rules, goals, objective; or a policy that does not fit the cohort
    │   ├── CallError          the arguments of a call (also a ValueError)
    │   └── FileError          a file that is missing, unreadable or not of this cohort
    ├── InfeasibleError        the hard rules contradict each other: no matching exists
    ├── NoSolutionError        a time limit or a cancellation came before any valid matching
    ├── VerificationError      a matching is not what it claims to be
    ├── SolverError            the solver broke its word: a bug, please report it
    └── MissingExtraError      an optional package is not installed (also an ImportError)

Messages and tables hold ids, column names and reason codes, never profile values (law §11).
All of them pickle.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.conflict import Conflict

__all__ = [
    "CallError",
    "CohortError",
    "FileError",
    "Finding",
    "InfeasibleError",
    "InputError",
    "MissingExtraError",
    "NoSolutionError",
    "PairmatchError",
    "PolicyError",
    "SchemaError",
    "SolverError",
    "VerificationError",
]

SHOWN_IDS = 5
"""An id list in a message names this many, then counts the rest."""

TABLES = ("mentors", "mentees", "org", "history", "preferences", "vetoes", "coaches", "events", "outcomes")
"""Sides of findings that are tables with columns."""


@dataclass(frozen=True)
class Finding:
    """One problem in an input, a file or a matching.

    Attributes
    ----------
    code
        Reason code in snake case, stable across releases.
    hint
        What is wrong and how to mend it, in one sentence without profile values. Findings with
        the same code, side, column and hint are told as one.
    side
        ``"mentors"``, ``"mentees"``, ``"org"``, ``"history"``, ``"preferences"``, ``"vetoes"``, ``"policy"``,
        ... or empty.
    id
        The person concerned, or empty.
    row
        Line of the file or row of the frame, counted from 1 without the header; 0 where none applies.
    column
        The organisation's name of the column, or of the parameter; may be empty.
    """

    code: str
    hint: str
    side: str = ""
    id: str = ""
    row: int = 0
    column: str = ""


class PairmatchError(Exception):
    """Base of everything that pairmatch raises on purpose."""


class _Gathered(PairmatchError):
    """An error that carries all findings of one pass."""

    heading = "problem"

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__(self.findings)

    @property
    def table(self) -> pd.DataFrame:
        """All findings as a frame: code, hint, side, id, row, column."""
        return findings_table(self.findings)

    def __str__(self) -> str:
        lines = told(self.findings)
        heading = f"{self.heading}: {counted(len(self.findings), 'problem')}"
        return "\n".join([heading, *(f"  - {line}" for line in lines)])


class InputError(_Gathered):
    """What was handed in is wrong. ``.table`` lists every problem found."""

    heading = "The input cannot be used"


class CohortError(InputError):
    """The tables of people, the organisation chart, the history, wishes or vetoes cannot be used."""

    heading = "The cohort cannot be used"


class SchemaError(InputError):
    """The column map, the field declarations, the level order or the thesaurus cannot be used."""

    heading = "The schema cannot be used"


class PolicyError(InputError):
    """The policy contradicts itself or does not fit the cohort."""

    heading = "The policy cannot be used"


class CallError(InputError, ValueError):
    """The arguments of a call cannot be used."""

    heading = "The call cannot be carried out"


class FileError(InputError):
    """A file is missing, unreadable, of another schema number or of another cohort."""

    heading = "The files cannot be used"


class InfeasibleError(_Gathered):
    """The hard rules leave no valid matching. ``.table`` tells what was found wrong.

    Parameters
    ----------
    findings
        What was found wrong.
    conflict
        A set of rules, minimums, places and required pairs that cannot all hold, with what would mend it;
        None where nobody looked for one, or none was found.
    """

    heading = "No matching satisfies every hard rule"
    conflict: Conflict | None

    def __init__(self, findings: Iterable[Finding], conflict: Conflict | None = None) -> None:
        super().__init__(findings)
        self.conflict = conflict

    @property
    def conflict_table(self) -> pd.DataFrame:
        """What contradicts what: rule, side, ids, words; no rows where no conflict is known."""
        import pandas as pd

        if self.conflict is None:
            return pd.DataFrame([], columns=["rule", "side", "ids", "words"])
        return self.conflict.table

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *([] if self.conflict is None else [str(self.conflict)])])


class VerificationError(_Gathered):
    """A matching is not what it claims to be. ``.table`` lists every false claim."""

    heading = "The matching does not hold what it claims"


class NoSolutionError(PairmatchError):
    """A time limit or a cancellation came before a valid matching was found, or proven not to exist."""


class SolverError(PairmatchError):
    """The solver broke its word; a bug in pairmatch or below it."""


class MissingExtraError(PairmatchError, ImportError):
    """An optional package is not installed.

    Parameters
    ----------
    what
        What was asked for, as in ``"The command line"``.
    extra
        The extra that brings it, as in ``"cli"``.
    """

    def __init__(self, what: str, extra: str) -> None:
        self.what, self.extra = what, extra
        super().__init__(what, extra)

    def __str__(self) -> str:
        return f"{self.what} needs an optional package: pip install 'pairmatch[{self.extra}]'"


def findings_table(findings: Sequence[Finding]) -> pd.DataFrame:
    """All findings as a frame, one row each."""
    import pandas as pd

    names = [field.name for field in fields(Finding)]
    return pd.DataFrame([astuple(finding) for finding in findings], columns=names)


def told(findings: Sequence[Finding]) -> list[str]:
    """Findings in words, those of one kind together, in order of first appearance."""
    groups: dict[tuple[str, str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.side, finding.column, finding.hint), []).append(finding)
    return [_told_group(members) for members in groups.values()]


def _told_group(members: Sequence[Finding]) -> str:
    first = members[0]
    # A column belongs to a table; elsewhere it is an argument, a file, a rule, a tier.
    column = "column " if first.side in TABLES else ""
    where = " ".join(
        part for part in (first.side, f"{column}'{first.column}'" if first.column else "") if part
    )
    text = f"{first.code}{f' ({where})' if where else ''}: {first.hint}"
    people = [_who(member) for member in members if member.id or member.row]
    return f"{text} [{listed(people)}]" if people else text


def _who(finding: Finding) -> str:
    name = shown(finding.id) if finding.id else ""
    row = f"row {finding.row}" if finding.row else ""
    return f"{name} ({row})" if name and row else name or row


def shown(identifier: str) -> str:
    """An id as a message may show it: one line, at most 60 characters."""
    text = "".join(c if c.isprintable() else "?" for c in identifier)
    return text if len(text) <= 60 else f"{text[:57]}..."


def listed(names: Iterable[str]) -> str:
    """At most five names, then a count of the rest."""
    names = list(names)
    text = ", ".join(names[:SHOWN_IDS])
    rest = len(names) - SHOWN_IDS
    return f"{text} and {rest} more" if rest > 0 else text


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, in words: ``1 pair``, ``2,000 pairs``, ``2 people``."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def amount(value: float) -> str:
    """A number with at most six decimals, no more of them than it has: ``0.5``, ``2,000,000``."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known word, or nothing when none is near."""
    by_folded = {k.casefold(): k for k in known}
    near = difflib.get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return f" Did you mean '{by_folded[near[0]]}'?" if near else ""
