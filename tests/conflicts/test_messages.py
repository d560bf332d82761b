"""Contradictions of every kind, and the words for them."""

from __future__ import annotations

from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.conflict import Conflict
from pairmatch.conflicts import reading, with_conflict
from pairmatch.groups import Group
from pairmatch.matching import Revision
from pairmatch.scoring import fit

MENTORS = pd.DataFrame(
    {
        "id": ["ana", "ben", "cyd"],
        "department": ["IT", "Law", "IT"],
        "hours": [1, 2, 3],
        "level": [1, 2, 3],
        "region": ["North", "South", "North"],
        "gender": ["f", "m", "f"],
    }
)
MENTEES = pd.DataFrame(
    {
        "id": ["eve", "fay", "gus"],
        "department": ["Law", "Law", "IT"],
        "hours": [2, 2, 1],
        "level": [3, 4, 5],
        "region": ["North", "South", "North"],
        "gender": ["f", "f", "m"],
    }
)


GOALS = [goals.Same("region", weight=1)]


def conflict_of(
    *chosen: Any, mentors: dict[str, Any] | None = None, mentees: dict[str, Any] | None = None, **policy: Any
) -> Conflict:
    """The conflict of three mentors and three mentees, some columns set."""
    cohort = pm.Cohort(MENTORS.assign(**(mentors or {})), MENTEES.assign(**(mentees or {})))
    told = pm.Policy(rules=chosen, goals=[goals.Same("region", weight=1)], **policy)
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort, told)
    conflict = caught.value.conflict
    assert conflict is not None
    assert (conflict.proven, conflict.minimal, conflict.each_needed) == (True, True, True)
    return conflict


def lines(conflict: Conflict) -> list[str]:
    """Its lines without bullets."""
    return [line.removeprefix("  - ") for line in str(conflict).splitlines()]


def test_a_required_pair_and_a_rule() -> None:
    """The rule, the pair, an exception."""
    told = lines(conflict_of(rules.DifferentDepartment(), rules.Required([("ben", "eve")])))
    assert told == [
        "The reason: these cannot all hold, and without any one of them the others can:",
        "different_department: mentor and mentee are in different departments",
        "required: this pair is required [ben + eve]",
        "What would mend it:",
        "except the pair ben + eve from 'different_department': then a valid matching exists",
        "leave out the rule 'different_department': then a valid matching exists",
        "no longer require ben + eve: then a valid matching exists",
    ]


def test_too_many_required_pairs() -> None:
    """More than there are places."""
    told = lines(conflict_of(rules.Required([("ben", "eve"), ("ben", "fay")])))
    assert told[1:] == [
        "required: these 2 pairs are required [ben + eve, ben + fay]",
        "own capacity: this mentor has at most 1 pair [ben]",
        "What would mend it:",
        "no longer require ben + eve: then a valid matching exists",
        "no longer require ben + fay: then a valid matching exists",
        "one more place for mentor ben: then a valid matching exists",
    ]


def test_minimums_over_places() -> None:
    """Fewer places than people who must be served."""
    told = lines(conflict_of(rules.Minimum(mentees=1), mentors={"capacity": [1, 1, 0]}))
    assert told[:3] == [
        "The reason: these cannot all hold, and without any one of them the others can:",
        "minimum: each of these 3 mentees has at least 1 pair [eve, fay, gus]",
        "own capacity: these 3 mentors have at most 2 pairs in all [ana, ben, cyd]",
    ]
    assert told[4] == "leave out the rule 'minimum': then a valid matching exists"
    more = {
        f"one more place for mentor {name}: then a valid matching exists" for name in ("ana", "ben", "cyd")
    }
    assert len(told[5:]) == 2
    assert {*told[5:]} < more


def test_a_rule_takes_the_partners() -> None:
    """The fewest rules come first, and the smallest set of people."""
    told = lines(
        conflict_of(
            rules.NotSameTeam(),
            rules.LevelsBelow(at_least=3),
            mentors={"team": ["a", "b", "c"]},
            mentees={"team": ["d", "e", "f"], "minimum": [1, 0, 1]},
        )
    )
    assert told[:3] == [
        "The reason: these cannot all hold, and without any one of them the others can:",
        "levels_below: the mentee's level is at least 3 above the mentor's",
        "own minimum: this mentee has at least 1 pair [eve]",
    ]
    assert "make 'levels_below' milder: the mentee's level is at least 2 above the mentor's" in told[4]
    assert told[-1] == "lower the minimum of mentee eve to 0: then a valid matching exists"


