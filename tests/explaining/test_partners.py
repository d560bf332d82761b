"""`explain` for the partners: what each may read, and what none may."""

from __future__ import annotations

import pickle
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.explaining.partners import NOBODY, PartnerExplanation
from tests.explaining.partner_people import matching


@pytest.fixture(scope="module", name="made")
def fixture_made() -> pm.Matching:
    """Ana with Eve, and Ben with Fay; Gus has no place."""
    return matching()


def told(made: pm.Matching, audience: str, **who: str) -> PartnerExplanation:
    """What a partner reads."""
    found = pm.explain(made, **who, audience=audience)
    assert isinstance(found, PartnerExplanation)
    return found


def test_the_mentee_reads_what_the_mentor_allows(made: pm.Matching) -> None:
    """Reasons from open fields and from the reader's own wishes, in words; a band, and no number."""
    assert str(told(made, "mentee", mentee="eve")).splitlines() == [
        "Your mentor is ana: a very good match.",
        "  they offer what you wish for: python",
        "  you have hobbies in common: chess, golf",
        "  they have worked in your function",
    ]


def test_the_mentor_reads_of_the_topics_that_they_cover(made: pm.Matching) -> None:
    """The mentee lets them; the other wish, its priority and its must stay with the mentee."""
    found = told(made, "mentor", mentor="ana")
    assert found.partners["reason"].tolist() == [
        "they would like to learn what you offer: python",
        "you have hobbies in common: chess, golf",
        "they offer what you wish for: leading",
        "they have worked in your function",
    ]
    assert set(found.partners["band"]) == {"a very good match"}
    assert list(found.partners.columns) == ["partner", "band", "reason"]
    assert "tax" not in str(found)


def test_nothing_is_shown_that_was_not_allowed(made: pm.Matching) -> None:
    """Ben allows nothing, and Fay her hobbies: that golf and law are shared with Ben is Ben's to tell."""
    assert told(made, "mentee", mentee="fay").partners.values.tolist() == [
        ["ben", "a suitable partner", "the programme's rules and goals brought you together"]
    ]
    assert told(made, "mentor", mentor="ben").partners["reason"].tolist() == [
        "you have hobbies in common: golf"
    ]


def test_without_the_column_nothing_is_shown() -> None:
    """Who never asked may show nothing."""
    people = [pd.DataFrame({"id": [who], "hobbies": ["golf"]}) for who in ("m", "e")]
    made = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    assert "golf" not in str(told(made, "mentee", mentee="e"))


def test_asked_by_either_of_the_pair(made: pm.Matching) -> None:
    """Who reads decides, not by whom the pair is named."""
    for audience, reader in (("mentor", "ana"), ("mentee", "eve")):
        first, second = told(made, audience, mentor="ana"), told(made, audience, mentee="eve")
        assert (first.role, first.id, first.audience) == (audience, reader, audience)
        assert pickle.dumps(first.partners.values.tolist()) == pickle.dumps(second.partners.values.tolist())
        assert str(first) == str(second)


def test_partners_of_one_person_need_not_know_of_each_other() -> None:
    """A page for several readers is refused; a person's own page has all of their pairs, by id."""
    policy = pm.Policy(objective=("mentees",))
    people = pd.DataFrame({"id": ["m"], "capacity": [3]}), pd.DataFrame({"id": ["e2", "e1", "e3"]})
    made = pm.match(pm.Cohort(*people), policy)
    with pytest.raises(pm.CallError, match="the mentor has 3 partners, and each may read of their own pair"):
        pm.explain(made, mentor="m", audience="mentee")
    assert told(made, "mentor", mentor="m").partners["partner"].tolist() == ["e1", "e2", "e3"]
    assert len(told(made, "mentor", mentee="e2").partners) == 3


def test_who_has_no_partner_reads_the_same_always() -> None:
    """Whatever the reason is: it would be about other people, or about what nobody told them."""
    people = (
        pd.DataFrame({"id": ["m"], "capacity": [1]}),
        pd.DataFrame({"id": ["e1", "e2"], "active": ["", "no"]}),
    )
    vetoes = pd.DataFrame({"mentor": ["m"], "mentee": ["e1"], "by": ["mentor"]})
    policy = pm.Policy(rules=[rules.NotVetoed()], objective=("mentees",))
    made = pm.match(pm.Cohort(*people, vetoes=vetoes), policy)
    pages = {
        str(told(made, role, **{role: who}))
        for role, who in [("mentor", "m"), ("mentee", "e1"), ("mentee", "e2")]
    }
    assert pages == {NOBODY}
    with pytest.raises(pm.CallError, match="the mentee has 0 partners"):
        pm.explain(made, mentee="e1", audience="mentor")


def test_it_reads_well_everywhere(made: pm.Matching) -> None:
    """Short at the prompt, in full in a notebook, and without the matching when it is pickled."""
    found = told(made, "mentee", mentee="eve")
    assert repr(found) == "<PartnerExplanation for mentee eve>"
    assert found._repr_html_().startswith("<pre>Your mentor is ana")
    assert str(pickle.loads(pickle.dumps(found))) == str(found)
    assert not [value for value in vars(found).values() if isinstance(value, pm.Matching | pm.Cohort)]


