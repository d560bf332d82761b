"""`verify` finds whatever a tamperer changes, even one who recomputes every fingerprint."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import datasets, rules
from pairmatch.errors import Finding
from pairmatch.matching import Left, Made
from pairmatch.problem import TierProof
from pairmatch.testing.strategies import Case, cases
from tests.source import ROOT

Tamper = Callable[[pm.Matching], pm.Matching]


@pytest.fixture(scope="module", name="true")
def fixture_true() -> pm.Matching:
    """A matching of 60 mentors and 40 mentees, all tiers proven by prices."""
    cohort = datasets.synthetic(mentors=60, mentees=40, seed=5)
    policy = replace(datasets.synthetic_policy(), objective=("must_match", "mentees", "worst", "total"))
    return pm.match(cohort, policy)


def proofs(matching: pm.Matching, tier: str, **changes: Any) -> pm.Matching:
    """The matching with one tier's proof changed."""
    changed = tuple(
        replace(proof, **{name: change(proof) for name, change in changes.items()})
        if proof.tier == tier
        else proof
        for proof in matching.certificate.proofs
    )
    return replace(matching, certificate=replace(matching.certificate, proofs=changed))


def pair(matching: pm.Matching, place: int, **changes: Any) -> pm.Matching:
    """The matching with one pair changed."""
    made = list(matching.made)
    made[place] = replace(made[place], **changes)
    return replace(matching, made=tuple(made))


def swapped(matching: pm.Matching) -> pm.Matching:
    """Two pairs exchange mentors, and carry their weights along."""
    one, two = matching.made[0], matching.made[1]
    made = (replace(one, mentee=two.mentee), replace(two, mentee=one.mentee), *matching.made[2:])
    return replace(matching, made=made)


def raised(by: int, name: str, place: int) -> Callable[[TierProof], Any]:
    """One price altered."""

    def change(proof: TierProof) -> Any:
        prices = getattr(proof, name).copy()
        prices[place] += by
        return prices

    return change


def left(matching: pm.Matching, change: Callable[[Left], Left]) -> pm.Matching:
    """The first unmatched person changed."""
    return replace(matching, left=(change(matching.left[0]), *matching.left[1:]))


def fitted(matching: pm.Matching) -> dict[str, Any]:
    """The frozen values with one average moved."""
    averages = dict(matching.fitted["averages"])
    first = next(label for label, average in averages.items() if average is not None)
    averages[first] += 1
    return {**matching.fitted, "averages": averages}


def heavier(made: Made) -> dict[str, int]:
    """Contributions with one unit more."""
    first = next(iter(made.contributions))
    return {**made.contributions, first: made.contributions[first] + 1}


