"""One matching, whatever the processor's kernels, the number of threads and the hash seed (law §8)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source import ROOT

MATCH = """
import sys
import pairmatch as pm
from pairmatch import datasets
cohort = datasets.synthetic(mentors=150, mentees=120, seed=4)
matching = pm.match(cohort, datasets.synthetic_policy())
pm.verify(matching, cohort, matching.policy)
matching.write(sys.argv[1])
"""

MACHINES = [
    {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "1"},
    {"OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "2", "PYTHONHASHSEED": "2"},
    {"OPENBLAS_CORETYPE": "Sandybridge", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "3"},
]


def written(folder: Path, machine: dict[str, str]) -> dict[str, bytes]:
    """The files that a fresh process writes."""
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, **machine, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", MATCH, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module", name="usual")
def fixture_usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files on this machine as it is."""
    return written(tmp_path_factory.mktemp("usual"), {})


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine["OPENBLAS_CORETYPE"])
def test_every_byte_is_the_same(usual: dict[str, bytes], machine: dict[str, str], tmp_path: Path) -> None:
    """Pairs, reasons, prices and fingerprints: the same bytes."""
    assert written(tmp_path / "out", machine) == usual
