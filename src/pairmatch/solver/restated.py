"""A proof by prices told anew, exactly, for other values or another problem of the same people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from pairmatch.problem import Problem, TierProof
from pairmatch.solver.bounds import dual_bound
from pairmatch.solver.bundled.bundles import Bundling, Mixture
from pairmatch.solver.faces import is_required
from pairmatch.solver.gains import combine
from pairmatch.solver.groups.counts import constant
from pairmatch.solver.groups.opened import Opened

__all__ = ["mixture_at", "restated"]


def restated(problem: Problem, proof: TierProof, values: Mapping[str, int]) -> TierProof:
    """The proof with its tier's value, and what its prices prove where the earlier tiers have theirs.

    Parameters
    ----------
    problem
        Its pairs must be usable, see :func:`~pairmatch.solver.faces.usable`.
    proof
        Only its prices, its multipliers and its scale are looked at.
    values
        Of all tiers, the minimums among them.
    """
    earlier = sum(times * values[tier] for tier, times in proof.multipliers.items())
    bound, value = (_dual(problem, proof) - earlier) // proof.scale, values[proof.tier]
    kind = "prices" if value == bound else "search"
    return replace(proof, value=value, bound=bound, verified_bound=bound, kind=kind, canonical=False)


def _dual(problem: Problem, proof: TierProof) -> int:
    times = {**proof.multipliers, proof.tier: proof.scale}
    prices = proof.group_prices if len(proof.group_prices) else np.zeros(len(problem.groups), np.int64)
    u, v = proof.mentor_prices, proof.mentee_prices
    if proof.bundles and problem.loads.mentor_hours is None:
        return Opened(problem).priced(times, v, prices).bound
    more = constant(problem, times, prices)
    if proof.bundles:
        bundling = Bundling(problem)
        mixture = mixture_at(bundling, bundling.mixture(times), times, prices)
        return bundling.priced(mixture, v).bound + more
    gains, required = combine(problem, times, prices), is_required(problem)
    reduced = gains.pair - u[problem.mentor] - v[problem.mentee]
    ordered = np.concatenate([reduced[required], reduced[~required]])
    return dual_bound(gains, ordered, int(required.sum()), u, v).bound + more


def mixture_at(
    bundling: Bundling, mixture: Mixture, times: Mapping[str, int], prices: np.typing.NDArray[np.int64]
) -> Mixture:
    """A mixture with prices on the problem's groups."""
    gains = combine(bundling.problem, times, prices)
    side, most = gains.mentors, int(bundling.places.max(initial=0))
    columns = [side.total(np.minimum(side.used + load, side.capacity)) for load in range(most + 1)]
    fixed = int(gains.pair[bundling.required].sum())
    return replace(
        mixture, gains=gains, gain=gains.pair[bundling.free], load_gain=np.column_stack(columns), fixed=fixed
    )
