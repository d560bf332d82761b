"""Solve linear tiers one after the other, exactly, mostly in a single flow.

A mixture with multipliers that *probably* separate the tiers is solved once; then each tier is
proven by prices of its own. Where such a proof does not exist the guess was too small: that tier is
solved by itself and the multipliers grow until the earlier tiers keep their values. So no number
is ever assumed to be large enough.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import SolverError
from pairmatch.problem import TierProof
from pairmatch.solver.gains import first_guess, mixed_value, tier_value
from pairmatch.solver.network import Optimum, Solver

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


def solve_chain(network: Solver, tiers: Sequence[str], known: Sequence[TierProof] = ()) -> Chain:
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
        for tier, times in {**proof.multipliers, proof.tier: proof.scale}.items():
            mixed[tier] = mixed.get(tier, 0) + times
    return mixed


def _at_once(network: Solver, tiers: Sequence[str], known: Sequence[TierProof]) -> Chain | None:
    mixture = first_guess(network.problem, tiers)
    optimum = network.solve(mixture)
    if any(tier_value(network.problem, proof.tier, optimum.pairs) != proof.value for proof in known):
        return None
    proofs = list(known)
    for tier in tiers[len(known) :]:
        earlier = [proof.tier for proof in proofs]
        last = len(proofs) + 1 == len(tiers)
        multipliers = mixture if last else first_guess(network.problem, [*earlier, tier])
        priced = optimum if last else network.prove(optimum.pairs, multipliers)
        if priced is None:
            return None
        proofs.append(proof_of(network, tier, multipliers, priced, optimum.pairs))
    chain = Chain(optimum.pairs, tuple(proofs))
    return chain if chain.proven or network.stopped else None


def _one_by_one(network: Solver, tiers: Sequence[str], known: Sequence[TierProof]) -> Chain:
    proofs = list(known)
    believed = [{proof.tier: proof.value for proof in known} for _ in known]
    optimum = None
    for tier in tiers[len(known) :]:
        optimum, proof = _next_tier(network, proofs, tier)
        proofs.append(proof)
        earlier = {name: tier_value(network.problem, name, optimum.pairs) for name in proof.multipliers}
        believed.append(earlier)
    if optimum is None:
        optimum = network.solve(strict_multipliers(proofs))
    return Chain(optimum.pairs, tuple(_revalued(network, proofs, believed, optimum.pairs)))


def _next_tier(network: Solver, proofs: Sequence[TierProof], tier: str) -> tuple[Optimum, TierProof]:
    """Solve one tier, with the earlier ones held by multipliers that grow until they hold."""
    names = [proof.tier for proof in proofs]
    multipliers = first_guess(network.problem, [*names, tier])
    while True:
        optimum = network.solve(multipliers)
        values = {proof.tier: proof.value for proof in proofs}
        held = all(
            tier_value(network.problem, name, optimum.pairs) == value for name, value in values.items()
        )
        if held or network.stopped:
            return optimum, proof_of(network, tier, multipliers, optimum, optimum.pairs)
        multipliers = {name: times * GROWTH if name != tier else 1 for name, times in multipliers.items()}


def proof_of(
    network: Solver, tier: str, multipliers: Mapping[str, int], priced: Optimum, pairs: NDArray[np.intp]
) -> TierProof:
    """State what the prices prove about a tier."""
    value = tier_value(network.problem, tier, pairs)
    earlier = {name: times for name, times in multipliers.items() if name != tier}
    bound = priced.bound - mixed_value(network.problem, earlier, pairs)
    if bound < value:
        raise SolverError(f"tier '{tier}' is above its own bound")
    exact = bound == value and not network.problem.evens
    return TierProof(
        tier,
        value,
        bound,
        bound,
        "prices",
        earlier,
        priced.mentor_prices,
        priced.mentee_prices,
        canonical=exact and priced.least,
    )


def _revalued(
    network: Solver,
    proofs: Sequence[TierProof],
    believed: Sequence[Mapping[str, int]],
    pairs: NDArray[np.intp],
) -> list[TierProof]:
    """Proofs as they hold for the final pairs; after a deadline they may differ from those first believed."""
    values = {proof.tier: tier_value(network.problem, proof.tier, pairs) for proof in proofs}
    told = []
    for proof, earlier in zip(proofs, believed, strict=True):
        lost = sum(times * (earlier[name] - values[name]) for name, times in proof.multipliers.items())
        bound, value = proof.bound + lost, values[proof.tier]
        exact = proof.canonical and bound == value
        told.append(replace(proof, value=value, bound=bound, verified_bound=bound, canonical=exact))
    return told


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
