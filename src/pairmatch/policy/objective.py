"""The order of objectives (law §6)."""

from __future__ import annotations

from pairmatch.errors import did_you_mean
from pairmatch.parameters import Checks, told
from pairmatch.problem import TIERS

__all__ = ["checked_objective"]


def checked_objective(checks: Checks, value: object) -> tuple[str, ...]:
    """The tiers that can be used; problems are noted."""
    if not isinstance(value, list | tuple) or not value:
        hint = f"'objective' must be a list of one tier or more, most important first, not {told(value)}."
        checks.add("bad_objective", "objective", hint)
        return ()
    tiers: list[str] = []
    for tier in value:
        if not isinstance(tier, str) or tier not in TIERS:
            checks.add(*_unknown_tier(tier))
        elif tier in tiers:
            checks.add("duplicate_tier", "objective", f"the tier '{tier}' stands in the objective twice.")
        else:
            tiers.append(tier)
    return tuple(tiers)


def _unknown_tier(tier: object) -> tuple[str, str, str]:
    near = did_you_mean(tier, TIERS) if isinstance(tier, str) else ""
    return "unknown_tier", "objective", f"there is no tier {told(tier)}; there are {', '.join(TIERS)}.{near}"
