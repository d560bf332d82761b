"""After failed pairs: no way proposes them again, and only `pm.rematch` keeps what runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import civil_service
from benchmarks.rerunning import ANEW, OURS, PEER, READY, installed, measured, outcome, table


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_running_pairs_go_on(share: float, tmp_path: Path) -> None:
    """Nothing ends by re-matching, though as many have a mentor as could have."""
    found = measured(24, share, 2, tmp_path)
    assert list(found) == [OURS, READY, ANEW, *([PEER] if installed() else [])]
    assert [each.ended for each in found[OURS] + found[READY]] == [0] * 4
    for ours, ready in zip(found[OURS], found[READY], strict=True):
        assert (ours.mentees, ours.points) == (ready.mentees, ready.points)
    for ours, anew in zip(found[OURS], found[ANEW], strict=True):
        assert ours.mentees <= anew.mentees
    lines = list(table(found))
    assert len(lines) == len(found) + 1
    assert lines[1].split()[:3] == [OURS, lines[1].split()[1], "1.0"]


def test_a_failed_pair_that_comes_back_is_found(tmp_path: Path) -> None:
    """The recount refuses it."""
    civil_service.write(20, tmp_path, ("mentees",))
    people = civil_service.read(tmp_path)
    pair = next(
        (mentor["email address"], mentee["email address"])
        for mentor in people.mentors
        for mentee in people.mentees
        if civil_service.points(mentor, mentee) is not None
    )
    with pytest.raises(civil_service.InvalidAnswer, match="a failed pair is back"):
        outcome(people, [pair], [pair], lambda _: (0.0, [pair]))