@pytest.mark.parametrize(
    ("goal", "reason"),
    [
        (goals.Same("department", weight=1), "you have the same department"),
        (goals.Same("gender", weight=1, purpose="a test"), ""),
        (goals.Same("faith", weight=1, purpose="a test"), ""),
        (goals.SharedTerms("languages", weight=1), "you have languages in common: English, French"),
        (goals.Overlap("languages", "languages", weight=1), "you have languages in common: English, French"),
        (goals.Overlap("faith", "faith", weight=1, purpose="a test"), ""),
        (goals.Closeness("level", scale=3, weight=1), "you are close in level"),
        (goals.Closeness("reference_rating", scale=3, weight=1), ""),
        (goals.LevelGapTable({0: 1.0}, weight=1), "your levels suit each other"),
        (goals.LevelGapTable({2: 1.0}, weight=1), ""),
        (goals.WorkingStyle(columns=("style_pace",), weight=1), "you like to work in a similar way"),
        (goals.PersonScore("reference_rating", of="mentors", low=0, high=1, weight=1), ""),
        (goals.TopicCoverage(weight=1), "they offer what you wish for: python"),
        (goals.TopicCoverage(mentees="interests", weight=1), ""),
        (goals.Reciprocity(weight=1), ""),
        (goals.Overlap("topics_offered", "topics_wanted", weight=1), ""),
        (goals.Precomputed([("m", "e", 1.0)], weight=1), ""),
        (goals.PastExperience(weight=1), "they have worked in your function"),
    ],
)
@pytest.mark.parametrize("allowed", [True, False])
def test_goal_by_goal(goal: Any, reason: str, allowed: bool) -> None:
    """What each goal of the library tells a mentee whose mentor allows all, or nothing."""
    everything = (
        "department; gender; faith; languages; level; reference_rating; style_pace; topics_offered; "
        "topics_wanted; offers_back; wants_back; function; past_functions"
    )
    both = {
        "department": ["IT"],
        "gender": ["x"],
        "faith": ["y"],
        "languages": ["English; French"],
        "level": [1],
        "reference_rating": [0.5],
        "style_pace": [0.5],
        "topics_offered": ["python; English"],
        "topics_wanted": ["python"],
        "interests": ["python"],
        "offers_back": ["leading"],
        "wants_back": ["leading"],
        "function": ["law"],
        "past_functions": ["law"],
        "shown_to_partner": [everything if allowed else "nonsense"],
    }
    schema = pm.Schema(fields={"faith": {"kind": "list", "class": "special"}})
    people = pd.DataFrame({"id": ["m"], **both}), pd.DataFrame({"id": ["e"], **both})
    made = pm.match(pm.Cohort(*people, schema=schema), pm.Policy(goals=[goal]))
    found = told(made, "mentee", mentee="e").partners["reason"].tolist()
    assert found == [reason if reason and allowed else "the programme's rules and goals brought you together"]


@pytest.mark.parametrize(
    ("ours", "theirs", "mentor", "mentee"),
    [
        (
            (["law"], ["tax"]),
            (["tax"], [""]),
            "you have worked in their function",
            "they have worked in your function",
        ),
        (
            (["law"], [""]),
            (["tax"], ["law"]),
            "they have worked in your function",
            "you have worked in their function",
        ),
        ((["law"], ["it"]), (["tax"], ["it"]), *["you have both worked in the same function before"] * 2),
        (
            (["law"], ["it"]),
            (["tax"], ["sea"]),
            *["the programme's rules and goals brought you together"] * 2,
        ),
    ],
)
def test_experience_either_way(ours: Any, theirs: Any, mentor: str, mentee: str) -> None:
    """Who has worked where the other works, told to both."""
    shown = {"shown_to_partner": ["function; past_functions"]}
    people = [
        pd.DataFrame({"id": [who], "function": function, "past_functions": past, **shown})
        for who, (function, past) in (("m", ours), ("e", theirs))
    ]
    made = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.PastExperience(weight=1)]))
    for audience, words in (("mentor", mentor), ("mentee", mentee)):
        assert told(made, audience, mentor="m").partners["reason"].tolist() == [words]


def test_a_goal_of_ones_own_is_not_told() -> None:
    """Nothing says what it looks at; a class derived from the library's is one's own too."""

    class Mine(goals.SharedHobbies):
        """Has more to tell than its parent."""

    made = matching(pm.Policy(goals=[Mine(weight=1)]))
    assert "hobbies" not in str(told(made, "mentee", mentee="eve"))


def test_a_wish_declared_protected_is_told_to_nobody() -> None:
    """Where the organisation says that wanted topics are special, the mentor reads none of them."""
    schema = pm.Schema(fields={"topics_wanted": {"kind": "topics", "class": "special"}})
    people = (
        pd.DataFrame({"id": ["m"], "topics_offered": ["python"], "shown_to_partner": ["topics_offered"]}),
        pd.DataFrame({"id": ["e"], "topics_wanted": ["python"], "shown_to_partner": ["topics_wanted"]}),
    )
    goal = goals.TopicCoverage(weight=1, purpose="a test")
    made = pm.match(pm.Cohort(*people, schema=schema), pm.Policy(goals=[goal]))
    assert "python" not in str(told(made, "mentor", mentor="m"))
    assert "python" not in str(told(made, "mentee", mentee="e"))


def test_a_long_list_is_cut() -> None:
    """Ten entries, then a count."""
    words = "; ".join(f"word{k:02}" for k in range(14))
    people = [
        pd.DataFrame({"id": [who], "hobbies": [words], "shown_to_partner": ["hobbies"]}) for who in "me"
    ]
    made = pm.match(pm.Cohort(*people), pm.Policy(goals=[goals.SharedHobbies(weight=1)]))
    assert str(told(made, "mentee", mentee="e")).endswith("word08, word09 and 4 more")
