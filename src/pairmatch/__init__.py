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
    from pairmatch import datasets, goals, plot, rules, simulate, testing
    from pairmatch.alternates import Alternates, alternates
    from pairmatch.audit import Audit, audit
    from pairmatch.auditing import AuditRecord
    from pairmatch.blocking import BlockingSet
    from pairmatch.check import Check, Completed, check, complete
    from pairmatch.cohort import Cohort, Schema
    from pairmatch.conflict import Conflict, Member, Repair
    from pairmatch.diagnose import Diagnosis, diagnose
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
    from pairmatch.explaining.partners import PartnerExplanation
    from pairmatch.frontier import Frontier, frontier
    from pairmatch.introduce import Introduction, introduce
    from pairmatch.keeping import Export, Purged, export, purge
    from pairmatch.match import match
    from pairmatch.match_many import Job, Outcome, Outcomes, match_many
    from pairmatch.matching import Certificate, Matching
    from pairmatch.place_values import PlaceValues, place_values
    from pairmatch.policy import Coaches, Exempt, Policy
    from pairmatch.price_of_fairness import price_of_fairness
    from pairmatch.problem import Progress
    from pairmatch.programme import Event, EventStore, PairPlan, Programme
    from pairmatch.progress_bar import progress_bar
    from pairmatch.rematch import rematch
    from pairmatch.rematcher import Rematcher
    from pairmatch.report import report
    from pairmatch.reserve_plan import ReservePlan, reserve_plan
    from pairmatch.reviewing import Override
    from pairmatch.score import Scores, score
    from pairmatch.sensitivity import Sensitivity, sensitivity
    from pairmatch.solver import Assignment, assign
    from pairmatch.stability import Stability, stability
    from pairmatch.suggest import Suggestions, suggest
    from pairmatch.terms import Thesaurus
    from pairmatch.trade_off import TradeOff, trade_off
    from pairmatch.uplift import Uplift, uplift
    from pairmatch.verify import Verification, verify
    from pairmatch.waves import Waves, waves
    from pairmatch.why_not import WhyNot, why_not

__version__ = "0.1.0"

__all__ = [
    "Alternates",
    "Assignment",
    "Audit",
    "AuditRecord",
    "BlockingSet",
    "CallError",
    "Certificate",
    "Check",
    "Coaches",
    "Cohort",
    "CohortError",
    "Completed",
    "Conflict",
    "Diagnosis",
    "DisturbanceFrontier",
    "Dropping",
    "Evaluation",
    "Event",
    "EventStore",
    "Exempt",
    "Explanation",
    "Export",
    "FileError",
    "Finding",
    "Frontier",
    "InfeasibleError",
    "InputError",
    "Introduction",
    "Job",
    "Matching",
    "Member",
    "MissingExtraError",
    "NoSolutionError",
    "Outcome",
    "Outcomes",
    "Override",
    "PairPlan",
    "PairmatchError",
    "PartnerExplanation",
    "PlaceValues",
    "Policy",
    "PolicyError",
    "Programme",
    "Progress",
    "Purged",
    "Rematcher",
    "Repair",
    "ReservePlan",
    "Schema",
    "SchemaError",
    "Scores",
    "Sensitivity",
    "SolverError",
    "Stability",
    "Suggestions",
    "Thesaurus",
    "TradeOff",
    "Uplift",
    "Verification",
    "VerificationError",
    "Waves",
    "WhyNot",
    "__version__",
    "alternates",
    "assign",
    "audit",
    "check",
    "complete",
    "datasets",
    "diagnose",
    "disturbance_frontier",
    "dropping",
    "evaluate",
    "explain",
    "export",
    "frontier",
    "goals",
    "introduce",
    "match",
    "match_many",
    "place_values",
    "plot",
    "price_of_fairness",
    "progress_bar",
    "purge",
    "rematch",
    "report",
    "reserve_plan",
    "rules",
    "score",
    "sensitivity",
    "simulate",
    "stability",
    "suggest",
    "testing",
    "trade_off",
    "uplift",
    "verify",
    "waves",
    "why_not",
]

_ROOMS = frozenset({"datasets", "goals", "plot", "rules", "simulate", "testing"})

_HOMES = {
    "Alternates": "alternates",
    "Assignment": "solver",
    "Audit": "audit",
    "AuditRecord": "auditing",
    "BlockingSet": "blocking",
    "Certificate": "matching",
    "Check": "check",
    "Coaches": "policy",
    "Cohort": "cohort",
    "Completed": "check",
    "Conflict": "conflict",
    "Diagnosis": "diagnose",
    "DisturbanceFrontier": "disturbance_frontier",
    "Dropping": "dropping",
    "Evaluation": "evaluate",
    "Event": "programme",
    "EventStore": "programme",
    "Exempt": "policy",
    "Explanation": "explain",
    "Export": "keeping",
    "Frontier": "frontier",
    "Introduction": "introduce",
    "Job": "match_many",
    "Matching": "matching",
    "Member": "conflict",
    "Outcome": "match_many",
    "Outcomes": "match_many",
    "Override": "reviewing",
    "PairPlan": "programme",
    "PartnerExplanation": "explaining.partners",
    "PlaceValues": "place_values",
    "Policy": "policy",
    "Programme": "programme",
    "Progress": "problem",
    "Purged": "keeping",
    "Rematcher": "rematcher",
    "Repair": "conflict",
    "ReservePlan": "reserve_plan",
    "Schema": "cohort",
    "Scores": "score",
    "Sensitivity": "sensitivity",
    "Stability": "stability",
    "Suggestions": "suggest",
    "Thesaurus": "terms",
    "TradeOff": "trade_off",
    "Uplift": "uplift",
    "Verification": "verify",
    "Waves": "waves",
    "WhyNot": "why_not",
    "alternates": "alternates",
    "assign": "solver",
    "audit": "audit",
    "check": "check",
    "complete": "check",
    "diagnose": "diagnose",
    "disturbance_frontier": "disturbance_frontier",
    "dropping": "dropping",
    "evaluate": "evaluate",
    "explain": "explain",
    "export": "keeping",
    "frontier": "frontier",
    "introduce": "introduce",
    "match": "match",
    "match_many": "match_many",
    "place_values": "place_values",
    "price_of_fairness": "price_of_fairness",
    "progress_bar": "progress_bar",
    "purge": "keeping",
    "rematch": "rematch",
    "report": "report",
    "reserve_plan": "reserve_plan",
    "score": "score",
    "sensitivity": "sensitivity",
    "stability": "stability",
    "suggest": "suggest",
    "trade_off": "trade_off",
    "uplift": "uplift",
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
