"""Why no matching is valid: the smallest set of rules, minimums and places that cannot all hold."""

from pairmatch.conflicts.explaining import with_conflict

__all__ = ["with_conflict"]
