"""Scoring: who may be paired with whom, and how well they suit each other, block by block.

A :class:`Fit` freezes what was learnt from the cohort, a :class:`Scorer` applies rules and goals to
a block of pairs or, in plain Python, to one pair, and :func:`build` turns a cohort and a policy into
the solver's arrays.
"""

from __future__ import annotations

from pairmatch.scoring.audience import OTHER, Columns, visible_columns
from pairmatch.scoring.blocks import BLOCK_PAIRS, blocks
from pairmatch.scoring.building import Built, Tally, barred, build, build_required, lacking, lacks
from pairmatch.scoring.coaches import Suiting, suiting
from pairmatch.scoring.fitting import Fit, fit, taken_as_told
from pairmatch.scoring.loads import loads
from pairmatch.scoring.order import canonical_order
from pairmatch.scoring.scorer import MINIMUM_WEIGHT, SAME_PERSON, PairScore, Scored, Scorer
from pairmatch.scoring.wholes import Wholes, places_of, wholes

__all__ = [
    "BLOCK_PAIRS",
    "MINIMUM_WEIGHT",
    "OTHER",
    "SAME_PERSON",
    "Built",
    "Columns",
    "Fit",
    "PairScore",
    "Scored",
    "Scorer",
    "Suiting",
    "Tally",
    "Wholes",
    "barred",
    "blocks",
    "build",
    "build_required",
    "canonical_order",
    "fit",
    "lacking",
    "lacks",
    "loads",
    "places_of",
    "suiting",
    "taken_as_told",
    "visible_columns",
    "wholes",
]
