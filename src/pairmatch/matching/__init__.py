"""The result: a matching, its certificate, the reasons of the unmatched, and its files."""

from pairmatch.matching.certificate import Certificate, TierCertificate, lost
from pairmatch.matching.coaching import NO_COACH, Coached, CoachPlan
from pairmatch.matching.overlay import failed_pairs, laid_over_cohort, laid_over_policy
from pairmatch.matching.reasons import REASONS, Standing, left_of
from pairmatch.matching.result import Left, Made, Matching, known, one_person
from pairmatch.matching.revision import (
    CHANGES,
    DISTURBANCE,
    END_REASONS,
    Change,
    Revision,
    revised_objective,
)
from pairmatch.matching.storage import read_before, read_header, safe_cell

__all__ = [
    "CHANGES",
    "DISTURBANCE",
    "END_REASONS",
    "NO_COACH",
    "REASONS",
    "Certificate",
    "Change",
    "CoachPlan",
    "Coached",
    "Left",
    "Made",
    "Matching",
    "Revision",
    "Standing",
    "TierCertificate",
    "failed_pairs",
    "known",
    "laid_over_cohort",
    "laid_over_policy",
    "left_of",
    "lost",
    "one_person",
    "read_before",
    "read_header",
    "revised_objective",
    "safe_cell",
]
