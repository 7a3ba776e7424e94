# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,slideshow,jupyter,-all
#     formats: ipynb,py:percent
#     notebook_metadata_filter: kernelspec,jupytext
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercises 10 · Choose a recipe
#
# **You will** find out why weight decay and L2 are two things in Adam, judge five comparisons of
# recipes, and work out how low a loss with label smoothing can get.
#
# **You need** [notebook 10](../10_recipes.ipynb), read or run.
#
# **Time:** 24 minutes; nothing is trained here. Each task ends with a check that tells you what is wrong
# with your answer.

# %% tags=["setup"]
# Set-up, the same in every notebook. Where the helpers are missing (on Colab), they are fetched first.
import os
from importlib import util

if not util.find_spec("vit_helpers"):
    get_ipython().run_line_magic("pip", "install -q --no-deps git+https://github.com/owner/name")

import numpy as np

import vit_helpers

# %% [markdown]
# ## Task 1 · Decay or L2? (10 minutes)
#
# There are two ways to keep weights small. **L2** adds a term to the gradient, `l2 * weight`, and the
# optimizer makes a step out of the sum. **Weight decay** leaves the gradient alone: beside the step, the
# weight gets smaller by `rate * decay * weight`. In plain gradient descent, whose step is *rate ×
# gradient*, the two come to the same. In Adam they do not. To see why, write its *first* step.
#
# - For each weight Adam keeps two averages, both 0 before the first step. `m` is that of the
#   gradients: 0.9 of the old `m` and 0.1 of the new gradient. `v` is that of the squares: 0.999 of the
#   old `v` and 0.001 of the new square.
# - Averages that start at 0 are too small at first. So they are corrected: in the first step, `m` is
#   divided by 1 - 0.9, and `v` by 1 - 0.999.
# - With the corrected ones, the step is *rate × m / (√v + ε)*, against the gradient. The small number
#   ε = 10⁻⁸ keeps a zero from being divided by zero.
#
# Decay takes its share of the weight as it was before the step. `l2` and `decay` may be 0.
#
# <details><summary>Hint</summary>
# Take a pencil before you write code. What is the old average in the first step? Write down the new
# one, correct it, and see what is left of all the numbers. Do the same for the squares, then take the
# root. What remains is short. And which of the two, decay or L2, has to go through all this?
# </details>
#
# [A worked solution](../solutions/solution_10_recipes.ipynb)


# %%
def first_step(weight, gradient, rate, decay, l2):
    """The weights (W,) after Adam's first step: weights (W,) and their gradients (W,)."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import recipes as check

check.decay(first_step)

# %% [markdown]
# Is it the step that Keras makes? We ask its AdamW, which has decay and no L2:

# %%
import keras
from IPython.display import display

from vit_helpers import plot_lines

if check.ready(check.decay(first_step)):
    weight, gradient = np.array([0.5, -0.3, 0.2, 0.8]), np.array([10.0, 0.1, -0.01, -300.0])
    theirs = keras.Variable(weight, dtype="float32")
    adamw = keras.optimizers.AdamW(0.01, weight_decay=0.5, epsilon=1e-8)
    adamw.apply([keras.ops.convert_to_tensor(gradient, "float32")], [theirs])
    theirs = keras.ops.convert_to_numpy(theirs)
    np.testing.assert_allclose(first_step(weight, gradient, 0.01, 0.5, 0.0), theirs, rtol=1e-4)
    print("Keras makes the same step:", theirs.round(4))

# %% [markdown]
# And after a hundred steps? Here are five weights, all 1 at the start. The gradients of the first are
# 0.001 in size, those of the last 10. They change their sign at each step, so that they lead nowhere.
# Before you look: from which of the five does L2 take most? And decay? We compare with a run that has
# neither.


# %%
def after(steps, decay=0.0, l2=0.0):
    """The weights (W,) after so many steps of Keras's Adam."""
    weights = keras.Variable(np.ones(len(sizes)), dtype="float32")
    adam = keras.optimizers.AdamW(0.01, weight_decay=decay)
    for step in range(steps):
        gradient = (-1) ** step * keras.ops.convert_to_tensor(sizes, "float32")
        adam.apply([gradient + l2 * weights], [weights])
    return keras.ops.convert_to_numpy(weights)


sizes = np.array([0.001, 0.01, 0.1, 1.0, 10.0])
if check.ready(check.decay(first_step)):
    alone = after(100)
    taken = {"L2 of 0.05": alone - after(100, l2=0.05), "decay of 0.05": alone - after(100, 0.05)}
    ends = [f"{way}: from {off[0]:.1%} to {off[-1]:.1%}" for way, off in taken.items()]
    picture = plot_lines(
        sizes, taken, "What 100 steps take from a weight of 1", "size of its gradients", "share taken",
        alt=f"From small to large gradients, {'; '.join(ends)}", log=True,
    )  # fmt: skip
    display(picture)
    print(*ends, sep="\n")

