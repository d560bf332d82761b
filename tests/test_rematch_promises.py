"""What a re-match promises, one promise a test: who stays, who moves, what is never told."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import assume, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.matching import END_REASONS
from pairmatch.rematch import rematch
from pairmatch.report import report
from pairmatch.testing.strategies import Case, cases

TEAMS = {"ana": "IT", "ben": "Law", "cy": "IT", "dot": "Tax"}


def cohort(**mentors: Any) -> pm.Cohort:
    """Four mentors and three mentees, who share fewer and fewer hobbies."""
    hobbies = ["chess; golf; yoga", "golf; art", "art; chess", "yoga"]
    ours = pd.DataFrame({"id": list(TEAMS), "team": list(TEAMS.values()), "hobbies": hobbies, **mentors})
    theirs = pd.DataFrame(
        {"id": ["eve", "flo", "gus"], "team": ["HR", "HR", "PR"], "hobbies": ["chess; golf", "golf", "yoga"]}
    )
    return pm.Cohort(ours, theirs)


POLICY = pm.Policy(rules=[rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=1)])


def pairs(matching: pm.Matching) -> set[tuple[str, str]]:
    return {(pair.mentor, pair.mentee) for pair in matching.made}


def changes(matching: pm.Matching) -> list[list[str]]:
    rows: list[list[str]] = matching.changes.to_numpy().tolist()
    return rows


@pytest.fixture(scope="module")
def matching() -> pm.Matching:
    return pm.match(cohort(), POLICY)


@settings(max_examples=20)
@given(cases(4, 4))
def test_nothing_failed_and_nothing_changed(case: Case) -> None:
    """The matching itself comes back, also when its own people and policy are handed in."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        assume(False)
    assert rematch(matching) is matching
    assert rematch(matching, case.cohort, policy=case.policy) is matching
    assert matching.changes.empty
    assert list(matching.changes.columns) == ["mentee", "before", "after", "reason"]


def test_a_revised_matching_comes_back_without_changes(matching: pm.Matching) -> None:
    """What it changed it does not change again."""
    revised = rematch(matching, failed=[("ana", "eve")])
    again = rematch(revised)
    assert pairs(again) == pairs(revised)
    assert again.changes.empty
    assert rematch(again) is again
    pm.verify(again, matching.cohort, POLICY)


@settings(max_examples=20)
@given(cases(4, 4))
def test_pairs_of_a_revised_matching_stay_where_nothing_is_asked(case: Case) -> None:
    """Whatever the policy, and though other pairs may be as good."""
    try:
        matching = pm.match(case.cohort, case.policy)
        assume(len(matching.made))
        first = matching.made[0]
        revised = rematch(matching, failed=[(first.mentor, first.mentee)])
    except (pm.InfeasibleError, pm.PolicyError):
        assume(False)
    again = rematch(revised)
    assert pairs(again) == pairs(revised)
    assert again.changes.empty


def test_a_failed_pair_gets_others_and_all_else_stays(matching: pm.Matching) -> None:
    """One change, told with its reason; the proof covers the policy's tiers."""
    revised = rematch(matching, failed=[("ana", "eve")])
    assert changes(revised) == [["eve", "ana", "cy", "failed"]]
    assert pairs(revised) == (pairs(matching) - {("ana", "eve")}) | {("cy", "eve")}
    assert revised.certificate.proven
    assert revised.policy.rules[-1] == rules.NotFailed([("ana", "eve")])
    assert pm.why_not(revised, mentor="ana", mentee="eve").rules == {
        "not_failed": "the two have not been a pair that did not work out"
    }
    checked = pm.verify(revised, matching.cohort, POLICY, before=matching)
    assert checked.pairs == 3


def test_a_failed_pair_never_returns(matching: pm.Matching) -> None:
    """Over many rounds, whatever else happens, until it is told to have cooled."""
    now, failed = matching, set()
    for _ in range(4):
        worst = sorted(pairs(now))[0]
        failed.add(worst)
        now = rematch(now, failed=[worst], movable="all")
        assert not failed & pairs(now)
        assert set(now.revision.failed) == failed if now.revision else False
    fresh = rematch(now, cohort(hobbies=["chess"] * 4), movable="all", disturbance="last")
    assert not failed & pairs(fresh)
    again = rematch(now, cooled=[worst], movable="all", disturbance="last")
    assert worst not in again.revision.failed if again.revision else False
    pm.verify(again, again.cohort, again.policy, before=now)


