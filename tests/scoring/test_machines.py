"""The same numbers on every machine: whatever the linear algebra kernel and the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.source import ROOT

PROGRAM = """
import hashlib, json
from pairmatch.scoring import build, fit
from tests.scoring.people import cohort, policy

people, terms = cohort(11, 150, 140), policy(minimum_weight=0.2)
learnt = fit(people, terms)
problem = build(people, terms, learnt).problem
digest = hashlib.sha256(json.dumps(learnt.to_dict(), sort_keys=True).encode())
for array in (problem.mentor, problem.mentee, problem.weight):
    digest.update(array.tobytes())
print(digest.hexdigest())
"""


def digest(**environment: str) -> str:
    """The fit and the problem of one cohort, as another process sees them."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    settings = {**os.environ, "PYTHONPATH": paths, **environment}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=settings, capture_output=True, text=True, check=True, cwd=ROOT
    )
    return ran.stdout.strip()


@pytest.fixture(scope="module")
def here() -> str:
    """The digest without any setting."""
    return digest()


@pytest.mark.parametrize("kernel", ["Haswell", "Sandybridge", "Nehalem"])
def test_kernels(kernel: str, here: str) -> None:
    """The kernel of the matrix product changes no unit."""
    assert digest(OPENBLAS_CORETYPE=kernel) == here


@pytest.mark.parametrize("threads", ["1", "2"])
def test_threads(threads: str, here: str) -> None:
    """Nor does the number of threads, nor how Python hashes texts."""
    assert digest(OPENBLAS_NUM_THREADS=threads, OMP_NUM_THREADS=threads, PYTHONHASHSEED=threads) == here
