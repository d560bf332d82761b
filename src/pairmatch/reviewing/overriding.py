"""Overrides: locked pairs that break a rule, and who answers for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding
from pairmatch.parameters import Checks, set_field
from pairmatch.reviewing.reading import Pair, read_pairs, rows_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Override", "read_overrides"]


@dataclass(frozen=True)
class Override:
    """Somebody's decision that a pair is made though a rule forbids it.

    Who, when and why are kept for the audit record alone: no policy, no table of a matching and no
    explanation holds them. Do not write values of profiles into ``why``.

    Parameters
    ----------
    mentor, mentee
        Ids of the pair.
    who
        Who decided.
    when
        When, as text in ISO 8601: ``"2026-03-02"``.
    why
        The reason.

    Raises
    ------
    PolicyError
        Something of it is blank or no text.
    """

    mentor: str
    mentee: str
    who: str
    when: str
    why: str

    def __post_init__(self) -> None:
        checks = Checks("override")
        for each in fields(self):
            set_field(self, each.name, checks.text(each.name, getattr(self, each.name)).strip())
        checks.done()

    @property
    def pair(self) -> Pair:
        """The two ids."""
        return self.mentor, self.mentee


NAMES = tuple(each.name for each in fields(Override))


def read_overrides(overrides: Any, cohort: Cohort) -> tuple[Override, ...]:
    """Overrides from a frame, a CSV file, or a list of :class:`Override` or of five texts each.

    Raises
    ------
    CallError, FileError
        Everything that is wrong, at once: what :func:`read_pairs` finds, and blank names, days and reasons.
    """
    if overrides is None:
        return ()
    if isinstance(overrides, Sequence) and not isinstance(overrides, str):
        overrides = [_texts(entry) for entry in overrides]
    found: list[Finding] = []
    rows = list(rows_of(overrides, "overrides", NAMES, found))
    hint = "say who decided, when and why: the audit record keeps it"
    found += [
        Finding("incomplete_override", hint, "overrides", row=number, column=name)
        for number, row in enumerate(rows, start=1)
        for name in NAMES[2:]
        if not (isinstance(row.get(name), str) and row[name].strip())
    ]
    pairs: tuple[Pair, ...] = ()
    try:
        pairs = read_pairs(
            [(row.get("mentor"), row.get("mentee")) for row in rows], cohort, "overrides"
        ).pairs
    except CallError as error:
        found += error.findings
    if found:
        raise CallError(found)
    return tuple(
        Override(*pair, *(row[name] for name in NAMES[2:])) for pair, row in zip(pairs, rows, strict=True)
    )


def _texts(entry: Any) -> Any:
    if isinstance(entry, Override):
        return tuple(getattr(entry, name) for name in NAMES)
    return entry
