"""Who else would suit somebody: the heaviest allowed partners, against the plain definitions."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.explaining.counts import counts_of
from pairmatch.explaining.runners_up import runners_up
from pairmatch.explaining.scorers import scorer_of
from pairmatch.testing.strategies import Case, cases

MANY = max(12, (settings.default.max_examples if settings.default else 0) // 8)


def made_of(case: Case) -> pm.Matching | None:
    """The case's matching, if there is one."""
    try:
        return pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        return None


def against(matching: pm.Matching, role: str, who: str) -> dict[str, tuple[int, list[str]]]:
    """Everybody of the other side who takes part: the pair's weight and what forbids it, by plain forms."""
    scorer, found = scorer_of(matching), {}
    cohort = matching.cohort
    own = cohort.side(f"{role}s")
    person = own.person(own.position(who))
    for other in cohort.mentees if role == "mentor" else cohort.mentors:
        if other.active:
            mentor, mentee = (person, other) if role == "mentor" else (other, person)
            score = scorer.pair(mentor, mentee)
            light = not score.forbidden_by and scorer.is_light(mentor.id, mentee.id, score.weight)
            found[other.id] = (score.weight, [*score.forbidden_by, *(["minimum_weight"] if light else [])])
    return found


@settings(max_examples=MANY)
@given(cases())
def test_they_are_the_heaviest_that_the_rules_allow(case: Case) -> None:
    """Nobody who suits better is left out, ranks are counted rightly, and what is forbidden is named so."""
    matching = made_of(case)
    if matching is None:
        return
    for role, people in (("mentor", case.cohort.mentors), ("mentee", case.cohort.mentees)):
        for person in people:
            table = runners_up(matching, [(role, person.id)])
            if not person.active:
                assert table.empty
                continue
            found = against(matching, role, person.id)
            had = set(matching.partners(**{role: person.id}))
            allowed = {who: weight for who, (weight, bars) in found.items() if not bars}
            rest = sorted((weight for who, weight in allowed.items() if who not in had), reverse=True)
            told = table[table["allowed"]]
            event(f"{len(told)} told")
            assert [round(weight * 1e6) for weight in told["weight"]] == rest[:3]
            for row in told.itertuples():
                assert allowed[row.partner] == round(row.weight * 1e6)
                assert row.rank == 1 + sum(weight > allowed[row.partner] for weight in allowed.values())
            check_forbidden(table[~table["allowed"]], found, had, rest)


def check_forbidden(
    table: pd.DataFrame, found: dict[str, tuple[int, list[str]]], had: set[str], rest: list[int]
) -> None:
    """Those whom only rules keep away weigh more than all that the person has, or may have."""
    enough = max((found[who][0] for who in had), default=max(rest, default=-1))
    for row in table.itertuples():
        weight, bars = found[row.partner]
        assert weight == round(row.weight * 1e6) > enough
        assert pd.isna(row.rank)
        assert row.why_not == f"forbidden by {', '.join(bars)}"


@settings(max_examples=MANY)
@given(cases())
def test_counts_are_those_of_the_plain_forms(case: Case) -> None:
    """What each rule takes by itself, and what as the only one; the same counts as in the matching."""
    matching = made_of(case)
    if matching is None:
        return
    for left in matching.left:
        table = counts_of(matching, left.role, left.id).set_index("rule")
        active = case.cohort.side(f"{left.role}s").active[case.cohort.side(f"{left.role}s").position(left.id)]
        if not active:
            assert table.empty
            continue
        bars = [bars for _, bars in against(matching, left.role, left.id).values()]
        alone = Counter(label for labels in bars for label in labels)
        last = Counter(labels[0] for labels in bars if len(labels) == 1)
        assert table["alone"].to_dict() == dict(alone)
        assert table["last_standing"].to_dict() == {label: last[label] for label in alone}
        assert table["alone"].to_dict() == {label: n for label, n in left.taken.items() if n}


