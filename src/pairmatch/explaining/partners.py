"""``explain`` for the two partners: bands in words and positive reasons, and nothing else (law §12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.errors import CallError, Finding
from pairmatch.explaining.plain_text import one_line
from pairmatch.explaining.reasons import BANDS, NO_REASON, View, band, reasons
from pairmatch.matching import Matching

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PartnerExplanation", "partner_explanation"]

OTHER_ROLE = {"mentor": "mentee", "mentee": "mentor"}

NOBODY = "You have no partner at present. Whoever runs the programme can tell you how it goes on."
"""All that a person without a partner is told: every reason is about other people too."""


@dataclass(frozen=True, eq=False, repr=False)
class PartnerExplanation:
    """What one partner may read of why they were paired.

    It follows from what the other person lets their partner read and from the reader's own profile alone: no
    total, no average and no third person has a part in it. It holds neither the matching nor a profile.

    Attributes
    ----------
    role, id
        Who reads it.
    audience
        The reader's role: ``"mentor"`` or ``"mentee"``.
    partners
        One row per partner and reason: partner, band, reason. ``band`` says in words how much of what the
        programme looks at is told as a reason; it is never a rank among other people.
    """

    role: str
    id: str
    audience: str
    partners: pd.DataFrame

    def __str__(self) -> str:
        if self.partners.empty:
            return NOBODY
        return "\n".join(self._lines())

    def _lines(self) -> list[str]:
        lines, introduced = [], set()
        for partner, words, reason in self.partners.values.tolist():
            if partner not in introduced:
                lines.append(f"Your {OTHER_ROLE[self.role]} is {one_line(partner, 60)}: {words}.")
            introduced.add(partner)
            lines.append(f"  {reason}")
        return lines

    def __repr__(self) -> str:
        return f"<PartnerExplanation for {self.role} {one_line(self.id, 60)}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def partner_explanation(matching: Matching, role: str, who: str, audience: str) -> PartnerExplanation:
    """Explain a person's pairs as a partner may read them.

    Parameters
    ----------
    matching
        The matching.
    role, who
        Of whom the pairs are: ``"mentor"`` or ``"mentee"``, and an id of the cohort.
    audience
        Who reads: ``"mentor"`` or ``"mentee"``. Where it is the other role than the person's, the reader is
        that person's partner.

    Returns
    -------
    PartnerExplanation

    Raises
    ------
    CallError
        If nobody, or more than one, would read it: partners of the same person need not know of each other.
    """
    reader = who if audience == role else _reader(matching, role, who, audience)
    pairs = [pair for pair in matching.made if (pair.mentor, pair.mentee)[audience == "mentee"] == reader]
    rows = []
    for pair in pairs:
        view = View.of(matching.cohort, pair.mentor, pair.mentee, audience)
        found = reasons(matching.policy, view)
        words = BANDS[band(matching.policy, view, found)]
        rows += [[view.other.id, words, reason] for reason in found.values() or [NO_REASON]]
    # By id: the order of a matching's pairs tells of their weights.
    return PartnerExplanation(audience, reader, audience, _table(sorted(rows, key=lambda row: row[0])))


def _reader(matching: Matching, role: str, who: str, audience: str) -> str:
    """The one partner who would read it."""
    partners = matching.partners(mentor=who) if role == "mentor" else matching.partners(mentee=who)
    if len(partners) == 1:
        return partners[0]
    hint = (
        f"the {role} has {len(partners)} partners, and each may read of their own pair alone; ask for each "
        f"{audience} by {audience}="
    )
    raise CallError([Finding("no_one_reader", hint, column="audience")])


def _table(rows: list[list[str]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["partner", "band", "reason"], dtype=object)