def test_people_leave_return_and_have_other_capacities(matching: pm.Matching) -> None:
    """What a re-match is told holds in later rounds too, whatever the tables say."""
    gone = rematch(matching, left=["ana"], capacities={"cy": 2})
    assert ["eve", "ana", "cy", "mentor_left"] in changes(gone)
    assert not gone.cohort.mentors.active[0]
    later = rematch(gone, cohort(), failed=[("cy", "eve")])
    assert "ana" not in {mentor for mentor, _ in pairs(later)}
    assert later.cohort.mentors.number("capacity")[2] == 2
    back = rematch(later, cohort(), returned=["ana"])
    assert back.cohort.mentors.active.all()
    for one, before in ((gone, matching), (later, gone), (back, later)):
        pm.verify(one, cohort(), POLICY, before=before)


def test_a_mentee_who_left_is_told_with_nobody_after(matching: pm.Matching) -> None:
    revised = rematch(matching, left=[("mentee", "eve")])
    assert changes(revised) == [["eve", "ana", "", "mentee_left"]]


def test_whoever_is_not_in_the_tables_has_left(matching: pm.Matching) -> None:
    """Mentors and mentees who are gone; those who joined are served."""
    ours = pd.DataFrame({"id": ["ben", "cy", "dot"], "team": ["Law", "IT", "Tax"], "hobbies": ["golf"] * 3})
    theirs = pd.DataFrame({"id": ["eve", "flo", "new"], "team": ["HR"] * 3, "hobbies": ["golf"] * 3})
    revised = rematch(matching, pm.Cohort(ours, theirs))
    told = {(row[0], row[3]) for row in changes(revised)}
    assert told == {("eve", "mentor_left"), ("gus", "mentee_left"), ("new", "new")}
    assert ("ben", "flo") in pairs(revised)


def test_a_job_move_that_breaks_a_rule_is_found_and_reported(matching: pm.Matching) -> None:
    """The running pair ends, and the rule is named."""
    moved = cohort(team=["HR", "Law", "IT", "Tax"])
    revised = rematch(matching, moved)
    assert changes(revised) == [["eve", "ana", "cy", "rule_broken"]]
    assert revised.revision is not None
    assert revised.revision.changes[0].rules == ("not_same_team",)


def test_a_joiner_changes_no_other_weight(matching: pm.Matching) -> None:
    """Averages and rarities stay those of the first round."""
    people = cohort()
    ours = pd.DataFrame(
        {"id": [*TEAMS, "new"], "team": [*TEAMS.values(), "IT"], "hobbies": ["golf"] * 4 + ["golf; chess"]}
    )
    ours["hobbies"] = ["chess; golf; yoga", "golf; art", "art; chess", "yoga", "chess; golf"]
    theirs = pd.DataFrame(
        {"id": ["eve", "flo", "gus"], "team": ["HR", "HR", "PR"], "hobbies": ["chess; golf", "golf", "yoga"]}
    )
    revised = rematch(matching, pm.Cohort(ours, theirs), movable="all")
    before = {(p.mentor, p.mentee): p.weight for p in matching.made}
    assert {(p.mentor, p.mentee): p.weight for p in revised.made} == before
    assert (revised.fitted, revised.fitted_on) == (matching.fitted, people.fingerprint)


def test_only_movable_pairs_move(matching: pm.Matching) -> None:
    """A chain is used where it is allowed, and not where it is not."""
    people = cohort(capacity=[1, 1, 0, 0])
    two = pm.match(people, POLICY)
    assert len(two.made) == 2
    served = {mentee for _, mentee in pairs(two)}
    (waiting,) = {"eve", "flo", "gus"} - served
    stays = rematch(two, failed=[("ana", next(e for m, e in pairs(two) if m == "ana"))])
    ended = [row for row in changes(stays) if row[3] == "moved"]
    assert not ended
    assert ("ben", next(e for m, e in pairs(two) if m == "ben")) in pairs(stays)
    assert waiting in {mentee for _, mentee in pairs(stays)}


def test_no_room_ends_as_few_as_can_be() -> None:
    """Where capacities fall below what runs, the fewest end, and are told so."""
    people = cohort(capacity=[3, 1, 1, 1], hobbies=["chess; golf; yoga", "art", "art", "art"])
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)], objective=["total"])
    before = pm.match(people, policy)
    assert sum(mentor == "ana" for mentor, _ in pairs(before)) >= 2
    revised = rematch(before, capacities={"ana": 1})
    assert revised.revision is not None
    assert not revised.revision.required
    assert "held" in revised.certificate
    ended = [row for row in changes(revised) if row[3] == "no_room"]
    assert len(ended) == sum(mentor == "ana" for mentor, _ in pairs(before)) - 1
    pm.verify(revised, people, policy, before=before)


