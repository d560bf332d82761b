"""Writers that are killed at any moment, or write at the same time, lose and spoil nothing."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from pairmatch.programme import EventStore
from tests.programme import writer

TOGETHER = 3
"""Events of one batch: all are there, or none."""

LONGEST = 12
"""Batches for which a writer lives at most, at the pace of a quiet moment."""

FOR_EVER = 1_000_000


@contextmanager
def writing(path: Path, name: str, first: int, last: int, together: int) -> Iterator[subprocess.Popen[bytes]]:
    """A writer in a process of its own, that waits for the word to begin."""
    arguments = [path, name, first, last, together]
    command = [sys.executable, writer.__file__, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield process
        finally:
            process.kill()


def begin(process: subprocess.Popen[bytes]) -> None:
    """Give the word."""
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a writer that is at work, without any warning."""
    assert process.poll() is None
    process.kill()
    process.wait()


def said(process: subprocess.Popen[bytes]) -> list[tuple[int, int]]:
    """Number and how many were new of every batch that a writer acknowledged in its life."""
    assert process.stdout is not None
    lines = process.stdout.read().decode().splitlines()
    return [(int(number), int(added)) for number, added in (line.split() for line in lines)]


def pace(folder: Path) -> float:
    """Seconds that one batch takes here and now."""
    store, began = EventStore(folder / "pace.sqlite"), time.perf_counter()
    for number in range(8):
        store.append(writer.batch("pace", number, TOGETHER))
    return (time.perf_counter() - began) / 8


def check(path: Path) -> list[tuple[str, int, int]]:
    """The file is whole, nothing is there twice; writer, batch and part of each event, as they were added."""
    with sqlite3.connect(path) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
        ids = [identifier for (identifier,) in file.execute("SELECT id FROM events ORDER BY place")]
        (reasons,) = file.execute("SELECT COUNT(*) FROM reasons").fetchone()
    file.close()
    assert len(set(ids)) == len(ids) == reasons == len(EventStore(path))
    EventStore(path).check()
    parts = (identifier.rsplit("-", 2) for identifier in ids)
    return [(name, int(number), int(part)) for name, number, part in parts]


def killed(path: Path, kills: int, writers: int, seed: int) -> tuple[int, int, int]:
    """Kill writers until that many are dead; acknowledged batches, those stored unheard, journals left."""
    draw, longest = random.Random(seed), LONGEST * pace(path.parent)
    names = [f"w{k}" for k in range(writers)]
    acknowledged = dict.fromkeys(names, 0)
    journals = unheard = dead = 0
    while dead < kills:
        name = names[dead % writers]
        # Whoever comes next repeats the batch that the dead one may or may not have added.
        with writing(path, name, acknowledged[name], FOR_EVER, TOGETHER) as process:
            begin(process)
            time.sleep(draw.uniform(0, longest))
            kill(process)
            heard = said(process)
        dead += 1
        journals += Path(f"{path}-journal").exists()
        assert [number for number, _ in heard] == list(
            range(acknowledged[name], acknowledged[name] + len(heard))
        )
        unheard += sum(added == 0 for _, added in heard)
        assert {added for _, added in heard} <= {0, TOGETHER}
        acknowledged[name] += len(heard)
        if path.exists() and dead % 5 == 0:
            compare(path, acknowledged)
    compare(path, acknowledged)
    return sum(acknowledged.values()), unheard, journals


def compare(path: Path, acknowledged: dict[str, int]) -> None:
    """Every acknowledged event is there, in order; beside them at most the last batch of each, and whole."""
    stored = check(path)
    for name, count in acknowledged.items():
        own = [(number, part) for writer_, number, part in stored if writer_ == name]
        expected = [(number, part) for number in range(count + 1) for part in range(TOGETHER)]
        assert own in (expected, expected[:-TOGETHER])


def test_killed_writers_lose_nothing(tmp_path: Path) -> None:
    """A few kills at random moments, of one writer after the other."""
    batches, _, _ = killed(tmp_path / "store.sqlite", kills=8, writers=2, seed=1)
    assert batches > 0


@pytest.mark.proof
@pytest.mark.parametrize("seed", [2, 3])
def test_two_hundred_killed_writers_lose_nothing(tmp_path: Path, seed: int) -> None:
    """Enough kills that some of them come in the middle of writing: a journal is left then, and undone."""
    batches, unheard, journals = killed(tmp_path / "store.sqlite", kills=200, writers=3, seed=seed)
    print(f"{batches} batches acknowledged, {unheard} stored and not heard of, {journals} journals left")
    assert batches > 200
    assert journals > 0


def alive_and_dying(path: Path, kills: int, seed: int) -> None:
    """Two writers are killed again and again while two others write on: all that was said is there."""
    draw, longest = random.Random(seed), LONGEST * pace(path.parent)
    batches = 100 if kills < 50 else 2500
    with (
        writing(path, "a", 0, batches, TOGETHER) as one,
        writing(path, "b", 0, batches, TOGETHER) as other,
    ):
        begin(one)
        begin(other)
        heard: Counter[str] = Counter()
        for dead in range(kills):
            name = "xy"[dead % 2]
            with writing(path, name, heard[name], FOR_EVER, TOGETHER) as process:
                begin(process)
                time.sleep(draw.uniform(0, 3 * longest))
                kill(process)
                heard[name] += len(said(process))
        counts = {"a": len(said(one)), "b": len(said(other)), **heard}
        assert one.wait() == other.wait() == 0
    assert counts["a"] == counts["b"] == batches
    stored = check(path)
    for name, count in counts.items():
        own = [number for writer_, number, _ in stored if writer_ == name]
        assert own[: count * TOGETHER] == [number for number in range(count) for _ in range(TOGETHER)]
        assert len(own) in (count * TOGETHER, (count + 1) * TOGETHER)


def test_a_dying_writer_harms_no_other(tmp_path: Path) -> None:
    """What a killed writer leaves half done is undone by those who live."""
    alive_and_dying(tmp_path / "store.sqlite", kills=3, seed=4)


@pytest.mark.proof
def test_two_hundred_dying_writers_harm_no_other(tmp_path: Path) -> None:
    """The same, two hundred times."""
    alive_and_dying(tmp_path / "store.sqlite", kills=200, seed=5)


def test_writers_at_the_same_time(tmp_path: Path) -> None:
    """From the first moment on, when all of them make the file; what they share is added by one of them."""
    path, batches, writers = tmp_path / "store.sqlite", 25, 3
    names = [*(f"w{k}" for k in range(writers - 1)), *["shared"] * 2]
    with ThreadPoolExecutor(len(names)) as pool:
        start = [pool.submit(together, path, name, batches) for name in names]
        heard = [future.result() for future in start]
    assert [[number for number, _ in of] for of in heard] == [list(range(batches))] * len(names)
    stored = check(path)
    assert len(stored) == writers * batches * TOGETHER == sum(added for of in heard for _, added in of)


def together(path: Path, name: str, batches: int) -> list[tuple[int, int]]:
    """Run a writer to its end."""
    with writing(path, name, 0, batches, TOGETHER) as process:
        begin(process)
        heard = said(process)
        assert process.wait() == 0
        return heard


def test_threads_of_one_process(tmp_path: Path) -> None:
    """Nothing is shared between calls, so that threads may share a store."""
    store = EventStore(tmp_path / "store.sqlite")
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda number: store.append(writer.batch("t", number % 40, 2)), range(80)))
    assert sum(added) == 80
    assert sorted(added) == [0] * 40 + [2] * 40
    assert len(check(store.path)) == 80
