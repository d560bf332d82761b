"""What rules and goals tell of all pairs at once, as far as they can be taken at their word.

A shorter way of saying the same (``few``, ``short``, ``keys``, ``form``) is only believed of the class that
also gives the definition, or of one derived from it: who overrides ``allowed`` has not spoken for ``few``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pairmatch.forms import Few, Whole
from pairmatch.scoring.tabulated import Table, rule_table

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Short", "Told", "has_keys", "told", "vouches"]


class Short(NamedTuple):
    """A rule as a product of whole numbers, 0 where it allows a pair, and the product's largest sum."""

    left: Whole
    right: Whole
    most: int


class Told(NamedTuple):
    """One rule: all that it forbids where that is few, else its table, else a product, else nothing."""

    rule: Any
    few: Few | None = None
    table: Table | None = None
    short: Short | None = None

    @property
    def slow(self) -> bool:
        """Whether only the rule's own blocks can tell."""
        return self.few is None and self.table is None and self.short is None


def told(rule: Any, cohort: Cohort) -> Told:
    """What a rule tells of all pairs of a cohort."""
    few = rule.few(cohort) if vouches(rule, "few", "allowed") else None
    if few is not None:
        return Told(rule, few)
    if vouches(rule, "short", "allowed"):
        left, right = rule.short(cohort)
        most = int(np.max(right.sum(axis=1), initial=0) * left.max(initial=0))
        return Told(rule, short=Short(left, right, most))
    return Told(rule, table=rule_table(rule, cohort) if has_keys(rule, "allowed") else None)


def has_keys(part: Any, definition: str) -> bool:
    """Whether people with the same keys, or the same fields, are the same to a part.

    Of one's own rules and goals that is known only if they have ``keys``: their ``fields`` are told for
    people to read.
    """
    definer = _class_of(part, definition)
    return vouches(part, "keys", definition) or (
        definer is not None and definer.__module__.startswith("pairmatch.")
    )


def vouches(part: Any, method: str, definition: str) -> bool:
    """Whether a part has a method, from the class that defines it or from one derived from that."""
    speaker, definer = _class_of(part, method), _class_of(part, definition)
    return speaker is not None and definer is not None and issubclass(speaker, definer)


def _class_of(part: Any, method: str) -> type | None:
    """The class that a method of an object comes from; None where no class of it has one."""
    return next((kind for kind in type(part).__mro__ if callable(vars(kind).get(method))), None)
