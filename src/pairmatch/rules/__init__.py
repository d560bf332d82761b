"""Hard rules, one idea per file: what must hold.

A *pair rule* allows or forbids a pair, a *load rule* bounds what a person carries, a *group rule* how many
of a group have a pair. Rules over a column
are general; the domain's names are these with their fields filled in. A rule of one's own is a name,
``allowed(block)`` and ``allowed_pair(mentor, mentee)``: see :class:`~pairmatch.rules.protocol.PairRule`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pairmatch.rules.at_least import AtLeast
from pairmatch.rules.at_most import AtMost
from pairmatch.rules.capacity import Capacity
from pairmatch.rules.common_slots import CommonSlots
from pairmatch.rules.confirmed import Confirmed
from pairmatch.rules.cool_down import CoolDown
from pairmatch.rules.covers_must_topics import CoversMustTopics
from pairmatch.rules.different import Different
from pairmatch.rules.different_department import DifferentDepartment
from pairmatch.rules.enough_hours import EnoughHours
from pairmatch.rules.forbidden import Forbidden
from pairmatch.rules.hours import Hours
from pairmatch.rules.in_common import InCommon
from pairmatch.rules.level_gap import LevelGap
from pairmatch.rules.levels_below import LevelsBelow
from pairmatch.rules.manager_agrees import ManagerAgrees
from pairmatch.rules.mentors_chosen import MentorsChosen
from pairmatch.rules.minimum import Minimum
from pairmatch.rules.not_failed import NotFailed
from pairmatch.rules.not_paired_before import NotPairedBefore
from pairmatch.rules.not_same_team import NotSameTeam
from pairmatch.rules.not_vetoed import NotVetoed
from pairmatch.rules.number_at_least import NumberAtLeast
from pairmatch.rules.opted_in import OptedIn
from pairmatch.rules.outside_management_line import OutsideManagementLine
from pairmatch.rules.protocol import GroupRule, LoadRule, PairRule
from pairmatch.rules.references_in_order import ReferencesInOrder
from pairmatch.rules.required import Required
from pairmatch.rules.same import Same
from pairmatch.rules.trained import Trained
from pairmatch.rules.trained_for import TrainedFor

__all__ = [
    "REGISTRY",
    "AtLeast",
    "AtMost",
    "Capacity",
    "CommonSlots",
    "Confirmed",
    "CoolDown",
    "CoversMustTopics",
    "Different",
    "DifferentDepartment",
    "EnoughHours",
    "Forbidden",
    "GroupRule",
    "Hours",
    "InCommon",
    "LevelGap",
    "LevelsBelow",
    "LoadRule",
    "ManagerAgrees",
    "MentorsChosen",
    "Minimum",
    "NotFailed",
    "NotPairedBefore",
    "NotSameTeam",
    "NotVetoed",
    "NumberAtLeast",
    "OptedIn",
    "OutsideManagementLine",
    "PairRule",
    "ReferencesInOrder",
    "Required",
    "Same",
    "Trained",
    "TrainedFor",
]

_CLASSES: tuple[Any, ...] = (
    AtLeast,
    AtMost,
    Capacity,
    CommonSlots,
    Confirmed,
    CoolDown,
    CoversMustTopics,
    Different,
    DifferentDepartment,
    EnoughHours,
    Forbidden,
    Hours,
    InCommon,
    LevelGap,
    LevelsBelow,
    ManagerAgrees,
    MentorsChosen,
    Minimum,
    NotFailed,
    NotPairedBefore,
    NotSameTeam,
    NotVetoed,
    NumberAtLeast,
    OptedIn,
    OutsideManagementLine,
    ReferencesInOrder,
    Required,
    Same,
    Trained,
    TrainedFor,
)

REGISTRY: Mapping[str, Any] = MappingProxyType({made.name: made for made in _CLASSES})
"""Each rule by the name that a policy file gives it."""
