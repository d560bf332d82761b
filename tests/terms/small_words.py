"""Small thesauri for the tests of this room."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pairmatch.terms import Concept, Thesaurus, normalise

SPORTS: dict[str, Any] = {
    "sport": {},
    "racket sports": {"broader": "sport", "aliases": ["racquet sports"]},
    "tennis": {"broader": "racket sports", "aliases": ["lawn tennis", "Wimbledon"]},
    "squash": {"broader": "racket sports"},
    "real tennis": {"broader": "tennis"},
    "rock climbing": {"broader": "sport", "aliases": ["bouldering", "climbing"]},
    "golf": {"broader": "sport"},
    "photography": {"aliases": ["taking photos"]},
}


def sports(**more: Any) -> Thesaurus:
    """A small thesaurus of sports."""
    return Thesaurus.from_dict({"concepts": SPORTS, **more})


WORDS = st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1, max_size=9)


@st.composite
def concepts(draw: st.DrawFn) -> tuple[Concept, ...]:
    """Sound concepts: every word once, every broader concept before the ones below it."""
    words = draw(st.lists(WORDS, min_size=1, max_size=14, unique_by=normalise))
    names = words[: draw(st.integers(1, len(words)))]
    owners = [draw(st.sampled_from(names)) for _ in words[len(names) :]]
    aliases = list(zip(owners, words[len(names) :], strict=True))
    return tuple(
        Concept(
            name,
            draw(st.sampled_from(["", *names[:k]])),
            tuple(alias for owner, alias in aliases if owner == name),
        )
        for k, name in enumerate(names)
    )


def thesauri() -> st.SearchStrategy[Thesaurus]:
    """Sound thesauri of any step."""
    steps = st.floats(0, 1, allow_subnormal=False)
    return st.builds(Thesaurus, concepts(), steps, st.lists(WORDS, max_size=3).map(tuple))
