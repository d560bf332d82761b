"""The labelled pairs, and how well three ways of comparing texts agree with them.

`labelled.csv` was written before the words of the thesaurus were, by the same hand; what the words miss is
left in. A pair is the `same` thing, `related`, or `unrelated`; its kind says what is hard about it.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pairmatch.terms import THOUSAND, Thesaurus, normalise

Similarity = Callable[[str, str], float]
"""How near two texts are, from 0 to 1."""


@dataclass(frozen=True)
class Pair:
    """Two texts and what a person says about them."""

    a: str
    b: str
    label: str
    kind: str


@cache
def pairs() -> tuple[Pair, ...]:
    """All labelled pairs."""
    with (Path(__file__).parent / "labelled.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Pair(**row) for row in csv.DictReader(file))


def thesaurus(a: str, b: str) -> float:
    """Credit of the shipped words."""
    words = Thesaurus.standard()
    return words.credit(words.key(a), words.key(b)) / THOUSAND


def token_overlap(a: str, b: str) -> float:
    """Share of the words of both that both have (Jaccard)."""
    one, other = set(normalise(a).split()), set(normalise(b).split())
    return len(one & other) / len(one | other)


def trigram_cosine(a: str, b: str) -> float:
    """Cosine of the counts of three characters in a row, with blanks around each word."""
    one, other = _trigrams(a), _trigrams(b)
    dot = sum(count * other[gram] for gram, count in one.items())
    return dot / math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))


def _trigrams(text: str) -> Counter[str]:
    words = [f" {word} " for word in normalise(text).split()]
    return Counter(word[k : k + 3] for word in words for k in range(len(word) - 2))


WAYS: dict[str, Similarity] = {
    "thesaurus": thesaurus,
    "token overlap": token_overlap,
    "character trigrams": trigram_cosine,
}


def auc(way: Similarity, labels: tuple[str, ...], without: str = "") -> float:
    """How often a pair with one of these labels is nearer than one without; ties count half.

    Pairs of one kind can be left out.
    """
    chosen = [pair for pair in pairs() if pair.kind != without]
    near = [way(pair.a, pair.b) for pair in chosen if pair.label in labels]
    far = [way(pair.a, pair.b) for pair in chosen if pair.label not in labels]
    return sum((x > y) + (x == y) / 2 for x in near for y in far) / (len(near) * len(far))


def right(pair: Pair) -> bool:
    """Whether the thesaurus says of a pair what the person says."""
    credit = thesaurus(pair.a, pair.b)
    return {"same": credit == 1, "related": 0 < credit < 1, "unrelated": credit == 0}[pair.label]


def hits() -> dict[str, tuple[int, int]]:
    """By kind, how many pairs the thesaurus gets right, of how many."""
    kinds = dict.fromkeys(pair.kind for pair in pairs())
    return {kind: _hits([pair for pair in pairs() if pair.kind == kind]) for kind in kinds}


def _hits(some: list[Pair]) -> tuple[int, int]:
    return sum(map(right, some)), len(some)
