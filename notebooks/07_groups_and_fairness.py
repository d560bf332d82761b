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
# # The group as a whole: spread, quotas, hours, coaches, fairness
#
# A good pair concerns two people. A programme also cares who is *in*: do the chosen mentors look like those who applied, are there
# enough hours, does nobody get a hopeless partner so that the average looks good? This notebook shows what each of these wishes
# does to a matching, and what it costs. All people are fictional.

# %%
from dataclasses import replace

import altair as alt
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules

alt.renderers.enable("png", ppi=85)  # still pictures, which every reader of this page can see

frames = pm.datasets.synthetic_frames(mentors=120, mentees=40, seed=5)
cohort = pm.Cohort(frames.mentors, frames.mentees)
cohort

# %% [markdown]
# ## Before: only the pairs count
#
# The goals look at one pair at a time. One of them likes people who can meet in person, so the good pairs stay within a region.

# %%
plain = pm.Policy(
    name="Pairs alone",
    rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1), rules.OutsideManagementLine()],
    goals=[
        goals.TopicCoverage(weight=0.4),
        goals.SharedHobbies(weight=0.2),
        goals.Reciprocity(weight=0.1),
        goals.Same("region", weight=0.3),
    ],
)
before = pm.match(cohort, plain)
before

# %% [markdown]
# ## After: goals for the group
#
# `Spread` compares the chosen mentors with those who applied. Each group gets a target: its share of the applicants, in whole
# persons. `DifferentPairs` asks that half of the pairs reach across regions; which ones, is left open. The *price* says how much of
# a perfect pair's weight we give up to bring one group one person, or one pair, nearer its target.

# %%
wishes = [
    goals.Spread("region", price=0.2),
    goals.Spread("department", price=0.2),
    goals.DifferentPairs("region", share=0.5, price=0.2),
]
spread = replace(plain, name="With goals for the group", goals=[*plain.goals, *wishes])
after = pm.match(cohort, spread)
after

# %%
after.groups[["group", "applicants", "target", "count", "short"]]

# %% [markdown]
# The same as a picture. Grey is a group's share of the applicants, the bar within its share of the matched mentors, the line the
# target, and the circle the share it had before.

# %%
pm.plot.group_chart(after, before=before)

# %% [markdown]
# ## What spread costs
#
# How much weight is a better spread worth? That is for people to say. What a computer can do is to show all the choices: the same
# cohort at prices from next to nothing to a whole perfect pair. Each point is *proven*: at its price there is no better matching.


# %%
def at_price(price):
    """Sum of the weights, and how many are short, at one price for all three goals."""
    priced = [replace(wish, price=max(price, 1e-6)) for wish in wishes]
    matching = pm.match(cohort, replace(plain, goals=[*plain.goals, *priced]))
    short, weight = int(matching.groups["short"].sum()), float(matching.pairs["weight"].sum())
    return {"price": price, "short": short, "weight": weight, "gap": matching.certificate.gap}


curve = pd.DataFrame([at_price(step / 20) for step in range(21)])
curve.groupby(["short", "weight"], sort=False, as_index=False).agg(
    price=("price", "min"), up_to=("price", "max"), gap=("gap", "max")
)

# %%
points = alt.Chart(alt.InlineData(values=curve.drop_duplicates(["short", "weight"]).to_dict("records")))
points = points.encode(
    x=alt.X("short:Q", title="short of a target", axis=alt.Axis(grid=False, tickMinStep=1)),
    y=alt.Y("weight:Q", title="sum of the weights", scale=alt.Scale(zero=False), axis=alt.Axis(grid=False)),
)
line = points.mark_line(color="#4477aa", point=alt.OverlayMarkDef(size=50, color="#4477aa"))
names = points.mark_text(align="left", dx=7, dy=9, color="#333333").encode(
    text=alt.Text("price:Q", format=".2f")
)
alt.layer(line, names).properties(
    width=460, height=260, title="Spread against score; each point with the lowest price that leads to it"
).configure_view(stroke=None)

# %% [markdown]
# ## Quotas: what must hold
#
# A price can be outbid. A *quota* cannot: `AtLeast` and `AtMost` are rules.

# %%
quota = rules.AtLeast(3, where={"region": "Africa"}, of="mentors")
held = pm.match(cohort, replace(plain, name="With a quota", rules=[*plain.rules, quota]))
held.groups[["group", "applicants", "least", "count"]]

# %% [markdown]
# A quota that cannot be met is no reason for a poor matching without a word. Counting shows it before any search, and the message
# says who lacks.

# %%
impossible = rules.AtLeast(30, where={"region": "Africa"}, of="mentors")
try:
    pm.match(cohort, replace(plain, rules=[*plain.rules, impossible]))
except pm.InfeasibleError as error:
    print(error)

# %% [markdown]
# ## Choosing mentors and pairing them at once
#
# Forty people applied, each could take two mentees, and only ten of them are to be trained. Who should that be? The choice and the
# pairs are settled together, under the same goals.

