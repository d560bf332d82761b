"""Smoke mode: every peer does every small case; values are recounted, times are nobody's business here."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.groups import GROUPS
from benchmarks.registry import Case, Group

CASES = [(group, case) for group in GROUPS for case in group.smoke]


def names(argument: object) -> str:
    """A test's id."""
    return argument.name if isinstance(argument, Case) else ""


@pytest.mark.parametrize(("group", "case"), CASES, ids=names)
def test_nobody_is_better_than_the_proven_optimum(group: Group, case: Case, tmp_path: Path) -> None:
    """Valid pairs from all, the optimum from pairmatch and each exact peer, and no more from anybody."""
    group.write(case, tmp_path)
    data, tiers = group.read(case, tmp_path), group.tiers(case)
    best: tuple[int, ...] = ()
    for peer in group.peers:
        if peer.cannot(case) or not peer.is_installed:
            continue
        answer = peer.run(peer.prepare(data), 0)
        told = group.value(data, answer.found)
        reached = tuple(told[tier] for tier in tiers)
        best = best or reached
        assert reached <= best, peer.name
        assert reached == best or not peer.exact, peer.name
        assert answer.bounds in {(), best}, peer.name
