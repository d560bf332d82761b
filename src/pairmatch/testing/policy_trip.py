"""A rule's or goal's trip into a policy file and back."""

from __future__ import annotations

import json
from typing import Any

from pairmatch.policy import Policy

__all__ = ["assert_survives_a_policy_file"]


def assert_survives_a_policy_file(*, rule: Any = None, goal: Any = None) -> None:
    """A policy with this part, written as plain data and read again, is the same policy."""
    rules = () if rule is None else (rule,)
    goals = () if goal is None else (goal,)
    policy = Policy(rules=rules, goals=goals, objective=("mentees",))
    made = type(goal if rule is None else rule)
    read = Policy.from_dict(json.loads(json.dumps(policy.to_dict())), extra=(made,))
    assert read == policy
    assert read.fingerprint == policy.fingerprint
