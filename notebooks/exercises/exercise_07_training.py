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
# # Exercises 7 · Train it, and judge it
#
# **You will** write the learning rate and the loss of the series' recipe, read the curves of four
# training runs, and choose a model without fooling yourself.
#
# **You need** [notebook 7](../07_training.ipynb), read or run.
#
# **Time:** 30 minutes; nothing is trained here. Each task ends with a check that tells you what is wrong
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
# ## Task 1 · Write the learning rate (8 minutes)
#
# Short steps at the start are an insurance (notebook 10 shows against what). At the end they are short
# again, so that the model can settle. Write the schedule of notebook 7: the rate of one step.
#
# - In the first part of the run the rate rises along a straight line, from 0 at step 0 to `peak`.
#   `warmup_ratio` is the share of all steps that this takes: 0.1 is a tenth. It may be 0.
# - Then it falls along half a turn of the cosine, to 0 at step `steps`.
#
# <details><summary>Hint</summary>
# Write down the number of the step at which the warm-up ends. Before it: which share of the warm-up is
# done? After it: which share of <i>the rest</i> is done? Half a turn of the cosine runs from 1 to -1 while
# this share goes from 0 to 1. What must you do to get from 1 to 0 instead?
# </details>
#
# [A worked solution](../solutions/solution_07_training.ipynb)


