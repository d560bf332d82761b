"""The table of explanations, on a small company."""

from __future__ import annotations

import pytest

from benchmarks import explaining


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    explaining.main(["20", "30", "--single", "2", "--relaxed", "1", "--eligibility", "0.3"])
    printed = capsys.readouterr().out
    for name in ("matched in", "all without a partner", "explain", "of the diagnosis of all", "relaxations"):
        assert name in printed
