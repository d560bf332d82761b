"""The parts of a diagnosis: what is true of each person left out, and what would help."""

from pairmatch.diagnosing.diagnosed import Diagnosed, Displacement
from pairmatch.diagnosing.relaxation import Relaxation

__all__ = ["Diagnosed", "Displacement", "Relaxation"]
