"""Re-matches of programmes with coaches: chosen with the pairs, or for them as they are."""

from __future__ import annotations

import pytest

import pairmatch as pm
from pairmatch.rematch import rematch
from pairmatch.scoring import Fit
from tests.coached import cohort, policy
from tests.rematching_plain import Events, expected


@pytest.mark.parametrize("jointly", [False, True])
def test_pairs_and_coaches_are_verified(jointly: bool) -> None:
    """Running pairs stay; every pair has a coach as before, or the reason why not."""
    people, rules = cohort(seed=1), policy(jointly=jointly)
    before = pm.match(people, rules)
    gone = before.made[0]
    revised = rematch(before, failed=[(gone.mentor, gone.mentee)], left=[before.made[3].mentor])
    assert revised.coaching is not None
    assert len(revised.coaching.pairs) == len(revised.made)
    assert {(p.mentor, p.mentee) for p in revised.made} >= set(
        revised.revision.running if revised.revision else ()
    )
    pm.verify(revised, people, rules, before=before)


@pytest.mark.parametrize("seed", range(4))
def test_coaches_chosen_with_the_pairs_agree_with_brute_force(seed: int) -> None:
    """Every tier, where one pair failed and all others may move."""
    people, rules = cohort(4, 3, 2, seed), policy(jointly=True)
    before = pm.match(people, rules)
    made = [(pair.mentor, pair.mentee) for pair in before.made]
    for disturbance in ("after_coverage", "last", "weighted"):
        asked = Events(failed=(made[0],), movable="all", disturbance=disturbance)
        told = expected(made, None, rules, Fit.from_dict(before.fitted), asked, cohort=people)
        revised = rematch(before, **asked.arguments)
        assert told.best is not None
        assert tuple(proof.value for proof in revised.certificate.proofs) == told.best.values
        pm.verify(revised, people, rules, before=before)
