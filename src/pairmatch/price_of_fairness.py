"""``pairmatch.price_of_fairness``: what each tier before the total costs it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pairmatch.checking import check_calls
from pairmatch.explain import check_matching
from pairmatch.match import solved_again
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, Progress, Report, TierProof
from pairmatch.scoring import Fit
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["price_of_fairness"]

LEAST_SECONDS = 0.01

COLUMNS = ["tier", "value", "total_without", "total_with", "cost", "percent", "gap"]


def price_of_fairness(
    matching: Matching, *, time_limit: float | None = None, progress: Report | None = None
) -> pd.DataFrame:
    """Tell what each tier of a matching's objective cost the total weight.

    For each tier before ``"total"`` (all tiers where the objective has none), two best totals are found: with
    the tiers before it kept, and with the tier itself kept too. Their difference is what the tier cost.

    Parameters
    ----------
    matching
        The matching; its cohort and policy are solved again.
    time_limit
        Seconds for all of it; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` before each solve.

    Returns
    -------
    pandas.DataFrame
        A row per tier, in the objective's order: ``tier``; ``value`` in the matching; ``total_without``, the
        best total with the tiers before it alone; ``total_with``, with this tier too; ``cost``, the
        difference in weight; ``percent`` of ``total_without``; ``gap``, the larger gap of both totals, 0
        where both are proven. With a gap, a cost may even be below 0.

    Raises
    ------
    CallError
        The arguments cannot be used.
    NoSolutionError
        The time limit ended before a matching was found.
    """
    import pandas as pd

    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit, progress)
    tiers = [proof.tier for proof in matching.certificate.proofs]
    tiers = tiers[: tiers.index("total")] if "total" in tiers else tiers
    totals = _totals(matching, tiers, time_limit, progress)
    values = {proof.tier: proof for proof in matching.certificate.proofs}
    rows = [
        _row(values[tier], without, kept)
        for tier, without, kept in zip(tiers, totals, totals[1:], strict=False)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(proof: TierProof, without: TierProof, kept: TierProof) -> dict[str, object]:
    lost = without.value - kept.value
    return {
        "tier": proof.tier,
        "value": proof.value / RESOLUTION if proof.tier in WEIGHT_TIERS else proof.value,
        "total_without": without.value / RESOLUTION,
        "total_with": kept.value / RESOLUTION,
        "cost": lost / RESOLUTION,
        "percent": 100 * lost / max(1, abs(without.value)),
        "gap": max(without.gap, kept.gap),
    }


def _totals(
    matching: Matching, tiers: list[str], time_limit: float | None, progress: Report | None
) -> list[TierProof]:
    """The best total with none of the tiers kept, with the first, with the first two, and so on."""
    ends = None if time_limit is None else time.monotonic() + time_limit
    found = []
    with Workers() as workers:
        fitted = Fit.from_dict(matching.fitted)
        built, beyond = stated(matching.cohort, matching.policy, fitted, workers, revision=matching.revision)
        for kept in range(len(tiers) + 1):
            if progress:
                progress(Progress("pricing the tiers", kept, len(tiers) + 1))
            problem = replace(built.problem, objective=(*tiers[:kept], "total"))
            left = None if ends is None else max(LEAST_SECONDS, ends - time.monotonic())
            found.append(solved_again(problem, beyond, matching.revision, left).tiers[-1])
    return found
