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
# # Every answer explained, and every "no"
#
# People ask questions of a matching: why her, why not him, why nobody, what would help? This notebook goes through them with the shipped
# example, a reverse mentoring programme of fifty executives and 120 applicants, all fictional.

# %%
import pairmatch as pm
from pairmatch import rules

files = pm.datasets.example()
schema = pm.Schema.read(files.policy)
cohort = pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org)
policy = pm.Policy.read(files.policy)
matching = pm.match(cohort, policy)
matching

# %% [markdown]
# ## Why this pair?
#
# One line per goal: what it contributed, what it could have contributed, and the evidence: what it found in these two people.

# %%
executive = "04353"
told = pm.explain(matching, mentee=executive)
print(told)

# %% [markdown]
# The contributions add up to the weight, to the millionth. Nothing is left over, and nothing is explained that did not count.

# %%
round(float(told.partners["contribution"].sum()), 6), told.weights

# %% [markdown]
# ## Why not that one?
#
# The runner-ups are the heaviest partners that the rules allow. What making one of them the partner would really cost is found by matching
# everybody again around that pair. Others may have to move, and what the total loses is exact.

# %%
rival = told.runners_up.loc[0, "partner"]
print(pm.why_not(matching, mentor=rival, mentee=executive))

# %% [markdown]
# Where a rule forbids a pair, the rule is named with what stands in its way.
# `anyway=True` tells what an exception would cost, before anybody makes one.

# %%
tempting = pm.explain(matching, mentee="03128").runners_up
forbidden = tempting[~tempting["allowed"]].iloc[0]
print(pm.why_not(matching, mentor=forbidden["partner"], mentee=forbidden["for"], anyway=True))

# %% [markdown]
# ## Why nobody?
#
# Most applicants go without a mentee, because there are more of them than executives. The counts say what each rule took: alone, and as the
# only rule between two people.

# %%
alone = matching.unmatched.query("role == 'mentor' and eligible > 0").iloc[0]["id"]
nobody = pm.explain(matching, mentor=alone)
print(nobody)

# %%
nobody.rules

# %% [markdown]
# The *blocking set* is the proof that somebody had to go without: these people together can be paired only with so many others, who have
# fewer places. It is minimal: leave any one of them out, and the rest could all be served.

# %%
print(nobody.blocking)

# %% [markdown]
# ## What would help?
#
# `pm.diagnose` looks at everybody without a partner, and at the cheapest relaxations: one more place, one exception, a milder rule. Each
# one stated was proven by matching again with it.

# %%
diagnosis = pm.diagnose(matching, most=6)
diagnosis.relaxations[["relaxation", "serves", "people", "cost"]]

# %%
print(diagnosis.of(mentee="11714"))

# %% [markdown]
# ## When rules contradict each other
#
# Two colleagues of one department are required to be a pair, and a rule says that nobody is paired within a department. No matching can
# satisfy both. The error says which rules cannot hold together, and nothing but those: leave out any one, and a matching exists.

# %%
required = rules.Required([(forbidden["partner"], forbidden["for"])])
contradictory = pm.Policy(rules=[*policy.rules, required], goals=policy.goals)
try:
    pm.match(cohort, contradictory)
except pm.InfeasibleError as error:
    print(error)

# %% [markdown]
# Where the rule should give way rather than the pair, `relax` says so. It excepts as few pairs as it can, and flags each one.

# %%
relaxed = pm.match(cohort, contradictory, relax=["different_department"])
relaxed.exceptions

# %% [markdown]
# ## What the two may read
#
# All this is for those who run the programme. The partners read a band and positive reasons, made from what each of them lets the other
# see (the column "Shown to Partner" of the two tables), and not a word about rules, rivals or numbers.

# %%
print(pm.explain(matching, mentee=executive, audience="mentee"))
print(pm.explain(matching, mentee=executive, audience="mentor"))
print(pm.explain(matching, mentee="00001", audience="mentee"))

# %% [markdown]
# The same goes onto a page that introduces the one to the other; whoever allows nothing stays an id.

# %%
page = pm.introduce(matching, mentor="02171", mentee="00001")
print(page.markdown)
