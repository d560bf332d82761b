"""What goals that learn from a cohort have in common: the learnt values, frozen (law §3)."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Self

from pairmatch.goals.weighted import Weighted
from pairmatch.parameters import set_field

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Learning"]


@dataclass(frozen=True)
class Learning(Weighted):
    """A goal that learns from the cohort once.

    One that is not bound to learnt values learns from the cohort that it scores.
    """

    fitted: Mapping[str, Any] | None = field(default=None, init=False, repr=False, compare=False)
    stamp: str = field(default="", init=False, repr=False, compare=False)

    def fit(self, cohort: Cohort) -> dict[str, Any]:
        """What the goal learns from the cohort's active people, as plain data."""
        raise NotImplementedError

    def bind(self, fitted: Mapping[str, Any]) -> Self:
        """The goal with what was learnt, frozen."""
        plain = self._checked(fitted)
        bound = copy.copy(self)
        set_field(bound, "fitted", plain)
        set_field(bound, "stamp", blake2b(json.dumps(plain, sort_keys=True).encode()).hexdigest())
        return bound

    def _checked(self, fitted: Mapping[str, Any]) -> dict[str, Any]:
        """The learnt values that the goal uses; KeyError, TypeError or ValueError where they are damaged."""
        raise NotImplementedError

    def _learnt(self, cohort: Cohort) -> Mapping[str, Any]:
        """What was learnt: of the fit's cohort, else of this one."""
        if self.fitted is not None:
            return self.fitted
        return cohort.cached((self.name, "fit", *self._parts), lambda: self.fit(cohort))

    @property
    def _parts(self) -> tuple[Any, ...]:
        """The parameters on which what is learnt depends."""
        return tuple(getattr(self, "fields", ()))
