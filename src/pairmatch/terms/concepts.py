"""Concepts: what a thesaurus is made of, what can be wrong with it, and how two lists become one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pairmatch.errors import Finding, did_you_mean
from pairmatch.terms.spelling import normalise

__all__ = [
    "Concept",
    "bad",
    "canonical",
    "concept_findings",
    "is_texts",
    "known_words",
    "merged",
    "tree_findings",
    "word_findings",
]


class Concept(NamedTuple):
    """One meaning: its name, the concept above it, and what else it is called.

    Attributes
    ----------
    name
        The name that is shown; normalised, it is the concept's key.
    broader
        Name or alias of the concept it belongs to; empty for a heading, which belongs to none.
    aliases
        Other names: brands, acronyms, other spellings.
    """

    name: str
    broader: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What terms that mean this concept are compared by."""
        return normalise(self.name)

    @property
    def words(self) -> tuple[str, ...]:
        """The name, then the aliases."""
        return (self.name, *self.aliases)


def bad(code: str, hint: str, word: str = "") -> Finding:
    """A problem of a thesaurus, at the concept or key that has it."""
    return Finding(code, hint, side="thesaurus", column=word)


def concept_findings(concepts: Iterable[object]) -> Iterator[Finding]:
    """Entries that are no concepts made of texts."""
    for concept in concepts:
        if not isinstance(concept, Concept) or not all(map(_is_text, (concept.name, concept.broader))):
            yield bad("bad_concept", "a concept is Concept(name, broader, aliases), its parts texts")
        elif not is_texts(concept.aliases):
            yield bad("bad_concept", "aliases are a tuple of texts", concept.name)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def is_texts(value: object) -> bool:
    """Whether a value is a list, a tuple or a set of texts; a text alone is none."""
    return isinstance(value, list | tuple | set | frozenset) and all(map(_is_text, value))


def word_findings(concepts: Sequence[Concept]) -> Iterator[Finding]:
    """Words that are blank or that two concepts claim."""
    owners: dict[str, Concept] = {}
    for concept in concepts:
        for word in {normalise(word): word for word in reversed(concept.words)}.values():
            if not word.strip():
                yield bad("blank_word", "names and aliases are words, not blanks", concept.name)
                continue
            owner = owners.setdefault(normalise(word), concept)
            if owner is not concept:
                yield bad("duplicate_word", _told_twice(word, owner, concept), concept.name)


def _told_twice(word: str, owner: Concept, concept: Concept) -> str:
    if owner.key == concept.key:
        return "the concept stands here twice; make one entry of the two"
    return f"'{word}' is a word of '{owner.name}' too; a word belongs to one concept"


def tree_findings(concepts: Sequence[Concept]) -> Iterator[Finding]:
    """Concepts that belong to an unknown one, or in the end to themselves."""
    words = known_words(concepts)
    parents = {}
    for concept in concepts:
        if concept.broader.strip():
            parents[concept.key] = words.get(normalise(concept.broader), "")
            if not parents[concept.key]:
                near = did_you_mean(concept.broader, (each.name for each in concepts))
                hint = f"belongs to '{concept.broader}', which is no concept here; add it or mend it.{near}"
                yield bad("unknown_broader", hint, concept.name)
    circling = _circling(parents)
    for concept in concepts:
        if concept.key in circling:
            hint = "belongs to itself, directly or by way of others; cut the circle at one of them"
            yield bad("circle", hint, concept.name)


def _circling(parents: Mapping[str, str]) -> set[str]:
    """The keys that stand above themselves; every key is walked over once, so that depth costs nothing."""
    walks: dict[str, str] = {}
    found: set[str] = set()
    for start in parents:
        key = start
        while key and key not in walks:
            walks[key] = start
            key = parents.get(key, "")
        while walks.get(key) == start and key not in found:
            found.add(key)
            key = parents[key]
    return found


def known_words(concepts: Iterable[Concept]) -> dict[str, str]:
    """Every normalised name and alias, and the key of its concept; a name goes before an alias."""
    concepts = list(concepts)
    aliases = {normalise(alias): concept.key for concept in concepts for alias in concept.aliases}
    return aliases | {concept.key: concept.key for concept in concepts}


def canonical(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """The same concepts in one order, each broader one by its name, each alias once."""
    names = {concept.key: concept.name.strip() for concept in concepts}
    words = known_words(concepts)
    return tuple(
        Concept(
            names[concept.key],
            names[words[normalise(concept.broader)]] if concept.broader.strip() else "",
            _aliases(concept),
        )
        for concept in sorted(concepts, key=lambda each: each.key)
    )


def _aliases(concept: Concept) -> tuple[str, ...]:
    """Aliases by their normalised spelling; of two that are the same, the first in the alphabet stays."""
    spelt = {normalise(alias): alias.strip() for alias in sorted(concept.aliases, reverse=True)}
    return tuple(spelt[key] for key in sorted(spelt) if key != concept.key)


def merged(base: Sequence[Concept], added: Sequence[Concept]) -> list[Concept]:
    """The concepts of both; where they disagree about a word, the added ones win.

    An added alias leaves the concept it had. Where it is the name of a base concept, that concept becomes
    part of the new one: its aliases, the concepts below it and, unless the new one says otherwise, its
    place in the tree.
    """
    claims = known_words(added)
    claimed: dict[str, list[str]] = defaultdict(list)
    for word in sorted(claims):
        claimed[claims[word]].append(word)
    result = {concept.key: _without(concept, claims) for concept in base}
    for concept in added:
        taken = (key for key in claimed[concept.key] if key != concept.key and key in result)
        gone = [result.pop(key) for key in taken]
        old = result.get(concept.key, Concept(concept.name))
        aliases = [alias for part in (old, *gone, concept) for alias in part.aliases]
        result[concept.key] = Concept(concept.name, _place(concept, old, gone), tuple(aliases))
    return list(result.values())


def _without(concept: Concept, claims: Mapping[str, str]) -> Concept:
    """A base concept without the aliases that an added concept claims."""
    kept = (alias for alias in concept.aliases if claims.get(normalise(alias), concept.key) == concept.key)
    return concept._replace(aliases=tuple(kept))


def _place(concept: Concept, old: Concept, gone: Sequence[Concept]) -> str:
    """What a merged concept belongs to: what it says, or what it or its parts belonged to before."""
    inside = {concept.key, *(part.key for part in gone)}
    before = (part.broader for part in (old, *gone) if normalise(part.broader) not in inside)
    return next((place for place in (concept.broader, *before) if place.strip()), "")
