"""How hard a synthetic cohort is made, each severity a number from 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass, fields
from numbers import Real

from pairmatch.errors import Finding

__all__ = ["Knobs"]


@dataclass(frozen=True)
class Knobs:
    """The severities of a synthetic cohort.

    Attributes
    ----------
    herding
        0 to 1: how far wishes and sought-after topics gather on a few star mentors.
    ties
        0 to 1: which share of the people gives the standard answers, so that many pairs weigh the same.
    eligibility
        0 to 1: about which share of the pairs the usual rules allow; None for a company as it comes.
    missing
        0 to 1: which share of the cells that people fill in about themselves is missing; None for the
        usual gaps.
    """

    herding: float = 0.3
    ties: float = 0.0
    eligibility: float | None = None
    missing: float | None = None

    @property
    def findings(self) -> list[Finding]:
        """One for each knob out of its range."""
        return [found for knob in fields(self) if (found := _finding(knob.name, getattr(self, knob.name)))]


OPTIONAL = ("eligibility", "missing")
"""Knobs that may be None."""


def _finding(name: str, value: object) -> Finding | None:
    unset = value is None and name in OPTIONAL
    number = isinstance(value, Real) and not isinstance(value, bool) and not value < 0 and value <= 1
    if unset or number:
        return None
    hint = "give a number from 0 to 1"
    if name in OPTIONAL:
        hint += ", or None to leave it as it comes"
    return Finding("bad_argument", hint, column=name)
