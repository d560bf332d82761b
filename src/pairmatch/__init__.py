"""Pairs mentors with mentees under hard rules and soft goals, proves how good the answer is, and explains it.

::

    import pairmatch as pm
    from pairmatch import goals, rules

    cohort = pm.Cohort.read("mentors.csv", "mentees.csv")
    policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])
    matching = pm.match(cohort, policy)

The nouns are frozen values, the verbs are functions. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pairmatch import datasets, goals, report, rules, testing
    from pairmatch.cohort import Cohort, Schema
    from pairmatch.errors import (
        CallError,
        CohortError,
        FileError,
        Finding,
        InfeasibleError,
        InputError,
        MissingExtraError,
        NoSolutionError,
        PairmatchError,
        PolicyError,
        SchemaError,
        SolverError,
        VerificationError,
    )
    from pairmatch.explain import Explanation, explain
    from pairmatch.frontier import Frontier, frontier
    from pairmatch.match import match
    from pairmatch.match_many import Outcome, Outcomes, Programme, match_many
    from pairmatch.matching import Certificate, Matching
    from pairmatch.policy import Coaches, Policy
    from pairmatch.price_of_fairness import price_of_fairness
    from pairmatch.problem import Progress
    from pairmatch.progress_bar import progress_bar
    from pairmatch.score import Scores, score
    from pairmatch.solver import Assignment, assign
    from pairmatch.terms import Thesaurus
    from pairmatch.verify import Verification, verify
    from pairmatch.why_not import WhyNot, why_not

__version__ = "0.1.0"

__all__ = [
    "Assignment",
    "CallError",
    "Certificate",
    "Coaches",
    "Cohort",
    "CohortError",
    "Explanation",
    "FileError",
    "Finding",
    "Frontier",
    "InfeasibleError",
    "InputError",
    "Matching",
    "MissingExtraError",
    "NoSolutionError",
    "Outcome",
    "Outcomes",
    "PairmatchError",
    "Policy",
    "PolicyError",
    "Programme",
    "Progress",
    "Schema",
    "SchemaError",
    "Scores",
    "SolverError",
    "Thesaurus",
    "Verification",
    "VerificationError",
    "WhyNot",
    "__version__",
    "assign",
    "datasets",
    "explain",
    "frontier",
    "goals",
    "match",
    "match_many",
    "price_of_fairness",
    "progress_bar",
    "report",
    "rules",
    "score",
    "testing",
    "verify",
    "why_not",
]

_ROOMS = frozenset({"datasets", "goals", "report", "rules", "testing"})

_HOMES = {
    "Assignment": "solver",
    "Certificate": "matching",
    "Coaches": "policy",
    "Cohort": "cohort",
    "Explanation": "explain",
    "Frontier": "frontier",
    "Matching": "matching",
    "Outcome": "match_many",
    "Outcomes": "match_many",
    "Policy": "policy",
    "Programme": "match_many",
    "Progress": "problem",
    "Schema": "cohort",
    "Scores": "score",
    "Thesaurus": "terms",
    "Verification": "verify",
    "WhyNot": "why_not",
    "assign": "solver",
    "explain": "explain",
    "frontier": "frontier",
    "match": "match",
    "match_many": "match_many",
    "price_of_fairness": "price_of_fairness",
    "progress_bar": "progress_bar",
    "score": "score",
    "verify": "verify",
    "why_not": "why_not",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name in _ROOMS:
        return import_module(f"pairmatch.{name}")
    if name not in __all__:
        raise AttributeError(f"module 'pairmatch' has no attribute '{name}'")
    value = getattr(import_module(f"pairmatch.{_HOMES.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__


class _Facade(ModuleType):
    """The package as a module whose verbs are never hidden by the files they live in."""

    def __setattr__(self, name: str, value: object) -> None:
        # After loading the file match.py, Python binds it as `pairmatch.match`, where the verb belongs.
        if isinstance(value, ModuleType) and _HOMES.get(name) == name:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Facade