# %%
def learning_rate(step, steps, warmup_ratio, peak):
    """The learning rate of one step, 0 ... steps; `warmup_ratio` is a share of all steps."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import training as check

check.schedule(learning_rate)

# %% [markdown]
# Is it the one that the series trains with?

# %%
import keras
from IPython.display import display

from vit_helpers import plot_bars, plot_lines

steps, recipe = 1000, vit_helpers.RECIPES["default"]
if check.ready(check.schedule(learning_rate)):
    places = np.arange(0, steps + 1, 50)
    theirs = vit_helpers.learning_rate_schedule(recipe, steps)
    picture = plot_lines(
        places,
        {
            "the recipe's": np.array(keras.ops.vectorized_map(theirs, places)),
            "yours": [
                learning_rate(step, steps, recipe.warmup_ratio, recipe.learning_rate)
                for step in places
            ],
        },
        "Two schedules, one curve",
        "step",
        "learning rate",
        alt="Your learning rate and the recipe's lie on the same curve: a line up, a cosine down",
    )
    display(picture)

# %% [markdown]
# ## Task 2 · Write the loss (10 minutes)
#
# Training needs one number that says how bad an answer is. **Cross-entropy** takes the target (how
# likely each class *should* be) and the model's chances (how likely it says they are): it multiplies the
# target of each class with the logarithm of its chance, adds up, and changes the sign.
#
# With **label smoothing** the target is not 1 for the label and 0 for the others. A part of it,
# `smoothing`, is taken from the label and shared equally among *all* classes, the label included.
#
# Write it for a batch of logits, with one loss for each image. Logits can be large: a model may say
# 1,000 for one class and 0 for another.
#
# <details><summary>Hint</summary>
# Do it in three lines. First the target: a table (images, classes) in which each row adds up to 1. For
# 4 classes and a smoothing of 0.1, what stands at the label, and what elsewhere? Then the logarithms of
# the chances. Notebook 7 made chances of logits, and took something off them first, so that no power
# gets too large. But a chance may become so small that it is zero, and zero has no logarithm: write the
# chance down as a fraction, and ask what the logarithm of it is, <i>before</i> you compute. Then the sum.
# </details>
#
# [A worked solution](../solutions/solution_07_training.ipynb)


# %%
def crossentropy(logits, labels, smoothing):
    """Loss of each image: logits (images, classes), labels (images,) to losses (images,)."""
    ...


# %% tags=["check", "nbval-check-output"]
check.loss(crossentropy)

# %% [markdown]
# What does smoothing do? Think of a model with 10 classes that gives the label some chance, and the
# rest equally to the other nine. Before you look: at which chance is its loss lowest?

# %%
if check.ready(check.loss(crossentropy)):
    chance = np.linspace(0.7, 0.9999, 31)
    logits = np.log(np.column_stack([chance, *[(1 - chance) / 9] * 9]))
    label = np.zeros(len(chance), int)
    losses = {f"smoothing {s}": crossentropy(logits, label, s) for s in (0.0, 0.1)}
    best = chance[losses["smoothing 0.1"].argmin()]
    picture = plot_lines(
        chance,
        losses,
        f"With smoothing the loss is lowest at {best:.0%}",
        "chance that the model gives the label",
        "loss",
        alt="Loss over the chance of the label: without smoothing it falls to 0 at 100 %, with "
        f"smoothing of 0.1 it is lowest at {best:.0%} and rises steeply behind it",
    )
    display(picture)

# %% [markdown]
# Without smoothing, more certainty always pays. With it, being too certain is punished.

# %% [markdown]
# ## Task 3 · Read the curves (5 minutes)
#
# Below are four runs of the series' small model, on ten classes of Shapes-100. They differ in the number
# of images and in the recipe. Which is which?
#
# A fresh model with ten classes has a loss of about log(10) = 2.3. Give each run one of these four
# readings; each fits once:
#
# - `"healthy"`: it learned what it could, and the images that it has never seen are hardly worse off;
# - `"overfits"`: it learns its training images by heart;
# - `"rate too high"`: the first steps throw it off, and it never finds its way down;
# - `"not finished"`: a longer run would be better.
#
# And of the run that overfits: which epoch would you keep? Go by the validation loss; one epoch more or
# less will do.
#
# <details><summary>Hint</summary>
# Ask three questions of each panel. Does the training loss come down at all? Does the validation loss go
# with it? Is either still falling at the right edge? Look at the numbers on the axis, too: the scales
# differ.
# </details>
#
# [A worked solution](../solutions/solution_07_training.ipynb)

# %%
from vit_helpers.classroom import exercise_data

exercise_data.draw_runs(exercise_data.CURVES)

# %%
readings = {"A": None, "B": None, "C": None, "D": None}
epoch_to_keep = None

# %% tags=["check", "nbval-check-output"]
check.curves(readings, epoch_to_keep)

# %% [markdown]
# ## Task 4 · Choose, then test once (7 minutes)
#
# You have trained several models and want to name the best one, and to say honestly how good it is.
# Write the function that does this.
#
# - `runs` is `{name: history}`. A history holds the lists `"accuracy"` (on training images) and
#   `"val_accuracy"` (on validation images), with one value for each epoch.
# - `measure(name, epoch)` gives the test accuracy of that model after that epoch. Epochs count from 1.
#   The check will see each of your calls.
# - Return the name, the epoch, and the test accuracy.
#
# <details><summary>Hint</summary>
# Two splits, two jobs: one chooses, the other judges. How many candidates are there to choose from: as
# many as runs, or more?
# </details>
#
# [A worked solution](../solutions/solution_07_training.ipynb)


# %%
def choose(runs, measure):
    """(name, epoch, test accuracy) of the model to keep."""
    ...


# %% tags=["check", "nbval-check-output"]
check.honest(choose)

# %% [markdown]
# Why so strict? Let us cheat and see. Here are 40 models that are all equally good: each gets an image
# right with a chance of 60 %. Only luck makes them differ on 250 test images. Your function chooses one
# by validation. A cheat keeps the best of 40 on the test. We do this 200 times.

# %%
if check.ready(check.honest(choose)):
    random, honest, cheated = np.random.default_rng(0), [], []
    for _ in range(200):
        on_validation, on_test = random.binomial(250, 0.6, (2, 40)) / 250
        runs = {i: {"accuracy": [1.0], "val_accuracy": [v]} for i, v in enumerate(on_validation)}
        honest.append(choose(runs, lambda name, epoch, test=on_test: test[name])[2])
        cheated.append(on_test.max())
    picture = plot_bars(
        {
            "how good they are": 0.6,
            "your report": np.mean(honest),
            "the cheat's report": np.mean(cheated),
        },
        "The best of 40 equal models",
        "accuracy, mean of 200 times",
        number="{:.1%}",
        percent=True,
        alt="Bars: equal models are right in 60 %, an honest report says so, the cheat's says more",
    )
    display(picture)

# %% [markdown]
# Nobody trained anything, and yet the cheat reports several points more. They would be gone with the
# next test images.

# %% [markdown]
# ## Next
#
# You can train a model and say honestly how good it is. [Notebook 8](../08_making_it_fast.ipynb) makes
# training fast.
