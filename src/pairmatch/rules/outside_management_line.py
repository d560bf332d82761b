"""Neither of the two manages the other."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from pairmatch.errors import Finding
from pairmatch.forms import Few
from pairmatch.parameters import Checks, absent_chart, chart_of, set_field
from pairmatch.rules.few import named
from pairmatch.rules.protocol import MISSING, Bools, Missing

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person

__all__ = ["OutsideManagementLine"]


@dataclass(frozen=True)
class OutsideManagementLine:
    """Bars one's own manager and that one's manager, direct or dotted, both ways.

    Parameters
    ----------
    levels
        Steps up the line that are barred. None, or ``"all"`` in a policy file, bars the whole line, and so a
        chief executive from everybody.
    missing
        ``"forbid"`` or ``"allow"`` a pair where the line of either person is not known up to ``levels``.
        What is known of it bars in any case. A root of the organisation has no manager, which is not
        missing data.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.OutsideManagementLine().description
    "neither is within 2 steps above the other in the organisation's lines"
    """

    name: ClassVar[str] = "outside_management_line"
    fields: ClassVar[tuple[str, ...]] = ("manager", "dotted_managers")

    levels: int | None = 2
    missing: Missing = field(default="forbid", kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        given: object = None if str(self.levels) == "all" else self.levels
        set_field(self, "levels", checks.optional_whole("levels", given, least=1))
        checks.choice("missing", self.missing, MISSING)
        checks.done()

    def parameters(self) -> dict[str, object]:
        """The parameters as plain data, as a policy file tells them."""
        return {"levels": "all" if self.levels is None else self.levels, "missing": self.missing}

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        if self.levels is None:
            return "neither is above the other in the organisation's lines"
        steps = f"{self.levels} step{'s' if self.levels > 1 else ''}"
        return f"neither is within {steps} above the other in the organisation's lines"

    def milder(self) -> tuple[OutsideManagementLine, ...]:
        """The rule with one step less; the usual steps in the place of the whole line."""
        if self.levels is None:
            return (replace(self, levels=2),)
        return (replace(self, levels=self.levels - 1),) if self.levels > 1 else ()

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        return absent_chart(cohort, self.name, "rule")

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees whose line is not known far enough."""
        return cohort.cached((self.name, "lacking", self.levels), lambda: self._lacking(cohort))

    def _lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        complete = chart_of(cohort, self.name, "rule").complete_many
        return ~complete(cohort.mentors.ids, self.levels), ~complete(cohort.mentees.ids, self.levels)

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        cohort = block.cohort
        outside = ~block.barred(cohort.line_pairs(self.levels))
        if self.missing == "allow":
            return outside
        mentors, mentees = self.lacking(cohort)
        return outside & ~block.of_mentors(mentors) & ~block.of_mentees(mentees)

    def few(self, cohort: Cohort) -> Few:
        """All that the rule forbids."""
        pairs = cohort.line_pairs(self.levels)
        return named(cohort, pairs) if self.missing == "allow" else Few(*self.lacking(cohort), pairs)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        chart = chart_of(mentor.cohort, self.name, "rule")
        if mentee.id in chart.line(mentor.id, self.levels) or mentor.id in chart.line(mentee.id, self.levels):
            return False
        whole = chart.complete(mentor.id, self.levels) and chart.complete(mentee.id, self.levels)
        return whole or self.missing == "allow"

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """Who stands above the other."""
        chart = chart_of(mentor.cohort, self.name, "rule")
        for person, above in ((mentor, mentee), (mentee, mentor)):
            if above.id in chart.line(person.id, self.levels):
                near = above.id in chart.line(person.id, 1)
                how = "manages" if near else "stands above"
                return f"the {above.side.removesuffix('s')} {how} the {person.side.removesuffix('s')}"
        return ""
