"""The way through the objective, tier by tier: flows wherever a flow can say it, search where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import InfeasibleError, NoSolutionError, SolverError
from pairmatch.problem import MINIMUMS, Problem, Progress, Report, Solution, TierProof
from pairmatch.solver.clock import NO_TIME, Clock, TimeUp
from pairmatch.solver.contradictions import below_minimum
from pairmatch.solver.faces import Face, is_required, restrict
from pairmatch.solver.fairness.levels import leximin_face
from pairmatch.solver.fairness.raised import Barred, Climb, Raised, Top, can_climb, pairs_above, worst_of
from pairmatch.solver.filling import filled, least
from pairmatch.solver.floors import ascending, floor_proof, loose_floor, reach, revalued, still_proven, worth
from pairmatch.solver.gains import first_guess, places, tier_value
from pairmatch.solver.groups.counts import constant, costs_nothing, has_charges, has_quotas, ungrouped, unsure
from pairmatch.solver.lexicographic import groups, solve_chain, strict_multipliers
from pairmatch.solver.network import Network
from pairmatch.solver.search import Search, fits


class Course:
    """Solves one tier after another and keeps what is proven.

    Attributes
    ----------
    known
        Proofs of the linear tiers so far, the minimums first, on the pairs still allowed.
    published
        Proofs of the objective's tiers.
    part
        The pairs still allowed (a floor takes pairs away), and where they stand in the problem.
    pairs
        A valid matching that gives the tiers so far their values; None until there is one.
    """

    def __init__(self, problem: Problem, clock: Clock, report: Report | None = None) -> None:
        self.problem, self.clock = problem, clock
        self._report = report or (lambda _: None)
        self.part = Face(ungrouped(problem), np.arange(len(problem.mentor)))
        self.network = Network(self.part.problem, clock)
        self.known: list[TierProof] = []
        self.published: list[TierProof] = []
        self.pairs: NDArray[np.intp] | None = least(problem)
        self.complete = True
        self.rounds = 0
        self._inner: tuple[Face, list[TierProof]] | None = None
        self._floor: TierProof | None = None
        self._open_end = self._restricted = False
        self._search: Search | None = None
        self._flow_proofs: dict[str, TierProof] = {}
        self._above: tuple[int, Raised] | None = None

    def run(self) -> Solution:
        """Solve every tier of the objective."""
        self._minimums()
        for group in groups(self.problem.objective):
            self._report(
                Progress(f"solving {', '.join(group)}", len(self.published), len(self.problem.objective))
            )
            self.published.extend(self._group(group))
        if self._open_end and not self.clock.over:
            self._close_end()
        return self._solution()

    def _group(self, group: Sequence[str]) -> list[TierProof]:
        """One floor, or a run of linear tiers; once the time is up, what the pairs in hand are worth."""
        if self.clock.over and self.published:
            return [self._late(tier) for tier in group]
        try:
            if group[0] == "worst":
                return [self._worst()]
            return [self._leximin()] if group[0] == "leximin" else self._linear(group)
        except (TimeUp, NoSolutionError):
            return [self._late(tier) for tier in group]

    def _late(self, tier: str) -> TierProof:
        """A tier for which no time is left: what the pairs in hand are worth, and a bound that holds."""
        self.complete = False
        pairs = self._pairs()
        if tier in ("worst", "leximin"):
            proof = loose_floor(self.part.problem, tier, min(ascending(self.problem, pairs), default=0))
            self._restrict(proof.value)
            return proof
        known, best = self._above or (0, None)
        bound = best.bound if best and tier == "total" and known == len(self.known) else None
        proof = self._relaxed(tier, tier_value(self.problem, tier, pairs), bound)
        self.known = [*(known for known in self.known if known.tier != tier), proof]
        return proof

    def _close_end(self) -> None:
        """When no tier follows the floor: the pairs of the largest total on it."""
        names = [proof.tier for proof in self.known]
        more = [] if "total" in names else ["total"]
        pairs = self.part.index[solve_chain(self.network, [*names, *more], self.known).pairs]
        if self._keeps(pairs) and self._fits(pairs):
            self.pairs = pairs

    def _restrict(self, floor: int) -> None:
        """Take away the pairs that cannot be on a floor; a later floor tier finds them gone."""
        if self._restricted:
            return
        keep = restrict(self.part.problem, reach(self.part.problem) >= floor)
        self.part = Face(keep.problem, self.part.index[keep.index])
        self.network = Network(self.part.problem, self.clock)
        self._restricted, self._flow_proofs = True, {}

    # -- linear tiers ------------------------------------------------------------------------

    def _minimums(self) -> None:
        """Fill the hard minimums, or say who cannot be served."""
        if not places(self.problem):
            return
        chain = solve_chain(self.network, [MINIMUMS])
        self.known = list(chain.proofs)
        self._counted(self.network)
        if chain.proofs[0].bound < places(self.problem):
            raise InfeasibleError(below_minimum(self.problem, chain.pairs))
        if chain.proofs[0].value < places(self.problem):
            raise NoSolutionError(NO_TIME)
        self.pairs = chain.pairs if fits(self.problem, chain.pairs) else None

    def _linear(self, tiers: Sequence[str]) -> list[TierProof]:
        if self._inner is not None:
            return self._linear_on_face(tiers)
        names = [proof.tier for proof in self.known]
        if set(tiers) & set(names):
            return [proof for tier in tiers for proof in self._again(tier)]
        if self._tight():
            chain = solve_chain(self.network, [*names, *tiers], self.known)
            self._counted(self.network)
            pairs = self.part.index[chain.pairs]
            if not self._keeps(pairs):
                raise TimeUp
            if self._fits(pairs) and costs_nothing(self.problem, pairs):
                self.known = [unsure(proof, self.problem) for proof in chain.proofs]
                self.pairs, self._open_end = pairs, False
                return self.known[len(names) :]
            self._take_what_fits(pairs)
            self._flow_proofs = {proof.tier: proof for proof in chain.proofs}
        return [self._searched_in_time(tier) for tier in tiers]

    def _searched_in_time(self, tier: str) -> TierProof:
        try:
            return self._late(tier) if self.clock.over else self._searched(tier)
        except NoSolutionError:
            return self._late(tier)

    def _keeps(self, pairs: NDArray[np.intp]) -> bool:
        """Whether pairs give the known tiers their values; a flow cut short may not."""
        return all(tier_value(self.problem, proof.tier, pairs) == proof.value for proof in self.known)

    def _take_what_fits(self, pairs: NDArray[np.intp]) -> None:
        """Before the first search: the flow's pairs as far as the hours go, for want of better."""
        if self.known or self._floor is not None or self.pairs is None:
            return
        some = filled(self.problem, np.flatnonzero(is_required(self.problem)), pairs)
        if fits(self.problem, some):
            self._prefer(some)

    def _again(self, tier: str) -> list[TierProof]:
        """One linear tier, which leximin may already have settled on its way."""
        return [proof for proof in self.known if proof.tier == tier] or self._linear([tier])

    def _linear_on_face(self, tiers: Sequence[str]) -> list[TierProof]:
        """Linear tiers after leximin: exact on the face, with what prices prove without it."""
        inner, before = self._face()
        network = Network(inner.problem, self.clock)
        chain = solve_chain(network, [*(proof.tier for proof in before), *tiers], before)
        self._counted(network)
        if any(tier_value(inner.problem, proof.tier, chain.pairs) != proof.value for proof in before):
            raise TimeUp
        self._inner = (inner, list(chain.proofs))
        self.pairs = inner.index[chain.pairs]
        return [self._relaxed(proof.tier, proof.value, proof.bound) for proof in chain.proofs[len(before) :]]

    def _face(self) -> tuple[Face, list[TierProof]]:
        if self._inner is None:
            raise SolverError("no leximin face yet")
        inner, proofs = self._inner
        if not proofs and places(inner.problem):
            chain = solve_chain(Network(inner.problem, self.clock), [MINIMUMS])
            proofs = list(chain.proofs)
            if proofs[0].value < places(inner.problem):
                raise TimeUp
        return inner, proofs

    def _searched(self, tier: str) -> TierProof:
        """One linear tier by search, bounded by the prices of the problem without side limits."""
        climbed = self._total_above() if tier == "total" and self._search is None else None
        if climbed is not None:
            return climbed
        search = self._searching()
        relaxed = self._relaxed(tier, None, None)
        expression = search.linear(tier)
        search.at_most(expression, relaxed.verified_bound)
        value, bound = self._maximise(search, expression)
        proof = self._relaxed(tier, value, bound, relaxed)
        self.known.append(proof)
        return proof

    def _relaxed(
        self, tier: str, value: int | None, bound: int | None, made: TierProof | None = None
    ) -> TierProof:
        """What prices prove about a tier when hours, several-mentor floors and leximin are left out."""
        if made is None:
            before = [proof for proof in self.known if proof.tier != tier]
            made = still_proven(self.problem, self._flow_proofs, tier, before)
        if made is None:
            # Where more than its value seems possible, a multiplier would only loosen the bound.
            before = [proof for proof in before if proof.value == proof.verified_bound]
            multipliers = first_guess(self.part.problem, [*(proof.tier for proof in before), tier])
            optimum = self.network.solve(multipliers)
            self._counted(self.network)
            earlier = {proof.tier: multipliers[proof.tier] for proof in before}
            verified = optimum.bound + constant(self.problem, multipliers)
            verified -= sum(multipliers[proof.tier] * proof.value for proof in before)
            prices = (optimum.mentor_prices, optimum.mentee_prices)
            made = TierProof(tier, verified, verified, verified, "search", earlier, *prices)
        if value is None:
            return made
        bound = made.verified_bound if bound is None else bound
        kind = "prices" if value == made.verified_bound else "search"
        return replace(made, value=value, bound=min(bound, made.verified_bound), kind=kind)

    # -- floors ------------------------------------------------------------------------------

    def _worst(self) -> TierProof:
        if self._floor is not None:
            return replace(self._floor, tier="worst")
        more = constant(self.problem, strict_multipliers(self.known))
        proof, best = floor_proof(self.part.problem, self.known, self.clock, self._in_hand(), more)
        if self.clock.over:
            return self._cut_short(proof)
        if self._plain() and proof.value == proof.bound:
            self.pairs = self.pairs if best is None else self.part.index[best]
            self._open_end = True
        else:
            proof, self.pairs = self._reached(proof)
        self._floor = proof
        self._restrict(proof.value)
        return proof

    def _in_hand(self) -> NDArray[np.intp] | None:
        """The pairs so far, as indices of the pairs still allowed; None where they prove no floor."""
        if self.pairs is None or not self._keeps(self.pairs):
            return None
        return np.searchsorted(self.part.index, self.pairs)

    def _reached(self, proof: TierProof) -> tuple[TierProof, NDArray[np.intp]]:
        """Find pairs with the floor that the cut allows, by luck of a flow or by search."""
        self._fly(proof.value)
        here = self.pairs
        if here is not None and self._keeps(here) and worst_of(self.problem, here) == proof.value:
            if self._search is not None:
                self._search.keep_floor(proof.value)
            return proof, here
        start = self._in_hand() if self._search is None and can_climb(self.problem, self.known) else None
        if start is not None:
            return self._climb(proof, start)
        floor = (search := self._searching()).worst()
        search.at_most(floor, proof.verified_bound)
        value, bound = self._maximise(search, floor)
        kind = "cut" if value == proof.verified_bound else "search"
        return replace(proof, value=value, bound=min(bound, proof.verified_bound), kind=kind), self._pairs()

    def _cut_short(self, proof: TierProof) -> TierProof:
        """The floor of the better pairs, where no time is left to raise it."""
        self._fly(proof.value)
        pairs, self.complete = self._pairs(), False
        loose = loose_floor(self.part.problem, "worst", floor := worst_of(self.problem, pairs))
        loose = replace(loose, bound=min(loose.bound, max(floor, proof.bound)))
        self._restrict(floor)
        return loose if proof.value < proof.bound else Top(floor, proof.bound, pairs).proof(proof)

    def _fly(self, floor: int) -> None:
        """By luck, a flow over the pairs that can be above a floor has better pairs."""
        if self._tight():
            pairs = self.part.index[pairs_above(self.part.problem, self.known, floor, self.clock)]
            if self._keeps(pairs) and self._fits(pairs):
                self._prefer(pairs)

    def _climb(self, proof: TierProof, start: NDArray[np.intp]) -> tuple[TierProof, NDArray[np.intp]]:
        """The floor, and the best total above it, where mentees have several mentors."""
        top = Climb(self.part.problem, self.known, self.clock).highest(proof.bound, start)
        pairs, self.complete = self.part.index[top.pairs], self.complete and top.reached == top.bound
        self._above = (len(self.known), replace(top.total, pairs=pairs)) if top.total else None
        return top.proof(proof), pairs

    def _total_above(self) -> TierProof | None:
        """The best total above the floor by climbing; None where that is no way."""
        if self._floor is None or not can_climb(self.problem, self.known):
            return None
        known, best = self._above or (0, None)
        if best is None or known != len(self.known):
            found = Climb(self.part.problem, self.known, self.clock).above(self._floor.value)
            if isinstance(found, Barred):
                return None
            best = replace(found, pairs=self.part.index[found.pairs])
        self.pairs, self.complete = best.pairs, self.complete and best.value == best.bound
        self.known.append(self._relaxed("total", best.value, best.bound))
        return self.known[-1]

    def _leximin(self) -> TierProof:
        floor = self._worst()
        if self.clock.over:
            raise TimeUp
        if "mentees" not in [proof.tier for proof in self.known]:
            self._linear(["mentees"])
        if self._plain() and not self.problem.groups:
            inner = leximin_face(self.part.problem, self.known, self.clock, self._settling)
            self._inner = (Face(inner.problem, self.part.index[inner.index]), [])
            self._linear_on_face(["total"])
            self._inner = (self._inner[0], [])
        else:
            self._search_levels()
        self._open_end = False
        levels = ascending(self.problem, self._pairs())
        return replace(floor, tier="leximin", kind="search", levels=levels)

    def _search_levels(self) -> None:
        search = self._searching()
        matched = tier_value(self.problem, "mentees", self._pairs())
        for count in range(1, matched + 1):
            self._settling(count, matched)
            self._maximise(search, search.sum_of_smallest(count))

    def _settling(self, done: int, of: int) -> None:
        self._report(Progress("solving leximin", done, of))

    # -- search ------------------------------------------------------------------------------

    def _searching(self) -> Search:
        """The search, made when first needed, with all earlier tiers held at their values."""
        if self._search is None:
            self._search = Search(self.problem, self.clock)
            for proof in self.known:
                if proof.tier != MINIMUMS:
                    self._search.keep(self._search.linear(proof.tier), proof.value)
            if self._floor is not None:
                self._search.keep(self._search.worst(), self._floor.value)
            if self.pairs is not None:
                self._search.hint(self.pairs)
        return self._search

    def _maximise(self, search: Search, expression: object) -> tuple[int, int]:
        found = search.maximise(expression)
        search.keep(expression, found.value)
        self._prefer(found.pairs)
        search.hint(self._pairs())
        self.complete = self.complete and found.value == found.bound
        return found.value, found.bound

    def _prefer(self, found: NDArray[np.intp]) -> None:
        """Keep the better pairs by the whole objective: a search for one tier cares for no later one."""
        if self.pairs is None or worth(self.problem, found) >= worth(self.problem, self.pairs):
            self.pairs = found

    # -- what holds --------------------------------------------------------------------------

    def _plain(self) -> bool:
        """Whether flows alone can say floors: one mentor per mentee, no hours, no quotas."""
        free = self.problem.loads.mentor_hours is None and not has_quotas(self.problem)
        return self.problem.single and free and self._tight()

    def _tight(self) -> bool:
        if has_charges(self.problem) and {"spread", "total"} & {proof.tier for proof in self.known}:
            return False
        return self._search is None and all(proof.value == proof.verified_bound for proof in self.known)

    def _fits(self, pairs: NDArray[np.intp]) -> bool:
        """Whether pairs from a flow respect what the flow does not know."""
        floor = None if self._floor is None else self._floor.value
        return fits(self.problem, pairs) and (floor is None or worst_of(self.problem, pairs) >= floor)

    def _pairs(self) -> NDArray[np.intp]:
        if self.pairs is None:
            raise NoSolutionError(NO_TIME)
        return self.pairs

    def _counted(self, network: Network) -> None:
        self.rounds += network.rounds
        network.rounds = 0
        self.complete = self.complete and network.complete

    def _solution(self) -> Solution:
        pairs = np.sort(self._pairs())
        tiers = tuple(revalued(self.problem, proof, pairs, self.complete) for proof in self.published)
        chosen = np.stack([self.problem.mentor[pairs], self.problem.mentee[pairs]], axis=1).astype(np.int64)
        stats = {"pairs_allowed": len(self.problem.mentor), "flow_rounds": self.rounds}
        complete = self.complete and all(proof.value == proof.bound for proof in tiers)
        return Solution(chosen, tiers, complete, {**stats, "seconds": self.clock.elapsed})
