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
    from pairmatch import datasets, goals, report, rules, simulate, testing
    from pairmatch.alternates import Alternates, alternates
    from pairmatch.cohort import Cohort, Schema
    from pairmatch.disturbance_frontier import DisturbanceFrontier, disturbance_frontier
    from pairmatch.dropping import Dropping, dropping
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
    from pairmatch.evaluate import Evaluation, evaluate
    from pairmatch.explain import Explanation, explain
    from pairmatch.frontier import Frontier, frontier
    from pairmatch.match import match
    from pairmatch.match_many import Job, Outcome, Outcomes, match_many
    from pairmatch.matching import Certificate, Matching
    from pairmatch.policy import Coaches, Policy
    from pairmatch.price_of_fairness import price_of_fairness
    from pairmatch.problem import Progress
    from pairmatch.programme import Event, EventStore, PairPlan, Programme
    from pairmatch.progress_bar import progress_bar
    from pairmatch.rematch import rematch
    from pairmatch.rematcher import Rematcher
    from pairmatch.reserve_plan import ReservePlan, reserve_plan
    from pairmatch.score import Scores, score
    from pairmatch.solver import Assignment, assign
    from pairmatch.stability import Stability, stability
    from pairmatch.suggest import Suggestions, suggest
    from pairmatch.terms import Thesaurus
    from pairmatch.verify import Verification, verify
    from pairmatch.waves import Waves, waves
    from pairmatch.why_not import WhyNot, why_not

__version__ = "0.1.0"

__all__ = [
    "Alternates",
    "Assignment",
    "CallError",
    "Certificate",
    "Coaches",
    "Cohort",
    "CohortError",
    "DisturbanceFrontier",
    "Dropping",
    "Evaluation",
    "Event",
    "EventStore",
    "Explanation",
    "FileError",
    "Finding",
    "Frontier",
    "InfeasibleError",
    "InputError",
    "Job",
    "Matching",
    "MissingExtraError",
    "NoSolutionError",
    "Outcome",
    "Outcomes",
    "PairPlan",
    "PairmatchError",
    "Policy",
    "PolicyError",
    "Programme",
    "Progress",
    "Rematcher",
    "ReservePlan",
    "Schema",
    "SchemaError",
    "Scores",
    "SolverError",
    "Stability",
    "Suggestions",
    "Thesaurus",
    "Verification",
    "VerificationError",
    "Waves",
    "WhyNot",
    "__version__",
    "alternates",
    "assign",
    "datasets",
    "disturbance_frontier",
    "dropping",
    "evaluate",
    "explain",
    "frontier",
    "goals",
    "match",
    "match_many",
    "price_of_fairness",
    "progress_bar",
    "rematch",
    "report",
    "reserve_plan",
    "rules",
    "score",
    "simulate",
    "stability",
    "suggest",
    "testing",
    "verify",
    "waves",
    "why_not",
]

_ROOMS = frozenset({"datasets", "goals", "report", "rules", "simulate", "testing"})

_HOMES = {
    "Alternates": "alternates",
    "Assignment": "solver",
    "Certificate": "matching",
    "Coaches": "policy",
    "Cohort": "cohort",
    "DisturbanceFrontier": "disturbance_frontier",
    "Dropping": "dropping",
    "Evaluation": "evaluate",
    "Event": "programme",
    "EventStore": "programme",
    "Explanation": "explain",
    "Frontier": "frontier",
    "Job": "match_many",
    "Matching": "matching",
    "Outcome": "match_many",
    "Outcomes": "match_many",
    "PairPlan": "programme",
    "Policy": "policy",
    "Programme": "programme",
    "Progress": "problem",
    "Rematcher": "rematcher",
    "ReservePlan": "reserve_plan",
    "Schema": "cohort",
    "Scores": "score",
    "Stability": "stability",
    "Suggestions": "suggest",
    "Thesaurus": "terms",
    "Verification": "verify",
    "Waves": "waves",
    "WhyNot": "why_not",
    "alternates": "alternates",
    "assign": "solver",
    "disturbance_frontier": "disturbance_frontier",
    "dropping": "dropping",
    "evaluate": "evaluate",
    "explain": "explain",
    "frontier": "frontier",
    "match": "match",
    "match_many": "match_many",
    "price_of_fairness": "price_of_fairness",
    "progress_bar": "progress_bar",
    "rematch": "rematch",
    "reserve_plan": "reserve_plan",
    "score": "score",
    "stability": "stability",
    "suggest": "suggest",
    "verify": "verify",
    "waves": "waves",
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
