"""Terms: when two words count as the same one, and how near two are that are not the same.

Knows texts only: no tables, no people.
"""

from __future__ import annotations

from pairmatch.terms.spelling import THOUSAND, Term, normalise

__all__ = ["THOUSAND", "Term", "normalise"]
