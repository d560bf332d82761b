"""How attempts are told and gathered: a title, what secrets it is after, the texts that it gets hold of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd
import pytest

import pairmatch as pm

__all__ = ["ATTEMPTS", "Attempt", "attempt", "everything_in", "refused"]

Texts = Iterable[str | bytes]


class Attempt(NamedTuple):
    """One try to get at what somebody may not read."""

    title: str
    secrets: Mapping[str, str]
    texts: Callable[[], Texts]


ATTEMPTS: list[Attempt] = []


def attempt(title: str, secrets: Mapping[str, str]) -> Callable[[Callable[[], Texts]], Callable[[], Texts]]:
    """Add a function that yields what an attempt got hold of."""

    def add(texts: Callable[[], Texts]) -> Callable[[], Texts]:
        ATTEMPTS.append(Attempt(title, secrets, texts))
        return texts

    return add


def refused(call: Callable[..., Any], *arguments: Any, **named: Any) -> Iterator[str | bytes]:
    """All that the error says with which a call is refused."""
    with pytest.raises(pm.CallError) as caught:
        call(*arguments, **named)
    yield from everything_in(caught.value)


def everything_in(thing: Any, *, deep: bool = True) -> Iterator[str | bytes]:
    """All that a result says of itself, and all texts that hang on it: attributes, tables, items."""
    import pickle

    yield str(thing)
    yield repr(thing)
    if hasattr(thing, "_repr_html_"):
        yield str(thing._repr_html_())
    yield pickle.dumps(thing)
    if deep:
        yield from _walked(thing, set())


def _walked(thing: Any, seen: set[int]) -> Iterator[str | bytes]:
    if id(thing) in seen or isinstance(thing, pm.Cohort):
        return
    seen.add(id(thing))
    if isinstance(thing, str | bytes):
        yield thing
    elif isinstance(thing, pd.DataFrame | pd.Series):
        yield from (thing.to_csv(), str(thing.to_dict()), str(thing.attrs), str(thing.index.tolist()))
    elif isinstance(thing, Mapping):
        yield from (text for pair in thing.items() for part in pair for text in _walked(part, seen))
    elif isinstance(thing, list | tuple | set | frozenset):
        yield from (text for part in thing for text in _walked(part, seen))
    else:
        yield str(thing)
        names = [*getattr(thing, "__dict__", {}), *getattr(type(thing), "__slots__", ())]
        yield from (text for name in names for text in _walked(getattr(thing, name, None), seen))
