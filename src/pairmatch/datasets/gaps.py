"""What is missing in a synthetic cohort: cells that people should have filled in about themselves."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import Bools, Floats, Texts, without

__all__ = ["USUAL", "blanked", "gaps", "holed"]

USUAL = {
    "slots": 0.05,
    "topics_offered": 0.01,
    "topics_wanted": 0.03,
    "hobbies": 0.05,
    "past_functions": 0.04,
    "offers_back": 0.12,
    "wants_back": 0.12,
    "style_pace": 0.10,
    "style_directness": 0.10,
    "style_structure": 0.10,
    "style_formality": 0.10,
    "reference_rating": 0.10,
    "communication_rating": 0.15,
    "age": 0.05,
    "tenure": 0.02,
    "gender": 0.06,
}
"""Share of missing cells, suggestions. What rules need to know of a person comes from the personnel file
and is never missing."""

SKIPPING = 0.3
"""Who leaves one question out leaves others out: the correlation between two gaps of one person."""


def gaps(company: Company, field: str) -> Bools:
    """Who left the field out. A cell that is missing at one severity is missing at every greater one."""
    missing = company.knobs.missing
    share = USUAL[field] if missing is None else missing
    person = company.stream("gaps").standard_normal(company.size)
    cell = company.stream(f"gaps of {field}").standard_normal(company.size)
    return np.asarray(math.sqrt(SKIPPING) * person + math.sqrt(1 - SKIPPING) * cell < _bound(share))


def _bound(share: float) -> float:
    """Below which a standard normal number lies with that probability."""
    if 0 < share < 1:
        return NormalDist().inv_cdf(share)
    return math.inf if share else -math.inf


def blanked(company: Company, field: str, column: Texts) -> Texts:
    """The column with None in the field's gaps."""
    return without(column, gaps(company, field))


def holed(company: Company, field: str, numbers: Floats) -> Floats:
    """The numbers with NaN in the field's gaps."""
    return np.where(gaps(company, field), np.nan, numbers)