def test_limits_hold(matching: pm.Matching) -> None:
    """With no changes allowed, or few, no more pairs end than that; the weighted order is a third way."""
    wanted = {"failed": [("ana", "eve")], "disturbance": "last"}
    free = rematch(matching, movable="all", **wanted)
    none = rematch(matching, max_changes=0, **wanted)
    one = rematch(matching, max_changes=1, **wanted)
    moved = [sum(row[3] == "moved" for row in changes(revised)) for revised in (none, one, free)]
    assert moved[0] == 0
    assert moved[1] <= 1
    totals = [revised.values["total"] for revised in (none, one, free)]
    assert totals == sorted(totals)
    kept = rematch(matching, failed=[("ana", "eve")], movable="all", disturbance="weighted", stability=100)
    assert pairs(matching) - {("ana", "eve")} <= pairs(kept)


def test_a_limit_counts_beside_the_pairs_that_have_no_room() -> None:
    """Two of a mentor's three pairs lose their place, whatever may move: a limit of one asks for no less."""
    mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "capacity": [3, 1, 1]})
    cohort = pm.Cohort(mentors, pd.DataFrame({"id": ["eve", "fay", "gus"]}))
    scores = [("ana", who, 1.0) for who in ("eve", "fay", "gus")]
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1, missing="zero")])
    before = pm.match(cohort, policy)
    for most, movable in ((0, None), (1, None), (1, "all"), (2, "all"), (1, [("ana", "eve")])):
        revised = rematch(before, capacities={"ana": 1}, max_changes=most, movable=movable)
        assert revised.revision is not None
        now = {(pair.mentor, pair.mentee) for pair in revised.made}
        assert len({*revised.revision.running} - now) == 2
        pm.verify(revised, cohort, policy, before=before)


def test_weighted_needs_a_total() -> None:
    """Else it would say nothing."""
    policy = pm.Policy(objective=["mentees"])
    before = pm.match(cohort(), policy)
    with pytest.raises(pm.CallError, match="none"):
        rematch(before, movable="all", disturbance="weighted")


def test_a_bar_for_newcomers_ends_no_running_pair(matching: pm.Matching) -> None:
    """Running pairs go on below it; new ones are not made."""
    revised = rematch(matching, failed=[("ana", "eve")], minimum_weight=1.0)
    assert pairs(revised) == pairs(matching) - {("ana", "eve")}
    assert {p.weight for p in revised.made} & set(range(1_000_000))
    assert rematch(revised, left=["dot"]).policy.minimum_weight == 1.0
    pm.verify(revised, cohort(), POLICY, before=matching)


def test_who_waited_is_served_first(matching: pm.Matching) -> None:
    """Rounds add up from round to round, and decide among equals in coverage and disturbance."""
    few = cohort(capacity=[1, 0, 0, 0])
    first = pm.match(few, POLICY)
    (served,) = {mentee for _, mentee in pairs(first)}
    second = rematch(first, failed=[("ana", served)])
    assert second.revision is not None
    waiting = {who: rounds for _, who, rounds in second.revision.waited}
    assert waiting == dict.fromkeys({"eve", "flo", "gus"} - {served}, 1)
    (then,) = {mentee for _, mentee in pairs(second)}
    third = rematch(second, failed=[("ana", then)])
    assert third.revision is not None
    assert max(rounds for _, _, rounds in third.revision.waited) == 2
    told = rematch(first, failed=[("ana", served)], waited={"gus": 1, "flo": 5} if served != "flo" else {})
    assert served == "flo" or "flo" in {mentee for _, mentee in pairs(told)}


def test_rounds_add_up_through_a_round_in_which_nothing_happens() -> None:
    """Looking again tells that nothing changes, and forgets nobody who waits."""
    cohort = pm.Cohort(pd.DataFrame({"id": ["ana", "ben"]}), pd.DataFrame({"id": ["eve", "fay", "gus"]}))
    scores = [("ana", "eve", 1.0), ("ben", "fay", 1.0)]
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1, missing="zero")], rules=[])
    second = rematch(pm.match(cohort, policy), capacities={"ana": 1}, left=["ben"])
    again = rematch(second)
    third = rematch(again, capacities={"ana": 1})
    told = []
    for each in (second, again, third):
        assert each.revision is not None
        told.append({who: rounds for _, who, rounds in each.revision.waited}["gus"])
        assert pairs(each) == pairs(second)
    assert told == [1, 1, 2]
    pm.verify(again, cohort, policy, before=second)


