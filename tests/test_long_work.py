"""Long work: what it tells while it runs, how it is ended early, and when it is refused before it begins."""

from __future__ import annotations

import io
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch.checking import check_calls
from pairmatch.problem import Loads, Progress
from pairmatch.progress_bar import ProgressBar, in_time, short
from pairmatch.scoring import memory, size
from pairmatch.scoring.memory import bytes_of, in_words, need_of, resident

OBJECTIVE = ("must_match", "mentees", "total")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when they are told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def small() -> tuple[pm.Cohort, pm.Policy]:
    return pm.datasets.synthetic(mentors=12, mentees=8, seed=0), pm.datasets.synthetic_policy()


def drawn(states: list[tuple[float, Progress]], stream: io.StringIO, *, always: bool = False) -> list[str]:
    """What is drawn of states at times, with the line that is wiped away in the end."""
    clock = Clock()
    with ProgressBar(stream, always=always, clock=clock) as bar:
        for clock.now, state in states:
            bar(state)
    return [line.rstrip() for line in stream.getvalue().replace("\r", "\n").split("\n") if line.strip()]


def test_a_bar_shows_all_there_is() -> None:
    """Stage, round, share, gap, speed by the name of the steps, and the time left."""
    states = [
        (0.0, Progress("scoring pairs", 0, 400_000_000)),
        (2.0, Progress("scoring pairs", 100_000_000, 400_000_000)),
        (8.0, Progress("solving", round=1, gap=0.0123)),
        (9.0, Progress("sweeping all pairs", 10_000, 1_000_000, round=1)),
    ]
    assert drawn(states, Terminal()) == [
        "scoring pairs  [                        ]  0%",
        "scoring pairs  [######                  ]  25%  50M pairs/s  6 s left",
        "solving, round 1  gap 1.23%",
        "sweeping all pairs, round 1  [                        ]  1%  gap 1.23%",
    ]


def test_a_shorter_line_covers_a_longer_one() -> None:
    """Nothing of the line before stays on the screen, and in the end the line is gone."""
    stream = Terminal()
    drawn([(0.0, Progress("a long name of a stage")), (1.0, Progress("short"))], stream)
    assert "\rshort" + " " * 17 in stream.getvalue()
    assert stream.getvalue().endswith("\r" + " " * 5 + "\r")


def test_a_bar_is_not_drawn_too_often() -> None:
    """A thousand steps in a second draw ten lines, and the last step is drawn in any case."""
    states = [(k / 1000, Progress("scoring pairs", k, 1000)) for k in range(1001)]
    lines = drawn(states, Terminal())
    assert len(lines) <= 13
    assert "100%" in lines[-1]


def test_a_bar_is_silent_where_nobody_looks() -> None:
    """No terminal, no line; unless lines are asked for, of which a log gets few."""
    states = [(float(k), Progress("scoring pairs", k, 60)) for k in range(61)]
    assert drawn(states, io.StringIO()) == []
    lines = drawn(states, io.StringIO(), always=True)
    assert len(lines) == 7
    assert "\r" not in "".join(lines)


def test_progress_bar_goes_into_match(capsys: pytest.CaptureFixture[str]) -> None:
    """It is a function of a `Progress`, and by default writes to stderr."""
    with pm.progress_bar() as bar:
        pm.match(*small(), progress=bar)
    assert capsys.readouterr().err == ""
    stream = Terminal()
    with pm.progress_bar(stream) as bar:
        pm.match(*small(), progress=bar)
    assert "scoring pairs" in stream.getvalue()
    assert "solving" in stream.getvalue()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.25, "0.2"),
        (7.5, "7.5"),
        (320, "320"),
        (1_200, "1.2k"),
        (99_000, "99k"),
        (2.1e8, "210M"),
        (3e9, "3.0G"),
    ],
)
def test_numbers_in_short(number: float, text: str) -> None:
    """Two digits or more, and a letter for the size."""
    assert short(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 00 s"), (185, "3 min 05 s"), (7_800, "2 h 10 min")]
)
def test_times_in_short(seconds: float, text: str) -> None:
    """As people say them."""
    assert in_time(seconds) == text


