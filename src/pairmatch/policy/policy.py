"""Policy: rules, goals and the order of objectives; plain data that can be stored, compared and audited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pairmatch import goals as goal_room
from pairmatch import rules as rule_room
from pairmatch.errors import CallError, Finding, PolicyError, SchemaError, counted, did_you_mean
from pairmatch.parameters import (
    COHORT_GOAL,
    GROUP_RULE,
    LOAD_RULE,
    PAIR_GOAL,
    PAIR_RULE,
    Checks,
    has_methods,
    known_parts,
    label_of,
    plain_entry,
    purpose_needed,
    read_entries,
    set_field,
    told,
    usable_goals,
    usable_rules,
)
from pairmatch.policy.coaches import Coaches, coach_needs, coaches_from, joint_objective, usable_coaches
from pairmatch.policy.defaults import Defaults, changed, defaults_of
from pairmatch.policy.exceptions import (
    Exempt,
    excepted_rules,
    named_exceptions,
    swapped_exceptions,
    unlaid,
    usable_exceptions,
)
from pairmatch.policy.fewer import absent_goals, labels_of
from pairmatch.policy.objective import checked_objective
from pairmatch.policy.outline import KEYS, NUMBER, finding, outline
from pairmatch.policy.together import DEPENDENT, check_together
from pairmatch.presets import AIMS, PRESETS, preset_data, preset_text

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Defaults", "Policy"]


@dataclass(frozen=True, repr=False)
class Policy:
    """What must hold, what is preferred, and what counts first.

    Parameters
    ----------
    rules
        Pair rules, load rules and group rules: what must hold.
    goals
        Pair goals and cohort goals: what is preferred.
    objective
        Tiers, most important first (law §6): ``"must_match"``, ``"mentees"``, ``"mentors"``, ``"pairs"``,
        ``"worst"``, ``"leximin"``, ``"spread"``, ``"total"``.
    minimum_weight
        No pair below this weight, in [0, 1], is made; None sets no bar.
    seed
        Orders equal people; at least 0.
    mentors, mentees
        Capacity and minimum where a person's own fields say nothing: :class:`Defaults`, or a mapping.
    name
        What the policy is called.
    coaches
        How coaches are chosen for the pairs: :class:`Coaches`; None where no pair has one.
    exceptions
        Pairs that a rule does not forbid: each an :class:`Exempt`, or rule, mentor and mentee.

    Raises
    ------
    PolicyError
        Everything that is wrong, at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals, rules
    >>> policy = pm.Policy(
    ...     rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=2)],
    ...     goals=[goals.TopicCoverage(weight=0.3), goals.SharedHobbies(weight=0.15)],
    ...     mentors={"capacity": 2},
    ... )
    >>> policy == pm.Policy.from_dict(policy.to_dict())
    True
    """

    rules: Sequence[Any] = ()
    goals: Sequence[Any] = ()
    objective: Sequence[str] = ("must_match", "mentees", "total")
    minimum_weight: float | None = None
    seed: int = 0
    mentors: Defaults = field(default_factory=Defaults)
    mentees: Defaults = field(default_factory=Defaults)
    name: str = ""
    coaches: Coaches | None = None
    exceptions: Sequence[Exempt] = ()

    def __post_init__(self) -> None:
        checks = Checks("policy")
        for side in ("mentors", "mentees"):
            set_field(self, side, defaults_of(checks, side, getattr(self, side)))
        set_field(self, "seed", checks.whole("seed", self.seed, least=0, most=2**53))
        if self.minimum_weight is not None:
            set_field(self, "minimum_weight", checks.share("minimum_weight", self.minimum_weight))
        if not isinstance(self.name, str):
            checks.add("bad_text", "name", f"'name' must be a text, not {told(self.name)}.")
        set_field(self, "rules", usable_rules(checks, unlaid(self.rules)))
        set_field(self, "goals", usable_goals(checks, self.goals))
        set_field(self, "coaches", usable_coaches(checks, self.coaches))
        objective = checked_objective(checks, self.objective)
        set_field(self, "objective", joint_objective(checks, objective, self.coaches))
        given = usable_exceptions(checks, self.exceptions)
        set_field(self, "exceptions", named_exceptions(checks, given, self.rules))
        check_together(checks, self)
        checks.done()

    def __repr__(self) -> str:
        name, tiers = f" {self.name!r}" if self.name else "", ", ".join(self.objective)
        parts = f"{counted(len(self.rules), 'rule')}, {counted(len(self.goals), 'goal')}"
        return f"<Policy{name}: {parts}; {tiers}>"

    @property
    def pair_rules(self) -> tuple[Any, ...]:
        """The rules that allow or forbid a pair, with their exceptions laid on."""
        return excepted_rules(self.plain_rules, self.exceptions)

    @property
    def plain_rules(self) -> tuple[Any, ...]:
        """The rules that allow or forbid a pair, as if no pair were excepted."""
        return tuple(rule for rule in self.rules if has_methods(rule, PAIR_RULE))

    @property
    def load_rules(self) -> tuple[Any, ...]:
        """The rules that bound what people carry."""
        return tuple(rule for rule in self.rules if has_methods(rule, LOAD_RULE))

    @property
    def group_rules(self) -> tuple[Any, ...]:
        """The rules that bound how many of a group have a pair."""
        return tuple(rule for rule in self.rules if has_methods(rule, GROUP_RULE))

    @property
    def pair_goals(self) -> tuple[Any, ...]:
        """The goals that score a pair."""
        return tuple(goal for goal in self.goals if has_methods(goal, *PAIR_GOAL))

    @property
    def cohort_goals(self) -> tuple[Any, ...]:
        """The goals that score the whole matching."""
        return tuple(goal for goal in self.goals if has_methods(goal, *COHORT_GOAL))

    def check(self, cohort: Cohort) -> None:
        """Refuse a cohort that this policy does not fit.

        Parameters
        ----------
        cohort
            The cohort to be matched.

        Raises
        ------
        PolicyError
            Every absent column and table, every field of a wrong kind, and every sensitive or special field
            that is used without a written purpose, at once.
        """
        findings: list[Finding] = []
        for part in (*self.rules, *self.goals):
            if hasattr(part, "needs"):
                findings += part.needs(cohort)
            findings += purpose_needed(cohort, label_of(part), part)
        findings += swapped_exceptions(cohort, self.exceptions)
        findings += [] if self.coaches is None else coach_needs(cohort, self.coaches)
        if findings:
            raise PolicyError(findings)

    def to_dict(self) -> dict[str, Any]:
        """The policy as plain data; what is at its default is left out, the objective excepted."""
        data: dict[str, Any] = {"schema": NUMBER, "objective": list(self.objective)}
        data |= {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.name in ("name", "minimum_weight", "seed")
        }
        data |= {side: changed(getattr(self, side)) for side in ("mentors", "mentees")}
        data["rules"] = [plain_entry("rule", rule) for rule in self.rules]
        data["goals"] = [plain_entry("goal", goal) for goal in self.goals]
        data |= {} if self.coaches is None else {"coaches": self.coaches.to_dict()}
        data["exceptions"] = [one.to_dict() for one in self.exceptions]
        usual: dict[str, Any] = {
            "exceptions": [],
            "name": "",
            "minimum_weight": None,
            "seed": 0,
            "mentors": {},
            "mentees": {},
        }
        usual |= {"rules": [], "goals": []}
        return {key: value for key, value in data.items() if key not in usual or value != usual[key]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], extra: Iterable[Any] = ()) -> Policy:
        """A policy from plain data, as :meth:`to_dict` makes it or as a file holds it.

        Parameters
        ----------
        data
            The policy; sections that belong to a schema are passed over.
        extra
            Classes of your own rules and goals that the policy names.

        Raises
        ------
        PolicyError
            Everything that is wrong, at once.
        """
        if not isinstance(data, Mapping):
            raise PolicyError([finding("bad_policy", f"a policy is a table of keys, not {told(data)}.")])
        extra = tuple(extra)
        known_rules = known_parts(rule_room.REGISTRY, extra, ("allowed", "bound", "broken"))
        known_goals = known_parts(goal_room.REGISTRY, extra, ("score", "factors", "shortfall"))
        rules, bad_rules = read_entries("rules", data.get("rules", []), known_rules)
        goals, bad_goals = read_entries("goals", data.get("goals", []), known_goals)
        plain = {key: data[key] for key in KEYS if key in data}
        coaches, bad_coaches = coaches_from(data, known_rules, known_goals)
        findings = [*outline(data), *bad_rules, *bad_goals, *bad_coaches]
        try:
            policy = cls(**{**plain, "rules": rules, "goals": goals, "coaches": coaches})
        except PolicyError as error:
            dependent = DEPENDENT if bad_rules or bad_goals else frozenset()
            dependent |= {"not_jointly"} if bad_coaches else frozenset()
            findings += [finding for finding in error.findings if finding.code not in dependent]
        if findings:
            raise PolicyError(findings)
        return policy

    @classmethod
    def read(cls, path: str | Path, extra: Iterable[Any] = ()) -> Policy:
        """Read a policy from a ``.toml`` or ``.json`` file; a schema may stand in the same file.

        Parameters
        ----------
        path
            The file.
        extra
            Classes of your own rules and goals that the policy names.

        Raises
        ------
        FileError
            The file is missing or cannot be read.
        PolicyError
            The policy cannot be used; all problems at once.
        """
        from pairmatch.plain_files import load

        try:
            data = load(path, "policy")
        except SchemaError as error:
            raise PolicyError([finding(f.code, f.hint, f.column) for f in error.findings]) from None
        return cls.from_dict(data, extra)

    def write(self, path: str | Path) -> None:
        """Write the policy to a ``.toml`` or ``.json`` file.

        Parameters
        ----------
        path
            The file; its name decides the format.
        """
        from pairmatch.plain_files import save

        save(self.to_dict(), path)

    @classmethod
    def preset(cls, name: str) -> Policy:
        """A policy that comes with the library.

        Parameters
        ----------
        name
            One of ``"reverse_mentoring"``, ``"technology"``, ``"perspective"``, ``"inclusion"`` (these
            four for reverse mentoring), ``"traditional"`` and ``"peer"``.

        Raises
        ------
        CallError
            There is no preset of that name.

        Examples
        --------
        >>> import pairmatch as pm
        >>> pm.Policy.preset("peer").name
        'Peer mentoring'
        """
        return cls.from_dict(preset_data(name))

    @staticmethod
    def presets() -> tuple[str, ...]:
        """Names of the policies that come with the library, as :meth:`preset` takes them."""
        return PRESETS

    @staticmethod
    def preset_text(name: str) -> str:
        """The TOML file of a preset, with its comments and sources: a file of your own to start from.

        Parameters
        ----------
        name
            As for :meth:`preset`.
        """
        return preset_text(name)

    @classmethod
    def reverse_mentoring(cls, aim: str | None = None) -> Policy:
        """The policy for reverse mentoring, with the weights that the evidence speaks for.

        Parameters
        ----------
        aim
            What the programme is for: ``"technology"``, ``"perspective"`` (how younger people see things) or
            ``"inclusion"``; None for technology and perspective together.

        Raises
        ------
        CallError
            The aim is another one.

        Examples
        --------
        >>> import pairmatch as pm
        >>> pm.Policy.reverse_mentoring().goals[0].weight
        0.3
        """
        if aim is None:
            return cls.preset("reverse_mentoring")
        if aim not in AIMS:
            near = did_you_mean(aim, AIMS) if isinstance(aim, str) else ""
            hint = f"an aim is one of {', '.join(AIMS)}, or none at all, not {told(aim)}.{near}"
            hint += f" For that one take Policy.preset({aim!r})." if aim in PRESETS else ""
            raise CallError([Finding("unknown_aim", hint, column="aim")])
        return cls.preset(aim)

    def without(self, *labels: str) -> Policy:
        """The policy without some of its rules and goals.

        Parameters
        ----------
        labels
            Labels of rules and goals, as tables name them; a name alone where only one has it.

        Raises
        ------
        CallError
            The policy has no such rule or goal, or several of that name.
        """
        gone = labels_of((*self.rules, *self.goals), labels)
        rules, goals = (
            tuple(part for part in parts if label_of(part) not in gone) for parts in (self.rules, self.goals)
        )
        exceptions = tuple(one for one in self.exceptions if one.rule not in gone)
        return replace(self, rules=rules, goals=goals, exceptions=exceptions)

    def fitting(self, cohort: Cohort) -> Policy:
        """The policy without the goals whose columns or tables a cohort does not have.

        A rule is never left out: whoever wants to do without one says so with :meth:`without`.

        Parameters
        ----------
        cohort
            The cohort to be matched.

        Raises
        ------
        PolicyError
            The cohort has the data for none of the goals.
        """
        return self.without(*absent_goals(self.goals, cohort))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the policy's canonical JSON, in hexadecimal."""
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()
