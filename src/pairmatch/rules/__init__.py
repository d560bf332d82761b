"""Hard rules, one idea per file: what must hold.

A *pair rule* allows or forbids a pair, a *load rule* bounds what a person carries. Rules over a column
are general; the domain's names are these with their fields filled in. A rule of one's own is a name,
``allowed(block)`` and ``allowed_pair(mentor, mentee)``: see :class:`~pairmatch.rules.protocol.PairRule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pairmatch.rules.capacity import Capacity
from pairmatch.rules.different import Different
from pairmatch.rules.different_department import DifferentDepartment
from pairmatch.rules.forbidden import Forbidden
from pairmatch.rules.hours import Hours
from pairmatch.rules.level_gap import LevelGap
from pairmatch.rules.levels_below import LevelsBelow
from pairmatch.rules.minimum import Minimum
from pairmatch.rules.not_paired_before import NotPairedBefore
from pairmatch.rules.not_same_team import NotSameTeam
from pairmatch.rules.outside_management_line import OutsideManagementLine
from pairmatch.rules.protocol import LoadRule, PairRule
from pairmatch.rules.required import Required
from pairmatch.rules.same import Same

__all__ = [
    "REGISTRY",
    "Capacity",
    "Different",
    "DifferentDepartment",
    "Forbidden",
    "Hours",
    "LevelGap",
    "LevelsBelow",
    "LoadRule",
    "Minimum",
    "NotPairedBefore",
    "NotSameTeam",
    "OutsideManagementLine",
    "PairRule",
    "Required",
    "Same",
]

_CLASSES: tuple[Any, ...] = (
    Capacity,
    Different,
    DifferentDepartment,
    Forbidden,
    Hours,
    LevelGap,
    LevelsBelow,
    Minimum,
    NotPairedBefore,
    NotSameTeam,
    OutsideManagementLine,
    Required,
    Same,
)

REGISTRY: Mapping[str, Any] = MappingProxyType({made.name: made for made in _CLASSES})
"""Each rule by the name that a policy file gives it."""
