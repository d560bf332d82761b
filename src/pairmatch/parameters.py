"""Parameters of rules and goals: checked all at once, frozen, and told in the words of the policy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, TypeVar

from pairmatch.errors import Finding, PolicyError, did_you_mean, shown

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Profiles

__all__ = [
    "Checks",
    "FrozenTable",
    "absent_fields",
    "is_number",
    "is_share",
    "is_whole",
    "pair_list",
    "purpose_needed",
    "set_field",
    "swapped_pairs",
    "told",
    "wrong_kinds",
]

MOST = 1_000_000_000
"""Whole numbers in a policy are no larger than this, so that no sum of them overflows."""

K = TypeVar("K")
V = TypeVar("V")


class Checks:
    """Gathers what is wrong with the parameters of one rule or goal, and raises it at once.

    Each check gives back the value in its canonical type, or a harmless stand-in where it is bad.

    Parameters
    ----------
    owner
        The rule's or goal's name, for the hints.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.findings: list[Finding] = []

    def add(self, code: str, parameter: str, hint: str) -> None:
        """Note a problem of one parameter."""
        self.findings.append(Finding(code, f"{self.owner}: {hint}", side="policy", column=parameter))

    def done(self) -> None:
        """Raise everything found, if anything was."""
        if self.findings:
            raise PolicyError(self.findings)

    def text(self, parameter: str, value: object) -> str:
        """A text that is not blank."""
        if isinstance(value, str) and value.strip():
            return value
        self.add("bad_text", parameter, f"'{parameter}' must be a text that is not blank, not {told(value)}.")
        return "?"

    def optional_text(self, parameter: str, value: object) -> str | None:
        """None, or a text that is not blank."""
        return None if value is None else self.text(parameter, value)

    def whole(self, parameter: str, value: object, least: int | None = None, most: int = MOST) -> int:
        """A whole number, at least ``least`` and at most ``most``."""
        low = -most if least is None else least
        if is_whole(value) and low <= int(value) <= most:  # type: ignore[call-overload]
            return int(value)  # type: ignore[call-overload, no-any-return]
        hint = f"'{parameter}' must be a whole number from {low} to {most}, not {told(value)}."
        self.add("bad_integer", parameter, hint)
        return least or 0

    def optional_whole(self, parameter: str, value: object, least: int | None = None) -> int | None:
        """None, or a whole number, at least ``least``."""
        return None if value is None else self.whole(parameter, value, least)

    def positive(self, parameter: str, value: object) -> float:
        """A finite number above 0."""
        if is_number(value) and float(value) > 0:  # type: ignore[arg-type]
            return float(value)  # type: ignore[arg-type]
        self.add("bad_number", parameter, f"'{parameter}' must be a number above 0, not {told(value)}.")
        return 1.0

    def share(self, parameter: str, value: object) -> float:
        """A number in [0, 1]."""
        if is_share(value):
            return float(value)  # type: ignore[arg-type]
        self.add("bad_share", parameter, f"'{parameter}' must be a number from 0 to 1, not {told(value)}.")
        return 0.0

    def choice(self, parameter: str, value: object, choices: tuple[str, ...]) -> None:
        """One of a few words."""
        if not (isinstance(value, str) and value in choices):
            words = " or ".join(f"'{choice}'" for choice in choices)
            near = did_you_mean(value, choices) if isinstance(value, str) else ""
            hint = f"'{parameter}' must be {words}, not {told(value)}.{near}"
            self.add("bad_choice", parameter, hint)


def set_field(value: object, name: str, content: object) -> None:
    """Set a field of a frozen value while it is being made, to its canonical form."""
    object.__setattr__(value, name, content)


def is_whole(value: object) -> bool:
    """Whether a value is a whole number; True and False are not."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    """Whether a value is a finite number; True and False are not."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def told(value: object) -> str:
    """A parameter's value as a message may show it: scalars in full, anything larger by its type."""
    if value is None or isinstance(value, bool | int | float):
        return shown(repr(value))
    return f"'{shown(value)}'" if isinstance(value, str) else f"a {type(value).__name__}"


def is_share(value: object) -> bool:
    """Whether a value is a number in [0, 1]."""
    return is_number(value) and 0 <= float(value) <= 1  # type: ignore[arg-type]


