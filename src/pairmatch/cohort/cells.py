"""How one cell is read. Every function returns the value or says what is bad about it, never the cell."""

from __future__ import annotations

import datetime
import math
import numbers
import re
import zoneinfo
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np

from pairmatch.cohort.fields import INTEGERS, NOT_NEGATIVE, OFFERED, SCALES
from pairmatch.terms import THOUSAND, Term, normalise

__all__ = [
    "Bad",
    "Parser",
    "flag",
    "grade",
    "identifier",
    "listed_ids",
    "number",
    "terms",
    "text",
    "utc_offset",
]

LONGEST_ID = 200
"""Characters in an id; more is another column's content."""

HIGHEST_PRIORITY = 1000
"""Largest weight of a wanted topic."""

LARGEST_INTEGER = 2**31 - 1
"""Largest level, capacity or minimum."""

MOST_HOURS = 10_000
"""Hours per month that are no slip of the pen."""

OFFSETS_IN_MINUTES = (-720, 840)
"""West of the date line to Kiribati."""

NEW_YEAR = datetime.datetime(2026, 1, 1)
"""The day for which a named time zone's offset is taken."""


@dataclass(frozen=True)
class Bad:
    """What is wrong with a cell, without its content."""

    code: str
    hint: str


Parser = Callable[[Any], Any]
"""From a cell that is not blank to its value, or to :class:`Bad`."""

BAD_TEXT = Bad("bad_text", "the cell holds no text; lists belong in a list field")
BAD_ID = Bad("bad_id", "an id is a text of printable characters, at most 200; take the others out")
BAD_LIST = Bad("bad_list", "the cell holds no list of texts; separate the entries by ';' or '|'")
BAD_NUMBER = Bad("bad_number", "write a plain number in digits with a decimal point, as in 2.5")
BAD_INTEGER = Bad("bad_integer", "write a whole number in digits")
NEGATIVE = Bad("negative", "the number is to be 0 or more")
TOO_MANY_HOURS = Bad("out_of_range", "the hours per month are to be 10000 at most")
OUT_OF_SCALE = Bad("out_of_range", "the number is to be between 0 and 1")
BAD_BOOL = Bad("bad_bool", "write yes or no (true/false, y/n and 1/0 are read too)")
BAD_ZONE = Bad("bad_time_zone", "write minutes east of UTC (-720 to 840) or a name like Europe/London")
BAD_OFFSET = Bad("bad_time_zone", "write hours east of UTC, from -12 to 14")
BAD_OFFERED = Bad("bad_topic", "a proficiency after ':' is above 0 and at most 1, as in 'python:0.8'")
BAD_WANTED = Bad("bad_topic", "a priority after ':' is a number above 0 and at most 1000, as in 'python:3'")

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_MINUTES = re.compile(r"[+-]?[0-9]{1,3}")
_ZONE = re.compile(r"[A-Za-z0-9_+\-/ ]{1,64}")
_WEIGHTED = re.compile(r"(?P<label>.*\S)\s*:\s*(?P<weight>[+-]?[0-9.,]*[0-9][0-9.,]*)", re.DOTALL)
_ENTRIES = re.compile("[;|]")
_FLAGS = {"yes": 1, "true": 1, "y": 1, "1": 1, "no": 0, "false": 0, "n": 0, "0": 0}


