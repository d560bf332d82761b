"""Many programmes at once: the answers of one by one, and none harms another."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from tests.scoring.stand_ins import dask_client
from tests.source import ROOT

POLICY = pm.datasets.synthetic_policy()


@dataclass(frozen=True)
class Trouble:
    """A rule of one's own that goes wrong in the way it is told."""

    name: ClassVar[str] = "trouble"
    fields: ClassVar[tuple[str, ...]] = ()

    how: str = "raise"
    missing: str = "forbid"

    @property
    def description(self) -> str:
        return "no trouble"

    def needs(self, cohort: Any) -> list[Any]:
        return []

    def allowed(self, block: Any) -> Any:
        if self.how == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.how == "exit":
            raise SystemExit(3)
        if self.how == "awkward":
            raise Awkward(1, 2)
        raise ZeroDivisionError("trouble of one's own")

    def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
        return True


class Awkward(Exception):
    """An error that pickles, and cannot be unpickled."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first} and {second}")


def small(seed: int) -> pm.Cohort:
    return pm.datasets.synthetic(mentors=12, mentees=8, seed=seed)


def programme(name: str, seed: int = 0, **more: Any) -> pm.Job:
    return pm.Job(name, small(seed), replace(POLICY, **more))


def troubled(name: str, how: str) -> pm.Job:
    return programme(name, rules=(Trouble(how),))


def no_people() -> pm.Cohort:
    return pm.Cohort.read("nowhere.csv", "nowhere.csv")


PROGRAMMES = [
    programme("first"),
    pm.Job("later", partial(small, 1), POLICY),
    troubled("raises", "raise"),
    programme("infeasible", 2, mentees=replace(POLICY.mentees, minimum=9, capacity=9)),
    programme("unfitting", 3, rules=(rules.Same("shoe_size"),)),
    pm.Job("unreadable", no_people, POLICY),
    troubled("exits", "exit"),
    troubled("awkward", "awkward"),
    pm.Job("mistaken", partial(int, 3), POLICY),
    *(programme(f"p{seed}", seed) for seed in range(4, 8)),
]
ERRORS = {
    "raises": "ZeroDivisionError",
    "infeasible": "InfeasibleError",
    "unfitting": "PolicyError",
    "unreadable": "FileError",
    "exits": "SystemExit",
    "mistaken": "CallError",
    "awkward": "RuntimeError",
}


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with dask_client() as client:
        yield client


@pytest.fixture(params=["none", "threads", "processes", "dask"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    match request.param:
        case "none":
            yield None
        case "threads":
            with ThreadPoolExecutor(2) as pool:
                yield pool
        case "processes":
            yield request.getfixturevalue("processes")
        case "dask":
            yield request.getfixturevalue("client").get_executor()


def same(matching: pm.Matching, other: pm.Matching) -> bool:
    """Whether two matchings are the same, bit for bit."""
    certificates = zip(matching.certificate.proofs, other.certificate.proofs, strict=True)
    return (matching.made, matching.left, matching.columns, matching.fitted) == (
        other.made, other.left, other.columns, other.fitted
    ) and all(
        (a.tier, a.value, a.bound, a.kind) == (b.tier, b.value, b.bound, b.kind)
        and np.array_equal(a.mentor_prices, b.mentor_prices)
        and np.array_equal(a.mentee_prices, b.mentee_prices)
        for a, b in certificates
    )  # fmt: skip


def test_as_one_by_one(executor: Executor | None) -> None:
    """In every executor: each programme's outcome is the one that it has by itself, good or bad."""
    steps: list[pm.Progress] = []
    outcomes = pm.match_many(iter(PROGRAMMES), executor=executor, progress=steps.append)
    assert [outcome.name for outcome in outcomes] == [each.name for each in PROGRAMMES]
    kinds = {name: type(error).__name__ for name, error in outcomes.failures.items()}
    # Where Dask was imported, its helpers pickle what cannot be pickled otherwise.
    assert kinds.pop("awkward") in {"RuntimeError", "Awkward"}
    assert kinds | {"awkward": "RuntimeError"} == ERRORS
    assert "1 and 2" in str(outcomes["awkward"].error)
    for each in PROGRAMMES:
        if each.name in ERRORS:
            assert outcomes[each.name].matching is None
            continue
        cohort = each.cohort() if callable(each.cohort) else each.cohort
        matching = outcomes.matchings[each.name]
        assert same(matching, pm.match(cohort, POLICY))
        assert matching.policy is each.policy
        assert matching.cohort is each.cohort or callable(each.cohort)
        pm.verify(matching, cohort, POLICY)
    assert [(step.stage, step.done, step.total) for step in steps] == [
        ("matching programmes", k, len(PROGRAMMES)) for k in range(1, len(PROGRAMMES) + 1)
    ]