def matching_of(**columns: object) -> pm.Matching:
    """Three mentors and three mentees, and what each pair is worth."""
    scores = [
        ("ana", "eve", 0.9), ("ben", "eve", 0.8), ("cem", "eve", 0.9),
        ("ana", "fay", 0.7), ("ben", "fay", 0.2), ("cem", "fay", 0.1),
        ("ana", "gus", 0.3), ("ben", "gus", 0.3), ("cem", "gus", 0.4),
    ]  # fmt: skip
    mentors = pd.DataFrame({"id": ["ana", "ben", "cem"], "team": ["x", "y", "z"], **columns})
    mentees = pd.DataFrame({"id": ["eve", "fay", "gus"], "team": ["z", "u", "v"]})
    policy = pm.Policy(rules=[rules.NotSameTeam()], goals=[goals.Precomputed(scores, weight=1)])
    return pm.match(pm.Cohort(mentors, mentees), policy)


def told(matching: pm.Matching, role: str, who: str) -> dict[str, str]:
    """Each runner-up with the reason."""
    table = runners_up(matching, [(role, who)])
    return dict(zip(table["partner"], table["why_not"], strict=True))


def test_why_they_are_not_the_partner() -> None:
    """Somebody else suits them better or as well, or the whole is better so, or a rule forbids it."""
    matching = matching_of()
    assert matching.partners(mentee="eve") == ("ben",)
    assert told(matching, "mentee", "eve") == {
        "cem": "forbidden by not_same_team",
        "ana": "has fay; the matching as a whole is better so",
    }
    assert told(matching, "mentor", "ana") == {
        "eve": "has ben; the matching as a whole is better so",
        "gus": "has cem, who suits better",
    }
    assert told(matching, "mentor", "ben") == {
        "gus": "has cem, who suits better",
        "fay": "has ana, who suits better",
    }


def test_those_who_are_free() -> None:
    """A free place is told, and who suits better or as well."""
    matching = matching_of(capacity=[3, 3, 0])
    assert dict(zip(matching.pairs["mentee"], matching.pairs["mentor"], strict=True)) == {
        "eve": "ana", "fay": "ana", "gus": "ana"} or matching.partners(mentee="gus") == ("ben",)  # fmt: skip
    assert told(matching, "mentee", "eve")["ben"] == "free, but ana suits better"
    gus = matching.partners(mentee="gus")[0]
    other = {"ana": "ben", "ben": "ana"}[gus]
    assert told(matching, "mentee", "gus") == {other: f"free, but {gus} suits as well", "cem": "has no place"}
    assert told(matching, "mentor", "cem")["gus"] == f"has {gus}; the matching as a whole is better so"


def test_several_partners_and_free_people() -> None:
    """In the plural; and two with a place each, whom something else keeps apart."""
    scores = [("ana", who, 0.5) for who in ("eve", "fay")] + [("ana", "gus", 0.2)]
    people = (
        pd.DataFrame({"id": ["ana"], "capacity": [2]}),
        pd.DataFrame({"id": ["eve", "fay", "gus"]}),
    )
    policy = pm.Policy(goals=[goals.Precomputed(scores, weight=1)])
    matching = pm.match(pm.Cohort(*people), policy)
    assert told(matching, "mentee", "gus") == {"ana": "has eve, fay, who suit better"}
    quota = rules.AtMost(0, where={"team": "x"}, of="mentees")
    mentees = people[1].assign(team=["", "", "x"])
    kept = pm.match(
        pm.Cohort(people[0].assign(capacity=[3]), mentees), pm.Policy(rules=[quota], goals=policy.goals)
    )
    assert told(kept, "mentee", "gus") == {"ana": "free; something else stands against it"}


def test_nobody_is_their_own_runner_up() -> None:
    """Who stands on both sides is no partner for themself, and not told as one."""
    people = pd.DataFrame({"id": ["both", "ana"], "hobbies": ["chess", "golf"]})
    matching = pm.match(pm.Cohort(people, people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    assert set(runners_up(matching, [("mentor", "both"), ("mentee", "both")])["partner"]) <= {"ana"}


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
def test_row_order_is_no_matter(order: list[int]) -> None:
    """Equally heavy ones come in the same order whatever the order of rows."""
    mentors = pd.DataFrame({"id": ["a", "b", "c", "d", "e"]})
    mentees = pd.DataFrame({"id": ["x", "y", "z"]}).iloc[order]
    policy = pm.Policy(objective=["mentees"])
    one = runners_up(pm.match(pm.Cohort(mentors, mentees), policy), [("mentor", "a")], most=1)
    other = runners_up(pm.match(pm.Cohort(mentors, mentees.iloc[::-1]), policy), [("mentor", "a")], most=1)
    pd.testing.assert_frame_equal(one, other)
