"""The policy's part about coaches: which coach may support which pair, and how well they suit it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from pairmatch.errors import Finding, PolicyError, did_you_mean
from pairmatch.parameters import (
    PAIR_GOAL,
    PAIR_RULE,
    Checks,
    check_labels,
    has_methods,
    label_of,
    plain_entry,
    purpose_needed,
    read_entries,
    set_field,
    told,
    usable_goals,
    usable_rules,
)
from pairmatch.policy.defaults import Defaults

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy.policy import Policy

__all__ = ["Coaches", "coach_needs", "coach_policy", "coaches_from", "joint_objective", "usable_coaches"]

SIDES = ("mentors", "mentees")

OF_PAIRS = ("history", "preferences", "vetoes")
"""Tables that tell of mentors with mentees, and of no coach."""


@dataclass(frozen=True)
class Coaches:
    """How coaches are chosen for the pairs.

    Every rule and goal judges the coach with the pair's mentor and the coach with its mentee: the coach
    stands in the mentor's place and the participant in the mentee's.

    Parameters
    ----------
    rules
        Pair rules that must hold with both partners.
    goals
        Pair goals: how well a coach suits a partner.
    weight
        What the best coach is worth, in perfect pairs, in [0, 1]: a pair's coach scores ``weight`` times the
        mean of the scores with both partners.
    capacity
        Most pairs of a coach whose own field ``capacity`` says nothing; None sets no limit.
    jointly
        Whether coaches are chosen together with the pairs, which may then differ, and not after them.

    Raises
    ------
    PolicyError
        Everything that is wrong, at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals, rules
    >>> coaches = pm.Coaches(
    ...     rules=[rules.NotSameTeam(), rules.Different("region")],
    ...     goals=[goals.Same("language", weight=1)],
    ...     capacity=10,
    ... )
    >>> pm.Policy(coaches=coaches, objective=["mentees"]).coaches.capacity
    10
    """

    rules: Sequence[Any] = ()
    goals: Sequence[Any] = ()
    weight: float = 0.1
    capacity: int | None = None
    jointly: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks("coaches")
        set_field(self, "rules", usable_rules(checks, self.rules))
        set_field(self, "goals", usable_goals(checks, self.goals))
        set_field(self, "weight", checks.share("weight", self.weight))
        set_field(self, "capacity", checks.optional_whole("capacity", self.capacity, least=0))
        if not isinstance(self.jointly, bool):
            checks.add("bad_flag", "jointly", f"'jointly' must be true or false, not {told(self.jointly)}.")
        for section, parts in (("rules", self.rules), ("goals", self.goals)):
            check_labels(checks, section, parts)
            for part in parts:
                _check_part(checks, section, part)
        checks.done()

    def to_dict(self) -> dict[str, Any]:
        """The part as plain data; what is at its default is left out."""
        usual = Coaches()
        plain = {
            name: getattr(self, name)
            for name in ("jointly", "weight", "capacity")
            if getattr(self, name) != getattr(usual, name)
        }
        entries = {
            "rules": [plain_entry("rule", rule) for rule in self.rules],
            "goals": [plain_entry("goal", goal) for goal in self.goals],
        }
        return plain | {section: parts for section, parts in entries.items() if parts}


def _check_part(checks: Checks, section: str, part: Any) -> None:
    """Note what cannot be held against a coach with one partner."""
    if not has_methods(part, *((PAIR_RULE,) if section == "rules" else PAIR_GOAL)):
        kind = "pair rules, as rules.Different" if section == "rules" else "pair goals, as goals.Same"
        hint = f"'{label_of(part)}' judges no single pair; coaches are chosen by {kind}."
        checks.add("not_for_coaches", section, hint)
    for table in set(OF_PAIRS) & set(getattr(part, "tables", ())):
        hint = f"'{label_of(part)}' reads the table '{table}', which tells of mentors and mentees only."
        checks.add("not_for_coaches", section, hint)


def usable_coaches(checks: Checks, value: object) -> Coaches | None:
    """The part, if it can be used; what is wrong is noted."""
    if value is None or isinstance(value, Coaches):
        return value
    hint = f"'coaches' must be pairmatch.Coaches(...), in a file the table [coaches], not {told(value)}."
    checks.add("bad_section", "coaches", hint)
    return None


def joint_objective(checks: Checks, objective: tuple[str, ...], coaches: Coaches | None) -> tuple[str, ...]:
    """The objective with the tier ``"coached"``, where coaches are chosen together with the pairs."""
    jointly = coaches is not None and coaches.jointly
    if "coached" in objective and not jointly:
        hint = (
            "the tier 'coached' needs coaches who are chosen together with the pairs: say jointly = true in "
            "the policy's part 'coaches', or take the tier out of the objective."
        )
        checks.add("not_jointly", "objective", hint)
    if not jointly or "coached" in objective:
        return objective
    place = objective.index("total") if "total" in objective else len(objective)
    return (*objective[:place], "coached", *objective[place:])


def coaches_from(
    policy: Mapping[str, Any], known_rules: Mapping[str, Any], known_goals: Mapping[str, Any]
) -> tuple[Coaches | None, list[Finding]]:
    """The part of a policy file, if it has one, and what is wrong with it."""
    if "coaches" not in policy:
        return None, []
    data = policy["coaches"]
    if not isinstance(data, Mapping):
        hint = f"'coaches' must be a table, in TOML under [coaches], not {told(data)}."
        return None, [Finding("bad_section", hint, side="policy", column="coaches")]
    names = [f.name for f in fields(Coaches)]
    findings = [
        Finding(
            "unknown_key", f"'coaches' has no '{key}'.{did_you_mean(str(key), names)}", "", column=str(key)
        )
        for key in data
        if key not in names
    ]
    rules, bad_rules = read_entries("rules", data.get("rules", []), known_rules)
    goals, bad_goals = read_entries("goals", data.get("goals", []), known_goals)
    findings += [*bad_rules, *bad_goals]
    plain = {key: value for key, value in data.items() if key in ("weight", "capacity", "jointly")}
    try:
        made = Coaches(rules, goals, **plain)
    except PolicyError as error:
        findings += error.findings
    if findings:
        return None, [_placed(finding) for finding in findings]
    return made, []


def _placed(finding: Finding) -> Finding:
    hint = finding.hint.replace("[[", "[[coaches.")
    return replace(finding, hint=hint, side="policy", column=f"coaches.{finding.column}")


def coach_policy(policy: Policy, coaches: Coaches) -> Policy:
    """The rules and goals for coaches as a policy of their own, which judges a coach with one partner."""
    return replace(
        policy,
        rules=coaches.rules,
        goals=coaches.goals,
        objective=("pairs",),
        minimum_weight=None,
        mentors=Defaults(),
        mentees=Defaults(),
        coaches=None,
        exceptions=(),
    )


def coach_needs(cohort: Cohort, coaches: Coaches) -> Iterator[Finding]:
    """What the part needs and a cohort does not have: coaches, columns, purposes."""
    if cohort.coaches is None:
        hint = (
            "the policy's part 'coaches' needs the table of coaches (coaches=, on the command line "
            "--coaches); hand it in, or take the part out of the policy."
        )
        yield Finding("absent_table", hint, side="coaches")
        return
    told_already = set()
    for side in SIDES:
        facing = cohort.coached(side)
        for part in (*coaches.rules, *coaches.goals):
            findings = [*(part.needs(facing) if hasattr(part, "needs") else ())]
            findings += purpose_needed(facing, label_of(part), part)
            for finding in (_renamed(finding, side) for finding in findings):
                if finding not in told_already:
                    told_already.add(finding)
                    yield finding


def _renamed(finding: Finding, side: str) -> Finding:
    """A finding about the coaches' and one side's tables under their own names."""
    names = {"mentors": "coaches", "mentees": side}
    hint = finding.hint
    for own, name in (("mentors'", "coaches'"), ("mentees'", f"{side}'")):
        if f"the {own} table" in finding.hint:
            hint = finding.hint.replace(f"the {own} table", f"the {name} table")
    return replace(finding, hint=hint, side=names.get(finding.side, finding.side))
