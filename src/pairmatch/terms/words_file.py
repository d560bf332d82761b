"""Thesauri as plain data and in files: the shipped words, and an organisation's own."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from pairmatch.errors import Finding, SchemaError, did_you_mean
from pairmatch.terms.concepts import Concept, bad, is_texts, merged, tree_findings, word_findings

__all__ = ["Words", "alone_findings", "plain", "shipped", "step_findings", "words"]

NUMBER = 1
"""Schema number of the files written and read."""

KEYS = ("schema", "extends", "step", "left_alone", "concepts")
PARTS = ("broader", "aliases")
SHIPPED = ("hobbies.toml", "skills.toml")


class Words(NamedTuple):
    """What a words file holds: the concepts, the credit kept per step, and what is no typing error."""

    concepts: tuple[Concept, ...] = ()
    step: float = 0.5
    left_alone: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def shipped() -> Words:
    """The words in the wheel, read once."""
    folder = resources.files("pairmatch.terms")
    files = [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in SHIPPED]
    concepts = [(name, entry) for file in files for name, entry in file["concepts"].items()]
    alone = tuple(word for file in files for word in file.get("left_alone", ()))
    return Words(tuple(_concept(name, entry) for name, entry in concepts), left_alone=alone)


def words(data: Mapping[str, Any]) -> Words:
    """The words that plain data hold, those they extend included; all problems at once."""
    if not isinstance(data, Mapping):
        raise SchemaError([bad("bad_value", "a thesaurus is made from a mapping")])
    findings = [*_outline(data)]
    entries = data.get("concepts", {})
    entries = entries if isinstance(entries, Mapping) else {}
    findings += [finding for name, entry in entries.items() for finding in _entry_findings(str(name), entry)]
    own = [_concept(str(name), entry) for name, entry in entries.items()]
    base = shipped() if data.get("extends") == "standard" else Words()
    everything = merged(base.concepts, own)
    findings += [*word_findings(own), *tree_findings(everything)]
    if findings:
        raise SchemaError(findings)
    alone = (*base.left_alone, *data.get("left_alone", ()))
    return Words(tuple(everything), float(data.get("step", base.step)), alone)


def _concept(name: str, entry: Any) -> Concept:
    """One entry as a concept; what is wrong with it counts as not said."""
    entry = entry if isinstance(entry, Mapping) else {}
    broader, aliases = entry.get("broader", ""), entry.get("aliases", ())
    aliases = aliases if isinstance(aliases, list | tuple | set | frozenset) else ()
    texts = tuple(alias for alias in aliases if isinstance(alias, str))
    return Concept(name, broader if isinstance(broader, str) else "", texts)


def _outline(data: Mapping[str, Any]) -> Iterator[Finding]:
    number = data.get("schema", NUMBER)
    if isinstance(number, bool) or number != NUMBER:
        yield bad("bad_schema_number", f"this version reads files with schema = {NUMBER}", "schema")
    for key in data:
        if key not in KEYS:
            near = did_you_mean(str(key), KEYS)
            yield bad("unknown_key", f"'{key}' is no part of a thesaurus.{near}", str(key))
    if data.get("extends", "standard") != "standard":
        hint = 'only the shipped words can be extended: extends = "standard", or leave it out to start empty'
        yield bad("bad_extends", hint, "extends")
    if not isinstance(data.get("concepts", {}), Mapping):
        hint = 'concepts is a table of name = {broader = "...", aliases = ["...", "..."]}'
        yield bad("bad_value", hint, "concepts")
    yield from step_findings(data.get("step", 0.5))
    yield from alone_findings(data.get("left_alone", ()))


def step_findings(step: object) -> Iterator[Finding]:
    """What is wrong with the credit that is kept per step."""
    if isinstance(step, bool) or not isinstance(step, int | float) or not 0 <= step <= 1:
        hint = "step is a number from 0 (no partial credit) to 1 (relatives count in full)"
        yield bad("bad_step", hint, "step")


def _entry_findings(name: str, entry: Any) -> Iterator[Finding]:
    if not isinstance(entry, Mapping):
        yield bad("bad_value", 'a concept is a table: {broader = "...", aliases = ["...", "..."]}', name)
        return
    for key in entry:
        if key not in PARTS:
            near = did_you_mean(str(key), PARTS)
            yield bad("unknown_key", f"'{key}' is no part of a concept.{near}", name)
    if not isinstance(entry.get("broader", ""), str):
        yield bad("bad_value", "broader is the name of one concept, as text", name)
    if not is_texts(entry.get("aliases", ())):
        yield bad("bad_value", "aliases is a list of words", name)


def alone_findings(alone: object) -> Iterator[Finding]:
    """What is wrong with the words that are no typing errors."""
    if not is_texts(alone):
        yield bad("bad_value", "left_alone is a list of words", "left_alone")


def plain(content: Words) -> dict[str, Any]:
    """Words as plain data, empty parts left out."""
    data: dict[str, Any] = {"schema": NUMBER, "step": content.step}
    if content.left_alone:
        data["left_alone"] = list(content.left_alone)
    data["concepts"] = {concept.name: _plain_concept(concept) for concept in content.concepts}
    return data


def _plain_concept(concept: Concept) -> dict[str, Any]:
    entry = {"broader": concept.broader, "aliases": list(concept.aliases)}
    return {key: value for key, value in entry.items() if value}
