"""Parcels: what tasks share, in files that only this user can read, or refused in words."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import types
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.scoring import parcels
from pairmatch.scoring.workers import Workers
from tests.scoring import stand_ins
from tests.scoring.stand_ins import never


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


def test_a_private_file_is_private() -> None:
    """The file holds people's data: only this user can read it."""
    parcel = parcels.packed(stand_ins.numbers(), to_file=True)
    try:
        assert Path(parcel.path).stat().st_mode & 0o077 == 0
    finally:
        parcels.dropped(parcel)


def test_arrays_of_a_parcel_stay_in_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the file's pages, and writing to one changes neither the file nor anybody else's."""
    payload = stand_ins.numbers()
    parcel = parcels.packed(payload, to_file=True)
    monkeypatch.setattr(parcels, "_at_hand", {})
    monkeypatch.setattr(parcels, "_opened", type(parcels._opened)())
    first = parcels.opened(parcel)
    assert parcels.opened(parcel) is first
    assert not first["left"].flags.owndata
    assert first["right"].flags.f_contiguous
    first["left"][:] = 0
    parcels._opened.clear()
    again = parcels.opened(parcel)
    assert np.array_equal(again["left"], payload["left"])
    assert again["empty"].shape == (0, 2)
    parcels.dropped(parcel)
    parcels._opened.clear()
    with pytest.raises(parcels.NotHere):
        parcels.opened(parcel)


def test_few_parcels_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that serves for days keeps the last few, and none whose file is gone."""
    kept: dict[str, Any] = type(parcels._opened)()
    monkeypatch.setattr(parcels, "_opened", kept)
    several = [parcels.packed(k, to_file=True) for k in range(parcels.KEPT + 2)]
    monkeypatch.setattr(parcels, "_at_hand", {})
    assert [parcels.opened(parcel) for parcel in several] == list(range(len(several)))
    assert len(kept) == parcels.KEPT
    for parcel in several[:-1]:
        parcels.dropped(parcel)
    last = parcels.packed("last", to_file=True)
    monkeypatch.setattr(parcels, "_at_hand", {})
    parcels.opened(last)
    assert set(kept) == {several[-1].token, last.token}
    parcels.dropped(last)
    parcels.dropped(several[-1])


def test_what_does_not_pickle_is_refused(
    processes: ProcessPoolExecutor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part that a function made; the message says what to do, and no file is left."""

    class Local:
        pass

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Workers(processes) as workers, pytest.raises(pm.CallError, match=r"Local.*or use threads") as caught:
        workers.shipped([Local()])
    assert caught.value.findings[0].column == "executor"
    assert list(tmp_path.iterdir()) == []


def test_what_workers_cannot_import_is_refused(processes: ProcessPoolExecutor) -> None:
    """A part that only this process knows, as one typed into a notebook."""
    here = types.ModuleType("only_here")
    exec("class Known: pass", here.__dict__)
    sys.modules["only_here"] = here
    try:
        with Workers(processes) as workers:
            tasks = workers.map(stand_ins.where, workers.shipped([here.Known()]), [(1,)], never)
            with pytest.raises(pm.CallError, match=r"only_here.*or use threads"):
                next(tasks)
    finally:
        del sys.modules["only_here"]
