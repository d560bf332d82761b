"""The canonical order of people."""

from __future__ import annotations

from pairmatch.cohort import Cohort, Profiles
from pairmatch.scoring.order import active_positions, canonical_order, sample_order
from tests.scoring.people import SCHEMA, cohort, frames


def ids(profiles: Profiles, seed: int) -> list[str]:
    """Ids in canonical order."""
    return [profiles.ids[row] for row in canonical_order(profiles, seed)]


def test_order_does_not_depend_on_rows() -> None:
    """The order is the same however the table is sorted (law §8)."""
    mentors, mentees = frames(3)
    turned = Cohort(mentors.iloc[::-1], mentees.iloc[::-1], schema=SCHEMA)
    assert ids(Cohort(mentors, mentees, schema=SCHEMA).mentors, 5) == ids(turned.mentors, 5)


def test_seed_and_side_change_the_order() -> None:
    """Another seed is another order; the sample's order knows no seed."""
    people = cohort(3, 30, 30)
    assert ids(people.mentors, 0) != ids(people.mentors, 1)
    assert sorted(ids(people.mentors, 0)) == sorted(ids(people.mentors, 1))
    assert sample_order(people.mentors).tolist() != canonical_order(people.mentors, 0).tolist()


def test_only_active_people() -> None:
    """Who is not active stands in no order."""
    people = cohort(3, 40, 40)
    active = [row for row in range(40) if people.mentors.person(row).active]
    assert len(active) < 40
    assert active_positions(people.mentors).tolist() == active
    assert sorted(canonical_order(people.mentors, 0).tolist()) == active
    assert sorted(sample_order(people.mentors).tolist()) == active


def test_any_id_has_a_place() -> None:
    """An id that UTF-8 cannot write still has one fixed place."""
    odd = Profiles("mentors", ("\ud800", "b", "0"), {}, {})
    assert canonical_order(odd, 0).tolist() == canonical_order(odd, 0).tolist()
    assert sorted(canonical_order(odd, 0).tolist()) == [0, 1, 2]
