"""Which unknown texts are read as known ones, and which are left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairmatch.terms import Thesaurus
from pairmatch.terms.correction import Corrector

KNOWN = (
    "board games", "caving", "charity", "cities", "conservation", "dog", "embroidery", "knitting",
    "negotiation", "photography", "public speaking", "sailing", "selling", "skiing", "yoga",
)  # fmt: skip


def known(text: str, left_alone: tuple[str, ...] = ()) -> str | None:
    """What a text is read as, each word a concept of its own."""
    return Corrector({word: word for word in KNOWN}, left_alone).known(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("knittting", "knitting"),
        ("kniting", "knitting"),
        ("kinitting", "knitting"),
        ("knititng", "knitting"),
        ("embroidary", "embroidery"),
        ("embrodery", "embroidery"),
        ("negociation", "negotiation"),
        ("photograpy", "photography"),
        ("boardgames", "board games"),
        ("board game", "board games"),
        ("dogs", "dog"),
        ("city", "cities"),
        ("playing board games", "board games"),
        ("learning embroidery", "embroidery"),
        ("negotiation skills", "negotiation"),
        ("pubilc speaknig", "public speaking"),
    ],
)
def test_corrected(text: str, word: str) -> None:
    """Letters doubled, missed, added, swapped; another number; a filler before or after."""
    assert known(text) == word


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("caring", "one wrong letter in a short word makes another word"),
        ("clarity", "one letter in seven, too"),
        ("conversation", "a swap and a wrong letter"),
        ("hnitting", "the first letter is taken to be right"),
        ("yogga", "too short"),
        ("publc speakng", "two letters missed in fifteen"),
        ("photo", "a part is not the whole"),
        ("photography of trains", "nor the whole a part"),
    ],
)
def test_not_corrected(text: str, reason: str) -> None:
    """What may be a word of its own stays one."""
    assert known(text) is None, reason


def test_ties_are_left_alone() -> None:
    """Between two concepts that are as near nobody chooses; two words of one concept are no tie."""
    assert Corrector({"woodcarving": "a", "woodcarvung": "b"}).known("woodcarveng") is None
    assert Corrector({"woodcarving": "a", "woodcarvung": "a"}).known("woodcarveng") == "woodcarving"
    assert Corrector({"sailing": "a", "saillling": "b"}).known("sailling") is None
    assert Corrector({"woodcarving": "a", "woodcarvung": "b"}).known("wodcarving") == "woodcarving"


def test_left_alone() -> None:
    """Listed words are read as nothing else, neither whole nor without a filler's help."""
    assert known("kniting", ("kniting",)) is None
    assert known("dogs", ("dogs",)) is None


@given(st.text(max_size=20))
def test_answers_are_known_words(text: str) -> None:
    """Whatever is written, the answer is a known word or none."""
    assert known(text) in {None, *KNOWN}


@given(st.sampled_from([word for word in KNOWN if len(word) >= 8]), st.data())
def test_one_missed_letter_is_mended(word: str, data: st.DataObject) -> None:
    """A letter missed in a long word, but for the first, is found again."""
    place = data.draw(st.integers(1, len(word) - 1))
    assert known(word[:place] + word[place + 1 :]) == (
        word if len(word) > 8 or _doubled(word, place) else None
    )


def _doubled(word: str, place: int) -> bool:
    return word[place] == word[place - 1] or word[place] == word[(place + 1) % len(word)]


def test_many_unknown_texts_are_soon_read() -> None:
    """Unknown texts are compared with a few candidates each, not with all words."""
    corrector = Thesaurus.standard()._corrector
    assert max(len(corrector._candidates(f"{word}ing")) for word in ("conversat", "manag", "photograph")) < 40
