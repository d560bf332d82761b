"""Who else would suit somebody, best first, and why they are not the partner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import listed, shown
from pairmatch.explaining.row import Row, row_of
from pairmatch.explaining.scorers import Read, read
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Made, Matching

__all__ = ["runners_up"]

COLUMNS = ["for", "partner", "weight", "rank", "why_not", "allowed"]

MOST = 3
"""How many are told of each kind: those allowed, and those whom only a rule keeps away."""

OTHER = {"mentor": "mentee", "mentee": "mentor"}


def runners_up(matching: Matching, people: Sequence[tuple[str, str]], most: int = MOST) -> pd.DataFrame:
    """The heaviest pairs of some people that are not in a matching.

    Parameters
    ----------
    matching
        The matching.
    people
        Role and id of each.
    most
        How many allowed partners, and how many forbidden ones, are told at most of each person; a forbidden
        one only where the pair would weigh more than any that the person has, or may have if they have none.

    Returns
    -------
    pandas.DataFrame
        for, partner, weight, rank, why_not, allowed: best first. ``rank`` counts the person's allowed
        partners by weight, 1 for the best; absent for a forbidden pair.
    """
    import pandas as pd

    known = read(matching)
    rows = [row for role, who in people for row in _of(known, role, who, most)]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"weight": float, "rank": "Int64", "allowed": bool})


def _of(known: Read, role: str, who: str, most: int) -> Iterator[list[Any]]:
    """One person's rows."""
    cohort = known.scorer.cohort
    people, others = (cohort.side(f"{name}s") for name in (role, OTHER[role]))
    if not people.active[people.position(who)]:
        return
    row = row_of(known.scorer, role, who)
    ids = [others.ids[place] for place in row.others.tolist()]
    pairs = known.pairs.get((role, who), [])
    had = {getattr(pair, OTHER[role]) for pair in pairs}
    new = np.array([partner not in had for partner in ids], np.bool_)
    good = _heaviest(row.allowed & new, row.weight, ids, most)
    enough = max((pair.weight for pair in pairs), default=int(row.weight[good[:1]].max(initial=-1)))
    tempting = ~row.allowed & (row.weight > enough) & _somebody_else(ids, who)
    for place in sorted([*good, *_heaviest(tempting, row.weight, ids, most)], key=lambda k: -row.weight[k]):
        weight, allowed = int(row.weight[place]), bool(row.allowed[place])
        rank = int((row.allowed & (row.weight > weight)).sum()) + 1 if allowed else None
        why = _why_not(known, (role, who), ids[place], weight) if allowed else _against(row, place)
        yield [who, ids[place], weight / RESOLUTION, rank, why, allowed]


def _somebody_else(ids: Sequence[str], who: str) -> NDArray[np.bool_]:
    """Nobody would be their own partner."""
    return np.array([other != who for other in ids], np.bool_)


def _heaviest(which: NDArray[np.bool_], weight: NDArray[Any], ids: Sequence[str], most: int) -> list[int]:
    """The places of the heaviest; equally heavy ones by a hash, so that the order of rows is no matter."""
    places = np.flatnonzero(which)
    if len(places) > most:
        places = places[weight[places] >= np.partition(weight[places], -most)[-most]]
    order = sorted(places.tolist(), key=lambda place: (-int(weight[place]), _digest(ids[place])))
    return order[:most]


def _digest(identifier: str) -> bytes:
    return blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _against(row: Row, place: int) -> str:
    return f"forbidden by {listed(shown(label) for label in row.against(place))}"


def _why_not(known: Read, person: tuple[str, str], partner: str, weight: int) -> str:
    """Why an allowed pair is not one, as far as places and weights tell; the exact cost is `why_not`'s."""
    role, who = person
    if known.is_full(OTHER[role], partner):
        theirs = known.pairs.get((OTHER[role], partner), [])
        return _suited("has {0}, who {1}", "has {0}", theirs, role, weight) if theirs else "has no place"
    if known.is_full(role, who):
        ours = known.pairs.get(person, [])
        return _suited("free, but {0} {1}", "free", ours, OTHER[role], weight) if ours else "free"
    return "free; something else stands against it"


def _suited(told: str, untold: str, pairs: Sequence[Made], role: str, weight: int) -> str:
    """Who has the place, and whether they suit better."""
    who = listed(shown(getattr(pair, role)) for pair in pairs)
    verb = "suits" if len(pairs) == 1 else "suit"
    lightest = min(pair.weight for pair in pairs)
    if lightest < weight:
        return f"{untold.format(who)}; the matching as a whole is better so"
    return told.format(who, f"{verb} better" if lightest > weight else f"{verb} as well")
