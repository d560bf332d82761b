"""Cohorts of some dozen people with long lists, odd weights, or numbers that hardly anybody shares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pairmatch.cohort import Cohort, Schema

PEOPLE = 40


def cohort_of(*, lists: int, near: bool = False, odd: bool = False) -> Cohort:
    """People with up to so many entries of 60 hobbies and topics; some have none."""
    random = np.random.default_rng(lists)
    words = [f"word {k}" for k in range(60)]

    def some(weighted: bool) -> list[str]:
        cells = []
        for _ in range(PEOPLE):
            chosen = random.choice(words, random.integers(0, lists + 1), replace=False)
            weights = random.integers(1, 1000, len(chosen)) / 1000
            cells.append(
                "; ".join(f"{w}:{x:.3f}" if weighted else w for w, x in zip(chosen, weights, strict=True))
            )
        return cells

    sides = []
    for letter, topics in (("m", "topics_offered"), ("e", "topics_wanted")):
        ids = [f"{letter}{k}" for k in range(PEOPLE)]
        sides.append(pd.DataFrame({"id": ids, "hobbies": some(False), topics: some(odd)}))
    if not near:
        return Cohort(*sides)
    return Cohort(*sides, schema=Schema(thesaurus=Schema().thesaurus.with_encoder(_near)))


def _near(words: Sequence[str]) -> NDArray[np.float64]:
    """Vectors in which words of neighbouring numbers are near."""
    numbers = [int(word.split()[1]) for word in words]
    angles = np.array(numbers)[:, None] * 0.13
    return np.hstack([np.cos(angles), np.sin(angles)])


def many_numbers(*, blank: bool) -> Cohort:
    """People with random numbers in the scales of style and in tenure; blank ones, if asked for."""
    random = np.random.default_rng(7)
    sides = []
    for letter in "me":
        columns: dict[str, object] = {"id": [f"{letter}{k}" for k in range(PEOPLE)]}
        for name in ("pace", "directness", "structure", "formality"):
            columns[f"style_{name}"] = _numbers(random, 1, blank)
        columns["tenure"] = _numbers(random, 40, blank)
        columns["team"] = [f"t{random.integers(0, 9)}" for _ in range(PEOPLE)]
        sides.append(pd.DataFrame(columns))
    return Cohort(*sides)


def _numbers(random: np.random.Generator, most: float, blank: bool) -> list[float | None]:
    return [None if blank and random.random() < 0.3 else float(random.random() * most) for _ in range(PEOPLE)]
