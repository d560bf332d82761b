"""Hobbies and topics by meaning: aliases, near words in part, an encoder; and in words."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals
from pairmatch.cohort import Block
from pairmatch.cohort.nearness import best, nearness

WORDS = pm.Thesaurus.from_dict(
    {
        "concepts": {
            "sport": {},
            "mountain sports": {"broader": "sport"},
            "rock climbing": {"broader": "mountain sports", "aliases": ["bouldering"]},
            "hiking": {"broader": "mountain sports"},
            "skiing": {"broader": "mountain sports"},
            "golf": {"broader": "sport"},
            "programming": {},
            "scripting": {"broader": "programming"},
            "python": {"broader": "scripting"},
            "perl": {"broader": "scripting"},
        }
    }
)
HOBBIES = goals.SharedHobbies(weight=1)
TOPICS = goals.TopicCoverage(weight=1)


def cohort(
    mentors: dict[str, list[str]], mentees: dict[str, list[str]], words: pm.Thesaurus = WORDS
) -> pm.Cohort:
    frames = [pd.DataFrame({"id": [f"{s}{k}" for k in range(len(next(iter(t.values()))))], **t})
              for s, t in (("m", mentors), ("e", mentees))]  # fmt: skip
    return pm.Cohort(*frames, thesaurus=words)


def hobbies(ours: str, theirs: str, words: pm.Thesaurus = WORDS) -> pm.Cohort:
    return cohort({"hobbies": [ours]}, {"hobbies": [theirs]}, words)


def score(goal: goals.PairGoal, made: pm.Cohort) -> float | None:
    """One pair's score, by both forms."""
    told = goal.score_pair(made.mentors.person(0), made.mentees.person(0))
    block = float(goal.score(Block.whole(made))[0, 0])
    assert block == told or (told is None and math.isnan(block))
    return told


def test_an_alias_is_the_same_hobby() -> None:
    """Under whatever name, it is shared in full, and as rare as all its names together."""
    assert score(HOBBIES, hobbies("bouldering", "Rock-climbing")) == 1.0
    assert score(HOBBIES, hobbies("bouldering; golf", "rock climbing; golf")) == 1.0


def test_near_hobbies_count_in_part() -> None:
    """Two of one narrow group are a quarter each; under a wide heading nothing is near; no part of a word."""
    assert score(HOBBIES, hobbies("bouldering", "hiking")) == math.sqrt(0.25)
    assert score(HOBBIES, hobbies("bouldering", "mountain sports")) == math.sqrt(0.5)
    assert score(HOBBIES, hobbies("golf", "hiking")) == 0.0
    assert score(HOBBIES, hobbies("climbing", "hik")) == 0.0


def test_each_entry_counts_by_its_nearest_one() -> None:
    """What is covered, over that and twice what the list with more left over has left over."""
    rare = round(1024 * math.log2(4))  # each is one person's of two; hiking and skiing one of one list
    hiking = round(1024 * math.log2(3))
    assert rare == 2048
    covered, left = hiking * 0.25 * 3, hiking * 0.75 * 2
    assert score(HOBBIES, hobbies("bouldering", "hiking; skiing")) == math.sqrt(
        covered / (covered + 2 * left)
    )
    climbing, golf = 1024, hiking
    shared = math.sqrt(climbing / (climbing + golf))
    assert score(HOBBIES, hobbies("bouldering", "rock climbing; golf")) == shared


def test_ticking_every_box_does_not_win() -> None:
    """Who lists all there is scores below who shares one of two."""
    everything = "; ".join(ENTRIES)
    one, all_ = (score(HOBBIES, hobbies(ours, "hiking; golf")) for ours in ("golf; chess", everything))
    assert all_ < one


ENTRIES = [
    "bouldering",
    "hiking",
    "skiing",
    "golf",
    "python",
    "perl",
    "mountain sports",
    "sport",
    "chess",
    "go",
]


@given(
    st.lists(st.sampled_from(ENTRIES), min_size=1, unique=True),
    st.lists(st.sampled_from(ENTRIES), min_size=1, unique=True),
    st.sampled_from(ENTRIES),
)
def test_one_entry_more_in_common_never_lowers(ours: list[str], theirs: list[str], more: str) -> None:
    """Whoever takes it up, the one who lacks it or both, with the rarities held."""
    before = hobbies("; ".join(ours), "; ".join(theirs))
    goal = HOBBIES.bind(HOBBIES.fit(before))
    after = hobbies("; ".join({*ours, more}), "; ".join({*theirs, more}))
    assert score(goal, after) >= score(goal, before)


