"""Every cohort goal of the library keeps the contract; test_goal_contracts finds who is forgotten."""

from __future__ import annotations

from pairmatch import goals
from pairmatch.testing.contracts import CohortGoalContract

WHY = "the test says so"


class TestDifferentPairs(CohortGoalContract):
    goal = goals.DifferentPairs("gender", share=0.7, purpose=WHY)


class TestDifferentPairsOfAList(CohortGoalContract):
    goal = goals.DifferentPairs("languages", share=1, price=2)


class TestEvenLoad(CohortGoalContract):
    goal = goals.EvenLoad(price=0.05)


class TestEvenLoadOfMentees(CohortGoalContract):
    goal = goals.EvenLoad(of="mentees")


class TestLinks(CohortGoalContract):
    goal = goals.Links("department", price=0.1)


class TestLinksOfAList(CohortGoalContract):
    goal = goals.Links("languages")


class TestSpread(CohortGoalContract):
    goal = goals.Spread("department")


class TestSpreadOfAList(CohortGoalContract):
    goal = goals.Spread("hobbies", of="mentees")


class TestSpreadEvenly(CohortGoalContract):
    goal = goals.Spread("level", of="mentees", target="even", out_of=7)


class TestSpreadAsNamed(CohortGoalContract):
    goal = goals.Spread("region", target={"South": 0.4, "North": 0.25, "Atlantis": 0.2, None: 0.15})


class TestSpreadOfSeveral(CohortGoalContract):
    goal = goals.Spread(["gender", "opted_in", "languages"], purpose=WHY)


class TestSpreadOfPairs(CohortGoalContract):
    goal = goals.Spread("region", of="pairs")


class TestSpreadOfPairsEvenly(CohortGoalContract):
    goal = goals.Spread(["level", "trained"], of="pairs", target="even")


class TestSpreadOfPairsAsNamed(CohortGoalContract):
    goal = goals.Spread(
        ["department", "opted_in"],
        of="pairs",
        target={(("R&D", True), ("IT", True)): 0.5, "Sales & no -> Finance & yes": 0.3},
    )
