"""Checks of a matching that do not use the solver: the pairs in hand, and all possible pairs."""

from pairmatch.checking.pairs import check_calls, check_pairs
from pairmatch.checking.recount import Recount

__all__ = ["Recount", "check_calls", "check_pairs"]
