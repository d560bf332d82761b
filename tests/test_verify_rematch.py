"""`verify` and re-matches: the true ones hold, however they are handed in, and no tampering goes unseen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import datasets, goals, rules
from pairmatch.matching import Revision
from tests.rematched import Round, check
from tests.tampered import (
    BEFORE,
    CHANGES,
    REVISIONS,
    TABLES,
    asked,
    forgotten,
    kept,
    more,
    priced,
    proofs,
    raised,
    revision_of,
    told,
    without,
)


@pytest.fixture(scope="module", name="true")
def fixture_true() -> Round:
    """40 mentors and 40 mentees: pairs failed, people left, places went, and movable pairs moved."""
    cohort = datasets.synthetic(mentors=40, mentees=40, seed=8)
    policy = replace(datasets.synthetic_policy(), minimum_weight=0.3)
    before = pm.match(cohort, policy)
    pairs = [(pair.mentor, pair.mentee) for pair in before.made]
    revised = pm.rematch(
        before,
        failed=pairs[:4],
        left=[pairs[6][0], pairs[9][1]],
        capacities={pairs[12][0]: 0, pairs[15][0]: 2},
        movable=pairs[4:25],
    )
    return Round(before, cohort, policy, revised)


@pytest.fixture(scope="module", name="later")
def fixture_later(true: Round) -> Round:
    """A second round: one more pair failed, and running pairs are weighed against others."""
    last = true.revised.made[-1]
    revised = pm.rematch(
        true.revised,
        failed=[(last.mentor, last.mentee)],
        movable="all",
        disturbance="weighted",
        stability=0.01,
        waited={true.revised.left[0].id: 2},
    )
    return Round(true.revised, true.cohort, true.policy, revised)


@pytest.fixture(scope="module", name="crowded")
def fixture_crowded() -> Round:
    """Two running pairs for one place: neither is movable, and one ends."""
    mentors = pd.DataFrame({"id": ["a", "b"], "capacity": [2, 1], "hobbies": ["chess; golf", "golf"]})
    mentees = pd.DataFrame({"id": ["x", "y", "z"], "hobbies": ["chess; golf", "chess; golf", "golf"]})
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    before = pm.match(pm.Cohort(mentors, mentees), policy)
    later = pm.Cohort(mentors.assign(capacity=[1, 1]), mentees)
    return Round(before, later, policy, pm.rematch(before, later))


# -- the true ones -----------------------------------------------------------------------------


def test_the_true_one_holds(true: Round, tmp_path: Path) -> None:
    """With the programme's tables or the re-match's own, with the one before or without, written or not."""
    revised = true.revised
    assert {change.reason for change in revision_of(revised).changes} == {
        "failed", "mentor_left", "mentee_left", "no_room", "moved"
    }  # fmt: skip
    assert list(revised.certificate) == ["must_match", "mentees", "kept", "waited", "total"]
    revised.write(tmp_path)
    again = pm.Matching.read(tmp_path, true.cohort)
    for one in (revised, again):
        checked = check(one, true, before=true.before)
        assert not checked.before_as_told
        assert checked.revision == revised.revision
        alone = check(one, true)
        assert (alone.before_as_told, alone.fitted_as_told) == (True, False)
        assert str(alone).endswith("taken as told: the pairs before; hand in before= to check them")
        pm.verify(one, revised.cohort, revised.policy)
        pm.verify(one, true.cohort, revised.policy)
        pm.verify(one, revised.cohort, true.policy)


def test_the_report_tells_what_was_asked(true: Round, later: Round) -> None:
    """What was recounted, and what nobody can know but who asked."""
    lines = str(check(true.revised, true)).splitlines()
    revision = revision_of(true.revised)
    gone = sum(change.reason in ("moved", "no_room") for change in revision.changes)
    running = len(revision.running)
    many = len(revision.changes)
    assert lines[3] == f"re-match: {running - gone} of {running} running pairs kept, {many} changes recounted"
    assert lines[4].startswith("taken as asked: 4 failed pairs, 2 people who left, 2 other capacities, ")
    told = str(check(later.revised, later))
    assert "5 failed pairs" in told
    assert "0.01 of weight for each running pair kept" in told
    limited = pm.rematch(true.before, movable="all", max_changes=2, disturbance="last")
    assert "at most 2 running pairs to end beside those that must, running pairs counted last" in str(
        pm.verify(limited, true.cohort, true.policy, before=true.before)
    )


def test_a_second_round_holds(later: Round) -> None:
    """What the first round was asked is laid over the tables too; the values are those of the first fit."""
    assert revision_of(later.revised).bonus == 10_000
    checked = check(later.revised, later, before=later.before)
    assert not checked.fitted_as_told
    pm.verify(later.revised, later.before.cohort, later.before.policy)


def test_pairs_that_do_not_fit_hold(crowded: Round) -> None:
    """Where held pairs do not fit together, the first tier proves that as many stay as can."""
    revised = crowded.revised
    assert next(iter(revised.certificate)) == "held"
    assert [change.reason for change in revision_of(revised).changes] == ["no_room"]
    check(revised, crowded, before=crowded.before)
    for tier, by in (("held", 1), ("held", -1)):
        with pytest.raises(pm.VerificationError):
            check(raised(revised, tier, by), crowded)
    with pytest.raises(pm.VerificationError, match="running_pair_ended"):
        check(asked(revised, required=True), crowded)
    with pytest.raises(pm.VerificationError):
        check(told(revised, "no_room", reason="moved"), crowded)


def test_no_claim_of_no_room_beyond_the_places(crowded: Round) -> None:
    """Where places alone bound pairs, it can be counted how many can have no room."""
    limited = pm.rematch(crowded.before, crowded.cohort, max_changes=0)
    assert revision_of(limited).without_room == 1
    check(limited, crowded, before=crowded.before)
    with pytest.raises(pm.VerificationError, match="wrong_revision"):
        check(asked(limited, without_room=2), crowded)
    with pytest.raises(pm.VerificationError, match="too_many_changes"):
        check(asked(limited, without_room=0), crowded)


def test_values_of_an_earlier_cohort_are_taken_as_told(true: Round) -> None:
    """Where the cohort of the first fit is not at hand, that is said; the matching before settles it."""
    joined = datasets.synthetic(mentors=44, mentees=43, seed=8)
    revised = pm.rematch(true.before, joined)
    assert revised.fitted_on == true.cohort.fingerprint
    checked = pm.verify(revised, joined, true.policy)
    assert checked.fitted_as_told
    assert "the pairs before and the averages and rarities of an earlier round; hand in" in str(checked)
    assert not pm.verify(revised, joined, true.policy, before=true.before).fitted_as_told
    for damaged in ({}, {"averages": 1}):
        with pytest.raises(pm.VerificationError, match="wrong_fit"):
            pm.verify(replace(revised, fitted=damaged), joined, true.policy)


def test_a_pair_below_the_bar_goes_on(true: Round) -> None:
    """The minimum weight of newcomers ends no running pair, and forbids every other."""
    mentor, mentee = kept(true.revised, False)
    revised = pm.rematch(true.before, failed=[(true.before.made[0].mentor, true.before.made[0].mentee)],
                         movable="all", minimum_weight=0.9)  # fmt: skip
    light = [(pair.mentor, pair.mentee) for pair in revised.made if pair.weight < 900_000]
    assert (mentor, mentee) in light
    assert check(revised, true, before=true.before).revision == revised.revision
    with pytest.raises(pm.VerificationError, match="below_minimum_weight"):
        check(asked(revised, running=without(revision_of(revised).running, light[0])), true)


def test_a_broken_rule_is_told_with_its_label() -> None:
    """A job move that breaks a rule ends the pair; another label, or none, is not true."""
    mentors = pd.DataFrame({"id": ["a", "b"], "department": ["IT", "Law"], "hobbies": ["chess", "chess"]})
    mentees = pd.DataFrame({"id": ["x"], "department": ["HR"], "hobbies": ["chess"]})
    policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])
    before = pm.match(pm.Cohort(mentors, mentees), policy)
    (pair,) = before.made
    cohort = pm.Cohort(
        mentors.assign(department=["HR" if who == pair.mentor else "IT" for who in "ab"]), mentees
    )
    revised = pm.rematch(before, cohort)
    whole = Round(before, cohort, policy, revised)
    assert revision_of(revised).changes[0].rules == ("different_department",)
    check(revised, whole, before=before)
    for changes in ({"rules": ()}, {"rules": ("x",)}, {"reason": "failed", "rules": ()}):
        with pytest.raises(pm.VerificationError, match="wrong_change"):
            check(told(revised, "rule_broken", **changes), whole)
    running = ((pair.mentor, "x"),)
    with pytest.raises(pm.VerificationError, match="wrong_running"):
        check(asked(revised, running=running), whole)


# -- the false ones ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*CHANGES, *REVISIONS])
def test_tampering_is_found(true: Round, kind: str) -> None:
    """Without the matching before, by the programme's own tables and by those of the re-match."""
    false = {**CHANGES, **REVISIONS}[kind](true.revised)
    for cohort, policy in ((true.cohort, true.policy), (false.cohort, false.policy)):
        with pytest.raises(pm.VerificationError) as caught:
            pm.verify(false, cohort, policy)
        assert caught.value.findings


