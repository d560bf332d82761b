"""What a re-match is asked: every argument read and held against the matching, all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pairmatch.checking.calls import work_findings
from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.matching import DISTURBANCE, END_REASONS, Matching, failed_pairs
from pairmatch.parameters import is_number, is_share, is_whole
from pairmatch.rematching.tables import Reader, Row, is_blank

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["Asked", "asked_of"]

UNTOLD: Mapping[str, Any] = {
    **dict.fromkeys(("failed", "cooled", "left", "returned", "capacities"), ()),
    **dict.fromkeys(("movable", "max_changes", "waited", "minimum_weight")),
    "disturbance": DISTURBANCE[0],
    "stability": 0.1,
}
"""What arguments are where nobody names them."""

MOST_STABILITY = 1_000
"""What a running pair may count more than a new one, in perfect pairs."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """What a re-match is asked, in ids.

    Attributes
    ----------
    failed
        Pairs that have failed since.
    cooled
        Pairs that failed so long ago that they may be proposed again.
    left
        ``"mentors"`` or ``"mentees"``, and id.
    returned
        Side and id of who had left, and takes part again.
    capacities
        Side, id, capacity.
    movable
        Pairs that may end; None for all.
    waited
        Side, id, rounds; None for whom the matching left, and what they waited before.
    max_changes
        Most running pairs that may end beside those that must; None for any number.
    disturbance, stability
        Where running pairs count, and for ``"weighted"`` how much.
    minimum_weight
        The bar for new pairs; None for the policy's.
    """

    failed: tuple[Pair, ...] = ()
    cooled: tuple[Pair, ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    returned: tuple[tuple[str, str], ...] = ()
    capacities: tuple[tuple[str, str, int], ...] = ()
    movable: tuple[Pair, ...] | None = ()
    waited: tuple[tuple[str, str, int], ...] | None = None
    max_changes: int | None = None
    disturbance: str = DISTURBANCE[0]
    stability: float = 0.1
    minimum_weight: float | None = None

    @property
    def nothing(self) -> bool:
        """Whether nothing has failed or changed."""
        people = self.left, self.returned, self.capacities, self.waited
        pairs = self.failed, self.cooled, self.movable != ()
        return not any((*people, *pairs)) and self.max_changes is None and self.minimum_weight is None


def asked_of(matching: Any, cohort: Any, policy: Any, **arguments: Any) -> Asked:
    """Read the arguments of a re-match.

    Parameters
    ----------
    matching, cohort, policy
        The matching before; the cohort and the policy now, None for the matching's own.
    arguments
        All others, by name; those that are not named are as the verb has them.

    Raises
    ------
    CallError
        With everything that is wrong.
    """
    arguments = {**UNTOLD, **arguments}
    found = _nouns(matching, cohort, policy)
    work = ("time_limit", "progress", "executor", "cancel", "memory_limit")
    found += work_findings(*(arguments.get(name) for name in work))
    found += _numbers(arguments)
    if any(finding.column in ("matching", "cohort") for finding in found):
        raise CallError(found)
    reading = _Reading(matching, cohort or matching.cohort, found)
    movable = arguments["movable"]
    asked = Asked(
        failed=reading.failed(arguments["failed"]),
        cooled=reading.cooled(arguments["cooled"]),
        left=reading.left(arguments["left"]),
        returned=reading.returned(arguments["returned"], same=cohort is None),
        capacities=reading.capacities(arguments["capacities"]),
        movable=_movable(reading, movable, arguments["max_changes"]),
        waited=None if arguments["waited"] is None else reading.waited(arguments["waited"]),
        **{name: arguments[name] for name in ("max_changes", "disturbance", "minimum_weight")},
        stability=float(arguments["stability"]) if is_number(arguments["stability"]) else 0.0,
    )
    reading.check(asked)
    if found:
        raise CallError(found)
    return asked


def _movable(reading: _Reading, movable: Any, max_changes: Any) -> tuple[Pair, ...] | None:
    """The pairs that may end: None for all, as a largest number of changes alone means."""
    if isinstance(movable, str) and movable == "all":
        return None
    if movable is None:
        return () if max_changes is None else None
    return reading.movable(movable)


def _nouns(matching: Any, cohort: Any, policy: Any) -> list[Finding]:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

    found = []
    if not isinstance(matching, Matching):
        found.append(_bad("matching", "must be a Matching, as match makes it"))
    if cohort is not None and not isinstance(cohort, Cohort):
        found.append(_bad("cohort", "must be a Cohort, or None where the people are the same"))
    if policy is not None and not isinstance(policy, Policy):
        found.append(_bad("policy", "must be a Policy, or None where it is the same"))
    return found


def _numbers(arguments: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the arguments that are one value."""
    found = []
    most, disturbance = arguments["max_changes"], arguments["disturbance"]
    if most is not None and not (is_whole(most) and most >= 0):
        found.append(_bad("max_changes", "must be a whole number of at least 0, or None for any number"))
    if not isinstance(disturbance, str) or disturbance not in DISTURBANCE:
        near = did_you_mean(disturbance, DISTURBANCE) if isinstance(disturbance, str) else ""
        words = ", ".join(f"'{word}'" for word in DISTURBANCE)
        found.append(_bad("disturbance", f"must be one of {words}.{near}"))
    elif disturbance != DISTURBANCE[0] and arguments["movable"] is None and most is None:
        hint = f"'{disturbance}' says where movable pairs count, and no pair is movable; add movable=..."
        found.append(_bad("disturbance", hint))
    stability = arguments["stability"]
    if not is_number(stability) or not 0 <= float(stability) <= MOST_STABILITY:
        found.append(_bad("stability", f"must be a number from 0 to {MOST_STABILITY:,}"))
    bar = arguments["minimum_weight"]
    if bar is not None and not is_share(bar):
        found.append(_bad("minimum_weight", "must be a number from 0 to 1, or None for the policy's own"))
    return found


