"""The thesaurus: hobbies and topics by meaning, with the reason for every match."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from pairmatch.errors import CallError, Finding, SchemaError
from pairmatch.plain_files import load, save
from pairmatch.terms import words_file
from pairmatch.terms.concepts import (
    Concept,
    bad,
    canonical,
    concept_findings,
    known_words,
    merged,
    tree_findings,
    word_findings,
)
from pairmatch.terms.correction import Corrector
from pairmatch.terms.nearness import Encoder, Nearness
from pairmatch.terms.spelling import THOUSAND, normalise
from pairmatch.terms.tree import Tree
from pairmatch.terms.wording import Reading, why

__all__ = ["Found", "Thesaurus"]

FORMAT = "pairmatch thesaurus 1"
"""Changes when the fingerprint of the same content changes."""

REMEMBERED = 1 << 17
"""How many texts a thesaurus remembers having read."""


class Found(NamedTuple):
    """A text that a thesaurus knows.

    Attributes
    ----------
    key
        What it is compared by: the concept's normalised name.
    name
        The concept's name.
    how
        ``"name"``, ``"alias"``, or ``"spelling"`` where a plural, a filler or a typing error lay between.
    """

    key: str
    name: str
    how: str


@dataclass(frozen=True, eq=False, repr=False)
class Thesaurus:
    """Words by meaning: aliases, broader concepts, typing errors; explainable, and never by parts of words.

    Most programmes take :meth:`standard`, or :meth:`read` a file of their own that extends it. Thesauri
    are equal when their content is; an encoder is no part of it.

    Parameters
    ----------
    concepts
        The concepts, in any order.
    step
        Credit kept per step between a concept and what it belongs to: from 0 (no partial credit) to 1.
    left_alone
        Words that are no typing errors of known ones.
    nearness
        What :meth:`with_encoder` sets.

    Examples
    --------
    >>> from pairmatch.terms import Thesaurus
    >>> words = Thesaurus.from_dict({"concepts": {
    ...     "sport": {},
    ...     "racket sports": {"broader": "sport"},
    ...     "tennis": {"broader": "racket sports", "aliases": ["lawn tennis"]},
    ...     "squash": {"broader": "racket sports"},
    ... }})
    >>> words.find("Lawn-Tennis")
    Found(key='tennis', name='tennis', how='alias')
    >>> words.credit("tennis", "squash")
    250
    >>> words.why("tennis", "squash")
    "'tennis' and 'squash' both belong to 'racket sports'"
    """

    concepts: tuple[Concept, ...] = ()
    step: float = 0.5
    left_alone: tuple[str, ...] = ()
    nearness: Nearness | None = None

    def __post_init__(self) -> None:
        concepts = tuple(self.concepts) if isinstance(self.concepts, Iterable) else (self.concepts,)
        findings = [*self._outline(), *concept_findings(concepts)]
        findings = findings or [*word_findings(concepts), *tree_findings(concepts)]
        if findings:
            raise SchemaError(findings)
        object.__setattr__(self, "concepts", canonical(concepts))
        object.__setattr__(self, "step", float(self.step))
        object.__setattr__(self, "left_alone", tuple(sorted({normalise(word) for word in self.left_alone})))

    def _outline(self) -> Iterator[Finding]:
        yield from words_file.step_findings(self.step)
        yield from words_file.alone_findings(self.left_alone)
        if self.nearness is not None and not isinstance(self.nearness, Nearness):
            yield bad("bad_value", "nearness is set by with_encoder(); leave it out", "nearness")

    # --- where thesauri come from, and go to ----------------------------------------------------

    @classmethod
    def standard(cls) -> Thesaurus:
        """The shipped words: hobbies, workplace skills and topics of mentoring."""
        return _standard()

    @classmethod
    def empty(cls) -> Thesaurus:
        """No words: every term stands for itself."""
        return cls()

    @classmethod
    def read(cls, path: str | Path) -> Thesaurus:
        """Read a thesaurus from TOML or JSON.

        Parameters
        ----------
        path
            A ``.toml`` or ``.json`` file; ``extends = "standard"`` in it adds its words to the shipped ones.

        Raises
        ------
        FileError
            The file is missing or cannot be read.
        SchemaError
            The words cannot be used; all problems at once.
        """
        return cls.from_dict(load(path, "thesaurus"))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Thesaurus:
        """A thesaurus from plain data, as :meth:`to_dict` makes it or as a file holds it."""
        return cls(*words_file.words(data))

    def to_dict(self) -> dict[str, Any]:
        """The whole content as plain data, extended words included, the encoder not."""
        return words_file.plain(words_file.Words(self.concepts, self.step, self.left_alone))

    def write(self, path: str | Path) -> None:
        """Write the content to a ``.toml`` or ``.json`` file."""
        save(self.to_dict(), path, "thesaurus")

    def extended(self, other: Thesaurus) -> Thesaurus:
        """The same thesaurus with another's words added; step and encoder stay.

        Where the two disagree, the other wins: its alias leaves the concept that has it here, and a
        concept of this one that is an alias there becomes part of that concept.
        """
        if not isinstance(other, Thesaurus):
            raise _refused(
                "give another thesaurus, as Thesaurus.read() or Thesaurus.from_dict() makes it", "other"
            )
        alone = (*self.left_alone, *other.left_alone)
        return replace(self, concepts=tuple(merged(self.concepts, other.concepts)), left_alone=alone)

    def with_step(self, step: float) -> Thesaurus:
        """The same words with another credit per step, from 0 (no partial credit) to 1."""
        return replace(self, step=step)

    def with_encoder(self, encoder: Encoder, *, low: float = 0.30, high: float = 0.70) -> Thesaurus:
        """The same words, and an encoder for what they leave unrelated.

        Parameters
        ----------
        encoder
            Takes a list of phrases and gives an array with one vector for each.
        low, high
            A cosine of ``low`` or less gets no credit, of ``high`` or more full credit; in between in
            proportion.
        """
        return replace(self, nearness=Nearness(encoder, low, high))

    # --- reading texts --------------------------------------------------------------------------

    def find(self, text: str) -> Found | None:
        """The concept that a text means, or None where it is no known word."""
        reading = self._read(text)
        return Found(reading.key, reading.name, reading.how) if reading.how else None

    def key(self, text: str) -> str:
        """What a text is compared by: its concept's key, or its own normalised spelling."""
        key = self._keys.get(text) if isinstance(text, str) else None
        if key is None:
            if len(self._keys) >= REMEMBERED:
                self._keys.clear()
            key = self._keys[text] = self._read(text).key
        return key

    def _read(self, text: str) -> Reading:
        spelling = normalise(_text(text))
        word = spelling if spelling in self._words else self._corrector.known(spelling)
        if word is None:
            return Reading(text, spelling, text, text, "")
        key = self._words[word]
        how = "spelling" if word != spelling else "name" if word == key else "alias"
        return Reading(text, key, self._names[key], self._labels[word], how)

    # --- how near two keys are ------------------------------------------------------------------

    def credit(self, one: str, other: str) -> int:
        """What a match of two keys counts, in thousandths: 1000 for equal ones, 0 for unrelated ones."""
        distance = self._tree.distance(_text(one), _text(other))
        return 0 if distance is None else self._credits[distance]

    def related(self, keys: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
        """Positions i < j of keys that the words relate, and their credit in thousandths, in order.

        All children of one concept are related to each other: 5,000 of them make 12 million pairs, and a
        gigabyte.
        """
        one, other, steps = self._tree.pairs(_texts(keys))
        credited = np.array(self._credits)[steps] > 0
        # Of Python's numbers one each, however many pairs they are in.
        places, credits = np.arange(len(keys)).astype(object), np.array(self._credits, object)
        parts = (places[one[credited]], places[other[credited]], credits[steps[credited]])
        return tuple(zip(*(part.tolist() for part in parts), strict=True))

    def encoded(self, keys: Sequence[str]) -> tuple[tuple[int, int, int], ...]:
        """Positions i < j of keys that the encoder finds near, and their credit; none without an encoder.

        Raises
        ------
        CallError
            The encoder failed, or its answer is not one vector of finite numbers for each phrase.
        """
        if self.nearness is None:
            return ()
        return self.nearness.pairs([self._names.get(key, key) for key in _texts(keys)])

    def is_a(self, key: str, wider: str) -> bool:
        """Whether a key equals a wider one or stands below it."""
        return _text(key) == _text(wider) or wider in self._tree.above(key)

    def broader(self, key: str) -> tuple[str, ...]:
        """The chain of keys above a key, nearest first; empty for headings and unknown words."""
        return self._tree.above(_text(key))

    def why(self, one: str, other: str) -> str:
        """In words, why two texts match, as far as they do; empty where they do not.

        Examples
        --------
        >>> from pairmatch.terms import Thesaurus
        >>> Thesaurus.standard().why("bouldering", "rock climbing")
        "'bouldering' is another name of 'rock climbing'"
        """
        first, second = self._read(one), self._read(other)
        if self.credit(first.key, second.key):
            return why(first, second, self._tree, self._names)
        near = self.encoded([first.key, second.key])
        return (
            f"the encoder finds '{one}' and '{other}' near ({near[0][2] / THOUSAND:.2f} of 1)" if near else ""
        )

    # --- derived, each made once ----------------------------------------------------------------

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the content, as 64 hexadecimal digits; the encoder is no part of it."""
        content = json.dumps([FORMAT, self.to_dict()], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def _words(self) -> dict[str, str]:
        return known_words(self.concepts)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {normalise(word): word for concept in self.concepts for word in concept.words}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {concept.key: concept.name for concept in self.concepts}

    @cached_property
    def _tree(self) -> Tree:
        return Tree({concept.key: normalise(concept.broader) for concept in self.concepts if concept.broader})

    @cached_property
    def _corrector(self) -> Corrector:
        return Corrector(self._words, frozenset(self.left_alone))

    @cached_property
    def _credits(self) -> tuple[int, int, int]:
        return (THOUSAND, round(self.step * THOUSAND), round(self.step**2 * THOUSAND))

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {}

    def __reduce__(self) -> tuple[Any, ...]:
        return Thesaurus, (self.concepts, self.step, self.left_alone, self.nearness)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thesaurus) and self.fingerprint == other.fingerprint

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        encoder = ", with an encoder" if self.nearness else ""
        return f"<Thesaurus: {len(self.concepts):,} concepts, {len(self._words):,} words{encoder}>"


def _text(text: str) -> str:
    """The text, if that is what it is."""
    if not isinstance(text, str):
        raise _refused("give a text; of a list, one text at a time", "text")
    return text


def _texts(keys: Sequence[str]) -> Sequence[str]:
    """The keys, if that is what they are."""
    if not isinstance(keys, Sequence) or isinstance(keys, str) or not all(isinstance(k, str) for k in keys):
        raise _refused("give a list of keys, each a text", "keys")
    return keys


def _refused(hint: str, argument: str) -> CallError:
    return CallError([Finding("bad_argument", hint, side="thesaurus", column=argument)])


@lru_cache(maxsize=1)
def _standard() -> Thesaurus:
    return Thesaurus(*words_file.shipped())
