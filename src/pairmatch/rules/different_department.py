"""Mentor and mentee are in different departments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.rules.different import Different

__all__ = ["DifferentDepartment"]


@dataclass(frozen=True)
class DifferentDepartment(Different):
    """Forbids pairs of the same department: :class:`Different` over ``department``.

    Parameters
    ----------
    missing
        ``"forbid"`` or ``"allow"`` a pair where either person's department is blank.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.DifferentDepartment().description
    'mentor and mentee are in different departments'
    """

    name: ClassVar[str] = "different_department"

    column: str = field(default="department", init=False)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return self.name

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        return "mentor and mentee are in different departments"