# -- arguments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("executor", 3, "must be a concurrent.futures.Executor, or None"),
        ("executor", ThreadPoolExecutor, "hand in one that is made"),
        ("cancel", True, "is_set"),
        ("cancel", threading.Event, "is_set"),
        ("memory_limit", "lots", "2 GB"),
        ("memory_limit", 0, "above 0"),
        ("memory_limit", -5, "above 0"),
        ("memory_limit", 2.5, "whole number"),
        ("memory_limit", True, "whole number"),
        ("memory_limit", "0 GB", "above 0"),
    ],
)
def test_arguments_of_the_wrong_kind_are_refused(name: str, value: Any, words: str) -> None:
    """Each with what it must be."""
    with pytest.raises(pm.CallError) as caught:
        pm.match(*small(), **{name: value})
    assert [finding.column for finding in caught.value.findings] == [name]
    assert words in str(caught.value)


def test_a_dask_client_is_told_from_its_executor() -> None:
    """A client is no executor, but has one."""

    class Client:
        def get_executor(self) -> None: ...

    with pytest.raises(pm.CallError, match=r"client\.get_executor\(\)"):
        pm.match(*small(), executor=Client())  # type: ignore[arg-type]


def test_all_arguments_are_judged_at_once() -> None:
    """One error for all of them."""
    with pytest.raises(pm.CallError) as caught:
        check_calls(1, 2, 0, 4, 5, 6, "7 XB")
    assert [finding.column for finding in caught.value.findings] == [
        "cohort", "policy", "time_limit", "progress", "executor", "cancel", "memory_limit"
    ]  # fmt: skip


# -- ending early --------------------------------------------------------------------------------


class Late:
    """Cancels when it has been asked so many times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def test_cancelling_never_changes_what_is_said() -> None:
    """Whenever it comes: a valid matching that owns to being cut short or is whole, or none, in words."""
    cohort, policy = small()
    whole = pm.match(cohort, policy, cancel=threading.Event())
    assert whole.certificate.complete
    for times in (0, 1, 2, 5, 20):
        try:
            matching = pm.match(cohort, policy, cancel=Late(times))
        except pm.NoSolutionError:
            continue
        pm.verify(matching, cohort, policy)
        assert matching.made == whole.made or not matching.certificate.complete


@pytest.mark.parametrize("held", [1_000_000, 0])
def test_who_is_left_when_work_is_ended_is_told_so(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody with an eligible partner who is free is told that the objective is no better with them."""
    cohort, policy = small()
    monkeypatch.setattr(size, "HELD", 0)
    matching = pm.match(cohort, policy, cancel=Late(0))
    assert not matching.certificate.complete
    reasons = {left.reason for left in matching.left}
    assert "cut_short" in reasons
    assert "not_better" not in reasons
    person = next(left for left in matching.left if left.reason == "cut_short")
    assert "the work ended before" in str(pm.explain(matching, **{person.role: person.id}))
    monkeypatch.setattr(size, "HELD", held)
    pm.verify(matching, cohort, policy)
    false = [replace(p, reason=p.reason.replace("cut_short", "not_better")) for p in matching.left]
    with pytest.raises(pm.VerificationError, match="wrong_reason"):
        pm.verify(replace(matching, left=tuple(false)), cohort, policy)


