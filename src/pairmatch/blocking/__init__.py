"""Why some people cannot all have a partner: too few places among all whom the rules allow them."""

from pairmatch.blocking.blocking_set import BlockingSet
from pairmatch.blocking.reach import Reach

__all__ = ["BlockingSet", "Reach"]