def test_hours() -> None:
    """A budget that required pairs overrun."""
    told = lines(conflict_of(rules.Hours(), rules.Required([("ana", "eve")])))
    assert told[1:] == [
        "required: this pair is required [ana + eve]",
        "hours: the hours that this mentor gives per month stay within the budget [ana]",
        "What would mend it:",
        "no longer require ana + eve: then a valid matching exists",
        "1 more hour per month for mentor ana: then a valid matching exists",
        "leave out the rule 'hours': then a valid matching exists",
    ]


def test_hours_of_several() -> None:
    """Budgets that together are too small for all who must be served."""
    conflict = conflict_of(rules.Hours(), rules.Minimum(mentees=1), mentors={"hours": [1, 1, 1]})
    assert "minimum" in {member.rule for member in conflict.members}
    assert "these 3 mentors give per month stay within their budget" in str(conflict)
    assert "more hours per month for mentor" in str(conflict) or "more hour per month" in str(conflict)


def test_quotas() -> None:
    """Quotas against minimums: the nearest count that could be."""
    told = lines(conflict_of(rules.MentorsChosen(at_most=1), mentees={"minimum": [1, 1, 0]}))
    assert told[1:4] == [
        "mentors_chosen: at most 1 mentor is chosen",
        "own minimum: each of these 2 mentees has at least 1 pair [eve, fay]",
        "own capacity: these 3 mentors have at most 3 pairs in all [ana, ben, cyd]",
    ]
    assert "allow at most 2 in place of 1 in 'mentors_chosen': then a valid matching exists" in told
    told = lines(conflict_of(rules.AtLeast(3, where={"region": "North"}, of="mentees")))
    label = "at_least(3 mentees, region = North)"
    assert told[1:] == [
        f"{label}: at least 3 mentees with region = North have a pair",
        "What would mend it:",
        f"ask for at least 2 in place of 3 in '{label}': then a valid matching exists",
        f"leave out the rule '{label}': then a valid matching exists",
    ]


def test_a_protected_quota_names_nobody() -> None:
    """Who counts in a group of a protected field, and how many, is told by no member and no repair."""
    quota = rules.AtMost(0, where={"gender": "f"}, of="mentees", purpose="a test")
    conflict = conflict_of(quota, mentees={"minimum": [1, 0, 0]})
    told = str(conflict)
    assert "own minimum: what some mentees have as their fewest pairs" in told
    assert not any(name in told for name in ("eve", "fay", "gus", "ana", "ben", "cyd"))
    assert [repair.kind for repair in conflict.repairs] == ["rule_off"]
    quota = rules.AtLeast(2, where={"gender": "m"}, of="mentees", purpose="a test")
    assert [repair.kind for repair in conflict_of(quota).repairs] == ["rule_off"]


def test_a_protected_quota_and_a_required_pair() -> None:
    """Nor does a required pair, or a rule's minimum."""
    quota = rules.AtMost(0, where={"gender": "f"}, of="mentees", purpose="a test")
    told = lines(conflict_of(quota, rules.Minimum(mentees=1)))
    assert told[1:] == [
        "at_most(0 mentees, gender = f): at most 0 mentees with gender = f have a pair",
        "minimum: a mentee has at least 1 pair",
        "What would mend it:",
        "leave out the rule 'at_most(0 mentees, gender = f)': then a valid matching exists",
        "leave out the rule 'minimum': then a valid matching exists",
    ]
    conflict = conflict_of(quota, rules.Required([("ana", "eve")]), rules.Minimum(mentors=1, mentees=1))
    assert not any(name in str(conflict) for name in ("eve", "fay", "gus", "ana", "ben", "cyd"))


def test_nobody_is_asked_to_give_up_what_was_promised() -> None:
    """A veto is not for bargaining, and no exception tells who is kept apart by a protected field."""
    cohort = pm.Cohort(MENTORS, MENTEES, vetoes=pd.DataFrame({"mentor": ["ana"], "mentee": ["eve"]}))
    policy = pm.Policy(rules=[rules.NotVetoed(), rules.Required([("ana", "eve")])], goals=GOALS)
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort, policy)
    assert caught.value.conflict is not None
    assert [repair.kind for repair in caught.value.conflict.repairs] == ["not_required"]
    same = rules.Same("gender", purpose="a test")
    conflict = conflict_of(same, rules.Minimum(mentees=1), mentors={"gender": ["m", "m", "m"]})
    assert {repair.kind for repair in conflict.repairs} == {"rule_off"}