def test_without_words_every_entry_stands_for_itself() -> None:
    """The empty thesaurus knows neither names nor nearness."""
    empty = pm.Thesaurus.empty()
    assert score(HOBBIES, hobbies("bouldering", "rock climbing", empty)) == 0.0
    rarity = {"hiking": 1024, "skiing": round(1024 * math.log2(3))}  # of two people and of one
    whole = sum(rarity.values())
    assert score(HOBBIES, hobbies("hiking", "skiing; hiking", empty)) == math.sqrt(rarity["hiking"] / whole)


def test_the_nearest_topic_offered_counts_for_a_wish() -> None:
    """By proficiency and nearness, rounded to thousandths; the best one alone."""
    made = cohort({"topics_offered": ["perl:0.9; scripting:0.3"]}, {"topics_wanted": ["python:3; perl"]})
    perl, scripting = round(900 * 0.25), round(300 * 0.5)
    assert score(TOPICS, made) == (3 * max(perl, scripting) + 900) / 4 / 1000


def test_reciprocity_is_coverage_the_other_way_round() -> None:
    """What the mentor wants, the mentee offers."""
    back = goals.Reciprocity(weight=1)
    made = cohort({"wants_back": ["python:2; golf"]}, {"offers_back": ["Python:0.5"]})
    turned = cohort({"topics_offered": ["Python:0.5"]}, {"topics_wanted": ["python:2; golf"]})
    assert score(back, made) == score(TOPICS, turned) == 2 * 0.5 / 3
    assert score(back, cohort({"wants_back": [""]}, {"offers_back": ["x"]})) is None
    assert back.label == "reciprocity"
    assert goals.Reciprocity(weight=1, mentors="interests").label == "reciprocity(interests, offers_back)"


def test_fields_of_other_kinds_are_compared_letter_by_letter() -> None:
    """A language, or a declared list without meaning, is near to nothing; with meaning it is."""
    plain = pm.Schema(fields={"clubs": {"kind": "list"}}, thesaurus=WORDS)
    meant = pm.Schema(fields={"clubs": {"kind": "list", "meaning": True}}, thesaurus=WORDS)
    goal = goals.SharedTerms("clubs", weight=1)
    frames = (
        pd.DataFrame({"id": ["m"], "clubs": ["bouldering"]}),
        pd.DataFrame({"id": ["e"], "clubs": ["hiking"]}),
    )
    assert score(goal, pm.Cohort(*frames, schema=plain)) == 0.0
    assert score(goal, pm.Cohort(*frames, schema=meant)) == math.sqrt(0.25)


def encoder(phrases: Sequence[str]) -> np.ndarray:
    """A toy: phrases with the same first letter point the same way."""
    return np.array([[1.0, 0.0] if phrase.startswith("o") else [0.5, 0.5] for phrase in phrases])


def test_an_encoder_is_asked_once() -> None:
    """What it said is learnt, by hashes; the bound goal needs it no more."""
    there = hobbies("opera", "operetta", pm.Thesaurus.empty().with_encoder(encoder))
    gone = hobbies("opera", "operetta", pm.Thesaurus.empty())
    learnt = json.loads(json.dumps(HOBBIES.fit(there)))
    assert list(learnt["near"].values()) == [1000]
    assert "opera" not in json.dumps(learnt)
    assert score(HOBBIES, gone) == 0.0
    assert score(HOBBIES.bind(learnt), gone) == score(HOBBIES, there) == 1.0
    assert score(HOBBIES.bind(learnt), hobbies("opera", "unknown", pm.Thesaurus.empty())) == 0.0


def test_a_matching_read_again_needs_no_encoder(tmp_path: object) -> None:
    """The learnt nearness is written with the matching, and verify uses it."""
    frames = (
        pd.DataFrame({"id": ["m"], "hobbies": ["opera"]}),
        pd.DataFrame({"id": ["e"], "hobbies": ["operetta"]}),
    )
    empty = pm.Thesaurus.empty()
    made = pm.match(pm.Cohort(*frames, thesaurus=empty.with_encoder(encoder)), pm.Policy(goals=[HOBBIES]))
    made.write(str(tmp_path))
    cohort = pm.Cohort(*frames, thesaurus=empty)
    again = pm.Matching.read(str(tmp_path), cohort)
    assert again.pairs["weight"].tolist() == [1.0]
    with pytest.raises(pm.VerificationError, match=r"encoder_needed.*shared_hobbies"):
        pm.verify(again, cohort, again.policy)
    checked = pm.verify(again, cohort, again.policy, encoder="take")
    assert checked.taken_as_told == ("shared_hobbies",)
    assert "taken as told by an encoder: nearness of words in shared_hobbies" in str(checked)
    with_encoder = pm.Cohort(*frames, thesaurus=empty.with_encoder(encoder))
    assert pm.verify(again, with_encoder, again.policy).taken_as_told == ()
    deaf = pm.Cohort(*frames, thesaurus=empty.with_encoder(lambda phrases: np.eye(len(phrases))))
    with pytest.raises(pm.VerificationError, match="wrong_fit"):
        pm.verify(again, deaf, again.policy)
    assert "'opera' is near 'operetta'" in str(pm.explain(again, mentor="m"))


