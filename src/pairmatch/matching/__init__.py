"""The result: a matching, its certificate, the reasons of the unmatched, and its files."""

from pairmatch.matching.certificate import Certificate, TierCertificate
from pairmatch.matching.coaching import NO_COACH, Coached, CoachPlan
from pairmatch.matching.reasons import REASONS, Standing, left_of
from pairmatch.matching.result import Left, Made, Matching, known, one_person
from pairmatch.matching.storage import read_header, safe_cell

__all__ = [
    "NO_COACH",
    "REASONS",
    "Certificate",
    "CoachPlan",
    "Coached",
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
