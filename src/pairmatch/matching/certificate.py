"""How good a matching provably is, tier by tier. Frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import amount
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, TierProof, units_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Certificate", "TierCertificate", "lost"]

FAR = 10.0
"""Gaps beyond this many times the bound are told in units."""


@dataclass(frozen=True, eq=False, repr=False)
class TierCertificate:
    """One tier of the objective: what was reached, and how near to optimal it is proven to be (law §9).

    Attributes
    ----------
    tier
        Name of the tier.
    value, bound, verified_bound
        What was reached, the best bound known, and the best bound that the data and the prices alone
        prove. People or pairs for the counting tiers, weight for the others.
    gap
        ``(bound - value) / max(|bound|, one unit)``.
    kind
        ``"prices"``, ``"cut"`` or ``"search"``.
    multipliers
        Worth of one unit of each earlier tier, in units of this one (1e-6 of weight for weight tiers).
    mentor_prices, mentee_prices
        Price of each person's place, by id.
    levels
        For ``"leximin"``: every matched mentee's total weight, ascending.
    """

    tier: str
    value: float
    bound: float
    verified_bound: float
    gap: float
    kind: str
    multipliers: Mapping[str, int]
    mentor_prices: pd.Series[float]
    mentee_prices: pd.Series[float]
    levels: tuple[float, ...]

    @property
    def apart(self) -> str:
        """The gap in units where the bound is next to nothing, and a share of it says nothing; else empty."""
        if self.gap == 0 or (self.gap <= FAR and abs(self.bound) * RESOLUTION >= 1):
            return ""
        return f"at most {amount(self.bound - self.value)}{' of weight' if self.tier in WEIGHT_TIERS else ''}"

    def __repr__(self) -> str:
        value, bound, gap = _number(self.value), _number(self.bound), self.apart or f"{self.gap:.2%}"
        return f"<{self.tier}: value {value}, bound {bound}, gap {gap}, proof by {self.kind}>"


@dataclass(frozen=True, eq=False, repr=False)
class Certificate(Mapping[str, TierCertificate]):
    """Proofs by tier, in the objective's order; behaves like a dict of tiers.

    Attributes
    ----------
    proofs
        The same in integers: what `verify` checks.
    mentors, mentees
        Ids in the order of the price arrays.
    complete
        False where the work was cut short or left a gap; then the answer may depend on the machine.
    """

    proofs: tuple[TierProof, ...]
    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    complete: bool = True

    def __getitem__(self, tier: str) -> TierCertificate:
        for proof in self.proofs:
            if proof.tier == tier:
                return self._told(proof)
        raise KeyError(tier)

    def __iter__(self) -> Iterator[str]:
        return (proof.tier for proof in self.proofs)

    def __len__(self) -> int:
        return len(self.proofs)

    @property
    def gap(self) -> float:
        """The largest gap of all tiers; 0 means proven optimal."""
        return max((proof.gap for proof in self.proofs), default=0.0)

    @property
    def proven(self) -> bool:
        """Whether the work was not cut short, and no tier has a gap."""
        return self.complete and self.gap == 0

    @property
    def pairs_swept(self) -> int:
        """Possible pairs over which the bounds hold: every mentor who takes part with every such mentee.

        What was done to see to that, sweep by sweep, is told by ``matching.stats``.
        """
        return len(self.mentors) * len(self.mentees)

    @property
    def table(self) -> pd.DataFrame:
        """One row per tier: tier, value, bound, gap, kind, verified_bound."""
        import pandas as pd

        names = ("tier", "value", "bound", "gap", "kind", "verified_bound")
        rows = [[getattr(part, name) for name in names] for part in self.values()]
        return pd.DataFrame(rows, columns=list(names))

    @property
    def summary(self) -> str:
        """Each tier's value, and how well all of them are proven, in one line."""
        told = ", ".join(f"{tier} {_number(part.value)}" for tier, part in self.items())
        widest = max(self.values(), key=lambda part: part.gap, default=None)
        proof = "proven optimal"
        if widest is not None and widest.gap > 0:
            proof = f"gap {f'{widest.apart} in {widest.tier}' if widest.apart else f'{widest.gap:.2%}'}"
        return f"{told}; {proof}"

    def __repr__(self) -> str:
        return f"<Certificate: {self.summary}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))

    def _told(self, proof: TierProof) -> TierCertificate:
        import pandas as pd

        unit = units_of(proof.tier)
        return TierCertificate(
            tier=proof.tier,
            value=proof.value / unit,
            bound=proof.bound / unit,
            verified_bound=proof.verified_bound / unit,
            gap=proof.gap,
            kind=proof.kind,
            multipliers=dict(proof.multipliers),
            mentor_prices=pd.Series(proof.mentor_prices / unit, index=pd.Index(self.mentors, dtype=object)),
            mentee_prices=pd.Series(proof.mentee_prices / unit, index=pd.Index(self.mentees, dtype=object)),
            levels=tuple(level / unit for level in proof.levels),
        )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4f}"


def lost(now: TierProof, then: TierProof) -> float:
    """What a tier loses from one answer to another.

    For leximin the difference of the smallest totals, which comes first there; where that is none, the first
    difference between the ascending totals, with a 0 at the front for each mentee fewer.
    """
    if now.tier != "leximin" or now.value != then.value:
        return (now.value - then.value) / units_of(now.tier)
    longest = max(len(now.levels), len(then.levels))
    ours, theirs = ((0,) * (longest - len(levels)) + levels for levels in (now.levels, then.levels))
    return next((a - b for a, b in zip(ours, theirs, strict=True) if a != b), 0) / units_of(now.tier)
