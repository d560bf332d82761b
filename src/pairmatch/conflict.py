"""What contradicts what where no matching is valid: plain data, computed elsewhere, carried by the error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import listed, shown

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Conflict", "Member", "Repair"]


@dataclass(frozen=True, slots=True)
class Member:
    """One of the things that cannot all hold.

    Attributes
    ----------
    rule
        Label of the policy's rule; ``"minimum_weight"`` for the policy's bar, ``"own minimum"`` and
        ``"own capacity"`` for what a person's own field, or the policy's default, says.
    words
        What it asks, as a sentence.
    side
        ``"mentors"``, ``"mentees"``, ``"pairs"``, or empty where it is about nobody in particular.
    ids
        Whom it is about: the people, or the pairs as ``"m3 + e17"``. Of a rule about many people only those
        who matter here. Empty too where naming people would tell who is in a protected group (law §12).
    """

    rule: str
    words: str
    side: str = ""
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = f" [{listed(shown(each) for each in self.ids)}]" if self.ids else ""
        return f"{shown(self.rule)}: {self.words}{who}"


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that mends a conflict.

    Attributes
    ----------
    words
        The change, as an advice.
    kind
        ``"rule_off"``, ``"milder_rule"``, ``"exception"``, ``"not_required"``, ``"minimum"``, ``"place"``,
        ``"hours"``, ``"quota"`` or ``"lower_bar"``.
    rule
        Label of the rule that it changes, as :class:`Member` has it.
    verified
        Whether solving proved that the conflict's members, so changed, can all hold.
    enough
        Whether solving proved that with this change alone a valid matching exists; None where that could
        not be decided.
    side, ids
        Whom it is about, as for :class:`Member`.
    """

    words: str
    kind: str
    rule: str
    verified: bool = False
    enough: bool | None = None
    side: str = ""
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.enough:
            return f"{self.words}: then a valid matching exists"
        return f"{self.words}: mends this, {'not everything' if self.enough is False else 'perhaps not all'}"


@dataclass(frozen=True)
class Conflict:
    """Rules, minimums, places and required pairs that cannot all hold: one reason why no matching is valid.

    Attributes
    ----------
    members
        What cannot all hold.
    minimal
        Whether each member was proven to be needed: without any one of them, the others can all hold.
    proven
        Whether it was proven that the members, by themselves, cannot all hold.
    others
        Whether there are other reasons beside this one; None where that could not be decided.
    repairs
        Changes that mend it, those first that are enough for a valid matching.
    each_needed
        Whether of members about several people, each person was proven to be needed.
    """

    members: tuple[Member, ...]
    minimal: bool
    proven: bool
    others: bool | None = None
    repairs: tuple[Repair, ...] = ()
    each_needed: bool = False

    @property
    def table(self) -> pd.DataFrame:
        """One row per member: rule, side, ids (joined by ", "), words."""
        import pandas as pd

        rows = [(each.rule, each.side, ", ".join(each.ids), each.words) for each in self.members]
        return pd.DataFrame(rows, columns=["rule", "side", "ids", "words"])

    @property
    def repair_table(self) -> pd.DataFrame:
        """One row per repair: repair (in words), kind, rule, side, ids, verified, enough."""
        import pandas as pd

        columns = ["repair", "kind", "rule", "side", "ids", "verified", "enough"]
        rows = [
            (each.words, each.kind, each.rule, each.side, ", ".join(each.ids), each.verified, each.enough)
            for each in self.repairs
        ]
        return pd.DataFrame(rows, columns=columns).astype({"verified": object, "enough": object})

    def __str__(self) -> str:
        lines = [f"{self._heading}:", *(f"  - {member}" for member in self.members)]
        if self.repairs:
            lines += ["What would mend it:", *(f"  - {repair}" for repair in self.repairs)]
        return "\n".join(lines)

    @property
    def _heading(self) -> str:
        """What is known of the members, and whether they are the only reason."""
        which = {False: "The reason", True: "One reason, there are others", None: "One reason"}[self.others]
        if not self.proven:
            return f"{which}, not proven: these may contradict each other"
        if len(self.members) == 1:
            return f"{which}: this cannot hold, by itself"
        if not self.minimal:
            return f"{which}, perhaps longer than need be: these cannot all hold"
        return f"{which}: these cannot all hold, and without any one of them the others can"
