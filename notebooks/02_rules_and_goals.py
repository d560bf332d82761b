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
# # Rules and goals: one executive's mentors under changing policies
#
# A *rule* says which pairs must not be. A *goal* says which of the others are better. This notebook follows one executive of the
# shipped example and shows who would suit them best: first under the plainest policy, then with one rule after the other,
# then with other goals. Nobody is matched here; it is the place to try things out before a round.

# %%
from dataclasses import replace
from pathlib import Path

import altair as alt
import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules

alt.renderers.enable("png", ppi=85)  # still pictures, which every reader of this page can see
pd.set_option("display.max_colwidth", None)  # sentences in full

files = pm.datasets.example()
schema = pm.Schema.read(files.policy)
cohort = pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org)
cohort

# %% [markdown]
# ## Whom it is about

# %%
executive = cohort.mentees.ids[2]
profile = cohort.mentees.person(2)


def named(entries):
    """The entries of a list as one text."""
    return ", ".join(term.label for term in entries)


pd.Series(
    {
        "id": executive,
        "department": profile["department"],
        "wants to learn": named(profile["topics_wanted"]),
        "hobbies": named(profile["hobbies"]),
        "can offer": named(profile["offers_back"]),
    }
).to_frame("")

# %% [markdown]
# ## The plainest policy: who teaches what the executive wants?
#
# One goal and no rule. Every mentor who takes part is a candidate, and the weight is the share of the executive's wishes that the
# mentor covers.

# %%
topics = pm.Policy(name="Topics only", goals=[goals.TopicCoverage(weight=1)])
scores = pm.score(cohort, topics)
pm.plot.contribution_bars(scores, mentee=executive)

# %% [markdown]
# ## Rules, one after the other
#
# Now come the rules that a programme of this kind has. A rule knows no exceptions and cannot be outweighed: a pair that it forbids
# is out, however well the two suit each other. After each rule we look at what is left.

# %%
in_turn = [
    rules.DifferentDepartment(),
    rules.LevelsBelow(at_least=2),
    rules.NotSameTeam(),
    rules.OutsideManagementLine(levels=2),
    rules.CommonSlots(at_least=2),
]


def candidates(policy):
    """The executive's eligible mentors, best first."""
    pairs = pm.score(cohort, policy).pairs
    return pairs[pairs["mentee"] == executive]


before = candidates(topics)["mentor"].tolist()
top = before[:10]
rows = [("no rule yet", "", len(before), len(top), before[0])]
for count, rule in enumerate(in_turn, start=1):
    left = candidates(pm.Policy(rules=in_turn[:count], goals=topics.goals))["mentor"].tolist()
    rows.append((rule.name, rule.description, len(left), len(set(top) & set(left)), left[0]))

pd.DataFrame(rows, columns=["rule", "it asks that", "mentors left", "of the first ten", "best now"])

# %% [markdown]
# Who of the first ten fell away, and why? `forbidden_by` names the first rule in the policy's order that forbids a pair.

# %%
ruled = pm.Policy(name="Topics, with rules", rules=in_turn, goals=topics.goals)
scores = pm.score(cohort, ruled)
reasons = scores.forbidden_by.loc[top, executive]
pd.DataFrame(
    {
        "weight without rules": pm.score(cohort, topics).weights.loc[top, executive],
        "forbidden by": reasons.fillna(""),
    }
)

# %% [markdown]
# So many mentors are kept from this executive by each rule alone. A rule that forbids nobody here may well forbid somebody to
# another executive.


# %%
def alone(rule):
    """How many mentors a rule forbids by itself."""
    forbidden_by = pm.score(cohort, pm.Policy(rules=[rule], goals=topics.goals)).forbidden_by[executive]
    return int((forbidden_by == rule.name).sum())


pd.Series({rule.name: alone(rule) for rule in in_turn}).to_frame("mentors forbidden")

# %% [markdown]
# The best who are left:

# %%
pm.plot.contribution_bars(scores, mentee=executive)

# %% [markdown]
# ## More goals
#
# Two people who only share a topic may have little else to say to each other. Shared hobbies, something to offer in return,
# experience of the other's work and a short way to meet make it easier. Each goal scores a pair from 0 to 1; its weight says how much that counts beside the
# others. The bars are stacked goal by goal, and their length is the pair's weight.

# %%
balanced = pm.Policy(
    name="Balanced",
    rules=in_turn,
    goals=[
        goals.TopicCoverage(weight=0.40),
        goals.SharedHobbies(weight=0.20),
        goals.Reciprocity(weight=0.15),
        goals.PastExperience(weight=0.10),
        goals.Same("region", weight=0.10),
        goals.Novelty(weight=0.05),
    ],
)
pm.plot.contribution_bars(pm.score(cohort, balanced), mentee=executive)

