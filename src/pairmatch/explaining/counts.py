"""What each rule took from one person: by itself, and as the only rule between two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pairmatch.explaining.row import row_of
from pairmatch.explaining.scorers import scorer_of

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["counts_of"]

COLUMNS = ["rule", "alone", "last_standing"]


def counts_of(matching: Matching, role: str, who: str, *, is_left: bool = True) -> pd.DataFrame:
    """One row per rule that forbids the person somebody, of all who take part.

    ``alone`` counts the partners whom the rule forbids by itself, ``last_standing`` those whom no other rule
    forbids. The rule against pairing people with themselves comes first, the minimum weight last: it is held
    against the pairs alone that every rule allows. Nobody who does not take part is counted for anything.
    Without rows where the person is not left without a partner, or does not take part.
    """
    import pandas as pd

    scorer = scorer_of(matching)
    people = matching.cohort.side(f"{role}s")
    if not is_left or not people.active[people.position(who)]:
        return pd.DataFrame([], columns=COLUMNS)
    row = row_of(scorer, role, who)
    counts = zip(row.labels, row.alone.tolist(), row.last_standing.tolist(), strict=True)
    return pd.DataFrame([[*count] for count in counts if count[1]], columns=COLUMNS)