def test_a_match_is_told_in_words() -> None:
    """Every shared entry, by the words that the people wrote."""
    frames = (
        pd.DataFrame({"id": ["m"], "hobbies": ["bouldering; golf; chess"], "topics_offered": ["Perl"]}),
        pd.DataFrame({"id": ["e"], "hobbies": ["Golf; rock climbing; opera"], "topics_wanted": ["python"]}),
    )
    made = pm.match(pm.Cohort(*frames, thesaurus=WORDS), pm.Policy(goals=[HOBBIES, TOPICS]))
    told = dict(pm.explain(made, mentee="e").partners[["goal", "evidence"]].to_numpy().tolist())
    assert told["shared_hobbies"] == "both: golf; 'bouldering' is another name of 'rock climbing'"
    assert told["topic_coverage"].endswith("python (0.25); 'python' and 'perl' both belong to 'scripting'")
    people = made.cohort.mentors.person(0), made.cohort.mentees.person(0)
    assert HOBBIES.told(*people) == "'bouldering' is another name of 'rock climbing'; golf"
    assert TOPICS.told(*people) == "'python' and 'perl' both belong to 'scripting'"


def test_other_words_make_another_cohort() -> None:
    """A stored matching is not held against other words."""
    assert hobbies("golf", "golf").fingerprint != hobbies("golf", "golf", pm.Thesaurus.empty()).fingerprint


def test_the_words_travel_with_the_schema(tmp_path: object) -> None:
    """By name, by content, and by a file beside the policy."""
    from pathlib import Path

    folder = Path(str(tmp_path))
    WORDS.write(folder / "words.toml")
    (folder / "policy.toml").write_text('schema = 1\nthesaurus = "words.toml"\nobjective = ["mentees"]\n')
    schema = pm.Schema.read(folder / "policy.toml")
    assert schema.thesaurus == WORDS
    assert pm.Policy.read(folder / "policy.toml").objective == ("mentees",)
    assert pm.Schema.from_dict(schema.to_dict()) == schema
    assert "thesaurus" not in pm.Schema().to_dict()
    assert pm.Schema(thesaurus=pm.Thesaurus.empty()).to_dict()["thesaurus"] == "none"
    assert pm.Schema.from_dict({"thesaurus": "none"}).thesaurus == pm.Thesaurus.empty()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (7, "bad_thesaurus"),
        ("words.toml", "bad_thesaurus"),
        ({"concepts": {"a": {"broader": "nowhere"}}}, "unknown_broader"),
    ],
)
def test_a_thesaurus_that_cannot_be_used_is_refused(words: object, code: str) -> None:
    with pytest.raises(pm.SchemaError) as caught:
        pm.Schema.from_dict({"thesaurus": words})
    assert [finding.code for finding in caught.value.findings] == [code]


def test_something_else_is_no_thesaurus() -> None:
    with pytest.raises(pm.SchemaError, match="hand in a Thesaurus"):
        cohort({"hobbies": ["golf"]}, {"hobbies": ["golf"]}, "words.toml")  # type: ignore[arg-type]


def test_meaning_is_for_lists_alone() -> None:
    with pytest.raises(pm.SchemaError, match="only lists and topics are compared by meaning"):
        pm.Schema(fields={"motto": {"kind": "text", "meaning": True}})
    with pytest.raises(pm.SchemaError, match="meaning is true or false"):
        pm.Schema(fields={"clubs": {"kind": "list", "meaning": "yes"}})
    meant = pm.Schema(fields={"clubs": {"kind": "list", "meaning": True}, "hobbies": {"meaning": False}})
    assert pm.Schema.from_dict(meant.to_dict()) == meant


def test_misspelt_entries_are_noted() -> None:
    """How many, not which: notes hold no word of a profile."""
    words = pm.Thesaurus.from_dict({"concepts": {"photography": {}}})
    made = cohort({"hobbies": ["photograpy; chess"]}, {"hobbies": ["photography"]}, words)
    assert made.notes["code"].tolist() == ["corrected_spelling"]
    assert made.notes["hint"][0].startswith("1 entry of this column resembled")
    assert score(HOBBIES, made) == score(HOBBIES, hobbies("photography; chess", "photography"))


