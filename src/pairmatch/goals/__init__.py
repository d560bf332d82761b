"""Soft goals, one idea per file: what is preferred.

A *pair goal* scores a pair in [0, 1]. Goals over a column are general; the domain's names are these with
their fields filled in. A goal of one's own is a name, a weight, ``score(block)`` and
``score_pair(mentor, mentee)``: see :class:`~pairmatch.goals.protocol.PairGoal`.

A *cohort goal* scores the whole matching by how many it leaves short of what is aimed at:
:class:`~pairmatch.goals.protocol.CohortGoal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pairmatch.goals.closeness import Closeness
from pairmatch.goals.different_pairs import DifferentPairs
from pairmatch.goals.even_load import EvenLoad
from pairmatch.goals.level_gap_table import LevelGapTable
from pairmatch.goals.likely_to_complete import LikelyToComplete
from pairmatch.goals.links import Links
from pairmatch.goals.novelty import Novelty
from pairmatch.goals.overlap import Overlap
from pairmatch.goals.past_experience import PastExperience
from pairmatch.goals.person_score import PersonScore
from pairmatch.goals.precomputed import Precomputed
from pairmatch.goals.preferences import Preferences
from pairmatch.goals.protocol import CohortGoal, PairGoal
from pairmatch.goals.reciprocity import Reciprocity
from pairmatch.goals.same import Same
from pairmatch.goals.shared_hobbies import SharedHobbies
from pairmatch.goals.shared_terms import SharedTerms
from pairmatch.goals.spread import Spread
from pairmatch.goals.topic_coverage import TopicCoverage
from pairmatch.goals.working_style import WorkingStyle

__all__ = [
    "REGISTRY",
    "Closeness",
    "CohortGoal",
    "DifferentPairs",
    "EvenLoad",
    "LevelGapTable",
    "LikelyToComplete",
    "Links",
    "Novelty",
    "Overlap",
    "PairGoal",
    "PastExperience",
    "PersonScore",
    "Precomputed",
    "Preferences",
    "Reciprocity",
    "Same",
    "SharedHobbies",
    "SharedTerms",
    "Spread",
    "TopicCoverage",
    "WorkingStyle",
]

_CLASSES: tuple[Any, ...] = (
    Closeness,
    DifferentPairs,
    EvenLoad,
    LevelGapTable,
    LikelyToComplete,
    Links,
    Novelty,
    Overlap,
    PastExperience,
    PersonScore,
    Precomputed,
    Preferences,
    Reciprocity,
    Same,
    SharedHobbies,
    SharedTerms,
    Spread,
    TopicCoverage,
    WorkingStyle,
)

REGISTRY: Mapping[str, Any] = MappingProxyType({made.name: made for made in _CLASSES})
"""Each goal by the name that a policy file gives it."""