def text(cell: Any) -> str | Bad:
    """A text as it stands; numbers and dates from a frame as text, 17.0 as ``17``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell))
    if isinstance(cell, numbers.Integral | Decimal):
        return _digits(cell)
    if isinstance(cell, numbers.Real):
        value = _double(cell)
        return BAD_TEXT if math.isinf(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return BAD_TEXT


def _digits(cell: object) -> str | Bad:
    """A number as text; Python refuses to write whole numbers of thousands of digits."""
    try:
        return str(cell)
    except ValueError:
        return BAD_TEXT


def _double(cell: Any) -> float:
    """A number as a double; infinite where it is too large for one, NaN where it is none."""
    try:
        return float(cell)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan


def identifier(cell: Any) -> str | Bad:
    """An id, as it stands."""
    if isinstance(cell, str):
        return cell if cell.isprintable() and len(cell) <= LONGEST_ID else BAD_ID
    if isinstance(cell, bool | np.bool_ | datetime.date | datetime.time):
        return BAD_ID
    value = text(cell)
    whole = isinstance(cell, numbers.Integral) or not isinstance(cell, numbers.Real)
    broken = not whole and not _double(cell).is_integer()
    if isinstance(value, Bad) or broken or not value.isprintable() or len(value) > LONGEST_ID:
        return BAD_ID
    return value


def number(name: str) -> Parser:
    """A parser for a number field, with the bounds that its canonical name brings."""

    def parse(cell: Any) -> float | Bad:
        value = _plain_number(cell)
        if isinstance(value, Bad):
            return BAD_INTEGER if name in INTEGERS else value
        return _bounded(name, value)

    return parse


def _plain_number(cell: Any) -> float | Bad:
    if isinstance(cell, str):
        value = float(cell) if _NUMBER.fullmatch(cell) else math.nan
    elif isinstance(cell, numbers.Real | Decimal) and not isinstance(cell, bool | np.bool_):
        value = _double(cell)
    else:
        return BAD_NUMBER
    return value + 0.0 if math.isfinite(value) else BAD_NUMBER


def _bounded(name: str, value: float) -> float | Bad:
    if name in INTEGERS and not (value.is_integer() and abs(value) <= LARGEST_INTEGER):
        return BAD_INTEGER
    if name in NOT_NEGATIVE and value < 0:
        return NEGATIVE
    if name == "hours" and value > MOST_HOURS:
        return TOO_MANY_HOURS
    if name in SCALES and not 0 <= value <= 1:
        return OUT_OF_SCALE
    if name == "utc_offset" and not OFFSETS_IN_MINUTES[0] <= value * 60 <= OFFSETS_IN_MINUTES[1]:
        return BAD_OFFSET
    return value


def grade(level_of: Mapping[str, int], order: Iterable[str]) -> Parser:
    """A parser from a text grade to its place in the order."""
    bad = Bad("bad_level", f"the grade is not in the schema's order: {', '.join(order)}")

    def parse(cell: Any) -> float | Bad:
        value = text(cell)
        level = None if isinstance(value, Bad) else level_of.get(normalise(value))
        return bad if level is None else float(level)

    return parse


def flag(cell: Any) -> int | Bad:
    """Yes as 1, no as 0."""
    if isinstance(cell, str):
        return _FLAGS.get(cell.casefold(), BAD_BOOL)
    if isinstance(cell, bool | np.bool_ | numbers.Real) and cell in (0, 1):
        return int(bool(cell))
    return BAD_BOOL


def utc_offset(zone: str) -> float | Bad:
    """Hours east of UTC on 1 January 2026, from minutes or a zone's name."""
    if _MINUTES.fullmatch(zone):
        minutes = int(zone)
        return minutes / 60 if OFFSETS_IN_MINUTES[0] <= minutes <= OFFSETS_IN_MINUTES[1] else BAD_ZONE
    name = _zone_names().get(zone.replace(" ", "_").casefold()) if _ZONE.fullmatch(zone) else None
    offset = NEW_YEAR.replace(tzinfo=zoneinfo.ZoneInfo(name)).utcoffset() if name else None
    return BAD_ZONE if offset is None else offset.total_seconds() / 3600


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def listed_ids(separator: str | None) -> Parser:
    """A parser for a list of ids, which are kept as they stand."""

    def parse(cell: Any) -> tuple[Term, ...] | Bad:
        entries = _entries(cell, separator)
        if isinstance(entries, Bad):
            return entries
        ids = [identifier(entry) for entry in entries]
        if any(isinstance(found, Bad) for found in ids):
            return BAD_ID
        return tuple(Term(str(found), str(found)) for found in dict.fromkeys(ids))

    return parse


