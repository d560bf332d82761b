# ---
# jupyter:
#   jupytext:
#     formats: py:percent,ipynb
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # What if: trade-offs, places, weights, and what the solver brings
#
# A matching is the best one *for a policy*. But somebody chose the weights, somebody counted the places, and somebody decided that
# everybody should get a mentor before pairs get better. This notebook asks what each of these decisions costs, exactly. All people are
# fictional.

# %%
from dataclasses import replace

import altair as alt
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules

alt.renderers.enable("png", ppi=85)  # still pictures, which every reader of this page can see

cohort = pm.datasets.synthetic(mentors=48, mentees=40, seed=4)
policy = pm.Policy(
    name="Reverse mentoring",
    rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1), rules.OutsideManagementLine()],
    goals=[
        goals.TopicCoverage(weight=0.5),
        goals.SharedHobbies(weight=0.3),
        goals.Reciprocity(weight=0.2),
    ],
    mentees={"capacity": 2},
)
matching = pm.match(cohort, policy)
matching

# %% [markdown]
# ## What has the solver brought?
#
# First the question that everybody asks. The same people, the same rules: what would a careful person with a spreadsheet reach, who takes
# the best pair, then the best of the rest, and so on? And what would chance?

# %%
against = pm.uplift(matching, draws=50, seed=0)
print(against)

# %%
pm.plot.weights_chart(against)

# %% [markdown]
# The careful person comes near in total weight, and leaves ten mentees without anybody: the best pairs were taken first, and what was left
# did not fit together. That is what a solver is for: not the best pairs, but the pairs that go together.

# %%
against.table.round(3)

# %% [markdown]
# ## What does it cost to serve everybody?
#
# The policy serves as many mentees as possible before it looks at weights. If it did not, who would gain? `trade_off` finds the best total
# for every number of mentees served, and proves each point.

# %%
coverage = pm.trade_off(matching, between=("total", "mentees"))
pm.plot.trade_off_chart(coverage)

# %%
first, last = coverage.table.iloc[0], coverage.table.iloc[-1]
print(
    f"{last.mentees - first.mentees:.0f} more mentees served cost {1 - last.total / first.total:.1%} of the total weight"
)

# %% [markdown]
# That is cheap. The curve also shows where it gets steeper: the last mentees are the hardest to place.
#
# ## What does it cost to lift the worst-off mentee?
#
# The mean may hide a mentee with a poor pair. Each point of the next curve is the best total above a floor for every matched mentee.

# %%
floor = pm.trade_off(matching, between=("total", "worst"), points=None)
pm.plot.trade_off_chart(floor)

# %%
floor.table.assign(cost=lambda t: t.total.iloc[0] - t.total).round(3).head(8)

# %% [markdown]
# Many programmes would take a point on the left half of it: a floor that is half as high again costs little. To choose it, put `"worst"`
# before `"total"` in the objective, or set a bar (`minimum_weight`) there.
#
# ## What does an even spread cost?
#
# Now a larger cohort in which mentors can be chosen, and a goal that wants the chosen ones from all regions alike. Its price says how much
# weight one person short may cost. What if the price were another one? Against `"weight"`, the weights of the pairs alone, the whole curve
# shows.

# %%
larger = pm.datasets.synthetic(mentors=80, mentees=40, seed=1)
even = replace(
    policy,
    goals=[*policy.goals, goals.Spread("region", of="mentors", target="even", price=0.05)],
    mentees={"capacity": 1},
)
spread = pm.trade_off(pm.match(larger, even), between=("weight", "spread"))
pm.plot.trade_off_chart(spread)

# %% [markdown]
# The diamond is where a price of 0.05 leads. Left of it each person short is cheaper than that to mend, right of it dearer.
#
# ## What is one more place worth?
#
# Some mentors would take a second mentee if somebody asked. Whom to ask first? The prices in the certificate know: one more place of a
# mentor is worth the difference between two optima, and most of them need no solving.

# %%
crowded = pm.datasets.synthetic(mentors=44, mentees=48, seed=4)
single = replace(policy, mentees={"capacity": 1})
values = pm.place_values(pm.match(crowded, single))
print(values)

# %%
top = values.table.head(12)
alt.Chart(top).mark_bar(color="#4477aa").encode(
    x=alt.X("total:Q", title="gain in total weight"),
    y=alt.Y("id:N", sort=None, title="one more place of mentor"),
    tooltip=["words"],
).properties(width=420, title="Whom to ask for a second place")

# %% [markdown]
# Each number is what `match` would find with that one place more. Let us look for ourselves:

# %%
asked = top.iloc[0]
before, after = pm.match(crowded, single), pm.match(crowded.with_capacities({asked.id: 2}, {}), single)
pd.DataFrame({"before": before.values, "after": after.values, "told": asked[list(values.tiers)].to_dict()})

# %% [markdown]
# ## Which pairs hang on the weights?
#
# Half for topics, three tenths for hobbies: would 0.4 and 0.4 have been another programme? `sensitivity` makes each weight a fifth lower and
# higher, by itself and all together at random.

# %%
found = pm.sensitivity(matching, by=0.2, draws=40, seed=0)
found

# %%
alt.Chart(found.table).mark_bar(color="#4477aa").encode(
    x=alt.X("survives:Q", bin=alt.Bin(step=0.1), title="share of the draws in which the pair stays"),
    y=alt.Y("count():Q", title="pairs"),
).properties(width=420, height=160, title="How sure the pairs are")

# %% [markdown]
# Most pairs stay in nearly every draw: they are what the people's profiles say. The few on the left have a rival that is nearly as good; there
# a coordinator's own judgement may decide, and costs next to nothing. `why_not` tells how much:

# %%
weak = found.table.iloc[0]
weights = pm.score(cohort, policy).weights[weak.mentee].drop(weak.mentor).dropna()
for rival in weights.nlargest(3).index:
    print(pm.why_not(matching, mentor=rival, mentee=weak.mentee), end="\n\n")

# %% [markdown]
# ## In short
#
# | question | verb |
# |---|---|
# | what has the solver brought? | `pm.uplift(matching)` |
# | what does more of one cost of the other? | `pm.trade_off(matching, between=...)` |
# | whom to ask for one more place? | `pm.place_values(matching)` |
# | which pairs hang on our weights? | `pm.sensitivity(matching)` |