class FrozenTable(Mapping[K, V]):
    """A small mapping that cannot be changed, compares by content, hashes and pickles.

    Examples
    --------
    >>> table = FrozenTable({2: 1.0, 1: 0.75})
    >>> table[1], dict(table)
    (0.75, {1: 0.75, 2: 1.0})
    """

    __slots__ = ("_items",)

    def __init__(self, content: Mapping[K, V]) -> None:
        self._items = tuple(sorted(content.items(), key=lambda item: item[0]))  # type: ignore[arg-type, return-value]

    def __getitem__(self, key: K) -> V:
        for known, value in self._items:
            if known == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[K]:
        return (key for key, _ in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __repr__(self) -> str:
        return repr(dict(self._items))


def pair_list(checks: Checks, parameter: str, pairs: object) -> tuple[tuple[str, str], ...]:
    """Pairs of ids, mentor first, sorted and without repeats.

    Parameters
    ----------
    checks
        Where problems are noted.
    parameter
        The parameter's name.
    pairs
        A frame with columns ``mentor`` and ``mentee``, or a sequence of pairs of ids.
    """
    found: set[tuple[str, str]] = set()
    bad: list[str] = []
    for number, row in enumerate(_rows(checks, parameter, pairs), start=1):
        ids = tuple(row) if isinstance(row, list | tuple) else ()
        if len(ids) == 2 and all(isinstance(i, str) and i.strip() for i in ids):
            found.add((ids[0].strip(), ids[1].strip()))
        else:
            bad.append(str(number))
    if bad:
        rows = ", ".join(bad[:5]) + (f" and {len(bad) - 5} more" if len(bad) > 5 else "")
        hint = f"each of '{parameter}' must be two ids as text, the mentor's first; entry {rows} is not."
        checks.add("bad_pair", parameter, hint)
    return tuple(sorted(found))


def _rows(checks: Checks, parameter: str, pairs: object) -> Iterable[object]:
    columns = getattr(pairs, "columns", None)
    if columns is not None:
        if {"mentor", "mentee"} <= set(columns):
            return zip(pairs["mentor"], pairs["mentee"], strict=True)  # type: ignore[index]
        checks.add("missing_pair_columns", parameter, f"'{parameter}' needs the columns 'mentor' and 'mentee'.")
        return ()
    if isinstance(pairs, Iterable) and not isinstance(pairs, str | bytes | Mapping):
        return pairs
    checks.add("bad_pairs", parameter, f"'{parameter}' must be a list of pairs of ids, not {told(pairs)}.")
    return ()


def absent_fields(
    cohort: Cohort, owner: str, mentors: Iterable[str] = (), mentees: Iterable[str] = ()
) -> list[Finding]:
    """A finding for each field that a rule or goal needs and a table does not have (law §3).

    Parameters
    ----------
    cohort
        The cohort the policy is meant for.
    owner
        The rule's or goal's label.
    mentors, mentees
        Fields needed of each side.
    """
    wanted = [(cohort.mentors, field) for field in mentors] + [(cohort.mentees, field) for field in mentees]
    return [_absent(profiles, field, owner) for profiles, field in wanted if field not in profiles]


def _absent(profiles: Profiles, field: str, owner: str) -> Finding:
    hint = (
        f"'{owner}' needs the field '{field}', which the {profiles.side}' table does not have; add the column, "
        f"map it under [columns], or take '{owner}' out of the policy.{did_you_mean(field, profiles.fields)}"
    )
    return Finding("absent_column", hint, side=profiles.side, column=field)


def wrong_kinds(cohort: Cohort, owner: str, fields: Iterable[tuple[str, str]], kinds: tuple[str, ...]) -> list[Finding]:
    """A finding for each field that is there, but not of a kind that the rule or goal can use.

    Parameters
    ----------
    cohort
        The cohort the policy is meant for.
    owner
        The rule's or goal's label.
    fields
        Side (``"mentors"`` or ``"mentees"``) and field.
    kinds
        Kinds that can be used.
    """
    findings = []
    for side, field in fields:
        profiles = cohort.mentors if side == "mentors" else cohort.mentees
        if field in profiles and profiles.kind(field) not in kinds:
            words = " or ".join(f"'{kind}'" for kind in kinds)
            hint = f"'{owner}' needs '{field}' to be of kind {words}; declare it so under [fields.{field}]."
            findings.append(Finding("wrong_kind", hint, side=side, column=field))
    return findings


def purpose_needed(cohort: Cohort, owner: str, part: Any) -> list[Finding]:
    """A finding where a rule or goal uses sensitive or special fields without a written purpose (law §12)."""
    if getattr(part, "purpose", None):
        return []
    hint = (
        f"'{owner}' uses a sensitive or special field; say why in one sentence, purpose=\"...\", "
        "or take it out of the policy."
    )
    fields = sorted({f for f in getattr(part, "fields", ()) if cohort.field_class(f) in ("sensitive", "special")})
    return [Finding("needs_purpose", hint, side="policy", column=field) for field in fields]


def swapped_pairs(cohort: Cohort, owner: str, pairs: Iterable[tuple[str, str]]) -> list[Finding]:
    """A finding for each pair that names a mentee first and a mentor second."""
    mentors, mentees = frozenset(cohort.mentors.ids), frozenset(cohort.mentees.ids)
    only_mentors, only_mentees = mentors - mentees, mentees - mentors
    hint = f"'{owner}' names this mentee in the mentor's place, and a mentor in the mentee's; put the mentor first."
    return [
        Finding("swapped_pair", hint, side="mentees", id=first)
        for first, second in pairs
        if first in only_mentees and second in only_mentors
    ]