@pytest.mark.parametrize("kind", TABLES)
def test_tampering_is_found_by_the_tables(true: Round, kind: str) -> None:
    """What the tables contradict as they are."""
    with pytest.raises(pm.VerificationError):
        check(TABLES[kind](true.revised), true)


@pytest.mark.parametrize("kind", BEFORE)
def test_tampering_is_found_by_the_one_before(true: Round, kind: str) -> None:
    """What nothing in the matching itself contradicts."""
    false = BEFORE[kind](true.revised)
    with pytest.raises(pm.VerificationError):
        check(false, true, before=true.before)


def test_another_one_before_is_refused(true: Round, later: Round) -> None:
    """A re-match follows from the matching that was revised, and from no other."""
    with pytest.raises(pm.VerificationError, match="wrong_revision"):
        check(later.revised, true, before=true.before)
    with pytest.raises(pm.VerificationError, match="wrong_revision"):
        check(true.before, true, before=true.revised)
    assert check(true.before, true, before=true.before).revision is None
    with pytest.raises(pm.CallError, match="before"):
        check(true.revised, true, before=true.cohort)


def test_a_failed_pair_of_an_earlier_round_stays_failed(later: Round) -> None:
    """A pair may be left out of the failed ones only where it is told as cooled."""
    false = forgotten(later.revised)
    with pytest.raises(pm.VerificationError, match="neither as failed nor as cooled"):
        pm.verify(false, later.cohort, later.policy, before=later.before)
    # The policy of the programme may know it too.
    with pytest.raises(pm.VerificationError, match="neither as failed nor as cooled"):
        pm.verify(false, later.cohort, later.before.policy)


