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
# # From two tables to a proven matching
#
# A fictional insurer, Larkfield Mutual, runs a reverse mentoring programme: fifty executives in seven states get a mentor from
# 120 junior colleagues who applied. The example is shipped with the library.

# %%
import pairmatch as pm

files = pm.datasets.example()
schema = pm.Schema.read(files.policy)
cohort = pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org)
policy = pm.Policy.read(files.policy)
cohort

# %% [markdown]
# ## What the policy makes of every pair
#
# Before anybody is matched: which pairs the rules allow, and what the goals think of them.

# %%
scores = pm.score(cohort, policy)
scores

# %%
scores.pairs.head()

# %% [markdown]
# ## The matching

# %%
matching = pm.match(cohort, policy)
matching

# %%
matching.pairs.head(10)

# %% [markdown]
# Who got nobody, and why. Most applicants go without, because there are more of them than executives.

# %%
matching.unmatched.groupby(["role", "reason"]).size()

# %% [markdown]
# ## How good is it?
#
# Each tier of the objective has a value, and a bound that no matching can exceed. Where both are equal, the matching is optimal.

# %%
matching.certificate.table

# %% [markdown]
# This is checked by code that does not use the solver:

# %%
print(pm.verify(matching, cohort, policy))

# %% [markdown]
# ## Why this pair?

# %%
executive = matching.pairs["mentee"].iloc[0]
print(pm.explain(matching, mentee=executive))

# %% [markdown]
# And why not somebody else?

# %%
somebody = matching.pairs["mentor"].iloc[-1]
print(pm.why_not(matching, mentor=somebody, mentee=executive))

# %% [markdown]
# ## Keep it
#
# `write` stores pairs, reasons and certificate, and not a single profile. `read` takes the cohort again, and refuses another one.

# %%
matching.write("out")
again = pm.Matching.read("out", cohort)
again
