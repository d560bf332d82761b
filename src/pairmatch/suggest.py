"""``pairmatch.suggest``: short lists of people to talk to, where nobody is assigned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import check_calls, pairs_made
from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.explain import AUDIENCES
from pairmatch.explaining.reasons import View, reasons
from pairmatch.grouping import protected
from pairmatch.matching import Made
from pairmatch.matching.suggestions import ROLES, Suggested, Suggestions, other_role
from pairmatch.parameters import is_number, is_share, is_whole
from pairmatch.problem import RESOLUTION, Ints, Report
from pairmatch.scoring import Scorer, blocks, fit, loads, visible_columns
from pairmatch.scoring.listed import exact
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring import Built
    from pairmatch.scoring.scorer import Part
    from pairmatch.solver.shortlists import Wanted

__all__ = ["Suggestions", "suggest"]

ALIKE = ("department", "function", "region", "level")
"""Fields by which people on one list are to differ, where the table has them."""

COMPARABLE = ("text", "number", "bool")

MOST = 1_000
"""Longest list, and how many times a fair share of the lists somebody may have at most."""

OBJECTIVE = ("mentees",)
"""Any will do: the lists have their own."""

REASONS = 3
"""Reasons that are told of a suggestion, at most."""


def suggest(
    cohort: Cohort,
    policy: Policy,
    *,
    for_: str = "mentee",
    id: str | None = None,
    k: int = 5,
    variety: float = 0.2,
    alike: Sequence[str] | None = None,
    crowding: float = 1.5,
    audience: str = "lead",
    progress: Report | None = None,
) -> Suggestions:
    """Suggest to each person a few partners, with reasons, instead of assigning one.

    The lists of all are made together, so that nobody stands on too many of them: as many people as can be
    get a list, then everybody in turn one more name, each time by the best assignment that keeps the limits.
    One person's list is the same whether it is asked for alone or with all others.

    The policy's rules about pairs and about people, its goals about pairs and its minimum weight say who
    suits whom; what it says of loads and groups is for matchings, and only capacities count here.

    Parameters
    ----------
    cohort, policy
        People, and what makes a good pair.
    for_
        ``"mentee"`` or ``"mentor"``: who gets lists.
    id
        The one person whose list is wanted; None for everybody's.
    k
        Length of the lists, 1 to 1,000.
    variety
        Share of a perfect pair's weight, in [0, 1], that a name gives up for being like one already on the
        list in all the fields ``alike``, and proportionally less for some of them.
    alike
        Fields by which people on one list are to differ: ordinary ones that hold text, numbers or yes and no.
        None: those of department, function, region and level that the other side's table has.
    crowding
        How many times their fair share of the lists people may stand on, 1 to 1,000. The fair share is in
        proportion to their capacity; everybody with a place may stand on one list.
    audience
        ``"lead"``, ``"auditor"``, or whoever gets the lists (``"mentee"`` for mentees): then there are names
        and reasons alone, from what people on the lists name in ``shown_to_partner`` (law §12).
    progress
        Called with a :class:`pairmatch.Progress` now and then.

    Returns
    -------
    Suggestions

    Raises
    ------
    CallError
        The arguments cannot be used.
    PolicyError
        The policy does not fit the cohort.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess", "golf"],
    ...                         "shown_to_partner": "hobbies"})
    >>> mentees = pd.DataFrame({"id": ["eve", "flo"], "hobbies": ["chess", "golf"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> print(pm.suggest(pm.Cohort(mentors, mentees), policy, k=1, audience="mentee"))
    mentee eve
      1. ana  you have hobbies in common: chess
    mentee flo
      1. ben  you have hobbies in common: golf
    """
    asked = _Asked(for_, id, k, variety, alike, crowding, audience)
    check_calls(cohort, policy, progress=progress)
    _check(cohort, asked)
    policy.check(cohort)
    return _Lists(cohort, policy, asked).made(progress)


class _Asked(NamedTuple):
    """The arguments of the verb, as they were handed in."""

    for_: Any
    id: Any
    k: Any
    variety: Any
    alike: Any
    crowding: Any
    audience: Any

    @property
    def other(self) -> str:
        """The role of those who stand on the lists."""
        return other_role(self.for_)


def _check(cohort: Cohort, asked: _Asked) -> None:
    """Refuse arguments that cannot be used, all at once."""
    sound = {
        "for_": (asked.for_ in ROLES, "must be 'mentee' or 'mentor'"),
        "k": (_is_within(asked.k, is_whole), f"must be a whole number from 1 to {MOST:,}"),
        "variety": (is_share(asked.variety), "must be a number from 0 to 1"),
        "crowding": (_is_within(asked.crowding, is_number), f"must be a number from 1 to {MOST:,}"),
    }
    found = [_bad(name, hint) for name, (good, hint) in sound.items() if not good]
    if asked.for_ in ROLES:
        audiences = (*AUDIENCES, asked.for_)
        if asked.audience not in audiences:
            told = ", ".join(f"'{name}'" for name in audiences)
            found.append(_bad("audience", f"lists for {asked.for_}s are made for one of {told}"))
        found += _unknown_person(cohort, asked)
        found += _wrong_fields(cohort, asked)
    if found:
        raise CallError(found)


def _is_within(value: Any, kind: Any) -> bool:
    return bool(kind(value) and 1 <= value <= MOST)


def _unknown_person(cohort: Cohort, asked: _Asked) -> list[Finding]:
    ids = cohort.side(f"{asked.for_}s").positions
    if asked.id is None or (isinstance(asked.id, str) and asked.id in ids):
        return []
    near = did_you_mean(asked.id, ids) if isinstance(asked.id, str) else ""
    return [Finding("unknown_id", f"there is no such {asked.for_}.{near}", f"{asked.for_}s", str(asked.id))]


def _wrong_fields(cohort: Cohort, asked: _Asked) -> list[Finding]:
    """Fields that cannot tell people apart, or must not."""
    if asked.alike is None:
        return []
    if isinstance(asked.alike, str) or not isinstance(asked.alike, Sequence):
        return [_bad("alike", "must be a list of fields, or None")]
    side, found = cohort.side(f"{asked.other}s"), []
    for name in asked.alike:
        if name not in side:
            near = did_you_mean(name, side.fields) if isinstance(name, str) else ""
            found.append(_bad("alike", f"the {asked.other}s have no field '{name}'.{near}"))
        elif protected(cohort, [name]):
            hint = f"'{name}' is no ordinary field: sensitive ones serve goals for groups, and audits"
            found.append(Finding("protected_field", hint, column="alike"))
        elif side.kind(name) not in COMPARABLE:
            hint = f"'{name}' holds lists; name fields of text, numbers or yes and no"
            found.append(Finding("wrong_kind", hint, column="alike"))
    return found


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", hint, column=name)


class _Lists:
    """Makes the lists of everybody, and tells those that are asked for."""

    def __init__(self, cohort: Cohort, policy: Policy, asked: _Asked) -> None:
        self._cohort, self._policy, self._asked = cohort, policy, asked
        self._side = ROLES.index(asked.for_)
        # Loads and groups are for matchings; a goal's share of the weight is the same without them.
        pairs_alone = replace(
            policy, rules=policy.pair_rules, goals=policy.pair_goals, objective=OBJECTIVE, coaches=None
        )
        self._scorer = Scorer(cohort, pairs_alone, fit(cohort, pairs_alone))

    def made(self, progress: Report | None) -> Suggestions:
        """Everybody's lists, or the one that was asked for."""
        from pairmatch.solver.shortlists import lists_of

        asked, scorer = self._asked, self._scorer
        with Workers() as workers:
            built, beyond = stated(self._cohort, scorer.policy, scorer.fit, workers, progress)
            wanted, capacity = self._wanted(built)
            pairs, weight = lists_of(built.problem, wanted, beyond, self._weighing(built))
        pairs = pairs[self._in_order(built, pairs, weight)]
        concerned = self._concerned(built)
        mine = pairs[concerned[pairs[:, self._side]]]
        standing, short = None, None
        if asked.audience not in ROLES:
            there = np.unique(mine[:, 1 - self._side]) if asked.id is not None else np.arange(len(capacity))
            standing = self._standing(built, wanted, capacity, pairs).iloc[there]
            standing = standing.sort_values("id", ignore_index=True)
            short = self._short(built, concerned, capacity, mine)
        listed = self._told(_rows(built, mine))
        return Suggestions(asked.for_, asked.audience, int(asked.k), listed, standing, short)

    def _weighing(self, built: Built) -> Callable[[Ints], Ints]:
        """Tells the weights of pairs in the problem's positions."""

        def weigh(pairs: Ints) -> Ints:
            rows = _rows(built, pairs)
            return exact(self._scorer, rows[:, 0], rows[:, 1])[0]

        return weigh

    # -- what is wanted ----------------------------------------------------------------------

    def _wanted(self, built: Built) -> tuple[Wanted, Ints]:
        """What lists are wanted, and the capacities of those who stand on them."""
        from pairmatch.solver.shortlists import Wanted

        bounds = loads(self._cohort, self._policy, built.mentors, built.mentees)
        places = bounds.mentor_capacity, bounds.mentee_capacity
        own, others = places[self._side], places[1 - self._side]
        lengths = np.where(own > 0, min(int(self._asked.k), len(others)), 0)
        share = float(self._asked.crowding) * int(lengths.sum()) / max(1, int(others.sum()))
        limits = np.minimum(np.ceil(share * others).astype(np.int64), len(own))
        variety = round(float(self._asked.variety) * RESOLUTION)
        kinds = self._kinds((built.mentors, built.mentees)[1 - self._side])
        return Wanted(self._side, lengths, limits, kinds, variety), others

    def _kinds(self, rows: Ints) -> Ints:
        """What each person of the other side has in the fields that tell them apart, as numbers."""
        side, asked = self._cohort.side(f"{self._asked.other}s"), self._asked.alike
        names = [name for name in ALIKE if name in side] if asked is None else asked
        codes = np.full((len(rows), len(names)), -1, np.int64)
        for column, name in enumerate(names):
            values = self._cohort.comparable(side.side, side.resolve(name) or name)[rows].tolist()
            numbers: dict[Any, int] = {}
            for place in np.flatnonzero(side.has(name)[rows]).tolist():
                codes[place, column] = numbers.setdefault(values[place], len(numbers))
        return codes

    # -- what is told ------------------------------------------------------------------------

    def _in_order(self, built: Built, pairs: Ints, weight: Ints) -> Ints:
        """The pairs by owner's id, then best first; equals by the canonical order."""
        owners = (built.mentors, built.mentees)[self._side][pairs[:, self._side]]
        ids = self._cohort.side(f"{self._asked.for_}s").ids
        alphabetic = np.empty(len(ids), np.int64)
        alphabetic[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return np.lexsort((pairs[:, 1 - self._side], -weight, alphabetic[owners]))

    def _concerned(self, built: Built) -> NDArray[np.bool_]:
        """Whose lists were asked for."""
        ids = self._cohort.side(f"{self._asked.for_}s").ids
        owners = (built.mentors, built.mentees)[self._side].tolist()
        return np.array([self._asked.id in (None, ids[row]) for row in owners], np.bool_)

    def _told(self, rows: Ints) -> tuple[Suggested, ...]:
        """The names on the lists, each with what its audience may see."""
        every = self._scored("auditor", rows)
        shown = every if self._asked.audience == "auditor" else {}
        if self._asked.audience == "lead":
            shown = self._scored("lead", rows)
        reasons = _Reasons(self._scorer, self._asked)
        ids = self._cohort.mentors.ids, self._cohort.mentees.ids
        listed: list[Suggested] = []
        for mentor, mentee in rows.tolist():
            pair = ids[0][mentor], ids[1][mentee]
            owner, partner = pair[self._side], pair[1 - self._side]
            place = listed[-1].place + 1 if listed and listed[-1].owner == owner else 1
            told = shown.get(pair)
            numbers = (
                (None, None, {}) if told is None else (told.weight, told.completeness, told.contributions)
            )
            listed.append(Suggested(owner, partner, place, reasons.of(every[pair]), *numbers))
        return tuple(listed)

    def _scored(self, audience: str, rows: Ints) -> dict[tuple[str, str], Made]:
        scorer = self._scorer
        columns = visible_columns(self._cohort, scorer.policy, audience=audience, left_out=scorer.left_out)
        made = pairs_made(scorer, columns, rows[:, 0], rows[:, 1])
        return {(one.mentor, one.mentee): one for one in made}

    def _standing(self, built: Built, wanted: Wanted, capacity: Ints, pairs: Ints) -> pd.DataFrame:
        """On how many lists everybody stands."""
        import pandas as pd

        others = (built.mentors, built.mentees)[1 - self._side]
        ids = self._cohort.side(f"{self._asked.other}s").ids
        lists = np.bincount(pairs[:, 1 - self._side], minlength=len(others))
        names = [ids[row] for row in others.tolist()]
        return pd.DataFrame({"id": names, "capacity": capacity, "lists": lists, "limit": wanted.limits})

    def _short(self, built: Built, concerned: NDArray[np.bool_], capacity: Ints, pairs: Ints) -> pd.DataFrame:
        """Whose list is shorter than wanted, and how many they could choose from at all."""
        import pandas as pd

        sides = built.mentors, built.mentees
        have = np.bincount(pairs[:, self._side], minlength=len(concerned))
        short = np.flatnonzero(concerned & (have < self._asked.k))
        owners, others = sides[self._side][short], sides[1 - self._side][capacity > 0]
        eligible = np.zeros(len(short), np.int64)
        for start, block in blocks(
            self._cohort, *((owners, others) if self._side == 0 else (others, owners))
        ):
            good = self._scorer.eligible(block) & ~self._scorer.light(block, self._scorer.weight(block))
            if self._side == 0:
                eligible[start : start + len(good)] = good.sum(axis=1)
            else:
                eligible += good.sum(axis=0)
        ids = self._cohort.side(f"{self._asked.for_}s").ids
        rows = zip(owners.tolist(), have[short].tolist(), eligible.tolist(), strict=True)
        told = sorted([ids[row], *numbers] for row, *numbers in rows)
        return pd.DataFrame(told, columns=["id", "suggested", "eligible"])


def _rows(built: Built, pairs: Ints) -> Ints:
    """Rows of the tables of pairs in the problem's positions."""
    return np.stack([built.mentors[pairs[:, 0]], built.mentees[pairs[:, 1]]], axis=1)


class _Reasons:
    """Why two people suit each other, as whoever gets the list may read it."""

    def __init__(self, scorer: Scorer, asked: _Asked) -> None:
        self._cohort, self._policy, self._audience = scorer.cohort, scorer.policy, asked.audience
        columns = visible_columns(
            self._cohort, self._policy, audience=asked.audience, left_out=scorer.left_out
        )
        self._parts = [part for part in scorer.parts if part.label not in columns.merged]
        # Where data are missing the average is taken, rounded: that is no reason.
        self._usual = {
            part.label: max((scorer.fit.average(part.label) or 0.0) * part.share.most, part.instead)
            for part in self._parts
        }

    def of(self, pair: Made) -> tuple[str, ...]:
        """Goals that the pair serves better than most pairs do, the strongest first.

        Who gets a list reads what they would read of a partner, and no more than this one allows (law §12).
        """
        if self._audience in ROLES:
            view = View.of(self._cohort, pair.mentor, pair.mentee, self._audience, paired=False)
            return tuple(reasons(self._policy, view).values())[:REASONS]
        good = [part for part in self._parts if pair.contributions[part.label] > self._usual[part.label]]
        good.sort(key=lambda part: -pair.contributions[part.label])
        return tuple(self._words(part, pair) for part in good[:REASONS])

    def _words(self, part: Part, pair: Made) -> str:
        goal = part.gauge.goal
        words = str(getattr(goal, "description", part.label))
        if not hasattr(goal, "told"):
            return words
        sides = self._cohort.mentors, self._cohort.mentees
        mentor, mentee = (
            side.person(side.position(who))
            for side, who in zip(sides, (pair.mentor, pair.mentee), strict=True)
        )
        found = goal.told(mentor, mentee).replace("; ", ", ")
        return f"{words} ({found})" if found else words
