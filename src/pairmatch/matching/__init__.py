"""The result: a matching, its certificate, the reasons of the unmatched, and its files."""

from pairmatch.matching.reasons import REASONS, Standing, left_of
from pairmatch.matching.result import (
    Certificate,
    Left,
    Made,
    Matching,
    TierCertificate,
    known,
    one_person,
)
from pairmatch.matching.storage import read_header, safe_cell

__all__ = [
    "REASONS",
    "Certificate",
    "Left",
    "Made",
    "Matching",
    "Standing",
    "TierCertificate",
    "known",
    "left_of",
    "one_person",
    "read_header",
    "safe_cell",
]
