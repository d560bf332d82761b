"""Checks of a matching that do not use the solver: the pairs in hand, and all possible pairs."""

from pairmatch.checking.pairs import check_calls, check_pairs
from pairmatch.checking.recount import Recount
from pairmatch.checking.remarks import remarks_on

__all__ = ["Recount", "check_calls", "check_pairs", "remarks_on"]