# %% [markdown]
# Adam divides by the size of what it gets. Beside gradients of 0.001 the L2 term is large, and Adam makes
# whole steps of it; beside gradients of 10 it is lost. Decay goes past all that, and takes the same share
# of all five. The lines meet where Adam divides by about 1. These are numbers with invented gradients:
# which way trains better, they cannot tell.

# %% [markdown]
# ## Task 2 · Is this comparison fair? (8 minutes)
#
# Below are five short reports. Each compares a recipe A with a recipe B, and ends with a conclusion. All
# of them are made up. Would you follow the conclusion?
#
# Give each report one of these five readings; each fits once:
#
# - `"fair"`: nothing stands against the conclusion;
# - `"one seed"`: it may be luck, nobody knows how far such runs scatter;
# - `"more training"`: one of the two was trained longer;
# - `"test chose"`: the test images had a say in a choice;
# - `"two changes"`: nobody knows which of two changes made the difference.
#
# <details><summary>Hint</summary>
# Ask the same questions of each report. Which lines of the table differ? How many steps does each run
# make (and if it does not say, can you work it out)? Which images were used for choosing? How many runs
# are there? And do not mind how large a lead is: a fair comparison may well end in a draw.
# </details>
#
# [A worked solution](../solutions/solution_10_recipes.ipynb)

# %%
from vit_helpers.classroom import exercise_reports

exercise_reports.show_reports()

# %%
readings = {"smoothing": None, "versions": None, "decay": None, "optimizer": None, "warm-up": None}

# %% tags=["check", "nbval-check-output"]
check.fair(readings)

# %% [markdown]
# How far apart are two models that are *equally good*? We throw dice: each is right with a chance of
# 68.6 % on each of 1,000 test images, and we do this for 10,000 pairs.

# %%
if check.ready(check.fair(readings)):
    right = np.random.default_rng(0).binomial(1000, 0.686, (10_000, 2)) / 1000
    apart = np.abs(right[:, 0] - right[:, 1])
    share = np.mean(apart > 0.0055)
    print(f"0.6 points or more lie between the two in {share:.0%} of the pairs,")
    print(f"2 points or more in {np.mean(apart > 0.0195):.0%}")

# %% [markdown]
# These models err independently of each other. Real ones find the same images hard, and so lie closer
# together; but they also differ by their seeds.

# %% [markdown]
# ## Task 3 · The floor (6 minutes)
#
# With label smoothing no loss gets down to zero. With C classes and a smoothing s, the target is
# 1 - s + s / C for the label and s / C for each other class. The loss is lowest when the model's chances
# are just these targets p, and then it is -Σ p log p over all classes, with the natural logarithm.
#
# Write this floor as a function of the number of classes and the smoothing. A smoothing of 0 asks for
# full certainty, and its floor is 0.
#
# Then put a number into `above`: a run with 100 classes and a smoothing of 0.1 ends with a loss of 1.10.
# How far above its floor is that? Two digits behind the point will do.
#
# <details><summary>Hint</summary>
# There are only two different targets. How many classes have the second one? So you need no array. And
# where a target is 0: the logarithm of 0 is no number, but p log p goes to 0 when p does. Such a class
# adds nothing, so you may leave it out.
# </details>
#
# [A worked solution](../solutions/solution_10_recipes.ipynb)


# %%
def floor(classes, smoothing):
    """The lowest loss that any model can have: one number."""
    ...


above = None

# %% tags=["check", "nbval-check-output"]
check.floor(floor, above)

# %% [markdown]
# Where is the floor for other smoothings, and for more classes or fewer?

# %%
if check.ready(check.floor(floor, above)):
    smoothings = np.linspace(0, 0.5, 11)
    floors = {
        f"{classes:,} classes": [floor(classes, smoothing) for smoothing in smoothings]
        for classes in (1000, 100, 10)
    }
    picture = plot_lines(
        smoothings,
        floors,
        "The lowest loss with label smoothing",
        "smoothing",
        "loss",
        alt="The floor starts at 0 and rises with the smoothing; at a smoothing of 0.5: "
        + ", ".join(f"{values[-1]:.1f} for {name}" for name, values in floors.items()),
    )
    display(picture)

# %% [markdown]
# The floor rises with the smoothing, and with the number of classes. So a recipe with more smoothing has a
# higher loss even if its model is perfect. Whoever compares two smoothings should compare accuracies.

# %% [markdown]
# ## Next
#
# This is the end of the series so far. You can build a Vision Transformer, train it, and tell a good
# recipe from a lucky one. Now try it on images of your own: put those of each class into a folder, set
# `DATASET` in [notebook 7](../07_training.ipynb) to the folder above them, and train.