TAMPERED: dict[str, Tamper] = {
    "two pairs swapped": swapped,
    "a pair left out": lambda m: replace(m, made=m.made[1:]),
    "a pair added twice": lambda m: replace(m, made=(m.made[0], *m.made)),
    "pairs in another order": lambda m: replace(m, made=m.made[::-1]),
    "the unmatched in another order": lambda m: replace(m, left=m.left[::-1]),
    "a partner renamed": lambda m: pair(m, 0, mentor="nobody"),
    "a weight raised": lambda m: pair(m, 0, weight=m.made[0].weight + 1),
    "a weight and its contribution raised": lambda m: pair(
        m, 0, weight=m.made[0].weight + 1, contributions=heavier(m.made[0])
    ),
    "a contribution raised": lambda m: pair(m, 0, contributions=heavier(m.made[0])),
    "completeness raised": lambda m: pair(m, 0, completeness=m.made[0].completeness / 2),
    "a column hidden": lambda m: replace(m, columns=m.columns[1:]),
    "a value raised": lambda m: proofs(m, "total", value=lambda p: p.value + 1),
    "a value and its bounds raised": lambda m: proofs(
        m,
        "total",
        value=lambda p: p.value + 1,
        bound=lambda p: p.bound + 1,
        verified_bound=lambda p: p.bound + 1,
    ),
    "a bound lowered": lambda m: proofs(
        m, "mentees", bound=lambda p: p.bound - 1, verified_bound=lambda p: p.verified_bound - 1
    ),
    "a bound raised": lambda m: proofs(
        m, "total", bound=lambda p: p.bound + 5, verified_bound=lambda p: p.verified_bound + 5
    ),
    "a worst value raised": lambda m: proofs(
        m,
        "worst",
        value=lambda p: p.value + 1,
        bound=lambda p: p.value + 1,
        verified_bound=lambda p: p.value + 1,
    ),
    "a cut's bound raised": lambda m: proofs(
        m, "worst", bound=lambda p: 10**6, verified_bound=lambda p: 10**6, kind=lambda _: "search"
    ),
    "a mentor's price raised": lambda m: proofs(m, "mentees", mentor_prices=raised(1, "mentor_prices", 3)),
    "a mentor's price lowered": lambda m: proofs(m, "mentees", mentor_prices=raised(-1, "mentor_prices", 3)),
    "a mentee's price raised": lambda m: proofs(m, "must_match", mentee_prices=raised(1, "mentee_prices", 7)),
    "a mentee's price lowered": lambda m: proofs(
        m, "must_match", mentee_prices=raised(-1, "mentee_prices", 7)
    ),
    "a price in the last tier raised": lambda m: proofs(
        m, "total", mentor_prices=raised(1000, "mentor_prices", 0)
    ),
    "a price overflowing": lambda m: proofs(m, "total", mentor_prices=raised(2**62, "mentor_prices", 0)),
    "a multiplier changed": lambda m: proofs(
        m, "total", multipliers=lambda p: {**p.multipliers, "mentees": -(10**9)}
    ),
    "a multiplier on the tier itself": lambda m: proofs(
        m, "total", multipliers=lambda p: {**p.multipliers, "total": -1}
    ),
    "the prices called common": lambda m: proofs(
        m, "mentees", canonical=lambda _: False, mentor_prices=raised(0, "mentor_prices", 0)
    ),
    "a kind of proof changed": lambda m: proofs(m, "total", kind=lambda _: "cut"),
    "a tier left out": lambda m: replace(
        m, certificate=replace(m.certificate, proofs=m.certificate.proofs[1:])
    ),
    "a person not priced": lambda m: replace(
        m, certificate=replace(m.certificate, mentors=(*m.certificate.mentors[1:], "nobody"))
    ),
    "a reason changed": lambda m: left(m, lambda person: replace(person, reason="not_better")),
    "a count changed": lambda m: left(m, lambda person: replace(person, eligible=person.eligible + 1)),
    "a rule's count changed": lambda m: left(
        m, lambda person: replace(person, taken={**person.taken, "same_person": 7})
    ),
    "somebody left out of the unmatched": lambda m: replace(m, left=m.left[1:]),
    "somebody unmatched twice": lambda m: replace(m, left=(m.left[0], *m.left)),
    "an average moved": lambda m: replace(m, fitted=fitted(m)),
    "fitted elsewhere": lambda m: replace(m, fitted_on="0" * 64),
    "a note added": lambda m: replace(m, remarks=(*m.remarks, Finding("all_well", "nothing to see here"))),
    "damaged fitted values": lambda m: replace(m, fitted={}),
}


def test_the_true_matching_holds(true: pm.Matching) -> None:
    """Nothing is found where nothing was changed; the report says what was checked."""
    checked = pm.verify(true, true.cohort, true.policy)
    assert (checked.pairs, checked.pairs_swept) == (len(true.made), 60 * 40 - _resting(true))
    assert "proven by prices alone" in str(checked)
    assert list(checked.tiers["tier"]) == ["must_match", "mentees", "worst", "total"]


def test_a_note_left_out_is_found() -> None:
    """That a rule lacked data is part of what a matching claims."""
    frames = [pd.DataFrame({"id": [f"{k}1", f"{k}2"], "team": ["x", ""]}) for k in "me"]
    policy = pm.Policy(rules=[rules.NotSameTeam(missing="allow")], objective=("mentees",))
    matching = pm.match(pm.Cohort(*frames), policy)
    assert "lacks the data of 1 mentor and 1 mentee" in matching.notes["hint"][0]
    with pytest.raises(pm.VerificationError, match="wrong_notes"):
        pm.verify(replace(matching, remarks=()), matching.cohort, policy)


def test_the_report_reads_well() -> None:
    """One pair, one person, nobody: in the right number; short at the prompt."""
    frames = [pd.DataFrame({"id": [f"{k}{n}" for n in range(2)]}) for k in "me"]
    policy = pm.Policy(objective=("mentees",))
    for mentors, told in (
        (1, "1 person without a partner: every reason recounted"),
        (2, "nobody without a partner"),
    ):
        cohort = pm.Cohort(frames[0].head(mentors), frames[1])
        checked = pm.verify(pm.match(cohort, policy), cohort, policy)
        pairs = "1 pair keeps" if mentors == 1 else "2 pairs keep"
        assert str(checked).splitlines()[:2] == [f"valid: {pairs} every rule", told]
        assert repr(checked).endswith(f"possible pairs checked; mentees {mentors}; proven optimal>")
        assert "<pre>valid: " in checked._repr_html_()


def _resting(matching: pm.Matching) -> int:
    mentors, mentees = matching.cohort.mentors.active, matching.cohort.mentees.active
    return int(len(mentors) * len(mentees) - mentors.sum() * mentees.sum())


@pytest.mark.parametrize("kind", TAMPERED)
def test_tampering_is_found(true: pm.Matching, kind: str) -> None:
    """Each change raises, names what is false, and tells no profile."""
    false = TAMPERED[kind](true)
    with pytest.raises(pm.VerificationError) as caught:
        pm.verify(false, true.cohort, true.policy)
    assert caught.value.findings
    assert len(caught.value.table) == len(caught.value.findings)


