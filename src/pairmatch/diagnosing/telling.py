"""A diagnosis as tables and in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pairmatch.diagnosing.diagnosed import Diagnosed, Displacement
from pairmatch.diagnosing.relaxation import Relaxation
from pairmatch.errors import amount, counted, listed, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["relaxation_table", "told_person", "told_relaxation", "truth_table"]


def truth_table(people: Sequence[Diagnosed]) -> pd.DataFrame:
    """One row per person without a partner."""
    import pandas as pd

    rows = []
    for one in people:
        blocking = one.blocking
        sizes = [0, 0] if blocking is None else [len(blocking.people), blocking.places]
        rows.append([one.role, one.id, one.reason, one.kind, one.why, one.eligible, *sizes])
    columns = ["role", "id", "reason", "kind", "why", "eligible", "people", "places"]
    return pd.DataFrame(rows, columns=columns)


def relaxation_table(found: Sequence[Relaxation]) -> pd.DataFrame:
    """One row per relaxation."""
    import pandas as pd

    rows = [
        [
            *(one.words, one.kind, one.rule, one.role, one.id, one.mentor, one.mentee),
            len(one.people),
            ", ".join(who for _, who in one.people),
            one.cost,
            ", ".join(who for _, who in one.unmatched),
            one.changed,
            one.lost,
            one.exact,
            one.forced,
        ]
        for one in found
    ]
    columns = ["relaxation", "kind", "rule", "role", "id", "mentor", "mentee", "serves", "people", "cost"]
    return pd.DataFrame(
        rows, columns=[*columns, "newly_unmatched", "changed", "others_lose", "exact", "forced"]
    )


def told_person(one: Diagnosed) -> list[str]:
    """Why one person has no partner, with all counts."""
    lines = [f"{one.role} {shown(one.id)} has no partner: {one.why}"]
    lines.append(f"  eligible partners: {one.eligible}")
    for label, n in one.alone.items():
        only = one.last.get(label, 0)
        lines.append(f"  forbidden by {label}: {n}" + (f", by it alone {only}" if only else ""))
    return lines + (_displacement(one.displacement) if one.displacement is not None else [])


def told_relaxation(one: Relaxation) -> str:
    """A relaxation in one line."""
    people = listed(f"{role} {shown(who)}" for role, who in one.people)
    gone = listed(f"{role} {shown(who)}" for role, who in one.unmatched)
    told = f"{one.words}: serves {people}, {_lost(one.cost)}"
    told += f"; {gone} would have nobody" if gone else ""
    told += "; only if that is required" if one.forced else ""
    return told if one.exact else f"{told}; not proven"


def _displacement(found: Displacement) -> list[str]:
    if not found.possible:
        return ["  no valid matching serves them as things are"]
    lines = [f"  to serve them with {listed(map(shown, found.partners))}:"]
    lines += [f"    {tier}: {_tier(cost)}" for tier, cost in found.costs.items()]
    lines += [f"    {role} {shown(who)} would have nobody" for role, who in found.unmatched]
    lines.append(f"    {counted(found.changed, 'person', 'people')} would have other partners")
    return lines if found.exact else [*lines, "    not proven: the search was cut short"]


def _tier(cost: float) -> str:
    if cost == 0:
        return "unchanged"
    return f"loses {amount(cost)}" if cost > 0 else f"gains {amount(-cost)}"


def _lost(cost: float) -> str:
    if cost == 0:
        return "total weight unchanged"
    return f"total weight {'-' if cost > 0 else '+'}{amount(abs(cost))}"