def test_data_that_are_missing() -> None:
    """A rule that lacks somebody's data may let them pass; a budget that is blank leaves no place."""
    conflict = conflict_of(rules.LevelsBelow(), mentees={"minimum": [1, 0, 0], "level": [None, 4, 5]})
    asks = "the mentee's level is at least 1 above the mentor's"
    first = f"make 'levels_below' milder: {asks}, or the data are missing"
    assert [repair.words for repair in conflict.repairs if repair.kind == "milder_rule"] == [first]
    told = lines(conflict_of(rules.Hours(), mentors={"hours": [None, 2, 2], "minimum": [1, 0, 0]}))
    assert told[1:] == [
        "own minimum: this mentor has at least 1 pair [ana]",
        "hours: this mentor has no place [ana]",
        "What would mend it:",
        "lower the minimum of mentor ana to 0: then a valid matching exists",
        "leave out the rule 'hours': then a valid matching exists",
    ]


def test_the_minimum_weight() -> None:
    """A bar that leaves nobody: a lower one is told."""
    told = lines(conflict_of(minimum_weight=0.5, mentors={"region": "West"}, mentees={"minimum": [1, 0, 0]}))
    excepted = [line for line in told if line.startswith("except the pair ")]
    assert len(excepted) == 2
    assert all(
        line.endswith(" + eve from the minimum weight: then a valid matching exists") for line in excepted
    )
    assert [line for line in told[1:] if line not in excepted] == [
        "minimum_weight: no pair weighs less than the policy's minimum weight",
        "own minimum: this mentee has at least 1 pair [eve]",
        "What would mend it:",
        "lower the minimum weight to 0: then a valid matching exists",
        "set no minimum weight: then a valid matching exists",
        "lower the minimum of mentee eve to 0: then a valid matching exists",
    ]


def test_numbers_of_rules() -> None:
    """Where a rule says the same number to a side, another number for the side."""
    conflict = conflict_of(rules.Minimum(mentors=2))
    assert (
        lines(conflict)[1:3]
        == [
            "minimum: this mentor has at least 2 pairs [ana]",
            "own capacity: this mentor has at most 1 pair [ana]",
        ]
        or "minimum" in lines(conflict)[1]
    )
    first = "ask of mentors at least 1 pair in place of 2 in 'minimum': then a valid matching exists"
    assert lines(conflict)[4] == first
    conflict = conflict_of(rules.Capacity(mentors=1), mentors={"capacity": 3, "minimum": [2, 0, 0]})
    told = "ask of mentors at most 2 pairs in place of 1 in 'capacity': then a valid matching exists"
    assert told in lines(conflict)


def test_other_errors_have_no_conflict() -> None:
    """What nobody looked into, as the solver core's own door, carries none."""
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.assign([[1.0], [1.0]], mentor_minimum=1)
    assert caught.value.conflict is None


def test_a_rematch_says_it_too() -> None:
    """A mentor leaves, and nobody is left for somebody who must be served."""
    policy = pm.Policy(rules=[rules.Minimum(mentees=1)], goals=[goals.Same("region", weight=1)])
    matching = pm.match(pm.Cohort(MENTORS, MENTEES), policy)
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.rematch(matching, left=["ana"])
    conflict = caught.value.conflict
    assert conflict is not None
    assert [member.rule for member in conflict.members] == ["minimum", "own capacity"]
    assert conflict.members[1].ids == ("ben", "cyd")


def test_of_many_people_those_whom_the_error_names() -> None:
    """Where pairs are too many to look at all, whole answers are not pretended."""
    with mock.patch.object(reading, "MOST_PAIRS", 8):
        told = conflict_of(rules.LevelsBelow(at_least=3), mentees={"minimum": [1, 0, 0]})
    assert [member.rule for member in told.members] == ["levels_below", "own minimum"]
    assert told.others is None
    assert {repair.enough for repair in told.repairs} == {None}
    assert str(told).splitlines()[-1].endswith(": mends this, perhaps not all")
    quota = [rules.MentorsChosen(1), rules.Minimum(mentees=1)]
    chosen = pm.Policy(rules=quota, goals=[goals.Same("region", weight=1)])
    with mock.patch.object(reading, "MOST_PAIRS", 8), pytest.raises(pm.InfeasibleError) as caught:
        pm.match(pm.Cohort(MENTORS, MENTEES), chosen)
    assert caught.value.conflict is None


