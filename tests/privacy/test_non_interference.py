"""Whatever is protected has no part in what a partner reads: drawn anew, no byte of it changes (law §12)."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from tests.privacy.worlds import SCHEMA, World, flipped, seen, world

EXAMPLES = {"ci": 5, "proof": 200}.get(os.environ.get("HYPOTHESIS_PROFILE", "dev"), 40)
"""One example makes three matchings."""

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=EXAMPLES)
@given(SEEDS, st.integers(2, 5))
def test_no_byte_changes(seed: int, n: int) -> None:
    """Of one pair all that is protected, and of everybody else all there is: the pair reads the same."""
    random = np.random.default_rng(seed)
    before = world(random, n)
    first = before.matched()
    pairs = [(made.mentor, made.mentee) for made in first.made]
    if not pairs:
        return
    focus = int(random.integers(len(pairs)))
    after = flipped(before, random, pairs, focus)
    told = seen(first, *pairs[focus])
    event("reasons" if "brought you together" not in told["mentee explain"] else "no reasons")
    for matching in (before.matched(pairs), after.matched(pairs)):
        assert pairs[focus] in {(made.mentor, made.mentee) for made in matching.made}
        assert seen(matching, *pairs[focus]) == told


@settings(max_examples=EXAMPLES)
@given(SEEDS)
def test_where_the_pairs_stay_by_themselves(seed: int) -> None:
    """The same without required pairs: one protected column of everybody is drawn anew, the pairs stay."""
    random = np.random.default_rng(seed)
    before, other = world(random, 4), world(random, 4)
    name = str(random.choice(["faith", "asks", "gender", "age", "secret", "reference_rating"]))
    after = World(
        before.mentors.assign(**{name: other.mentors[name]}),
        before.mentees.assign(**{name: other.mentees[name]}),
        before.preferences,
        before.vetoes,
    )
    first, second = before.matched(), after.matched()
    pairs = [{(made.mentor, made.mentee) for made in matching.made} for matching in (first, second)]
    event("the pairs stay" if pairs[0] == pairs[1] else "the pairs change")
    for pair in pairs[0] & pairs[1]:
        assert seen(first, *pair) == seen(second, *pair)


@pytest.mark.parametrize("who", ["m1", "e1"])
def test_who_has_no_partner_reads_the_same(who: str) -> None:
    """Vetoed, resting, full up or too light: nothing tells which."""
    random = np.random.default_rng(1)
    role = {"m": "mentor", "e": "mentee"}[who[0]]
    pages = set()
    for _ in range(2):
        drawn = world(random, 3)
        everybody = [(f"m{i}", f"e{j}") for i in range(3) for j in range(3)]
        vetoes = pd.DataFrame([pair for pair in everybody if who in pair], columns=["mentor", "mentee"])
        vetoed = World(drawn.mentors, drawn.mentees, drawn.preferences, vetoes).matched()
        people = [side.assign(active=["yes", "no", "yes"]) for side in (drawn.mentors, drawn.mentees)]
        resting = World(*people, drawn.preferences, drawn.vetoes).matched()
        for matching in (vetoed, resting):
            pages.add(str(pm.explain(matching, **{role: who}, audience=role)))
    assert len(pages) == 1


# -- what the law lets each read (law §12) -----------------------------------------------------


def two(wanted: str, wants_back: str = "", allows: str = "topics_wanted; offers_back") -> pm.Matching:
    """One pair: the mentor offers python and law, the mentee gives leading in return."""
    mentor = {"id": ["m"], "topics_offered": ["python; law"], "wants_back": [wants_back]}
    mentee = {
        "id": ["e"],
        "topics_wanted": [wanted],
        "offers_back": ["leading"],
        "shown_to_partner": [allows],
    }
    cohort = pm.Cohort(
        pd.DataFrame({**mentor, "shown_to_partner": ["topics_offered; wants_back"]}),
        pd.DataFrame(mentee),
        schema=SCHEMA,
    )
    policy = pm.Policy(goals=[pm.goals.TopicCoverage(weight=1), pm.goals.Reciprocity(weight=1)])
    return pm.match(cohort, policy)


def test_a_covered_topic_is_for_the_mentor_who_covers_it() -> None:
    """And only where the mentee says so: what is not covered, priorities and musts stay unseen."""
    texts = [seen(two(wanted), "m", "e") for wanted in ("python", "python:3!; tax", "law", "python")]
    assert texts[0] == texts[1] == texts[3]
    assert texts[0]["mentor explain"] != texts[2]["mentor explain"]
    silent = [seen(two(wanted, allows="hobbies"), "m", "e")["mentor explain"] for wanted in ("python", "law")]
    assert silent[0] == silent[1]


def test_nobodys_own_wishes_are_hidden_from_themself() -> None:
    """A mentee reads which of their wishes the mentor covers; the mentee reads nothing of the mentor's."""
    first, second = seen(two("python"), "m", "e"), seen(two("law"), "m", "e")
    assert first["mentee explain"] != second["mentee explain"]
    mine, other = seen(two("python", "leading"), "m", "e"), seen(two("python", "tax"), "m", "e")
    assert mine["mentor explain"] != other["mentor explain"]
    assert {k: v for k, v in mine.items() if k.startswith("mentee")} == {
        k: v for k, v in other.items() if k.startswith("mentee")
    }
