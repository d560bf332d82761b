"""A cohort large enough to be swept, on every executor: the same matching bit for bit, whatever dies."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.problem import Progress
from tests.scoring.stand_ins import dask_client


@pytest.fixture(scope="module")
def large() -> tuple[pm.Cohort, pm.Policy]:
    """Over a million possible pairs."""
    return pm.datasets.synthetic(mentors=1500, mentees=900, seed=5), pm.datasets.synthetic_policy()


@pytest.fixture(scope="module")
def expected(large: tuple[pm.Cohort, pm.Policy]) -> pm.Matching:
    """What threads of our own find."""
    matching = pm.match(*large)
    assert matching.stats["pairs_swept"] > 0
    assert matching.certificate.gap == 0
    return matching


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with dask_client() as client:
        yield client


@pytest.fixture(params=["threads", "processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    match request.param:
        case "threads":
            with ThreadPoolExecutor(3) as pool:
                yield pool
        case "processes":
            with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
                yield pool
        case "dask":
            yield request.getfixturevalue("client").get_executor()


def is_same(matching: pm.Matching, expected: pm.Matching) -> bool:
    """Pairs, reasons, values and prices."""
    proofs = zip(matching.certificate.proofs, expected.certificate.proofs, strict=True)
    return (matching.made, matching.left) == (expected.made, expected.left) and all(
        (mine.value, mine.bound, mine.multipliers) == (theirs.value, theirs.bound, theirs.multipliers)
        and np.array_equal(mine.mentor_prices, theirs.mentor_prices)
        and np.array_equal(mine.mentee_prices, theirs.mentee_prices)
        for mine, theirs in proofs
    )


def test_the_same_matching_everywhere(
    large: tuple[pm.Cohort, pm.Policy], expected: pm.Matching, executor: Executor
) -> None:
    """Block by block elsewhere, and not a price differs."""
    matching = pm.match(*large, executor=executor)
    assert is_same(matching, expected)
    assert matching.stats["blocks_repeated"] == 0
    assert executor.submit(abs, -1).result() == 1


def test_a_rule_that_a_function_made(large: tuple[pm.Cohort, pm.Policy]) -> None:
    """It cannot go to other processes; that is said before anything is swept."""

    class Local:
        name = "local"

        def allowed(self, block: Any) -> Any:
            return np.ones(block.shape, bool)

        def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
            return True

    cohort, policy = large
    with (
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
        pytest.raises(pm.CallError, match="or use threads"),
    ):
        pm.match(cohort, replace(policy, rules=(*policy.rules, Local())), executor=pool)


def test_a_process_that_dies_in_mid_sweep(large: tuple[pm.Cohort, pm.Policy], expected: pm.Matching) -> None:
    """The first step kills a worker: its blocks are done again, and nothing else is different."""
    killed: list[int] = []
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:

        def kill(_: Progress) -> None:
            if not killed:
                killed.append(next(iter(pool._processes)))
                os.kill(killed[0], signal.SIGKILL)

        matching = pm.match(*large, executor=pool, progress=kill)
    assert killed
    assert is_same(matching, expected)


def test_a_dask_worker_that_dies_in_mid_sweep(
    large: tuple[pm.Cohort, pm.Policy], expected: pm.Matching, client: Any
) -> None:
    """The cluster's other worker does its blocks."""
    client.wait_for_workers(2)
    killed: list[int] = []

    def kill(_: Progress) -> None:
        if not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    matching = pm.match(*large, executor=client.get_executor(), progress=kill)
    assert killed
    assert is_same(matching, expected)


def test_cancelling_a_sweep(large: tuple[pm.Cohort, pm.Policy], expected: pm.Matching) -> None:
    """Set from elsewhere in the middle: a valid matching that says how far from the best it can be."""

    class Soon:
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked > 9

    matching = pm.match(*large, cancel=Soon())
    assert not matching.certificate.complete or is_same(matching, expected)
    assert matching.certificate["total"].bound >= expected.certificate["total"].value