def test_rules_may_have_changed(matching: pm.Matching) -> None:
    """With another policy of the same goals; one with other goals is refused."""
    stricter = pm.Policy(rules=[*POLICY.rules, rules.Forbidden([("ana", "eve")])], goals=POLICY.goals)
    assert changes(rematch(matching, policy=stricter)) == [["eve", "ana", "cy", "rule_broken"]]
    other = pm.Policy(goals=[goals.Same("team", weight=1)])
    with pytest.raises(pm.FileError, match="fitted values"):
        rematch(matching, policy=other)


def test_a_required_pair_that_failed_is_a_contradiction() -> None:
    """Told with both rules; the caller decides which one goes."""
    policy = pm.Policy(rules=[rules.Required([("ana", "eve")])], goals=POLICY.goals)
    before = pm.match(cohort(), policy)
    with pytest.raises(pm.InfeasibleError, match="not_failed"):
        rematch(before, failed=[("ana", "eve")])
    freed = rematch(before, policy=policy.without("required"), failed=[("ana", "eve")])
    assert ("ana", "eve") not in pairs(freed)


@pytest.mark.parametrize("reason", sorted(END_REASONS))
def test_end_reasons_are_nowhere(
    matching: pm.Matching, reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In no explanation, log, file, file name or text of a revised matching (law §12)."""
    caplog.set_level(logging.DEBUG)
    ended = pd.DataFrame({"mentor": ["ana"], "mentee": ["eve"], "reason": [reason]})
    revised = rematch(matching, failed=ended)
    revised.write(tmp_path / "out")
    report(revised, tmp_path / "out" / "report.html", thorough=reason == "other")
    told = [caplog.text, repr(revised), repr(revised.revision), str(revised.changes), str(revised.notes)]
    told += [str(pm.explain(revised, mentee=who, audience="auditor")) for who in ("eve", "flo", "gus")]
    told += [str(pm.why_not(revised, mentor="ana", mentee="eve", audience="auditor"))]
    told += [str(pm.verify(revised, cohort(), POLICY)), str(dict(revised.stats))]
    told += [path.name + path.read_text("utf-8") for path in (tmp_path / "out").iterdir()]
    assert END_REASONS[reason] not in "".join(told)
    assert reason == "other" or reason not in "".join(told)


def test_a_written_matching_can_be_revised_with_later_tables(matching: pm.Matching, tmp_path: Path) -> None:
    """From its directory, with its own people or with those of now; the old tables are not needed."""
    matching.write(tmp_path)
    assert pairs(rematch(tmp_path, cohort())) == pairs(matching)
    assert rematch(tmp_path, cohort()).revision is None
    moved = cohort(team=["HR", "Law", "IT", "Tax"])
    assert changes(rematch(tmp_path, moved)) == [["eve", "ana", "cy", "rule_broken"]]
    revised = rematch(tmp_path, moved, left=["ben"])
    revised.write(tmp_path / "next")
    third = rematch(tmp_path / "next", moved, failed=[("cy", "eve")])
    assert third.revision is not None
    assert ("mentors", "ben") in third.revision.left
    assert pm.Matching.read(tmp_path / "next", moved).made == revised.made


def test_why_not_tells_the_cost_in_every_tier(matching: pm.Matching) -> None:
    """Also of a pair that ran before and was given up."""
    revised = rematch(matching, failed=[("ana", "eve")], movable="all")
    told = pm.why_not(revised, mentor="dot", mentee="eve")
    assert told.verdict == "costs"
    assert list(told.costs) == [proof.tier for proof in revised.certificate.proofs]
    assert next(cost for cost in told.costs.values() if cost) > 0


def test_a_time_limit_and_progress_are_heeded(matching: pm.Matching) -> None:
    """As for a first matching."""
    seen: list[pm.Progress] = []
    revised = rematch(matching, failed=[("ana", "eve")], time_limit=60, progress=seen.append)
    assert seen
    assert revised.certificate.complete
    with pytest.raises(pm.CallError, match="memory_limit"):
        rematch(matching, failed=[("ana", "eve")], memory_limit="1 MB")


def test_other_verbs_know_the_re_match(matching: pm.Matching) -> None:
    """Ties and the price of fairness are asked of the problem that was solved."""
    revised = rematch(matching, failed=[("ana", "eve")], movable="all")
    assert revised.ties() is False
    told = pm.price_of_fairness(revised)
    assert told["tier"].tolist() == ["must_match", "mentees", "kept", "waited"]
    assert told["total_with"].iloc[-1] == pytest.approx(revised.values["total"])
    limited = rematch(matching, failed=[("ana", "eve")], max_changes=1, disturbance="last")
    assert limited.ties() is None
    assert pm.price_of_fairness(limited)["total_with"].iloc[-1] == pytest.approx(limited.values["total"])
    cost = pm.why_not(limited, mentor="dot", mentee="eve").costs
    assert next(value for value in cost.values() if value) > 0
