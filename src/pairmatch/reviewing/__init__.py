"""Human review: pairs that people edited, read and judged without the solver, and what people decided."""

from __future__ import annotations

from pairmatch.reviewing.judging import VIOLATIONS, Judged, judged
from pairmatch.reviewing.overriding import Override, read_overrides
from pairmatch.reviewing.reading import Listed, Pair, read_pairs

__all__ = ["VIOLATIONS", "Judged", "Listed", "Override", "Pair", "judged", "read_overrides", "read_pairs"]