def test_a_cooled_pair_is_no_longer_forbidden(true: Round) -> None:
    """A pair that failed long ago may come back, and the programme's policy may still name it."""
    pair = revision_of(true.revised).failed[0]
    revised = pm.rematch(true.revised, cooled=[pair], movable="all")
    assert pair not in revision_of(revised).failed
    pm.verify(revised, true.cohort, true.revised.policy, before=true.revised)
    pm.verify(revised, true.cohort, true.policy)


def test_a_first_matching_is_no_rematch(true: Round) -> None:
    """A revision put on a first matching: its pairs cannot all be new."""
    with pytest.raises(pm.VerificationError):
        check(replace(true.before, revision=Revision()), true)
    running = tuple((pair.mentor, pair.mentee) for pair in true.before.made)
    quiet = replace(true.before, revision=Revision(running=running))
    with pytest.raises(pm.VerificationError):
        check(quiet, true)


def test_every_price_of_a_rematch_is_held(true: Round) -> None:
    """No price of the tiers about running pairs and rounds can be moved by one unit unseen."""
    for tier in ("kept", "waited"):
        for name in ("mentor_prices", "mentee_prices"):
            for place in range(0, 35, 6):
                for by in (-1, 1):
                    false = proofs(true.revised, tier, **{name: priced(by, name, place)})
                    with pytest.raises(pm.VerificationError):
                        check(false, true)


def test_repaired_prices_need_not_be_the_least(true: Round) -> None:
    """Prices that are not called the least hold by what they prove alone."""
    common = true.revised
    for proof in true.revised.certificate.proofs:
        common = proofs(common, proof.tier, canonical=lambda _: False)
    check(common, true)
    loose = {name: more(name, 1) for name in ("bound", "verified_bound")}
    false = proofs(common, "total", **loose)
    false = replace(false, certificate=replace(false.certificate, complete=False))
    with pytest.raises(pm.VerificationError, match="bound_not_proven"):
        check(false, true)


def test_a_limit_that_binds_nothing_vouches_for_nothing() -> None:
    """Whoever tells a limit of changes is not thereby free of prices that prove the bound."""
    mentors = pd.DataFrame({"id": ["a", "b", "c", "d"], "hobbies": ["chess; golf", "golf", "chess", "yoga"]})
    mentees = pd.DataFrame({"id": ["x", "y"], "hobbies": ["chess; golf", "golf"]})
    cohort, policy = pm.Cohort(mentors, mentees), pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    before = pm.match(cohort, policy)
    revised = pm.rematch(before, failed=[("a", "x")], movable="all", waited=[])
    idle = revised.certificate.mentors.index("d")
    loose = proofs(
        revised,
        "total",
        mentor_prices=priced(1, "mentor_prices", idle),
        verified_bound=more("verified_bound", 1),
        kind=lambda _: "search",
        canonical=lambda _: False,
    )
    for most in (None, len(revision_of(revised).running)):
        pm.verify(asked(revised, max_changes=most), cohort, policy, before=before)
        with pytest.raises(pm.VerificationError, match="search would have to vouch"):
            pm.verify(asked(loose, max_changes=most), cohort, policy, before=before)
    # A limit that binds is none that prices know of: what is beyond them is the search's word.
    bound = pm.verify(asked(loose, max_changes=0), cohort, policy, before=before)
    assert "optimal by the search's word" in str(bound)


def test_capacities_hold_until_others_are_told(true: Round) -> None:
    """A later round may not forget them: the one before knows."""
    before = true.revised
    bare = replace(before, cohort=true.cohort, revision=replace(revision_of(before), capacities=()))
    false = pm.rematch(bare, true.cohort)
    assert not revision_of(false).capacities
    with pytest.raises(pm.VerificationError, match="other places in an earlier round"):
        check(false, true, before=before)
    check(pm.rematch(before, true.cohort), true, before=before)
