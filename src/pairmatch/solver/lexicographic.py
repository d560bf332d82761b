"""Solve linear tiers one after the other, exactly, mostly in a single flow.

A mixture with multipliers that *probably* separate the tiers is solved once; then each tier is
proven by prices of its own. Where such a proof does not exist the guess was too small: that tier is
solved by itself and the multipliers grow until the earlier tiers keep their values. So no number
is ever assumed to be large enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import TierProof
from pairmatch.solver.gains import first_guess, mixed_value, tier_value
from pairmatch.solver.network import Network, Optimum

GROWTH = 8


@dataclass(frozen=True)
class Chain:
    """Pairs that are best for a sequence of linear tiers, with a proof per tier."""

    pairs: NDArray[np.intp]
    proofs: tuple[TierProof, ...]

    @property
    def proven(self) -> bool:
        """Whether every tier's bound is its value."""
        return all(proof.bound == proof.value for proof in self.proofs)


def solve_chain(network: Network, tiers: Sequence[str], known: Sequence[TierProof] = ()) -> Chain:
    """Best pairs for ``tiers``, most important first.

    Parameters
    ----------
    network
        The allowed pairs.
    tiers
        Linear tiers; ``"minimums"`` first where there are any.
    known
        Proofs of the first tiers, if they were made on a larger problem that shares their values.
    """
    chain = _at_once(network, tiers, known)
    return chain if chain is not None else _one_by_one(network, tiers, known)


def strict_multipliers(proofs: Sequence[TierProof]) -> dict[str, int]:
    """A mixture whose best matchings are exactly those that give every tier its proven value.

    The sum of the tiers' own proven mixtures: to reach the sum of their bounds, each must be reached.
    """
    mixed: dict[str, int] = {}
    for proof in proofs:
        for tier, times in {**proof.multipliers, proof.tier: 1}.items():
            mixed[tier] = mixed.get(tier, 0) + times
    return mixed


def _at_once(network: Network, tiers: Sequence[str], known: Sequence[TierProof]) -> Chain | None:
    optimum = network.solve(first_guess(network.problem, tiers))
    if any(tier_value(network.problem, proof.tier, optimum.pairs) != proof.value for proof in known):
        return None
    proofs = list(known)
    for tier in tiers[len(known) :]:
        earlier = [proof.tier for proof in proofs]
        multipliers = first_guess(network.problem, [*earlier, tier])
        last = len(proofs) + 1 == len(tiers)
        priced = optimum if last else network.prove(optimum.pairs, multipliers)
        if priced is None:
            return None
        proofs.append(proof_of(network, tier, multipliers, priced, optimum.pairs))
    chain = Chain(optimum.pairs, tuple(proofs))
    return chain if chain.proven or network.clock.over else None


def _one_by_one(network: Network, tiers: Sequence[str], known: Sequence[TierProof]) -> Chain:
    proofs = list(known)
    optimum = None
    for tier in tiers[len(known) :]:
        optimum, proof = _next_tier(network, proofs, tier)
        proofs.append(proof)
    if optimum is None:
        optimum = network.solve(strict_multipliers(proofs))
    return Chain(optimum.pairs, tuple(_revalued(network, proofs, optimum.pairs)))


def _next_tier(network: Network, proofs: Sequence[TierProof], tier: str) -> tuple[Optimum, TierProof]:
    """Solve one tier, with the earlier ones held by multipliers that grow until they hold."""
    names = [proof.tier for proof in proofs]
    multipliers = first_guess(network.problem, [*names, tier])
    while True:
        optimum = network.solve(multipliers)
        values = {proof.tier: proof.value for proof in proofs}
        held = all(
            tier_value(network.problem, name, optimum.pairs) == value for name, value in values.items()
        )
        if held or network.clock.over:
            return optimum, proof_of(network, tier, multipliers, optimum, optimum.pairs)
        multipliers = {name: times * GROWTH if name != tier else 1 for name, times in multipliers.items()}


def proof_of(
    network: Network, tier: str, multipliers: Mapping[str, int], priced: Optimum, pairs: NDArray[np.intp]
) -> TierProof:
    """State what the prices prove about a tier."""
    value = tier_value(network.problem, tier, pairs)
    earlier = {name: times for name, times in multipliers.items() if name != tier}
    bound = priced.bound - mixed_value(network.problem, earlier, pairs)
    if bound < value:
        raise SolverError(f"tier '{tier}' is above its own bound")
    exact = bound == value
    return TierProof(
        tier,
        value,
        bound,
        bound,
        "prices",
        earlier,
        priced.mentor_prices,
        priced.mentee_prices,
        canonical=exact,
    )


def _revalued(network: Network, proofs: Sequence[TierProof], pairs: NDArray[np.intp]) -> list[TierProof]:
    """Proofs whose values are those of the final pairs; they differ only after a deadline."""
    from dataclasses import replace

    values = [tier_value(network.problem, proof.tier, pairs) for proof in proofs]
    return [
        proof if proof.value == value else replace(proof, value=value, canonical=False)
        for proof, value in zip(proofs, values, strict=True)
    ]


def groups(objective: Sequence[str]) -> list[list[str]]:
    """Runs of linear tiers, and floor tiers each by itself."""
    groups: list[list[str]] = []
    for tier in objective:
        if tier in ("worst", "leximin"):
            groups.append([tier])
        elif groups and groups[-1][0] not in ("worst", "leximin"):
            groups[-1].append(tier)
        else:
            groups.append([tier])
    return groups
