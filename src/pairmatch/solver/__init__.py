"""The solver core: arrays in, a proven assignment out. The only home of OR-Tools.

It knows integers and positions, never people, so that it can be used, tested and replaced alone.
``pairmatch.assign`` is its door; :func:`solve` is what the matching verbs call.
"""

from pairmatch.solver.assign import Assignment, assign
from pairmatch.solver.coaches.coaching import assign_coaches
from pairmatch.solver.fairness.above import Above, best_above, point_of, refuse_together
from pairmatch.solver.solving import solve
from pairmatch.solver.staying import staying
from pairmatch.solver.ties import another_optimum

__all__ = [
    "Above",
    "Assignment",
    "another_optimum",
    "assign",
    "assign_coaches",
    "best_above",
    "point_of",
    "refuse_together",
    "solve",
    "staying",
]