# -- memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (1, 1),
        (np.int64(2_000_000), 2_000_000),
        ("2 GB", 2 * 10**9),
        ("2gb", 2 * 10**9),
        (" 1.5 GiB ", 3 * 2**29),
        ("512M", 512 * 10**6),
        ("800 kB", 800_000),
        ("1 TiB", 2**40),
        ("123456", 123_456),
        ("12 B", 12),
        ("0", None),
        ("GB", None),
        ("-2 GB", None),
        ("2 PB", None),
        ("2,5 GB", None),
        (2.0, None),
        (None, None),
        (0, None),
    ],
)
def test_limits_in_words(value: Any, size: int | None) -> None:
    """Bytes, or text with a unit; anything else is none."""
    assert bytes_of(value) == size


@given(st.integers(1, 10**14))
def test_sizes_are_told_and_understood(size: int) -> None:
    """What we write can be handed in again, and is near enough."""
    again = bytes_of(in_words(size).replace(",", "").replace("bytes", ""))
    assert again is not None
    assert abs(again - size) <= 0.05 * size + 1


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 bytes"), (1_234_567, "1.2 MB"), (350_000_000, "350 MB"), (1_440_000_000, "1.4 GB")],
)
def test_sizes_in_words(size: int, text: str) -> None:
    """As people say them."""
    assert in_words(size) == text


def loads_of(mentors: int, mentees: int) -> Loads:
    one, other = np.ones(mentors, np.int64), np.ones(mentees, np.int64)
    return Loads(one, other, 0 * one, 0 * other)


def test_need_grows_with_people_and_never_with_pairs() -> None:
    """Twice the people of a large cohort need about twice the memory, not four times."""
    sizes = [need_of(loads_of(n, n), OBJECTIVE, threads=2).total for n in (50_000, 100_000, 200_000)]
    assert sizes[0] < sizes[1] < sizes[2] < 2.1 * sizes[1] < 4.3 * sizes[0]
    assert sizes[1] < 2.5e9


def test_need_grows_with_threads() -> None:
    """Each thread has arrays of its own."""
    few, many = (need_of(loads_of(9_000, 9_000), OBJECTIVE, threads) for threads in (1, 9))
    assert many.blocks == 9 * few.blocks
    assert many.total - few.total == many.blocks - few.blocks


def test_what_the_process_holds_is_known() -> None:
    """More than a Python needs, less than a machine has."""
    assert 10**7 < resident() < 10**12


def test_where_the_system_tells_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere than on Linux the most so far stands for what is held now."""
    monkeypatch.setattr(memory, "Path", lambda _: Nowhere())
    assert resident() > 10**7
    monkeypatch.setitem(__import__("sys").modules, "resource", None)
    assert resident() == 0


class Nowhere:
    """A path to nowhere."""

    def exists(self) -> bool:
        return False


def test_too_little_memory_is_refused_before_work() -> None:
    """With the estimate, what is in use, the limit, and ways out; nothing is scored."""
    steps: list[Progress] = []
    with pytest.raises(pm.CallError) as caught:
        pm.match(*small(), memory_limit="20 MB", progress=steps.append)
    assert steps == []
    assert caught.value.findings[0].code == "memory_limit"
    for words in ("11 active mentors and 8 active mentees", "in use", "limit is 20 MB", "fewer threads"):
        assert words in str(caught.value)


def test_enough_memory_changes_nothing() -> None:
    """A limit is only held against the estimate."""
    cohort, policy = small()
    assert pm.match(cohort, policy, memory_limit="900 GB").made == pm.match(cohort, policy).made


class Inline(Executor):
    """Does everything at once."""

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **options))
        return future


@pytest.mark.parametrize("kind", ["threads", "inline"])
def test_small_matches_take_any_executor(kind: str) -> None:
    """It is not needed there, and makes no difference."""
    cohort, policy = small()
    with ThreadPoolExecutor(2) as pool:
        matching = pm.match(cohort, policy, executor=pool if kind == "threads" else Inline())
    assert matching.made == pm.match(cohort, policy).made


def test_processes_are_executors() -> None:
    """The check wants an executor and starts nothing."""
    with ProcessPoolExecutor(1) as pool:
        check_calls(*small(), executor=pool)
