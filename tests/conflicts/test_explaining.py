"""Conflicts against every matching of small programmes: contradictory, minimal, mended, the only ones."""

from __future__ import annotations

import pickle
from dataclasses import replace

from hypothesis import event, given, settings

import pairmatch as pm
from pairmatch.conflict import Conflict, Member
from pairmatch.errors import InfeasibleError
from tests.conflicts.contradictory import Programme, Tried, asked, programmes
from tests.conflicts.mended import is_valid, mended

FEW = 60 if settings.default and settings.default.max_examples <= 100 else 1500


def split(member: Member) -> list[Member]:
    """A member as one demand for each person or pair."""
    return [replace(member, ids=(who,)) for who in member.ids] or [member]


@settings(max_examples=FEW)
@given(programmes())
def test_conflicts_contradict_and_are_minimal(programme: Programme) -> None:
    """Members leave no matching; without any one of them, of any one person, they leave some."""
    tried = Tried(programme)
    error = refused(programme)
    assert tried.leaves(tried.everything()) == (error is None)
    if error is not None:
        assert error.conflict is not None
        assert_true(error.conflict, tried)
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.conflict) == (str(error), error.conflict)


@settings(max_examples=FEW)
@given(programmes())
def test_repairs_carried_out_do_what_they_say(programme: Programme) -> None:
    """After a repair that is enough there is a matching; after another one there is none."""
    error = refused(programme)
    for repair in error.conflict.repairs if error is not None and error.conflict is not None else ():
        event(f"{repair.kind} {repair.enough}")
        assert repair.verified
        assert repair.enough is not None
        assert is_valid(mended(programme, repair)) == repair.enough, repair


def refused(programme: Programme) -> InfeasibleError | None:
    """What a match says where nothing is valid."""
    try:
        pm.match(programme.cohort, programme.policy)
    except InfeasibleError as error:
        return error
    event("feasible")
    return None


def assert_true(conflict: Conflict, tried: Tried) -> None:
    """The members by trying all matchings; and whether they are the only reason."""
    parts = [part for member in conflict.members for part in split(member)]
    for member in conflict.members:
        event(f"member {member.rule.partition('(')[0]} {member.side}")
    event(f"others {conflict.others}")
    assert conflict.proven
    assert conflict.minimal
    assert not tried.leaves(parts)
    for part in parts:
        assert tried.leaves([other for other in parts if other is not part]), part
    others = any(not tried.leaves(one for one in tried.everything() if not same(one, part)) for part in parts)
    assert conflict.others == others


def same(one: Member, other: Member) -> bool:
    """Whether two demands are the same one."""
    return (one.rule, one.side, one.ids, asked(one)) == (other.rule, other.side, other.ids, asked(other))
