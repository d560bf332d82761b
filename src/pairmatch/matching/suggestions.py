"""Short lists of people to talk to, as plain data: for the lead with weights, for partners without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted, shown
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROLES", "Suggested", "Suggestions", "other_role"]

ROLES = ("mentor", "mentee")


def other_role(role: str) -> str:
    """The other side's role."""
    return ROLES[1 - ROLES.index(role)]


@dataclass(frozen=True, slots=True)
class Suggested:
    """One person on somebody's list.

    Attributes
    ----------
    owner, partner
        Ids: whose list, and who stands on it.
    place
        From 1 on.
    reasons
        In words, the strongest first: goals that this pair serves better than most.
    weight
        In units of 1e-6; None where the audience is a partner.
    completeness
        Share of the weight that was judged on data; None where the audience is a partner.
    contributions
        By shown column, in units of 1e-6; empty where the audience is a partner.
    """

    owner: str
    partner: str
    place: int
    reasons: tuple[str, ...]
    weight: int | None
    completeness: float | None
    contributions: Mapping[str, int]


@dataclass(frozen=True, eq=False, repr=False)
class Suggestions:
    """Short lists of people to talk to. Nothing is decided by them.

    Attributes
    ----------
    for_
        ``"mentor"`` or ``"mentee"``: whose lists these are.
    audience
        Who may read them.
    k
        The length that was wanted.
    listed
        Everybody on the lists, sorted by owner and place.
    standing
        One row per person of the other side: id, capacity, lists on which they stand, and the limit of these.
        None where the audience is a partner.
    short
        Whose list is shorter than wanted: id, suggested, and how many partners with a place are eligible at
        all. None where the audience is a partner.
    """

    for_: str
    audience: str
    k: int
    listed: tuple[Suggested, ...]
    standing: pd.DataFrame | None
    short: pd.DataFrame | None

    @property
    def table(self) -> pd.DataFrame:
        """One row per suggestion: whose list, place, who, and the reasons.

        For the lead and the auditor with the weight, completeness and one column per goal's contribution.
        """
        import pandas as pd

        columns = list(self.listed[0].contributions) if self.listed else []
        numbers = ["weight", "completeness", *columns] if self.audience not in ROLES else []
        rows = []
        for one in self.listed:
            row: list[Any] = [one.owner, one.place, one.partner]
            if one.weight is not None:
                told = [one.contributions[column] / RESOLUTION for column in columns]
                row += [one.weight / RESOLUTION, one.completeness, *told]
            rows.append([*row, "; ".join(one.reasons)])
        return pd.DataFrame(rows, columns=[self.for_, "place", other_role(self.for_), *numbers, "reasons"])

    def of(self, id: str) -> tuple[Suggested, ...]:
        """One person's list, best first; empty where there is none."""
        return tuple(one for one in self.listed if one.owner == id)

    def preferences(self, choices: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """What people chose from their lists, as a cohort's table ``preferences`` has it.

        Parameters
        ----------
        choices
            For each person who answered, the ids that they would like, the first choice first. Not all of a
            list need be on it, and nobody who is not.

        Returns
        -------
        pandas.DataFrame
            Columns mentor, mentee, by and rank. Put the tables of both sides together with ``pandas.concat``.

        Raises
        ------
        CallError
            Somebody has no list, or chose twice or from outside the list; all problems at once.
        """
        import pandas as pd

        _check_choices(self, choices)
        rows = []
        for owner, chosen in sorted(choices.items()):
            for rank, partner in enumerate(chosen, start=1):
                pair = (owner, partner) if self.for_ == "mentor" else (partner, owner)
                rows.append([*pair, self.for_, rank])
        return pd.DataFrame(rows, columns=["mentor", "mentee", "by", "rank"])

    def __str__(self) -> str:
        lines, owner = [], None
        for one in self.listed:
            if one.owner != owner:
                owner = one.owner
                lines.append(f"{self.for_} {shown(owner)}")
            weight = "" if one.weight is None else f"  {one.weight / RESOLUTION:.3f}"
            why = f"  {'; '.join(one.reasons)}" if one.reasons else ""
            lines.append(f"  {one.place}. {shown(one.partner)}{weight}{why}")
        return "\n".join(lines) if lines else "no suggestions"

    def __repr__(self) -> str:
        lists = counted(len({one.owner for one in self.listed}), "list")
        told = f"{counted(len(self.listed), 'suggestion')} on {lists}"
        return f"<Suggestions for {self.for_}s: {told}, for the {self.audience}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def _check_choices(lists: Suggestions, choices: Any) -> None:
    """Refuse choices that are not from the lists."""
    if not isinstance(choices, Mapping):
        hint = "must be a table of ids: for each person the ids that they chose, the first choice first"
        raise CallError([Finding("bad_argument", hint, column="choices")])
    known: dict[str, set[str]] = {}
    for one in lists.listed:
        known.setdefault(one.owner, set()).add(one.partner)
    side, found = f"{lists.for_}s", []
    for owner, chosen in choices.items():
        if owner not in known:
            hint = "nothing was suggested to this person, so nothing can be chosen"
            found.append(Finding("no_list", hint, side, str(owner), column="choices"))
        elif isinstance(chosen, str) or not isinstance(chosen, Sequence):
            hint = "what somebody chose must be a list of ids, the first choice first"
            found.append(Finding("bad_choice", hint, side, str(owner), column="choices"))
        elif not all(isinstance(one, str) for one in chosen):
            hint = "what somebody chose must be a list of ids as text, the first choice first"
            found.append(Finding("bad_choice", hint, side, str(owner), column="choices"))
        elif len(set(chosen)) < len(chosen):
            hint = "the same id stands in a choice more than once; name each once"
            found.append(Finding("duplicate_choice", hint, side, str(owner), column="choices"))
        elif not known[owner].issuperset(chosen):
            hint = "somebody chose an id that is not on their list; hand a free wish in as a preference"
            found.append(Finding("not_suggested", hint, side, str(owner), column="choices"))
    if found:
        raise CallError(found)
