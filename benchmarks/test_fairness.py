"""The measurement of fairness, on tiny problems."""

from __future__ import annotations

import pytest

from benchmarks import fairness


def test_every_kind_is_solved_and_proven(capsys: pytest.CaptureFixture[str]) -> None:
    fairness.main(["20"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 * len(fairness.KINDS) + 1 + len(fairness.bids())
    assert all(line.endswith("proven") for line in lines)


def test_the_same_weights_each_time() -> None:
    for draw in fairness.KINDS.values():
        assert (draw(10) == draw(10)).all()
        assert ((draw(10) >= 0) & (draw(10) <= 1)).all()
