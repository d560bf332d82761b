"""What would be otherwise: problems with other weights, other places, or another order of objectives."""

from __future__ import annotations
