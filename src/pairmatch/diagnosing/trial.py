"""One thing that may be given up, before anybody knows what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Trial"]


@dataclass(frozen=True, eq=False)
class Trial:
    """One thing to give up.

    Attributes
    ----------
    kind, words, rule, role, id, mentor, mentee, eased
        As for :class:`~pairmatch.diagnosing.Relaxation`.
    """

    kind: str
    words: str
    rule: str = ""
    role: str = ""
    id: str = ""
    mentor: str = ""
    mentee: str = ""
    eased: Any = None
