"""Makes the files of the shipped example: ``python -m pairmatch.datasets._make_example``.

A fictional insurer, Larkfield Mutual. Its difficulties are made on purpose and are those of real programmes:
an executive who came with an acquisition and has no grade yet (so nobody can be shown to stand below), an
applicant on leave, an applicant lent to another unit, dotted lines into other units, gaps in the data.

Only ``random.Random.random`` is drawn from, whose sequence Python promises to keep.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from pairmatch.datasets.words import FIRST_NAMES, HOBBIES, LAST_NAMES, OFFERS_BACK, TOPICS

Item = TypeVar("Item")
Row = dict[str, str]

SEED, CONSENT_SEED = 1819, 1820
GRADES = (
    "Associate",
    "Analyst",
    "Senior Analyst",
    "Manager",
    "Senior Manager",
    "Director",
    "Vice President",
    "Senior Vice President",
    "Executive Vice President",
    "Chief Executive",
)
MANAGER, SENIOR_MANAGER, DIRECTOR, VICE_PRESIDENT, SENIOR_VICE_PRESIDENT, HEAD, CHIEF = range(3, 10)


MAY_BE_SHOWN = (
    *("Name", "Business Unit", "Job Family", "Office", "Hobbies"),
    *("Can Teach", "Would Like Back", "Wants to Learn", "Can Offer"),
)
"""Columns that people may let their partner read."""


class Office(NamedTuple):
    """Where people work."""

    city: str
    state: str
    time_zone: str


class Unit(NamedTuple):
    """A business unit: its job family, its home office and how many take part from it."""

    name: str
    family: str
    office: int
    executives: int
    applicants: int


OFFICES = (
    Office("Columbus", "Ohio", "America/New_York"),
    Office("Minneapolis", "Minnesota", "America/Chicago"),
    Office("San Antonio", "Texas", "America/Chicago"),
    Office("Phoenix", "Arizona", "America/Phoenix"),
    Office("Atlanta", "Georgia", "America/New_York"),
    Office("Syracuse", "New York", "America/New_York"),
    Office("Spokane", "Washington", "America/Los_Angeles"),
)
UNITS = (
    Unit("Technology", "Engineering", 1, 6, 22),
    Unit("Claims", "Claims Handling", 2, 6, 18),
    Unit("Personal Lines", "Underwriting", 0, 6, 14),
    Unit("Operations", "Service", 3, 5, 14),
    Unit("Commercial Lines", "Underwriting", 5, 6, 12),
    Unit("Digital Commerce", "Product", 6, 4, 12),
    Unit("Group Benefits", "Actuarial", 4, 5, 9),
    Unit("Finance", "Accounting", 0, 4, 8),
    Unit("Marketing", "Communications", 4, 3, 7),
    Unit("Law", "Legal", 0, 4, 4),
)
CHIEF_UNIT = Unit("Executive Office", "General Management", 0, 1, 0)
FAMILIES = tuple(dict.fromkeys(unit.family for unit in (*UNITS, CHIEF_UNIT)))
SLOTS = tuple(
    f"{day} {hour}:00 ET" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for hour in (10, 12, 14, 16)
)


@dataclass
class Employee:
    """One person of the company while it is being made."""

    id: str
    name: str
    unit: Unit
    grade: int
    manager: Employee | None
    office: Office
    team: str = ""
    dotted: list[Employee] = field(default_factory=list)


class Maker:
    """Draws people and list cells from one seeded stream."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random
        self._taken: set[str] = set()

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1."""
        return int(self._random() * bound)

    def chance(self, share: float) -> bool:
        """True in about ``share`` of the calls."""
        return self._random() < share

    def one(self, items: Sequence[Item]) -> Item:
        """One of the items."""
        return items[self.below(len(items))]

    def some(self, items: Sequence[Item], shares: Sequence[float], count: int) -> list[Item]:
        """``count`` different items, the likelier ones more often."""
        keys = sorted((self._random() ** (1 / share), i) for i, share in enumerate(shares))
        return [items[i] for _, i in keys[-count:][::-1]] if count else []

    def employee(self, unit: Unit, grade: int, manager: Employee | None) -> Employee:
        """A new person with a name and an id of their own."""
        office = OFFICES[unit.office] if self.chance(0.55) else self.one(OFFICES)
        name = self._new(lambda: f"{self.one(FIRST_NAMES)} {self.one(LAST_NAMES)}")
        number = self._new(lambda: f"{1000 + self.below(98000):05d}") if manager else "00001"
        return Employee(number, name, unit, grade, manager, office)

    def _new(self, draw: Callable[[], str]) -> str:
        text = draw()
        while text in self._taken:
            text = draw()
        self._taken.add(text)
        return text


@dataclass
class Company:
    """Everybody, by the part they play in the programme."""

    executives: list[Employee]
    between: list[Employee]
    applicants: list[Employee]


def company(maker: Maker) -> Company:
    """The whole organisation, from the top down."""
    chief = maker.employee(CHIEF_UNIT, CHIEF, None)
    everybody = Company([chief], [], [])
    for unit in UNITS:
        executives = _executives(maker, unit, chief)
        between = _between(maker, unit, executives)
        everybody.executives += executives
        everybody.between += between
        everybody.applicants += _applicants(maker, unit, between)
    _name_teams(everybody)
    _add_cross_links(maker, everybody)
    return everybody


def _executives(maker: Maker, unit: Unit, chief: Employee) -> list[Employee]:
    executives = [maker.employee(unit, HEAD, chief)]
    for number in range(1, unit.executives):
        grade = SENIOR_VICE_PRESIDENT if number <= 2 else VICE_PRESIDENT if number <= 4 else DIRECTOR
        superiors = [other for other in executives if other.grade > grade]
        executives.append(maker.employee(unit, grade, maker.one(superiors[-2:])))
    return executives


def _between(maker: Maker, unit: Unit, executives: Sequence[Employee]) -> list[Employee]:
    """The managers between executives and applicants, who do not take part themselves."""
    floor: Sequence[Employee] = [other for other in executives if VICE_PRESIDENT <= other.grade < HEAD]
    between: list[Employee] = []
    for grade, count in ((DIRECTOR, 2), (SENIOR_MANAGER, 3), (MANAGER, 2 + unit.applicants // 5)):
        floor = [maker.employee(unit, grade, maker.one(floor)) for _ in range(count)]
        between += floor
    return between


def _applicants(maker: Maker, unit: Unit, between: Sequence[Employee]) -> list[Employee]:
    applicants = []
    for _ in range(unit.applicants):
        grade = maker.one((0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 4))
        nearest = min(other.grade for other in between if other.grade > grade)
        applicants.append(maker.employee(unit, grade, maker.one([o for o in between if o.grade == nearest])))
    return applicants


def _name_teams(everybody: Company) -> None:
    """Executives sit in leadership teams; everyone else works in the team of the manager."""
    for executive in everybody.executives:
        top = executive.grade >= HEAD
        executive.team = "Executive Leadership" if top else f"{executive.unit.name} Leadership"
    numbers: dict[str, int] = {}
    for person in everybody.applicants:
        leader = person.manager.id if person.manager else ""
        person.team = f"{person.unit.name} {numbers.setdefault(leader, len(numbers) + 1):02d}"


def _add_cross_links(maker: Maker, everybody: Company) -> None:
    """Lines that cross units: somebody lent to another one, and dotted lines to executives."""
    heads = {person.unit.name: person for person in everybody.executives if person.grade == HEAD}
    lent = next(person for person in everybody.applicants if person.unit.name == "Technology")
    lent.manager, lent.team = heads["Digital Commerce"], "Digital Commerce Leadership"
    for _ in range(8):
        junior = maker.one(everybody.applicants)
        bosses = [
            boss for boss in everybody.executives if boss.unit is not junior.unit and boss.grade < CHIEF
        ]
        junior.dotted.append(maker.one(bosses))


def tables() -> dict[str, list[Row]]:
    """The rows of ``mentors.csv``, ``mentees.csv`` and ``org.csv``."""
    maker = Maker(SEED)
    everybody = company(maker)
    mentors = [_mentor(maker, person) for person in _by_id(everybody.applicants)]
    mentees = [_mentee(maker, person) for person in _by_id(everybody.executives)]
    mentors[37]["Active"] = "no"
    _ungraded(mentees)["Grade"] = ""
    consent = Maker(CONSENT_SEED)
    for row in (*mentors, *mentees):
        row["Shown to Partner"] = _shown(consent, row)
    return {"mentors.csv": mentors, "mentees.csv": mentees, "org.csv": _org(everybody)}


def _shown(maker: Maker, row: Row) -> str:
    """What a person lets the partner read: most allow the name and most of the rest, one in ten nothing."""
    if maker.chance(0.1):
        return ""
    return _cell(name for name in MAY_BE_SHOWN if name in row and (maker.chance(0.8) or name == "Name"))


def _by_id(people: Iterable[Employee]) -> list[Employee]:
    return sorted(people, key=lambda person: person.id)


def _ungraded(mentees: Sequence[Row]) -> Row:
    """The executive who came with an acquisition."""
    return next(
        row for row in mentees if row["Grade"] == "Vice President" and row["Business Unit"] == "Operations"
    )


def _profile(maker: Maker, person: Employee) -> Row:
    family = person.unit.family if maker.chance(0.8) else maker.one(FAMILIES)
    listed = 0 if maker.chance(0.06) else 3 + maker.below(4)
    hobbies = maker.some([h.name for h in HOBBIES], [h.prevalence for h in HOBBIES], listed)
    past = maker.some(FAMILIES, [1.0] * len(FAMILIES), min(3, maker.below(2 + person.grade // 2)))
    return {
        "Employee ID": person.id,
        "Name": person.name,
        "Business Unit": person.unit.name,
        "Job Family": family,
        "Team": person.team,
        "Grade": GRADES[person.grade],
        "Manager ID": person.manager.id if person.manager else "",
        "Office": person.office.city,
        "State": person.office.state,
        "Time Zone": person.office.time_zone,
        "Hobbies": _cell(hobbies),
        "Past Job Families": _cell(past),
        "Free Slots": _cell(slot for slot in SLOTS if maker.chance(0.3)),
    }


def _mentor(maker: Maker, person: Employee) -> Row:
    subjects = maker.some([t.name for t in TOPICS], [t.offered for t in TOPICS], 2 + maker.below(4))
    wishes = maker.some(OFFERS_BACK, [1.0] * len(OFFERS_BACK), maker.below(4))
    return _profile(maker, person) | {
        "Can Teach": _cell(
            f"{subject}:{maker.one(('0.5', '0.7', '0.8', '0.9', '1'))}" for subject in subjects
        ),
        "Would Like Back": _cell(wishes),
        "References": "" if maker.chance(0.08) else f"{3.4 + maker.below(17) / 10:.1f}",
        "Hours per Month": str(3 + maker.below(5)),
        "Active": "yes",
    }


def _mentee(maker: Maker, person: Employee) -> Row:
    subjects = maker.some([t.name for t in TOPICS], [t.wanted for t in TOPICS], 1 + maker.below(4))
    gifts = maker.some(OFFERS_BACK, [1.0] * len(OFFERS_BACK), 1 + maker.below(3))
    named = person.grade == CHIEF or (person.grade == HEAD and person.unit in UNITS[:5])
    return _profile(maker, person) | {
        "Wants to Learn": _cell(subject + maker.one(("", ":2", ":3")) for subject in subjects),
        "Can Offer": _cell(gifts),
        "Named Executive": "yes" if named else "no",
    }


def _org(everybody: Company) -> list[Row]:
    """The managers in between, and the dotted lines of the applicants."""
    direct = [(person.id, person.manager, "direct") for person in _by_id(everybody.between)]
    dotted = [(p.id, boss, "dotted") for p in _by_id(everybody.applicants) for boss in p.dotted]
    return [{"id": who, "manager": boss.id, "type": kind} for who, boss, kind in direct + dotted if boss]


def _cell(entries: Iterable[str]) -> str:
    return "; ".join(entries)


def render(rows: Sequence[Row]) -> str:
    """The rows as the text of a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def main() -> None:
    """Write the files into the package."""
    folder = Path(__file__).parent / "example"
    for name, rows in tables().items():
        (folder / name).write_text(render(rows), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
