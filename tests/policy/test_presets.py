"""The policies that come with the library."""

from __future__ import annotations

import re
import tomllib

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.presets import AIMS, PRESETS

PROTECTED = {"age", "gender", "date_of_birth", "ethnicity", "religion", "disability", "health", "orientation"}


@pytest.fixture(params=PRESETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_preset_is_a_policy_and_a_schema(name: str) -> None:
    """One readable file, two readers; the policy survives its own file."""
    policy = pm.Policy.preset(name)
    text = pm.Policy.preset_text(name)
    assert pm.Policy.from_dict(tomllib.loads(text)) == policy
    assert pm.Policy.from_dict(policy.to_dict()) == policy
    pm.Schema.from_dict(tomllib.loads(text))
    assert policy.name
    assert policy.objective == ("must_match", "mentees", "total")


def test_a_preset_tells_its_sources(name: str) -> None:
    """Every file cites what its weights rest on, and says which demographics count: none."""
    head = pm.Policy.preset_text(name).split("schema = 1")[0]
    assert re.search(r"doi:10\.\d{4}/", head)
    assert "protected trait" in head or "decides about no place" in head


def test_weights_are_shares(name: str) -> None:
    """A reader sees each goal's share of the whole."""
    assert sum(goal.weight for goal in pm.Policy.preset(name).goals) == pytest.approx(1.0)


def test_demographics_have_no_weight(name: str) -> None:
    """No goal looks at a protected field; identity counts only on request and with a purpose."""
    for goal in pm.Policy.preset(name).goals:
        assert not PROTECTED & set(goal.fields if hasattr(goal, "fields") else ())
        if "identity" in getattr(goal, "fields", ()):
            assert goal.when == "asks_for_match"
            assert goal.missing == "average"  # who does not ask is at no disadvantage
            assert goal.purpose


def test_reverse_mentoring_has_the_weights_of_the_evidence() -> None:
    weights = {goal.name: goal.weight for goal in pm.Policy.reverse_mentoring().goals}
    assert weights == {
        "topic_coverage": 0.30,
        "preferences": 0.20,
        "shared_hobbies": 0.15,
        "working_style": 0.15,
        "reciprocity": 0.10,
        "past_experience": 0.05,
        "closeness": 0.05,
    }


@pytest.mark.parametrize("aim", AIMS)
def test_aims_are_presets_for_reverse_mentoring(aim: str) -> None:
    policy = pm.Policy.reverse_mentoring(aim)
    assert policy == pm.Policy.preset(aim)
    assert rules.LevelsBelow(at_least=2) in policy.rules


def test_more_rules_can_be_switched_on() -> None:
    """The rules that stand behind a # are rules as they stand."""
    text = pm.Policy.preset_text("reverse_mentoring")
    tail = text.split("take away the # to use one.\n")[1]
    lines = [line.removeprefix("#").strip() for line in tail.splitlines()]
    switched = pm.Policy.from_dict(tomllib.loads(text + "\n" + "\n".join(lines)))
    assert len(switched.rules) == len(pm.Policy.reverse_mentoring().rules) + 7


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_matches_a_synthetic_cohort(name: str) -> None:
    """As it stands, but for goals that the cohort has no columns or tables for; verified."""
    cohort = pm.datasets.synthetic(mentors=60, mentees=30, seed=5)
    policy = pm.Policy.preset(name).fitting(cohort)
    if name == "traditional":  # there the mentors are the seniors
        policy = policy.without("level_gap(at_least=1, at_most=3, senior=mentor)")
    matching = pm.match(cohort, policy)
    pm.verify(matching, cohort, policy)
    assert matching.certificate.gap == 0
    assert len(matching.pairs) > 0 or name == "peer"


def test_an_unknown_preset_is_told() -> None:
    with pytest.raises(pm.CallError, match=r"there is no preset 'peers'.*Did you mean 'peer'"):
        pm.Policy.preset("peers")
    with pytest.raises(pm.CallError, match=r"an aim is one of .* take Policy.preset\('peer'\)"):
        pm.Policy.reverse_mentoring("peer")
    with pytest.raises(pm.CallError, match=r"there is no preset '7'"):
        pm.Policy.preset_text(7)  # type: ignore[arg-type]


def test_without_takes_rules_and_goals_out() -> None:
    policy = pm.Policy.reverse_mentoring()
    fewer = policy.without("preferences", "not_same_team")
    assert [goal.name for goal in fewer.goals] == [g.name for g in policy.goals if g.name != "preferences"]
    assert rules.NotSameTeam() not in fewer.rules
    assert policy.without() == policy
    assert pm.Policy.preset("inclusion").without("trained_for") == pm.Policy.preset("inclusion").without(
        "trained_for(equality, diversity and inclusion)"
    )
    with pytest.raises(pm.CallError, match=r"no rule or goal 'preference', or several; .*preferences;"):
        policy.without("preference")
    twice = pm.Policy(goals=[goals.Same("team", weight=1), goals.Same("region", weight=1)])
    with pytest.raises(pm.CallError, match=r"'same', or several; there are: same\(team\); same\(region\)"):
        twice.without("same")


def test_fitting_leaves_out_goals_and_never_rules() -> None:
    """Absent columns and tables take goals away; a rule that cannot be kept is an error still."""
    mentors = pd.DataFrame({"id": ["a"], "level": [1], "hobbies": ["chess"]})
    mentees = pd.DataFrame({"id": ["b"], "level": [4], "hobbies": ["chess"]})
    cohort = pm.Cohort(mentors, mentees)
    fitted = pm.Policy.reverse_mentoring().fitting(cohort)
    assert fitted.goals == (goals.SharedHobbies(weight=0.15),)
    assert fitted.rules == pm.Policy.reverse_mentoring().rules
    with pytest.raises(pm.PolicyError, match="'different_department' needs the field 'department'"):
        pm.match(cohort, fitted)


def test_fitting_keeps_what_is_wrong_otherwise() -> None:
    """A field of another kind is a mistake to be told, not a field that is absent."""
    frames = [pd.DataFrame({"id": [who], "note": ["x"]}) for who in "ab"]
    cohort = pm.Cohort(*frames, schema=pm.Schema(fields={"note": "text"}))
    policy = pm.Policy(goals=[goals.SharedTerms("note", weight=1)])
    assert policy.fitting(cohort) == policy


def test_fitting_refuses_to_leave_nothing() -> None:
    """Each goal says what it lacks."""
    cohort = pm.Cohort(*(pd.DataFrame({"id": [who]}) for who in "ab"))
    with pytest.raises(pm.PolicyError, match="'shared_hobbies' needs the field 'hobbies'") as caught:
        pm.Policy.reverse_mentoring().fitting(cohort)
    assert len({finding.hint.split("'")[1] for finding in caught.value.findings}) == 7


def test_asking_for_like_identity_takes_nobodys_place() -> None:
    """One mentor, two mentees, alike in all but that one asks: the better pair is made."""
    fields = {"identity": ["x"], "hobbies": ["chess"], "department": ["IT"], "team": ["t"], "level": [1]}
    mentors = pd.DataFrame(
        {"id": ["m"], **fields, "opted_in": ["yes"], "trained": ["yes"], "trained_for": [""]}
    )
    asking = {"identity_to_match": ["x", ""], "asks_for_match": ["yes", "no"], "hobbies": ["opera", "chess"]}
    both = {"department": ["Law", "Law"], "team": ["u", "v"], "level": [5, 5], "opted_in": ["yes"] * 2}
    mentees = pd.DataFrame({"id": ["asks", "shares"], **asking, **both, "trained": ["yes"] * 2})
    mentees["topics_wanted"], mentors["topics_offered"] = ["AI", "AI"], ["AI"]
    mentors["trained_for"] = mentors["manager"] = mentees["manager"] = ""
    cohort = pm.Cohort(mentors, mentees, schema=pm.Schema.preset("inclusion"))
    policy = pm.Policy.preset("inclusion").fitting(cohort)
    assert any(goal.name == "overlap" for goal in policy.goals)
    assert pm.match(cohort, policy.without("outside_management_line")).pairs["mentee"].tolist() == ["shares"]
