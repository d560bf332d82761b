"""Rules relaxed in a given order, by single pairs and by the least numbers, and only as far as needed."""

from __future__ import annotations

from pairmatch.relaxing.asking import Asked, asked_of
from pairmatch.relaxing.stages import Relaxed, relaxed

__all__ = ["Asked", "Relaxed", "asked_of", "relaxed"]