def test_every_single_price_is_held(true: pm.Matching) -> None:
    """No price of any tier proven by prices can be moved by one unit unseen."""
    for proof in true.certificate.proofs:
        if proof.kind != "prices":
            continue
        for name in ("mentor_prices", "mentee_prices"):
            for place in range(0, len(getattr(proof, name)), 7):
                for by in (-1, 1):
                    false = proofs(true, proof.tier, **{name: raised(by, name, place)})
                    with pytest.raises(pm.VerificationError):
                        pm.verify(false, true.cohort, true.policy)


def test_a_broken_rule_is_found(true: pm.Matching) -> None:
    """A pair that a rule forbids is found even when every weight and value is made to fit."""
    scores = pm.score(true.cohort, true.policy)
    forbidden = scores.forbidden_by
    first = true.made[0]
    bad = next(m for m in forbidden.index if isinstance(forbidden.loc[m, first.mentee], str))
    false = pair(true, 0, mentor=str(bad))
    with pytest.raises(pm.VerificationError, match="rule_broken"):
        pm.verify(false, true.cohort, true.policy)


def test_another_cohort_or_policy_is_refused(true: pm.Matching) -> None:
    """A matching is one of its cohort and policy only."""
    with pytest.raises(pm.VerificationError, match="other_cohort"):
        pm.verify(true, datasets.synthetic(mentors=60, mentees=40, seed=6), true.policy)
    with pytest.raises(pm.VerificationError, match="other_policy"):
        pm.verify(true, true.cohort, replace(true.policy, seed=9))


@pytest.mark.parametrize("arguments", [(None, None, None), ("x", 1, 2)])
def test_wrong_arguments(arguments: tuple[Any, Any, Any]) -> None:
    """The kinds of arguments are checked first."""
    with pytest.raises(pm.CallError):
        pm.verify(*arguments)


@settings(max_examples=150)
@given(cases(), st.data())
def test_any_altered_proof_is_found(case: Case, data: st.DataObject) -> None:
    """On any cohort and policy: a bound or value moved by a little never passes."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return
    proof = data.draw(st.sampled_from(matching.certificate.proofs))
    name = data.draw(st.sampled_from(("value", "bound", "verified_bound")))
    by = data.draw(st.sampled_from((-1, 1)))
    event(f"{proof.kind} {name} {by}")
    # Between the value and what prices prove, a search's bound is its own word (law §9).
    assume(not (proof.kind == "search" and name == "bound" and proof.bound + by <= proof.verified_bound))
    false = proofs(matching, proof.tier, **{name: lambda p: getattr(p, name) + by})
    with pytest.raises(pm.VerificationError):
        pm.verify(false, case.cohort, case.policy)


BLOCKED = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "ortools" or name.startswith("pairmatch.solver"):
            raise ImportError("blocked: " + name)
sys.meta_path.insert(0, Block())
import pairmatch as pm
from pairmatch.matching import read_header
schema, policy = read_header(sys.argv[1])
cohort = pm.Cohort.read(sys.argv[2], sys.argv[3], schema=schema)
print(pm.verify(pm.Matching.read(sys.argv[1], cohort), cohort, policy))
assert not any(name.split(".")[0] == "ortools" or name.startswith("pairmatch.solver") for name in sys.modules)
"""


def test_verify_needs_no_solver(tmp_path: Any) -> None:
    """With ortools and pairmatch.solver import-blocked, a written matching verifies all the same."""
    frames = datasets.synthetic_frames(mentors=30, mentees=20, seed=2)
    paths = [tmp_path / "mentors.csv", tmp_path / "mentees.csv"]
    for frame, path in zip((frames.mentors, frames.mentees), paths, strict=True):
        pd.DataFrame(frame).to_csv(path, index=False)
    cohort = pm.Cohort.read(*paths)
    pm.match(cohort, datasets.synthetic_policy()).write(tmp_path / "out")
    arguments = [sys.executable, "-c", BLOCKED, str(tmp_path / "out"), *map(str, paths)]
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        arguments, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "valid:" in done.stdout


def test_a_worse_matching_cannot_hide_behind_a_search(true: pm.Matching) -> None:
    """Where flows decide alone, nobody has to take a search's word for a bound."""
    word = {"kind": lambda _: "search", "canonical": lambda _: False, "bound": lambda p: p.bound - 1}
    false = proofs(true, "mentees", **word, value=lambda p: p.value - 1)
    with pytest.raises(pm.VerificationError):
        pm.verify(false, true.cohort, true.policy)
    raised_price = proofs(
        true,
        "total",
        kind=lambda _: "search",
        canonical=lambda _: False,
        mentor_prices=raised(1, "mentor_prices", 2),
    )
    with pytest.raises(pm.VerificationError):
        pm.verify(raised_price, true.cohort, true.policy)