def test_without_time_nothing_is_claimed() -> None:
    """A clock that is over leaves the error as it was."""
    cohort = pm.Cohort(MENTORS, MENTEES)
    policy = pm.Policy(rules=[rules.Minimum(mentors=2)], goals=[goals.Same("region", weight=1)])
    error = pm.InfeasibleError([])
    assert with_conflict(error, cohort, policy, fit(cohort, policy), seconds=1e-9) is error


def test_running_pairs_that_must_go_on() -> None:
    """They may weigh as little as they do, but need places."""
    cohort, policy = pm.Cohort(MENTORS, MENTEES), pm.Policy(goals=GOALS, minimum_weight=0.5)
    running = (("ana", "eve"), ("ana", "fay"), ("gone", "eve"))
    revision = Revision(running=running, required=True)
    error = with_conflict(pm.InfeasibleError([]), cohort, policy, fit(cohort, policy), revision=revision)
    assert error.conflict is not None
    assert lines(error.conflict) == [
        "The reason: these cannot all hold, and without any one of them the others can:",
        "running: these 2 running pairs go on [ana + eve, ana + fay]",
        "own capacity: this mentor has at most 1 pair [ana]",
        "What would mend it:",
        "let go of the running pair ana + eve: then a valid matching exists",
        "let go of the running pair ana + fay: then a valid matching exists",
        "one more place for mentor ana: then a valid matching exists",
    ]


class NobodyAtAll:
    """A rule of one's own over groups: two of them, and no mentor may have a pair."""

    name = "nobody_at_all"

    def groups(self, cohort: pm.Cohort, places: Any) -> list[Group]:
        """All mentors, and all pairs."""
        everybody = np.ones(len(cohort.mentors), np.int64)
        return [
            Group(self.name, "mentors", mentors=everybody, most=0),
            Group(self.name, "pairs", mentors=everybody, most=9),
        ]

    def broken(self, pairs: Any, cohort: pm.Cohort) -> list[Any]:
        """Nothing that this test asks for."""
        return []


def test_a_rule_of_ones_own() -> None:
    """It is a member like others; of several groups no single number can be mended."""
    conflict = conflict_of(NobodyAtAll(), mentors={"minimum": [1, 0, 0]})
    assert lines(conflict)[1:] == [
        "nobody_at_all: what the rule 'nobody_at_all' asks",
        "own minimum: this mentor has at least 1 pair [ana]",
        "What would mend it:",
        "leave out the rule 'nobody_at_all': then a valid matching exists",
        "lower the minimum of mentor ana to 0: then a valid matching exists",
    ]


def test_pairs_that_need_no_hours() -> None:
    """Budgets of nothing are enough for mentees who need nothing; the quota is at fault."""
    conflict = conflict_of(
        rules.Hours(),
        rules.AtMost(0, where={"region": "North"}, of="mentees"),
        mentors={"hours": 0},
        mentees={"hours": 0, "minimum": [1, 0, 0]},
    )
    assert {member.rule for member in conflict.members} == {
        "at_most(0 mentees, region = North)",
        "own minimum",
    }


def test_a_minimum_of_everybody_is_lowered_for_everybody() -> None:
    """Two too many who must have a mentee: no change for one person is enough, one for all is told first."""
    mentors = pd.DataFrame({"id": [f"m{k}" for k in range(4)], "capacity": 2, "minimum": 2})
    mentees = MENTEES.assign(active=["yes", "yes", "yes"], capacity=[2, 1, 1])
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(pm.Cohort(mentors, mentees), pm.Policy(objective=["mentees"]))
    assert caught.value.conflict is not None
    first, *others = caught.value.conflict.repairs
    assert first.words == "lower the minimum of every mentor to at most 1"
    assert (first.kind, first.rule, first.side, first.ids) == ("minimum", "own minimum", "mentors", ())
    assert (first.verified, first.enough) == (True, True)
    assert not [told for told in others if told.enough and told.kind == "minimum"]
    assert (
        len(pm.match(pm.Cohort(mentors.assign(minimum=1), mentees), pm.Policy(objective=["mentees"])).pairs)
        == 4
    )
