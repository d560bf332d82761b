"""What all goals of the library have in common: a weight, a way with missing data, a purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.goals.protocol import MISSING, Missing
from pairmatch.parameters import Checks, set_field

__all__ = ["Weighted"]


@dataclass(frozen=True)
class Weighted:
    """Parameters that every goal takes.

    Parameters
    ----------
    weight
        Weight beside the other goals', above 0; they need not add up to 1.
    missing
        Where data are lacking: ``"average"`` counts the goal's average over the cohort, ``"zero"`` 0.
    purpose
        Why the goal may use its fields; needed where one is sensitive or special.
    """

    name: ClassVar[str]

    weight: float = field(kw_only=True)
    missing: Missing = field(default="average", kw_only=True)
    purpose: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "weight", checks.positive("weight", self.weight))
        checks.choice("missing", self.missing, MISSING)
        checks.optional_text("purpose", self.purpose)
        self._check(checks)
        checks.done()

    def _check(self, checks: Checks) -> None:
        """Check the goal's own parameters."""

    @property
    def label(self) -> str:
        """The goal's column in tables."""
        return self.name
