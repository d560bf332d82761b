"""`verify` and any re-match: swept or at hand, altered, and with the solver taken away."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import datasets
from pairmatch.scoring import size
from pairmatch.testing.strategies import Case, cases
from tests.rematched import Round, check, drawn, events
from tests.source import ROOT
from tests.tampered import asked, proofs, revision_of

pytestmark = pytest.mark.untraced


@settings(max_examples=15)
@given(cases(4, 4, whole=True), st.data())
def test_any_rematch_holds(case: Case, data: st.DataObject) -> None:
    """Whatever a matching is asked, twice: what comes back verifies, with the tables as they are."""
    now = matched(case)
    for _ in range(2):
        revised = drawn(data, now)
        assume(revised is not None)
        assert revised is not None
        check(revised, Round(now, case.cohort, case.policy, revised), before=now)
        pm.verify(revised, revised.cohort, revised.policy)
        now = revised


def matched(case: Case) -> pm.Matching:
    """A first matching, where there is one."""
    try:
        return pm.match(case.cohort, case.policy)
    except (pm.InfeasibleError, pm.NoSolutionError):
        assume(False)
        raise


@settings(max_examples=15)
@given(
    cases(5, 5, st.sampled_from((("must_match", "mentees", "total"), ("mentees", "worst", "total")))),
    st.data(),
)
def test_any_swept_rematch_holds(case: Case, data: st.DataObject) -> None:
    """The same by sweeps, which do not know the running pairs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size, "HELD", 0)
        now = matched(case)
        revised = drawn(data, now)
        assume(revised is not None and revised.revision is not None)
        assert revised is not None
        check(revised, Round(now, case.cohort, case.policy, revised), before=now)


LINEAR = (("must_match", "mentees", "total"), ("mentees", "pairs", "total"))


@settings(max_examples=25)
@given(cases(5, 5, st.sampled_from(LINEAR)), st.sampled_from((None, "all")), st.data())
def test_any_repaired_rematch_holds(case: Case, movable: str | None, data: st.DataObject) -> None:
    """What a matching that is held ready answers, and answers once that is accepted, verifies too."""
    now = matched(case)
    with pm.Rematcher(now, movable=movable) as ready:
        for _ in range(2):
            told = data.draw(events(now, now.cohort))
            asks = {name: told[name] for name in ("failed", "left", "capacities") if name in told}
            try:
                revised = ready.rematch(**asks)
            except (pm.InfeasibleError, pm.NoSolutionError, pm.PolicyError):
                return
            check(revised, Round(now, case.cohort, case.policy, revised), before=now)
            ready.accept(revised)
            now = revised


@settings(max_examples=25)
@given(cases(), st.data())
def test_any_altered_proof_is_found(case: Case, data: st.DataObject) -> None:
    """A bound or value of any tier moved by a little never passes."""
    now = matched(case)
    revised = drawn(data, now)
    assume(revised is not None and revised.revision is not None)
    assert revised is not None
    proof = data.draw(st.sampled_from(revised.certificate.proofs))
    name = data.draw(st.sampled_from(("value", "bound", "verified_bound")))
    by = data.draw(st.sampled_from((-1, 1)))
    event(f"{proof.tier} {proof.kind} {name} {by}")
    # Between the value and what prices prove, a search's bound is its own word (law §9).
    assume(not (proof.kind == "search" and name == "bound" and proof.bound + by <= proof.verified_bound))
    false = proofs(revised, proof.tier, **{name: lambda p: getattr(p, name) + by})
    with pytest.raises(pm.VerificationError):
        check(false, Round(now, case.cohort, case.policy, revised))


@settings(max_examples=20)
@given(cases(4, 4), st.data())
def test_any_altered_change_is_found(case: Case, data: st.DataObject) -> None:
    """With the matching before no change, and no running pair, can be told otherwise."""
    now = matched(case)
    revised = drawn(data, now)
    assume(revised is not None and revised.revision is not None)
    assert revised is not None
    revision = revision_of(revised)
    lists: Mapping[str, tuple[Any, ...]] = {"changes": revision.changes, "running": revision.running}
    name = data.draw(st.sampled_from([name for name, rows in lists.items() if rows] or ["none"]))
    assume(name != "none")
    at = data.draw(st.integers(0, len(lists[name]) - 1))
    rows = list(lists[name])
    if data.draw(st.booleans()) or name == "running":
        del rows[at]
    else:
        reason = data.draw(
            st.sampled_from(("failed", "mentor_left", "mentee_left", "no_room", "moved", "new"))
        )
        assume(reason != rows[at].reason)
        rows[at] = replace(rows[at], reason=reason)
    event(name)
    with pytest.raises(pm.VerificationError):
        check(
            asked(revised, **{name: tuple(rows)}), Round(now, case.cohort, case.policy, revised), before=now
        )


# -- without the solver ------------------------------------------------------------------------

BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "ortools" or name.startswith("pairmatch.solver"):
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Block())
import pairmatch as pm
from pairmatch.matching import read_header
schema, policy = read_header(sys.argv[2])
cohort = pm.Cohort.read(sys.argv[3], sys.argv[4], schema=schema)
before, revised = (pm.Matching.read(folder, cohort) for folder in sys.argv[1:3])
print(pm.verify(revised, cohort, before.policy, before=before))
assert not any(name.split(".")[0] == "ortools" or name.startswith("pairmatch.solver") for name in sys.modules)
"""


def test_verify_needs_no_solver(tmp_path: Path) -> None:
    """With ortools and pairmatch.solver import-blocked, a written re-match verifies all the same."""
    frames = datasets.synthetic_frames(mentors=30, mentees=20, seed=2)
    paths = [tmp_path / "mentors.csv", tmp_path / "mentees.csv"]
    for frame, path in zip((frames.mentors, frames.mentees), paths, strict=True):
        pd.DataFrame(frame).to_csv(path, index=False)
    cohort = pm.Cohort.read(*paths)
    before = pm.match(cohort, datasets.synthetic_policy())
    one, two = before.made[:2]
    revised = pm.rematch(before, failed=[(one.mentor, one.mentee)], left=[two.mentor], movable="all")
    before.write(tmp_path / "one")
    revised.write(tmp_path / "two")
    folders = [str(tmp_path / "one"), str(tmp_path / "two")]
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *folders, *map(str, paths)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 changes recounted" in done.stdout