class _Reading:
    """Reads the tables of one re-match, held against the matching and the cohort."""

    def __init__(self, matching: Matching, cohort: Cohort, found: list[Finding]) -> None:
        self._made = {(pair.mentor, pair.mentee) for pair in matching.made}
        self._known = failed_pairs(matching.policy)
        self._gone = () if matching.revision is None else matching.revision.left
        self._found, self._cohort, self._matching = found, cohort, matching

    @cached_property
    def _before(self) -> frozenset[tuple[str, str]]:
        """Side and id of everybody of whom the matching tells."""
        left = ((f"{person.role}s", person.id) for person in self._matching.left)
        return frozenset([*self._made_ids(self._matching), *left])

    def failed(self, value: Any) -> tuple[Pair, ...]:
        """Pairs of the matching, or pairs that had failed already; the reasons are checked and dropped."""
        reader, pairs = Reader("failed", self._found), []
        for row, pair in reader.pairs(value, ("reason",)):
            self._check_reason(reader, row, pair)
            pairs.append((row, pair))
        return self._of_the_matching(reader, pairs, self._known)

    def cooled(self, value: Any) -> tuple[Pair, ...]:
        """Pairs that had failed before."""
        reader, pairs = Reader("cooled", self._found), set()
        for row, pair in reader.pairs(value):
            if pair in self._known:
                pairs.add(pair)
            else:
                reader.wrong("not_failed", "the two are no pair that had failed", _name(pair), row.number)
        return tuple(sorted(pairs))

    def movable(self, value: Any) -> tuple[Pair, ...]:
        """Pairs of the matching."""
        reader = Reader("movable", self._found)
        if isinstance(value, str):
            reader.wrong("bad_argument", "must be 'all', a table, or a list of pairs of ids, mentor first")
            return ()
        return self._of_the_matching(reader, reader.pairs(value), frozenset())

    def left(self, value: Any) -> tuple[tuple[str, str], ...]:
        """Who left: in both roles where no role is told. Whoever is gone from the tables has left anyway."""
        reader, gone = Reader("left", self._found), set()
        for row, who, side in reader.people(value):
            sides = self._sides(reader, row, who, side, gone=True)
            gone |= {(of, who) for of in sides if who in self._cohort.side(of).positions}
        return tuple(sorted(gone))

    def returned(self, value: Any, *, same: bool) -> tuple[tuple[str, str], ...]:
        """Who takes part again: somebody whom an earlier re-match was told to have left."""
        reader, back = Reader("returned", self._found), set()
        for row, who, side in reader.people(value):
            sides = {of for of, gone in self._gone if gone == who and side in ("", of)}
            back |= {(of, who) for of in sides}
            if not sides:
                hint = "no re-match was told that this person left; the column 'active' says who takes part"
                reader.wrong("not_left", hint, who, row.number)
        if back and same:
            hint = "the matching no longer knows them as active; hand in cohort=..., with all tables, too"
            reader.wrong("cohort_needed", hint)
        return tuple(sorted(back))

    def capacities(self, value: Any) -> tuple[tuple[str, str, int], ...]:
        """Other capacities."""
        return self._numbered("capacities", value, "capacity", least=0)

    def waited(self, value: Any) -> tuple[tuple[str, str, int], ...]:
        """Who waited for how many rounds; nobody who waited for none."""
        told = self._numbered("waited", value, "rounds", least=0)
        return tuple(entry for entry in told if entry[2] > 0)

    def check(self, asked: Asked) -> None:
        """Arguments that contradict each other."""
        hint = "a pair cannot fail now and have failed long ago; name it in one of the two"
        for pair in sorted({*asked.failed} & {*asked.cooled}):
            self._found.append(Finding("failed_and_cooled", hint, "failed", _name(pair)))
        hint = "a person cannot leave and return at once; name them in one of the two"
        for _, who in sorted({*asked.left} & {*asked.returned}):
            self._found.append(Finding("left_and_returned", hint, "left", who))

    def _check_reason(self, reader: Reader, row: Row, pair: Pair) -> None:
        reason = row.cells.get("reason")
        if not is_blank(reason) and not (isinstance(reason, str) and reason.strip() in END_REASONS):
            words = ", ".join(END_REASONS)
            hint = f"the reason is none of the list, which is {words}; or leave it blank"
            reader.wrong("unknown_end_reason", hint, _name(pair), row.number, "reason")

    def _of_the_matching(
        self, reader: Reader, pairs: Iterable[tuple[Row, Pair]], also: frozenset[Pair]
    ) -> tuple[Pair, ...]:
        """Pairs that the matching made, or that are known otherwise; sorted, each once."""
        read = set()
        for row, pair in pairs:
            if pair in self._made or pair in also:
                read.add(pair)
            elif pair[::-1] in self._made:
                hint = "the mentor comes first, and these two stand the other way round"
                reader.wrong("swapped_pair", hint, _name(pair), row.number)
            else:
                hint = "the two are no pair of this matching; correct the ids, or leave the row out"
                reader.wrong("not_a_pair", hint, _name(pair), row.number)
        return tuple(sorted(read))

    def _numbered(self, name: str, value: Any, column: str, least: int) -> tuple[tuple[str, str, int], ...]:
        """People with a whole number, each once."""
        reader = Reader(name, self._found)
        numbers: dict[tuple[str, str], int] = {}
        for row, who, side in reader.people(value, column):
            sides = self._sides(reader, row, who, side)
            if len(sides) > 1:
                hint = "the id stands in both tables; say by role 'mentor' or 'mentee' which one is meant"
                reader.wrong("ambiguous_person", hint, who, row.number)
            number = reader.number(row, who, column, least)
            for of in sides:
                if numbers.setdefault((of, who), number) != number:
                    reader.wrong("told_twice", "the person is told twice, differently", who, row.number)
        return tuple((side, who, number) for (side, who), number in sorted(numbers.items()))

    def _sides(self, reader: Reader, row: Row, who: str, side: str, *, gone: bool = False) -> tuple[str, ...]:
        """The sides on which a person is known: now, or also from the matching before."""
        asked = (side,) if side else ("mentors", "mentees")
        known = tuple(
            of
            for of in asked
            if who in self._cohort.side(of).positions or (gone and (of, who) in self._before)
        )
        if not known:
            ids = [i for of in asked for i in self._cohort.side(of).ids]
            near = did_you_mean(who, ids) if len(ids) <= 10_000 else ""
            among = f" among the {side}" if side else ""
            reader.wrong("unknown_person", f"nobody{among} has this id.{near}", who, row.number)
        return known

    @staticmethod
    def _made_ids(matching: Matching) -> Iterator[tuple[str, str]]:
        for pair in matching.made:
            yield "mentors", pair.mentor
            yield "mentees", pair.mentee


def _name(pair: Pair) -> str:
    return f"{pair[0]} + {pair[1]}"


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", hint, column=name)