def test_a_programme_that_kills_its_process_harms_no_other() -> None:
    """The pool is broken, and yet each of the others is matched; the culprit is named."""
    programmes = [programme(f"p{seed}", seed) for seed in range(6)]
    programmes[1:1] = [troubled("deadly", "die")]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        outcomes = pm.match_many(programmes, executor=pool)
    assert set(outcomes.failures) == {"deadly"}
    assert "terminated abruptly" in str(outcomes["deadly"].error)
    for each in programmes:
        if each.name != "deadly":
            assert same(outcomes.matchings[each.name], pm.match(each.cohort, POLICY))  # type: ignore[arg-type]


@pytest.mark.proof
def test_a_programme_that_kills_dask_workers_harms_no_other(client: Any) -> None:
    """Dask gives it up after a few workers; the others go to those that are started anew."""
    programmes = [programme("one", 1), troubled("deadly", "die"), programme("two", 2), programme("three", 3)]
    outcomes = pm.match_many(programmes, executor=client.get_executor())
    assert "deadly" in outcomes.failures
    assert "one" in outcomes.matchings


def test_what_cannot_be_sent_is_its_own_failure(processes: ProcessPoolExecutor) -> None:
    """A programme that does not pickle cannot go to another process; the others do."""
    programmes = [programme("sound"), pm.Job("local", lambda: small(1), POLICY)]
    outcomes = pm.match_many(programmes, executor=processes)
    assert (set(outcomes.matchings), set(outcomes.failures)) == ({"sound"}, {"local"})
    assert pm.match_many(programmes).failures == {}


def test_the_collection() -> None:
    """By name, in order, in short; what is not there is told with the nearest."""
    outcomes = pm.match_many([programme("north"), troubled("south", "raise")])
    assert len(outcomes) == 2
    assert repr(outcomes) == "<Outcomes of 2 programmes: 1 matching, 1 failure>"
    assert outcomes["north"].error is None
    with pytest.raises(KeyError, match="Did you mean 'south'"):
        outcomes["suoth"]
    assert list(outcomes.matchings) == ["north"]
    again = pickle.loads(pickle.dumps(outcomes))
    assert same(again["north"].matching, outcomes["north"].matching)


def test_the_summary() -> None:
    """One row per programme; what a failed one does not have is missing, and no number stands for it."""
    outcomes = pm.match_many([programme("north"), troubled("south", "raise")])
    table, pairs = outcomes.summary, len(outcomes.matchings["north"].pairs)
    assert table.columns.tolist() == ["name", "pairs", "gap", "complete", "error", "message"]
    assert table.loc[0].tolist() == ["north", pairs, 0.0, True, "", ""]
    assert table.loc[1, ["pairs", "gap", "complete"]].isna().all()
    assert table.loc[1, ["error", "message"]].tolist() == ["ZeroDivisionError", "trouble of one's own"]


def test_a_time_limit_is_each_programmes() -> None:
    """A limit that no programme needs changes nothing."""
    outcomes = pm.match_many([programme("a"), programme("b", 1)], time_limit=60)
    assert outcomes.summary["complete"].all()


