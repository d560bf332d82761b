"""What is told of a matching, and checks without the solver: of arguments, of pairs in hand, of all pairs."""

from pairmatch.checking.assembling import counts_left, loads_of, pairs_made, people_left
from pairmatch.checking.calls import Cancel, check_calls, check_memory, work_findings
from pairmatch.checking.coaches import coach_plan
from pairmatch.checking.pairs import check_pairs
from pairmatch.checking.remarks import are_remarked, remarks_on
from pairmatch.checking.revised import check_revision
from pairmatch.checking.swept import recount_of

__all__ = [
    "Cancel",
    "are_remarked",
    "check_calls",
    "check_memory",
    "check_pairs",
    "check_revision",
    "coach_plan",
    "counts_left",
    "loads_of",
    "pairs_made",
    "people_left",
    "recount_of",
    "remarks_on",
    "work_findings",
]
