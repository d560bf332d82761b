"""Reason codes, from counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pairmatch.matching import REASONS, Standing, left_of

OPEN = Standing(active=True, capacity=1, eligible=3, light=0, open=2, affordable=1, taken={}, partners=9)


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (OPEN, "not_better"),
        (replace(OPEN, settled=False), "cut_short"),
        (replace(OPEN, settled=False, affordable=0), "partners_without_hours"),
        (replace(OPEN, within=1), "not_better"),
        (replace(OPEN, settled=False, within=0), "quota_full"),
        (replace(OPEN, affordable=0, within=0), "partners_without_hours"),
        (replace(OPEN, settled=False, open=0, affordable=0), "partners_full"),
        (replace(OPEN, settled=False, eligible=0, open=0, affordable=0), "no_eligible_partner"),
        (replace(OPEN, settled=False, capacity=0), "no_place"),
    ],
)
def test_only_what_is_settled_is_told(standing: Standing, reason: str) -> None:
    """That no pair would be better is told of a proven matching alone; what is counted, of any."""
    assert left_of("mentee", "e1", standing).reason == reason


def test_full_quotas_are_named_where_they_are_the_reason() -> None:
    """The labels of the rules are told with that reason alone."""
    full = replace(OPEN, within=0, quotas=("mentors_chosen",))
    assert left_of("mentee", "e1", full).quotas == ("mentors_chosen",)
    assert left_of("mentee", "e1", replace(full, within=2)).quotas == ()


def test_no_reason_claims_the_best_matching() -> None:
    """They are true of the matching at hand, which a time limit may have left far from the best."""
    assert not [words for words in REASONS.values() if "best matching" in words]
