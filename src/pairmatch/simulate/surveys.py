"""What surveys say of mentors, and what a plan with feedback makes of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints
from pairmatch.simulate.fate import Fates
from pairmatch.simulate.life import Life
from pairmatch.simulate.world import World

__all__ = ["corrected"]

LEAST_INSIGHT = 0.1
"""Where weights tell next to nothing of chemistry, surveys still count no more than as if they told this."""


def corrected(world: World, life: Life, fates: Fates, asked: NDArray[np.bool_]) -> Ints:
    """Weights in units, corrected by each mentor's part of the chemistry as surveys so far tell it.

    What a survey says beyond what the weight promised is the mentor's own part, the pair's own, and noise.
    The mean over the mentor's pairs is shrunk by the known variances, and turned into weight at the rate at
    which weight tells of chemistry. A mentor without a survey keeps all weights.

    Parameters
    ----------
    world, life, fates
        The people, the assumptions, and what surveys would say.
    asked
        bool ``(runs, n_pairs)``: pairs made so far.

    Returns
    -------
    int64 ``(runs, n_pairs)``, from 0 to a full weight.
    """
    problem = world.problem
    run, pair = np.nonzero(asked)
    said = fates.chemistry[run, pair] + life.noise * fates.luck[run, pair]
    beyond = said - life.insight * world.promise[pair]
    whose = run * problem.n_mentors + problem.mentor[pair]
    size = len(asked) * problem.n_mentors
    total = np.bincount(whose, beyond, size)
    surveys = np.bincount(whose, minlength=size)
    other = life.between + life.noise**2
    part = life.mentors_part * total / (surveys * life.mentors_part + other)
    worth = problem.weight.std() / max(life.insight, LEAST_INSIGHT)
    change = worth * part.reshape(len(asked), -1)[:, problem.mentor]
    return np.asarray(np.clip(np.rint(problem.weight + change), 0, problem.unit), np.int64)
