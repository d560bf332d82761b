"""Small programmes that often contradict themselves; what parts of their demands leave, by trying all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations
from typing import Any

import pandas as pd
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.conflict import Member
from pairmatch.parameters import label_of
from pairmatch.scoring import MINIMUM_WEIGHT, Scorer, fit

Pair = tuple[str, str]

RULES: tuple[Any, ...] = (
    rules.DifferentDepartment(),
    rules.LevelsBelow(at_least=2),
    rules.Different("region"),
    rules.Hours(),
    rules.Hours(missing="allow"),
    rules.Minimum(mentees=1),
    rules.Minimum(mentors=1, mentees=1),
    rules.Capacity(mentors=1),
    rules.AtLeast(2, where={"region": "North"}, of="mentees"),
    rules.AtLeast(1, where={"region": "South"}, of="mentors"),
    rules.AtMost(1, where={"department": "Law"}, of="mentees"),
    rules.AtMost(0, where={"region": "North"}, of="mentors"),
    rules.MentorsChosen(at_most=1),
    rules.NumberAtLeast("hours", 2, of="mentors"),
)


@dataclass(frozen=True)
class Programme:
    """Two tables and a policy."""

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    policy: pm.Policy

    @cached_property
    def cohort(self) -> pm.Cohort:
        """The cohort of the tables."""
        return pm.Cohort(self.mentors, self.mentees)


@st.composite
def programmes(draw: st.DrawFn, most: int = 3, only: Sequence[Any] = RULES) -> Programme:
    """Programmes with a few rules, minimums and required pairs: most of them contradict each other."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, most))
    mentors, mentees = _people(draw, "m", n), _people(draw, "e", m)
    chosen = draw(st.lists(st.sampled_from(only), max_size=4, unique_by=lambda rule: rule.name))
    every = [(f"m{i}", f"e{j}") for i in range(n) for j in range(m)]
    active = [{*side["id"][side["active"] == "yes"]} for side in (mentors, mentees)]
    taking_part = [pair for pair in every if pair[0] in active[0] and pair[1] in active[1]]
    required = draw(st.lists(st.sampled_from(taking_part), max_size=2, unique=True)) if taking_part else []
    chosen += [rules.Required(required)] if required else []
    barred = draw(
        st.lists(st.sampled_from([pair for pair in every if pair not in required] or every), max_size=3)
    )
    chosen += [rules.Forbidden(barred)] if barred and not {*barred} & {*required} else []
    policy = pm.Policy(
        rules=chosen,
        goals=[goals.Same("region", weight=1)],
        minimum_weight=draw(st.sampled_from((None, None, 0.5))),
        mentees={"minimum": draw(st.sampled_from((0, 0, 1)))},
    )
    return Programme(mentors, mentees, policy)


def _people(draw: st.DrawFn, letter: str, number: int) -> pd.DataFrame:
    def column(*values: Any) -> list[Any]:
        return draw(st.lists(st.sampled_from(values), min_size=number, max_size=number))

    return pd.DataFrame(
        {
            "id": [f"{letter}{place}" for place in range(number)],
            "department": column("IT", "Law"),
            "region": column("North", "South"),
            "level": column(1, 2, 3, 4),
            "capacity": column(1, 1, 2, 0),
            "minimum": column(0, 0, 0, 1, 2),
            "hours": column(1, 2, 3, None),
            "active": column("yes", "yes", "yes", "no"),
        }
    )


def asked(member: Member) -> str:
    """What a member asks, in a word."""
    if member.words.startswith("the hours"):
        return "hours"
    if not member.side or member.side == "pairs":
        return ""
    return "least" if "at least" in member.words else "most"


# -- by trying all ----------------------------------------------------------------------------


class Tried:
    """Every matching of a small programme, held against any part of its demands in plain Python."""

    def __init__(self, programme: Programme) -> None:
        cohort, policy = programme.cohort, programme.policy
        self.cohort, self.policy = cohort, policy
        self.mentors = [person for person in cohort.mentors if person.active]
        self.mentees = [person for person in cohort.mentees if person.active]
        scorer = Scorer(cohort, policy, fit(cohort, policy))
        self.barred = {
            (a.id, b.id): {*(score := scorer.pair(a, b)).forbidden_by}
            | ({MINIMUM_WEIGHT} if scorer.bar and score.weight < scorer.bar else set())
            for a in self.mentors
            for b in self.mentees
        }
        self.rules = {label_of(rule): rule for rule in policy.rules}
        every = [*self.barred]
        self.matchings = list(chain.from_iterable(combinations(every, k) for k in range(len(every) + 1)))

    def leaves(self, demands: Iterable[Member]) -> bool:
        """Whether some matching keeps all of these demands."""
        demands = list(demands)
        return any(all(self.keeps(pairs, demand) for demand in demands) for pairs in self.matchings)

    def everything(self) -> list[Member]:
        """All demands, each about one person at most."""
        return list(self._demands())

    def _demands(self) -> Iterator[Member]:
        for label, rule in self.rules.items():
            if hasattr(rule, "allowed") or hasattr(rule, "groups"):
                yield Member(label, "")
            elif label == "required":
                yield from (Member(label, "", "pairs", (" + ".join(pair),)) for pair in rule.pairs)
            else:
                bounds = {"minimum": ["at least"], "capacity": ["at most"], "hours": ["at most", "the hours"]}
                yield from (Member(label, what, *who) for what in bounds[label] for who in self._who())
        if self.policy.minimum_weight is not None:
            yield Member(MINIMUM_WEIGHT, "")
        yield from (Member("own capacity", "at most", *who) for who in self._who())
        yield from (Member("own minimum", "at least", *who) for who in self._who())

    def _who(self) -> Iterator[tuple[str, tuple[str]]]:
        yield from (("mentors", (person.id,)) for person in self.mentors)
        yield from (("mentees", (person.id,)) for person in self.mentees)

    def keeps(self, pairs: Sequence[Pair], demand: Member) -> bool:
        """Whether a matching keeps a demand."""
        label = demand.rule
        if demand.side == "pairs":
            return all(tuple(name.split(" + ")) in pairs for name in demand.ids)
        if not demand.side and (label == MINIMUM_WEIGHT or hasattr(self.rules[label], "allowed")):
            return not any(label in self.barred[pair] for pair in pairs)
        if not demand.side:
            return not self.rules[label].broken(pairs, self.cohort)
        return all(self._within(pairs, label, demand, who) for who in demand.ids)

    def _within(self, pairs: Sequence[Pair], label: str, demand: Member, who: str) -> bool:
        """Whether one person's load is within what one rule, or the own fields, say."""
        at = demand.side == "mentees"
        number = Counter(pair[at] for pair in pairs)[who]
        side = self.cohort.side(demand.side)
        person = side.person(side.position(who))
        default = getattr(self.policy, demand.side)
        if label == "own capacity":
            return number <= (default.capacity if person["capacity"] is None else person["capacity"])
        if label == "own minimum":
            return number >= (default.minimum if person["minimum"] is None else person["minimum"])
        broken = self.rules[label].broken(pairs, self.cohort)
        if label == "hours" and demand.words.startswith("the hours"):
            return not any(one.code == "over_hours" and one.id == who for one in broken)
        if label == "hours":
            return not any(
                one.code == "hours_missing" and (one.side, one.id) == (demand.side, who) for one in broken
            )
        return not any((one.side, one.id) == (demand.side, who) for one in broken)
