"""A small mapping that cannot be changed, for the tables in rules and goals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

__all__ = ["FrozenTable"]

K = TypeVar("K")
V = TypeVar("V")


class FrozenTable(Mapping[K, V]):
    """A small mapping that cannot be changed, compares by content, hashes and pickles.

    Examples
    --------
    >>> table = FrozenTable({2: 1.0, 1: 0.75})
    >>> table[1], dict(table)
    (0.75, {1: 0.75, 2: 1.0})
    """

    __slots__ = ("_items",)

    def __init__(self, content: Mapping[K, V]) -> None:
        self._items = tuple(sorted(content.items(), key=lambda item: item[0]))  # type: ignore[arg-type, return-value]

    def __getitem__(self, key: K) -> V:
        for known, value in self._items:
            if known == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[K]:
        return (key for key, _ in self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    def __repr__(self) -> str:
        return repr(dict(self._items))
