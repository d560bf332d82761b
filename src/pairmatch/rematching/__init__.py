"""What a re-match is asked, what still runs, and what it changed: plain steps that the verbs put together."""

from pairmatch.rematching.asked import Asked, asked_of
from pairmatch.rematching.changing import changes_of, crowded
from pairmatch.rematching.standing import Ended, standing_of

__all__ = ["Asked", "Ended", "asked_of", "changes_of", "crowded", "standing_of"]
