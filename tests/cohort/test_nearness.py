"""How near two words are, for one pair of people in plain Python."""

from __future__ import annotations

import pandas as pd
import pytest

from pairmatch.cohort import Cohort, nearness


def test_pairs_of_words_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are remembered, the answer is the thesaurus's."""
    people = Cohort(
        pd.DataFrame({"id": ["m"], "hobbies": ["chess; hiking"], "languages": ["fr"]}),
        pd.DataFrame({"id": ["e"], "hobbies": ["climbing"], "languages": ["de"]}),
    )
    words = ("accounting", "auditing", "ai tools", "ai agents", "opera")
    fields = ("hobbies", "hobbies")
    pairs = [(one, other) for one in words for other in words]
    credits = [people.thesaurus.credit(one, other) for one, other in pairs]
    assert len(set(credits)) > 2
    for most in (0, 2, 100):
        monkeypatch.setattr(nearness, "MOST_KNOWN", most)
        for _ in range(2):
            assert [nearness.near(people, fields, pair, {}) for pair in pairs] == credits
    assert nearness.near(people, ("languages", "languages"), ("hiking", "climbing"), {}) == 0
