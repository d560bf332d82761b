"""Correction: an unknown text that is a known word in another number, with a filler or a typing error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping

import numpy as np
import numpy.typing as npt

__all__ = ["Corrector"]

SLIP, MISSED, WRONG = 3, 4, 5
"""What a typing error costs: a letter doubled or not, a gap or two neighbours swapped; a letter missed or
added; a wrong letter. Half a word's length pays for them, because one wrong letter in a short word usually
makes another word: caring and caving, planning and planting, but not negociation."""

SHORTEST = 2 * SLIP
"""Shorter texts are not corrected."""

MOST = 2 * WRONG
"""No word, however long, is forgiven more."""

BEFORE = (
    "doing", "going to", "going to the", "learning", "learning about", "love of", "playing", "playing the",
    "practising", "practicing", "studying", "watching",
)  # fmt: skip
AFTER = ("basics", "essentials", "expertise", "fundamentals", "know how", "knowledge", "skills")
"""Words around a term that do not change what it is about."""

LETTERS = 27
"""a to z, and one place for everything else."""


class Corrector:
    """Reads unknown texts as known words, where only one concept is meant.

    Parameters
    ----------
    words
        Every known normalised word and the key of its concept.
    left_alone
        Words that are never corrected: ordinary ones that look like typing errors of known ones.
    """

    def __init__(self, words: Mapping[str, str], left_alone: Container[str] = ()) -> None:
        self._words, self._left_alone = words, left_alone
        groups: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= SHORTEST:
                groups[word[0]].append(word)
        self._groups = {letter: (group, _letters(group)) for letter, group in groups.items()}

    def known(self, text: str) -> str | None:
        """The known word that a normalised, unknown text is read as, or None."""
        if text in self._left_alone:
            return None
        for bare in (text, *_without_fillers(text)):
            for form in (bare, *_other_numbers(bare)):
                if form in self._words:
                    return form
        return self._mistyped(text)

    def _mistyped(self, text: str) -> str | None:
        """The nearest known word, unless another concept's is as near."""
        if len(text) < SHORTEST or text[0] not in self._groups:
            return None
        near = [(_cost(text, word), word) for word in self._candidates(text)]
        near = [(cost, word) for cost, word in near if cost <= _forgiven(min(text, word, key=len))]
        nearest = sorted(word for cost, word in near if cost == min(near)[0])
        return nearest[0] if len({self._words[word] for word in nearest}) == 1 else None

    def _candidates(self, text: str) -> list[str]:
        """Known words with the same first letter and nearly the same letters: an edit changes two of them."""
        words, counts = self._groups[text[0]]
        apart = np.abs(counts - _letters([text])).sum(axis=1)
        return [words[k] for k in np.flatnonzero(apart <= 2 * (_forgiven(text) // SLIP)).tolist()]


def _without_fillers(text: str) -> Iterator[str]:
    """The text without a filler before it or after it."""
    for filler in BEFORE:
        if text.startswith(f"{filler} "):
            yield text[len(filler) + 1 :]
    for filler in AFTER:
        if text.endswith(f" {filler}"):
            yield text[: -len(filler) - 1]


def _other_numbers(text: str) -> Iterator[str]:
    """The last word as a plural, and as a singular."""
    if len(text) < 3:
        return
    yield f"{text}s"
    if text.endswith("y"):
        yield f"{text[:-1]}ies"
    if text.endswith("s") and len(text) > 3:
        yield text[:-1]
    if text.endswith("ies"):
        yield f"{text[:-3]}y"


def _forgiven(word: str) -> int:
    """What the typing errors of a word of this length may cost."""
    return min(len(word) // 2, MOST)


def _letters(words: list[str]) -> npt.NDArray[np.int16]:
    """How often each letter is in each word."""
    counts = np.zeros((len(words), LETTERS), dtype=np.int16)
    for row, word in enumerate(words):
        for letter in word:
            place = ord(letter) - ord("a")
            counts[row, place if 0 <= place < LETTERS - 1 else LETTERS - 1] += 1
    return counts


def _cost(one: str, other: str) -> int:
    """What the cheapest typing errors between two words cost."""
    before: list[int] = []
    above = [0]
    for j in range(len(other)):
        above.append(above[-1] + _missed(other, j))
    for i, letter in enumerate(one):
        row = [above[0] + _missed(one, i)]
        for j, wanted in enumerate(other):
            best = min(
                above[j + 1] + _missed(one, i),
                row[j] + _missed(other, j),
                above[j] + (letter != wanted) * WRONG,
            )
            if i and j and letter == other[j - 1] != wanted == one[i - 1]:
                best = min(best, before[j - 1] + SLIP)
            row.append(best)
        before, above = above, row
    return above[-1]


def _missed(word: str, place: int) -> int:
    """What it costs that the other word lacks this letter."""
    return SLIP if word[place] == " " or (place and word[place] == word[place - 1]) else MISSED
