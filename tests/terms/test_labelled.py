"""The thesaurus against people's judgement, beside the ways that know only letters."""

from __future__ import annotations

import re

import pytest

from pairmatch.terms import Thesaurus
from tests.source import ROOT
from tests.terms.labelled import WAYS, auc, hits, pairs, right, thesaurus

MARGIN = 0.25
"""By how much the thesaurus's area under the curve is to exceed each other way's."""

MEASURES = {
    "related or the same": (("same", "related"), ""),
    "the same": (("same",), ""),
    "related or the same, without lookalikes": (("same", "related"), "lookalike"),
}
"""Labels that count as a match, and the kind of pairs left out."""


def test_the_set_is_what_it_says() -> None:
    """Some 200 different pairs, of every label, with lookalikes and words that nobody foresaw."""
    texts = [frozenset((pair.a, pair.b)) for pair in pairs()]
    assert len(set(texts)) == len(texts) >= 150
    assert {pair.label for pair in pairs()} == {"same", "related", "unrelated"}
    assert {"alias", "brand", "acronym", "typo", "category", "lookalike", "rare"} <= set(hits())


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("other", [way for way in WAYS if way != "thesaurus"])
def test_meaning_beats_letters(measure: tuple[tuple[str, ...], str], other: str) -> None:
    """The thesaurus tells apart what belongs together and what does not, clearly better than letters do."""
    assert auc(WAYS["thesaurus"], *measure) >= auc(WAYS[other], *measure) + MARGIN


def test_no_lookalike_fools_it() -> None:
    """Words that share letters only get no credit at all."""
    assert [pair for pair in pairs() if pair.kind == "lookalike" and thesaurus(pair.a, pair.b)] == []


def test_every_match_is_told_in_words() -> None:
    """Wherever there is credit there is a reason that names both texts, and nowhere else."""
    words = Thesaurus.standard()
    for pair in pairs():
        reason = words.why(pair.a, pair.b)
        assert bool(reason) == bool(thesaurus(pair.a, pair.b)), pair
        for text in (pair.a, pair.b) if reason else ():
            name = words.find(text)
            assert text in reason or (name and name.name in reason), reason


def test_misses_are_left_in() -> None:
    """A set that the words get wholly right would measure nothing."""
    assert [pair for pair in pairs() if not right(pair)]


def measured() -> dict[str, list[str]]:
    """The rows of the page's tables, as they are measured."""
    areas = {way: [f"{auc(f, *measure):.2f}" for measure in MEASURES.values()] for way, f in WAYS.items()}
    return areas | {kind: [str(found), str(all_)] for kind, (found, all_) in hits().items()}


def test_the_page_tells_what_is_measured() -> None:
    """The numbers of docs/thesaurus.md are the ones measured here."""
    page = (ROOT / "docs" / "thesaurus.md").read_text(encoding="utf-8")
    rows = [re.split(r" *\| *", line.strip("| ")) for line in page.splitlines() if line.startswith("|")]
    numbers = measured()
    told = {row[0]: row[1 : 1 + len(numbers[row[0]])] for row in rows if row[0] in numbers}
    assert told == numbers
