"""Re-matches of all kinds for tests: a matching, and anything that can happen to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.rematch import rematch

__all__ = ["Round", "check", "drawn", "events"]


@dataclass(frozen=True)
class Round:
    """A matching before, the tables and the policy of the programme, and the re-match."""

    before: pm.Matching
    cohort: pm.Cohort
    policy: pm.Policy
    revised: pm.Matching


def check(told: pm.Matching, true: Round, **how: Any) -> pm.Verification:
    """A matching against the programme's own tables and policy."""
    return pm.verify(told, true.cohort, true.policy, **how)


@st.composite
def events(draw: st.DrawFn, matching: pm.Matching, cohort: pm.Cohort) -> dict[str, Any]:
    """What a re-match of a matching, with the people of a cohort, can be asked."""
    pairs = [(pair.mentor, pair.mentee) for pair in matching.made]
    people = [(side, who) for side in ("mentors", "mentees") for who in cohort.side(side).ids]
    some = st.lists(st.sampled_from(pairs), max_size=2, unique=True) if pairs else st.just([])
    few = st.lists(st.sampled_from(people), max_size=2, unique=True) if people else st.just([])
    asked: dict[str, Any] = {"failed": draw(some)}
    rows = [{"id": who, "role": side.removesuffix("s")} for side, who in draw(few)]
    asked |= {"left": pd.DataFrame(rows)} if rows else {}
    rows = [
        {"id": who, "role": side.removesuffix("s"), "capacity": draw(st.integers(0, 3))}
        for side, who in draw(few)
    ]
    asked |= {"capacities": pd.DataFrame(rows)} if rows else {}
    movable = draw(st.one_of(st.none(), st.just("all"), some))
    if movable is not None:
        asked["disturbance"] = draw(st.sampled_from(("after_coverage", "last", "weighted")))
        asked["stability"] = draw(st.sampled_from((0.0, 0.05, 0.5)))
    return {**asked, "movable": movable, "max_changes": draw(st.sampled_from((None, None, None, 0, 1)))}


def drawn(data: st.DataObject, matching: pm.Matching, cohort: pm.Cohort | None = None) -> pm.Matching | None:
    """A re-match of a matching, perhaps with another cohort; None where there is none."""
    asked = data.draw(events(matching, cohort or matching.cohort))
    try:
        return rematch(matching, cohort, **asked)
    except (pm.InfeasibleError, pm.NoSolutionError, pm.CallError, pm.PolicyError):
        return None