# %% [markdown]
# ## The same goals with other weights
#
# Weights are a programme's own judgement. Here are two more: one that puts getting on well first, and one that wants people to
# meet whom they would never have met.


# %%
def weighed(name, *weights):
    """The balanced policy with other weights, in the order of its goals."""
    changed = [replace(goal, weight=weight) for goal, weight in zip(balanced.goals, weights, strict=True)]
    return replace(balanced, name=name, goals=changed)


friendly = weighed("Getting on well", 0.15, 0.50, 0.10, 0.10, 0.10, 0.05)
fresh = weighed("Fresh faces", 0.25, 0.05, 0.15, 0.05, 0.05, 0.45)
pm.plot.contribution_bars(pm.score(cohort, friendly), mentee=executive)

# %%
pm.plot.contribution_bars(pm.score(cohort, fresh), mentee=executive)

# %% [markdown]
# ## How the first places move
#
# Everybody who is among the first five under one of the policies, and the place that they have under each. No place: a rule
# forbids the pair.

# %%
policies = [topics, ruled, balanced, friendly, fresh]
ranked = {policy.name: candidates(policy)["mentor"].tolist() for policy in policies}
first = list(dict.fromkeys(mentor for order in ranked.values() for mentor in order[:5]))
places = pd.DataFrame(
    {name: {m: order.index(m) + 1 for m in first if m in order} for name, order in ranked.items()}
)
places.reindex(first).astype("Int64")

# %% [markdown]
# The same as a picture, down to place 12. In colour: the first three under “Balanced”.

# %%
LAST = 12
moves = [
    {"policy": name, "mentor": m, "place": order.index(m) + 1 if m in order[:LAST] else None, "step": step}
    for step, (name, order) in enumerate(ranked.items())
    for m in first
]
leading = alt.FieldOneOfPredicate(field="mentor", oneOf=ranked["Balanced"][:3])
ink = alt.condition(leading, alt.value("#882255"), alt.value("#9aa5b1"))
base = alt.Chart(alt.InlineData(values=moves)).encode(
    x=alt.X(
        "policy:N", sort=list(ranked), title=None, axis=alt.Axis(labelAngle=0, domain=False, ticks=False)
    ),
    y=alt.Y(
        "place:Q",
        title="place among the executive's mentors",
        scale=alt.Scale(domain=[LAST + 0.7, 0.5], nice=False),
        axis=alt.Axis(values=list(range(1, LAST + 1)), grid=False, domain=False, ticks=False),
    ),
    detail="mentor:N",
)
paths = base.mark_line(strokeWidth=2).encode(color=ink, order="step:O")
gaps = base.mark_rect(width=46, height=16, color="white")
names = base.mark_text(fontSize=12).encode(text="mentor:N", color=ink)
alt.layer(paths, gaps, names).properties(width=640, height=380).configure_view(stroke=None)

# %% [markdown]
# ## The whole programme at one look
#
# The same for many people: each cell is a pair, the darker the better. Grey pairs are forbidden, and in a notebook of your own the
# tooltip tells by which rule. A column that is grey from top to bottom belongs to somebody whom nobody may be paired with: look
# into `forbidden_by` for the reason, which often is a blank cell.

# %%
pm.plot.heat_map(pm.score(cohort, balanced), mentors=cohort.mentors.ids[:30], mentees=cohort.mentees.ids[:30])

# %% [markdown]
# ## What stays confidential
#
# References may count, and yet nobody is to read them off a chart. A goal over a confidential field is told together with the
# ordinary goal whose weight is nearest, as “Other”; only the auditor sees it by itself.

# %%
merit = pm.Policy(
    name="With references",
    rules=in_turn,
    goals=[*balanced.goals, goals.PersonScore("reference_rating", low=1, high=5, weight=0.20)],
)
pm.plot.contribution_bars(pm.score(cohort, merit), mentee=cohort.mentees.ids[31], most=6)

# %% [markdown]
# What does this protect? One result, in the hands of people who see only that result: the grey bars hold references and hobbies
# together, and do not say how much of which. It is no protection against somebody who holds the data and may run a second policy.
# The same policy without the references tells what each pair's hobbies contribute, and the rest of the grey bar is the rating; that
# is why this picture is about another executive than the ones before it. And where two people have nothing at all of the other goal
# in common, the grey bar is the rating by itself. So choose a partner goal that nearly every pair scores in, and show such pictures
# to nobody who also gets those of the policy without references. The programme's lead hands the ratings in, and knows them anyway.

# %% [markdown]
# ## Keep the policy
#
# Once it is agreed on, a policy is a file that people can read, and `pairmatch match --policy policy.toml` takes it.

# %%
balanced.write("policy.toml")
print(Path("policy.toml").read_text(encoding="utf-8"))
