"""Terms: when two words count as the same one, and how near two are that are not the same.

Knows texts only: no tables, no people.
"""

from __future__ import annotations

from pairmatch.terms.concepts import Concept
from pairmatch.terms.spelling import THOUSAND, Term, normalise
from pairmatch.terms.thesaurus import Found, Thesaurus

__all__ = ["THOUSAND", "Concept", "Found", "Term", "Thesaurus", "normalise"]
