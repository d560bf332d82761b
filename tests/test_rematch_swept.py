"""Re-matches of large cohorts are swept; here small ones are too, and compared with holding all pairs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import rules
from pairmatch.rematch import rematch
from pairmatch.scoring import size
from pairmatch.testing.strategies import Case, cases
from tests.test_rematch import events

FLOWS = (
    ("must_match", "mentees", "total"),
    ("mentees", "mentors", "total"),
    ("total",),
    ("mentees", "pairs"),
)


def swept_again(before: pm.Matching, **asked: Any) -> pm.Matching:
    """The re-match by sweeps, whatever the size."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        return rematch(before, **asked)


@settings(max_examples=40)
@given(cases(4, 4, st.sampled_from(FLOWS)), st.data())
def test_the_same_as_holding_all_pairs(case: Case, data: st.DataObject) -> None:
    """Every tier has the same value and bound, and both ways of verifying agree."""
    assume(not any(isinstance(rule, rules.Hours) for rule in case.policy.rules))
    try:
        before = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        assume(False)
    asked = data.draw(events(before)).arguments
    if not case.policy.pair_goals:
        asked["minimum_weight"] = None
    try:
        held = rematch(before, **asked)
    except (pm.InfeasibleError, pm.InputError) as error:
        with pytest.raises(type(error)):
            swept_again(before, **asked)
        return
    swept = swept_again(before, **asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        pm.verify(swept, case.cohort, case.policy, before=before)
        pm.verify(held, case.cohort, case.policy, before=before)
    event(f"{len(held.changes)} changes")
    assert [(p.tier, p.value, p.bound) for p in swept.certificate.proofs] == [
        (p.tier, p.value, p.bound) for p in held.certificate.proofs
    ]
    pm.verify(swept, case.cohort, case.policy, before=before)