@given(st.integers(0, 2**32))
def test_the_best_of_a_list_equals_the_plain_definition(seed: int) -> None:
    """For every person and term: the most that any of the person's entries is worth, rounded half up.

    However few people are looked at in one go.
    """
    from scipy.sparse import csr_array

    from pairmatch.cohort import nearness as module

    draw = random.Random(seed)
    rows = [[draw.choice([0, 0, 0, 300, 700, 1000]) for _ in range(5)] for _ in range(4)]
    near = [[1000 if i == j else draw.choice([0, 0, 250, 500]) for j in range(5)] for i in range(5)]
    matrices = csr_array(np.array(rows, float)), csr_array(np.array(near, float))
    told = best(*matrices).toarray()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ENTRIES", draw.choice([1, 3, 7]))
        assert np.array_equal(best(*matrices).toarray(), told)
    columns = list(zip(*near, strict=True))

    def plain(row: list[int], column: tuple[int, ...]) -> int:
        return max((weight * nearness + 500) // 1000 for weight, nearness in zip(row, column, strict=True))

    assert told.tolist() == [[plain(row, column) for column in columns] for row in rows]


def test_nearness_of_no_terms() -> None:
    """Nobody told a hobby."""
    assert nearness(hobbies("", ""), "hobbies", "hobbies", {}) is None


@pytest.mark.parametrize(
    "near",
    [
        7,
        {"a-b": 1},
        {"0" * 16: 5},
        {f"{'0' * 16}-{'1' * 16}": 0},
        {f"{'0' * 16}-{'1' * 16}": True},
        {f"{'1' * 16}-{'0' * 16}": 5},
        {f"{'1' * 16}-{'1' * 16}": 5},
    ],
)
def test_damaged_nearness_is_refused(near: object) -> None:
    """A file may hold anything."""
    with pytest.raises((TypeError, ValueError)):
        TOPICS.bind({"near": near})


def test_what_is_taken_as_told_is_at_least_possible() -> None:
    """Words that nobody of the cohort has cannot have been told near."""
    frames = [
        pd.DataFrame({"id": [who], "hobbies": [what]}) for who, what in (("m", "opera"), ("e", "operetta"))
    ]
    empty = pm.Thesaurus.empty()
    made = pm.match(pm.Cohort(*frames, thesaurus=empty.with_encoder(encoder)), pm.Policy(goals=[HOBBIES]))
    fitted = json.loads(json.dumps(made.fitted))
    fitted["fitted"]["shared_hobbies"]["near"][f"{'0' * 16}-{'1' * 16}"] = 7
    forged = replace(made, fitted=fitted)
    with pytest.raises(pm.VerificationError, match="wrong_fit"):
        pm.verify(forged, pm.Cohort(*frames, thesaurus=empty), made.policy, encoder="take")


def test_verify_takes_or_checks() -> None:
    """Nothing else."""
    frames = [pd.DataFrame({"id": [who], "hobbies": ["opera"]}) for who in "me"]
    made = pm.match(pm.Cohort(*frames), pm.Policy(goals=[HOBBIES]))
    with pytest.raises(pm.CallError, match="'encoder' must be 'check' or 'take'"):
        pm.verify(made, made.cohort, made.policy, encoder="trust")  # type: ignore[arg-type]


@pytest.mark.parametrize("goal", [TOPICS, goals.Overlap("topics_offered", "topics_wanted", weight=1)])
def test_two_fields_are_compared_alike(goal: goals.PairGoal) -> None:
    """By meaning both or neither; else the same word would not be the same."""
    frames = (
        pd.DataFrame({"id": ["m"], "topics_offered": ["ai"]}),
        pd.DataFrame({"id": ["e"], "topics_wanted": ["AI"]}),
    )
    mixed = pm.Schema(fields={"topics_wanted": {"kind": "topics", "meaning": False}})
    with pytest.raises(pm.PolicyError, match="of which one is compared by meaning and the other is not"):
        pm.match(pm.Cohort(*frames, schema=mixed), pm.Policy(goals=[goal]))


def test_an_encoder_leaves_only_the_nearest() -> None:
    """Of fifty words that are all near, each keeps some twenty, and they are the nearest."""
    words = [f"word {k:02d}" for k in range(50)]
    spread = pm.Thesaurus.empty().with_encoder(
        lambda phrases: np.array([[1.0, int(p[-2:]) / 100] for p in phrases]), low=0.9, high=1.0
    )
    learnt = HOBBIES.fit(hobbies("; ".join(words[:25]), "; ".join(words[25:]), spread))["near"]
    assert 50 * 10 <= len(learnt) < 50 * 20
    alone = HOBBIES.fit(hobbies(words[24], words[25], spread))["near"]
    assert alone.items() <= learnt.items()
