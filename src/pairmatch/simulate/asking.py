"""Checks of what a simulation is asked: everything that is wrong, raised at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.parameters import is_number, is_whole, told

__all__ = ["Asked"]

FOREVER = 1_000_000
"""Whole numbers of a simulation are no larger than this."""


class Asked:
    """Gathers what is wrong with the arguments of one call, and raises it at once.

    Parameters
    ----------
    owner
        What is called, for the hints.
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.findings: list[Finding] = []

    def refuse(self, name: str, hint: str) -> None:
        """Note a bad argument."""
        self.findings.append(Finding("bad_argument", f"{self.owner}: {hint}", column=name))

    def done(self) -> None:
        """Raise everything found, if anything was.

        Raises
        ------
        CallError
            With every bad argument.
        """
        if self.findings:
            raise CallError(self.findings)

    def whole(self, name: str, value: Any, least: int, most: int = FOREVER) -> None:
        """A whole number from ``least`` to ``most``."""
        if not is_whole(value) or not least <= value <= most:
            self.refuse(name, f"'{name}' must be a whole number from {least} to {most}, not {told(value)}.")

    def share(self, name: str, value: Any, *, open_: bool = False) -> None:
        """A number in [0, 1], or in (0, 1)."""
        if is_number(value) and (0 < value < 1 if open_ else 0 <= value <= 1):
            return
        kind = "above 0 and below 1" if open_ else "from 0 to 1"
        self.refuse(name, f"'{name}' must be a number {kind}, not {told(value)}.")

    def number(self, name: str, value: Any, least: float, most: float = FOREVER) -> None:
        """A number from ``least`` to ``most``."""
        if not is_number(value) or not least <= value <= most:
            self.refuse(name, f"'{name}' must be a number from {least:g} to {most:g}, not {told(value)}.")

    def flag(self, name: str, value: Any) -> None:
        """True or False."""
        if not isinstance(value, bool):
            self.refuse(name, f"'{name}' must be True or False, not {told(value)}.")

    def one_of(self, name: str, value: Any, known: Collection[str]) -> None:
        """One of several words."""
        if isinstance(value, str) and value in known:
            return
        near = did_you_mean(value, known) if isinstance(value, str) else ""
        self.refuse(name, f"'{name}' must be one of {', '.join(known)}, not {told(value)}.{near}")

    def kind(self, name: str, value: Any, wanted: type, hint: str) -> None:
        """An object of a class of ours."""
        if not isinstance(value, wanted):
            self.refuse(name, f"'{name}' must be {hint}.")
