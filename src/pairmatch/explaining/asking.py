"""Who may ask for an explanation, and of what."""

from __future__ import annotations

from typing import Any

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.matching import Matching

__all__ = ["AUDIENCES", "PARTNERS", "check_audience", "check_matching"]

AUDIENCES = ("lead", "auditor")
"""Who runs the programme, and who inspects it: they see rules, numbers and costs."""

PARTNERS = ("mentor", "mentee")
"""The two people of a pair: they see bands and positive reasons alone (law §12)."""


def check_matching(matching: Any) -> None:
    """Refuse what is no matching.

    Raises
    ------
    CallError
        With what is asked for.
    """
    if not isinstance(matching, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching, as match makes it", column="matching")])


def check_audience(audience: object, among: tuple[str, ...] = AUDIENCES) -> None:
    """Refuse an audience for whom this is not made.

    Raises
    ------
    CallError
        With the audiences there are.
    """
    if audience in among:
        return
    if audience in PARTNERS:
        hint = f"this is made for {' or '.join(among)}, not for the partners themselves"
    else:
        hint = f"the audiences are {', '.join(among)}.{did_you_mean(str(audience), among)}"
    raise CallError([Finding("unknown_audience", hint, column="audience")])
