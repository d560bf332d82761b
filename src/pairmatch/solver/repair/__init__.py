"""A solved matching that stays at hand: when something changes, only what it touches is solved again."""

from pairmatch.solver.repair.curve import Corner, Curve
from pairmatch.solver.repair.events import Events
from pairmatch.solver.repair.reach import Margin, Reach, in_hand
from pairmatch.solver.repair.repaired import Repaired
from pairmatch.solver.repair.standing import Standing, is_repairable

__all__ = ["Corner", "Curve", "Events", "Margin", "Reach", "Repaired", "Standing", "in_hand", "is_repairable"]