# %%
tables = pm.datasets.synthetic_frames(mentors=40, mentees=20, seed=11)
two_each = pm.Cohort(tables.mentors.assign(capacity=2), tables.mentees)
ten = [rules.LevelsBelow(at_least=1), rules.OutsideManagementLine(), rules.MentorsChosen(at_most=10)]
chosen = pm.match(two_each, replace(spread, name="Ten mentors", rules=ten))
print(chosen.pairs["mentor"].nunique(), "mentors for", chosen.pairs["mentee"].nunique(), "mentees")
chosen.certificate.table

# %% [markdown]
# ## Hours
#
# Executives need different amounts of time, and mentors have different amounts to give. Here twelve mentors take up to four people
# each, as far as their hours per month go.

# %%
tables = pm.datasets.synthetic_frames(mentors=12, mentees=24, seed=11)
busy = pm.Cohort(tables.mentors.assign(capacity=4), tables.mentees)
open_to_all = replace(plain, name="Hours", rules=[rules.NotSameTeam()])
timed = pm.match(busy, replace(open_to_all, rules=[*open_to_all.rules, rules.Hours()]))
carefree = pm.match(busy, open_to_all)


def hours(matching):
    """Hours that each mentor has, and that the mentees need."""
    needs = {person.id: person["hours"] for person in matching.cohort.mentees}
    has = pd.Series({person.id: person["hours"] for person in matching.cohort.mentors}, name="has")
    needed = matching.pairs.groupby("mentor")["mentee"].agg(lambda ids: sum(needs[i] for i in ids))
    return pd.concat([has, needed.rename("needed")], axis=1).fillna(0).astype(int).sort_values("has")


hours(timed).T

# %%
over = len(hours(carefree).query("needed > has"))
print(f"With the rule {len(timed.pairs)} mentees have a mentor, and everybody keeps to the hours.")
print(
    f"Without it {len(carefree.pairs)} have one, and {over} of 12 mentors would work longer than they offered."
)
timed.certificate.table

# %% [markdown]
# ## Coaches
#
# A coach supports a pair, and must suit both of them. Chosen *after* the pairs, a good coach may suit nobody who is left. Chosen *together*
# with the pairs, some pairs give way a little, and coaches and pairs together are better off.

# %%
coaches = pd.DataFrame(
    {
        "id": ["c1", "c2", "c3", "c4", "c5", "c6"],
        "department": ["People", "Sales", "Technology", "People", "Operations", "Marketing"],
        "languages": [
            "English",
            "English; Spanish",
            "English; French",
            "English; German",
            "English",
            "Spanish",
        ],
        "utc_offset": [-5, -8, 1, 1, 8, -3],
    }
)
with_coaches = pm.Cohort(frames.mentors, frames.mentees, coaches=coaches)
support = pm.Coaches(
    rules=[rules.DifferentDepartment()],
    goals=[
        goals.Overlap("languages", "languages", weight=1),
        goals.Closeness("utc_offset", scale=6, weight=1),
    ],
    weight=0.5,
    capacity=7,
)
afterwards = pm.match(with_coaches, replace(plain, coaches=support))
together = pm.match(with_coaches, replace(plain, coaches=replace(support, jointly=True)))
pd.DataFrame(
    {
        "pairs with a coach": [m.coaching.coached for m in (afterwards, together)],
        "sum of the pairs' weights": [m.pairs["weight"].sum() for m in (afterwards, together)],
        "sum of the coaches' scores": [m.coaches["score"].sum() for m in (afterwards, together)],
    },
    index=["one after the other", "together"],
)

# %%
print(f"One after the other, {together.coaching.lost_sequentially:.1%} of the total is lost.")
together.coaching.loads

# %% [markdown]
# ## Nobody is left with a hopeless partner
#
# A high sum can hide a poor pair. The tier `worst` first makes the smallest weight of any matched mentee as large as can be, and only
# then the sum; `leximin` goes on with the second smallest, the third, and so on. Here are 45 mentors for 40 mentees, so that there is
# little to choose from.

# %%
tight = pm.datasets.synthetic(mentors=45, mentees=40, seed=9)
tiers = {
    "the sum alone": ["mentees", "total"],
    "the worst-off first": ["mentees", "worst", "total"],
    "one after the other": ["mentees", "leximin", "total"],
}
fair = {name: pm.match(tight, replace(plain, objective=order)) for name, order in tiers.items()}
lowest = {name: sorted(matching.pairs["weight"])[:6] for name, matching in fair.items()}
pd.DataFrame(lowest, index=[f"{place + 1}. from below" for place in range(6)]).round(3)

# %% [markdown]
# What did it cost? `price_of_fairness` tells for each tier what it took from the sum. To help the worst-off costs next to nothing here;
# to help everybody from below, one after the other, costs more.

# %%
priced = [pm.price_of_fairness(fair[name]) for name in list(tiers)[1:]]
pd.concat(priced).query("tier != 'mentees'")[
    ["tier", "value", "total_without", "total_with", "percent", "gap"]
]

# %% [markdown]
# `pm.frontier` has all floors that there are between the two, each with the best sum above it. No other matching beats a point in both.

# %%
pm.frontier(tight, replace(plain, objective=["mentees", "total"]))

# %% [markdown]
# ## What stays with people
#
# Prices, quotas, floors and the order of the tiers are decisions, and none of them is the computer's. What it adds is that each
# decision shows its consequences, and that every answer is proven: no better one was overlooked.