def terms(name: str, kind: str, separator: str | None, key: Callable[[str], str] = normalise) -> Parser:
    """A parser for a list or topics field; entries of one key are one term, and are merged."""
    weighted = kind == "topics"
    known: dict[Any, Term | Bad] = {}

    def term(entry: Any) -> Term | Bad:
        if not isinstance(entry, str):
            return _topic(name, entry, key)
        if entry not in known:
            known[entry] = _topic(name, entry, key) if weighted else Term(key(entry), entry)
        return known[entry]

    def parse(cell: Any) -> tuple[Term, ...] | Bad:
        entries = _entries(cell, separator, weighted=weighted)
        if isinstance(entries, Bad):
            return entries
        found = [term(entry) for entry in entries]
        bad = next((entry for entry in found if isinstance(entry, Bad)), None)
        return bad or _merged([entry for entry in found if isinstance(entry, Term)])

    return parse


def _entries(cell: Any, separator: str | None, *, weighted: bool = False) -> list[Any] | Bad:
    """The entries of a cell, blank ones left out: texts, or (text, weight) where weights are allowed."""
    if isinstance(cell, str):
        entries: Iterable[Any] = cell.split(separator) if separator else _ENTRIES.split(cell)
    elif isinstance(cell, Mapping):
        if not weighted:
            return BAD_LIST
        entries = cell.items()
    elif isinstance(cell, set | frozenset):
        entries = sorted(cell, key=lambda entry: str(_digits(entry)))
    elif isinstance(cell, list | tuple) or (isinstance(cell, np.ndarray) and cell.ndim == 1):
        entries = cell
    else:
        entries = [text(cell)]
    if isinstance(cell, str):
        return [entry for piece in entries if (entry := piece.strip())]
    cleaned = [_cleaned(entry, weighted) for entry in entries]
    return BAD_LIST if any(isinstance(entry, Bad) for entry in cleaned) else [e for e in cleaned if e]


def _cleaned(entry: Any, weighted: bool) -> Any:
    if entry is None or (isinstance(entry, float) and math.isnan(entry)):
        return ""
    if weighted and isinstance(entry, tuple | list) and len(entry) == 2:
        label = text(entry[0])
        return label if isinstance(label, Bad) else (label.strip(), entry[1]) if label.strip() else ""
    value = text(entry)
    return BAD_LIST if isinstance(value, Bad) else value.strip()


def _topic(name: str, entry: str | tuple[str, Any], key: Callable[[str], str]) -> Term | Bad:
    """``python:0.8`` offered, ``python:3!`` wanted; only a number after the last colon counts."""
    bad = BAD_OFFERED if name in OFFERED else BAD_WANTED
    label, weight = entry if isinstance(entry, tuple) else (entry, 1)
    bare = label.rstrip("!").rstrip()
    must = name not in OFFERED and len(bare) < len(label.rstrip())
    label = bare or label
    found = _WEIGHTED.fullmatch(label) if isinstance(entry, str) else None
    if found:
        label, weight = found["label"], found["weight"]
    value = _plain_number(weight)
    if isinstance(value, Bad) or not 0 < value <= (1 if name in OFFERED else HIGHEST_PRIORITY):
        return bad
    thousandths = round(value * THOUSAND)
    return Term(key(label), label, thousandths, must) if thousandths else bad


def _merged(found: Sequence[Term]) -> tuple[Term, ...]:
    """One term per key: the first label, the highest weight, a must if any is one."""
    if len({term.key for term in found}) == len(found):
        return tuple(found)
    terms: dict[str, Term] = {}
    for term in found:
        first = terms.get(term.key, term)
        weight, must = max(first.weight, term.weight), first.must or term.must
        terms[term.key] = Term(term.key, first.label, weight, must)
    return tuple(terms.values())