@pytest.mark.parametrize(
    ("programmes", "code", "words"),
    [
        ([], "bad_argument", "one Job or more"),
        (programme("alone"), "bad_argument", "one Job or more"),
        ({"a": (small(0), POLICY)}, "bad_argument", "Job(name, cohort, policy)"),
        ("abc", "bad_argument", "one Job or more"),
        (None, "bad_argument", "one Job or more"),
        ([("a", small(0), POLICY)], "bad_programme", "row 1"),
        ([pm.Job("", small(0), POLICY)], "bad_programme", "must be a Job"),
        ([pm.Job("a", None, POLICY)], "bad_programme", "must be a Job"),  # type: ignore[arg-type]
        ([pm.Job("a", small(0), "p.toml")], "bad_programme", "must be"),  # type: ignore[arg-type]
        ([programme("twin"), programme("b"), programme("twin")], "duplicate_name", "twin"),
    ],
)
def test_bad_calls_are_refused(programmes: Any, code: str, words: str) -> None:
    """Before anything is matched, with what to hand in."""
    with pytest.raises(pm.CallError) as caught:
        pm.match_many(programmes)
    assert {finding.code for finding in caught.value.findings} == {code}
    assert words in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Of every argument."""
    with pytest.raises(pm.CallError) as caught:
        pm.match_many([3], executor=3, time_limit=-1, progress=3)  # type: ignore[list-item,arg-type]
    assert {finding.column for finding in caught.value.findings} == {
        "programmes", "executor", "time_limit", "progress"
    }  # fmt: skip


def test_an_executor_that_was_shut_down_is_refused() -> None:
    """It would fail every programme; that is the call's fault."""
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(pm.CallError, match="not shut down"):
        pm.match_many([programme("a")], executor=pool)


INTERRUPTED = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
import pairmatch as pm
from tests.test_match_many import programme

def told(state):
    print("begun", flush=True)

def slow():
    time.sleep(0.2)
    return pm.datasets.synthetic(mentors=12, mentees=8, seed=1)

many = [pm.Job(str(k), slow, pm.datasets.synthetic_policy()) for k in range(300)]
try:
    with ThreadPoolExecutor(2) as pool:
        pm.match_many(many, executor=pool, progress=told)
except KeyboardInterrupt:
    sys.exit(130)
"""


def test_an_interrupt_ends_it(tmp_path: Path) -> None:
    """Ctrl-C: programmes that have not begun do not, and those under way end soon."""
    (tmp_path / "script.py").write_text(INTERRUPTED, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-W", "error", str(tmp_path / "script.py")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (errors, process.returncode) == ("", 130)


def test_cohorts_and_policies_come_through(executor: Executor | None) -> None:
    """Every kind of table a cohort can have, and every shipped policy, goes to a worker and back."""
    files = pm.datasets.example()
    schema = pm.Schema.read(files.policy)
    cohort = pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org)
    wishes = pd.DataFrame({"mentor": ["m1"], "mentee": ["e1"], "by": ["mentee"], "rank": [1]})
    tables = pm.Cohort(
        pd.DataFrame({"id": ["m1", "m2"], "manager": ["m2", None], "hobbies": ["chess", "golf"]}),
        pd.DataFrame({"id": ["e1", "e2"], "manager": ["m1", "m1"], "hobbies": ["golf", "chess"]}),
        history=pd.DataFrame({"mentor": ["m2"], "mentee": ["e1"]}),
        preferences=wishes,
        vetoes=pd.DataFrame({"mentor": ["m1"], "mentee": ["e2"]}),
    )
    own = pm.Policy(
        rules=[rules.NotVetoed(), rules.NotPairedBefore()],
        goals=[goals.SharedHobbies(weight=1), goals.Preferences(weight=1)],
    )
    programmes = [
        pm.Job("example", cohort, pm.Policy.read(files.policy)),
        pm.Job("tables", tables, own),
    ]
    outcomes = pm.match_many(programmes, executor=executor)
    assert outcomes.failures == {}
    for each in programmes:
        assert same(outcomes.matchings[each.name], pm.match(each.cohort, each.policy))  # type: ignore[arg-type]
