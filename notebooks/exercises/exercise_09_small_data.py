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
# # Exercises 9 · Learn from few images
#
# **You will** mix images and labels by hand, work out how many test images a result needs, and read a
# table with error bars without fooling yourself.
#
# **You need** [notebook 9](../09_small_data.ipynb), read or run.
#
# **Time:** 20 minutes; nothing is trained here. Each task ends with a check that tells you what is wrong
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
# ## Task 1 · Mixup by hand (8 minutes)
#
# Who trains on few images shows them again and again. With **mixup** no image comes as it is: each is
# laid over another one of the batch, its *partner*, and the label says so. Seven tenths of a disc and
# three tenths of a cross have the label "70 % disc, 30 % cross".
#
# Write it for a batch.
#
# - `partners` holds, for each image, the number of its partner in the batch.
# - `shares` holds, for each image, the share of the image itself. The rest is the partner's.
# - Return the mixed images, and a table (images, classes) that holds the share of each class.
#
# Two images of one class have a mixture of one class. Its row must sum to 1, too.
#
# <details><summary>Hint</summary>
# For the images: an array that is indexed by <code>partners</code> gives all partners in their order. And
# which shape must <code>shares</code> have, so that NumPy multiplies a whole image with one number? For
# the labels: first make the table of the labels as they are, with a single 1 in each row. Then a row is a
# thing like an image, and can be mixed like one.
# </details>
#
# [A worked solution](../solutions/solution_09_small_data.ipynb)


# %%
def mixup(images, labels, partners, shares, classes):
    """Images (B, H, W, 3), each mixed with its partner, and their labels (B, classes)."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import small_data as check

check.mixup(mixup)

# %% [markdown]
# Five images of Shapes-100, mixed by you. Each is the partner of the one before.

# %%
from IPython.display import display

from vit_helpers import plot_images, plot_lines

data = vit_helpers.load_dataset()
names = ["solids: disc", "letters: A", "counts: three", "bars: steep", "outlines: box"]
chosen = [np.argmax(data.y_val == data.class_names.index(name)) for name in names]
images, labels = data.x_val[chosen], data.y_val[chosen]
partners, shares = np.array([1, 2, 3, 4, 0]), np.array([0.9, 0.7, 0.5, 0.7, 0.6])
if check.ready(check.mixup(mixup)):
    mixed, table = mixup(images, labels, partners, shares, len(data.class_names))
    titles = [
        "\n".join(f"{row[c]:.0%} {data.class_names[c]}" for c in row.argsort()[::-1][:2])
        for row in np.asarray(table)
    ]
    alt = "Five mixtures of two images: " + "; ".join(titles).replace("\n", ", ")
    display(plot_images(np.asarray(mixed), titles, 5, alt=alt, size=1.6))

# %% [markdown]
# What does the loss make of such a label? Suppose that a model gives each class some chance; here they
# are random. Before you look: what is the loss of the mixture, if you know the losses of the two labels?

# %% tags=["nbval-check-output"]
if check.ready(check.mixup(mixup)):
    chances = np.random.default_rng(0).dirichlet(np.ones(len(data.class_names)))
    mine, other = -np.log(chances[labels[1]]), -np.log(chances[labels[partners[1]]])
    print(f"loss with the label {names[1]:17}{mine:.3f}")
    print(f"loss with the label {names[partners[1]]:17}{other:.3f}")
    print(f"70 % of the one, 30 % of the other   {0.7 * mine + 0.3 * other:.3f}")
    print(f"loss with the mixed label            {-(table[1] * np.log(chances)).sum():.3f}")

# %% [markdown]
# The loss of the mixture is the mixture of the losses, with the same shares. It would be so for any
# chances: cross-entropy only multiplies them by the target, after the logarithm, and adds up.

# %% [markdown]
# ## Task 2 · How many test images? (7 minutes)
#
# A test accuracy is a share of a *sample*. Other images of the same kind would give another one. How far
# is it off, typically?
#
# An image counts 1 if the model is right and 0 if it is wrong. For a model that is right with the chance
# *p*, this number has a variance: the chance to be right times the chance to be wrong. The mean of *n*
# images, each drawn by itself, has an *n*-th of this variance. The **standard error** is the root of it.
#
# Write the function. `accuracy` and the error are shares of one, not per cent. Then answer two questions,
# on paper or with the function. A *point* is a hundredth of one.
#
# - A model is right in 80 % of cases. What is the smallest number of test images for which the standard
#   error is at most 1.5 points?
# - You want half of that error. How many times as many images do you need?
#
# <details><summary>Hint</summary>
# Three steps: the variance of one image, the variance of the mean, the root. For the number of images,
# write the error on one side and all else on the other, and square both. There are only whole images: on
# which side of the result is the error small enough?
# </details>
#
# [A worked solution](../solutions/solution_09_small_data.ipynb)


# %%
def standard_error(accuracy, images):
    """The standard error of an accuracy, a share of one, on so many test images."""
    ...


needed, times = None, None

# %% tags=["check", "nbval-check-output"]
check.error(standard_error, needed, times)

# %% [markdown]
# Is the formula true? Try it. Here are 1,600 answers of a made-up model, right with a chance of 80 %. We
# take the first *n* as the test, and draw *n* of them again, so that some come twice and some not at
# all. After 1,000 such draws we see how far the accuracies are spread. This is the **bootstrap**.

# %%
if check.ready(check.error(standard_error, needed, times)):
    random, sizes = np.random.default_rng(0), [25, 50, 100, 200, 400, 800, 1600]
    answers = random.random(sizes[-1]) < 0.8
    draws = [random.choice(answers[:n], (1000, n)).mean(axis=1) for n in sizes]
    errors = {
        "your formula": [100 * standard_error(answers[:n].mean(), n) for n in sizes],
        "bootstrap": [100 * accuracies.std() for accuracies in draws],
    }
    picture = plot_lines(
        sizes,
        errors,
        "Four times the images, half the error",
        "test images",
        "standard error, in points",
        log=True,
        alt="; ".join(
            f"{name}: {values[0]:.1f} points with 25 images, {values[-1]:.1f} with 1,600"
            for name, values in errors.items()
        ),
    )
    picture.figure.axes[0].set_yticks([1, 2, 4, 8], ["1", "2", "4", "8"])
    display(picture)

# %% [markdown]
# The bootstrap knows no formula, and comes to nearly the same. It also serves where there is none.
#
# This error is about the *test images*. It does not say what another training run, with another seed,
# would have given.

# %% [markdown]
# ## Task 3 · Read the error bars (5 minutes)
#
# Five recipes were trained with three seeds each, and tested. The numbers below are **made up**, so that
# each row has something to teach. The last column compares with the default in pairs: for each seed the
# difference of the two runs, then the mean of the three differences and its standard error.
#
# How far from 0 must such a mean be? The error is itself estimated, from three numbers. So even between
# equal recipes, if the differences are spread like a bell, the mean is more than two errors away from 0
# in 18 of 100 cases, and more than three in 10 of 100. Student's t puts the line for 5 of 100 at **4.3
# errors** (for three pairs). Give each row one of these readings; one may fit twice:
#
# - `"better"`: at least 4.3 errors away from 0, and more accurate than the default;
# - `"worse"`: at least 4.3 errors away from 0, and less accurate;
# - `"not told apart"`: three seeds do not say which of the two is better.
#
# <details><summary>Hint</summary>
# Look at the picture, and write down what you would say at first sight. Then divide, row by row. Where do
# the two answers differ, and what is different about the three seeds there?
# </details>
#
# [A worked solution](../solutions/solution_09_small_data.ipynb)

# %%
from vit_helpers import mean_and_error, plot_errors, show_table
from vit_helpers.classroom import exercise_data

runs = {name: np.array(values) for name, values in exercise_data.MADE_UP.items()}
pairs = {name: mean_and_error(values - runs["default"]) for name, values in runs.items()}
rows = []
for name, values in runs.items():
    mean, error = mean_and_error(values)
    against = "" if name == "default" else "{:+.1f} ± {:.1f}".format(*pairs[name])
    rows.append([name, *values, f"{mean:.1f} ± {error:.1f}", against])
alt = "Three runs of each recipe, their mean and error: the numbers of the table below"
title = "Five recipes, made up: each run, mean and standard error"
display(plot_errors(runs, title, "test accuracy, per cent", alt))
show_table(
    rows, ["", "seed 0", "seed 1", "seed 2", "mean, per cent", "against the default, points"]
)

# %%
readings = {"A": None, "B": None, "C": None, "D": None}

# %% tags=["check", "nbval-check-output"]
check.readings(readings)

# %% [markdown]
# The last column as one number for each row, computed before rounding:

# %%
from vit_helpers import plot_bars

if check.ready(check.readings(readings)):
    del pairs["default"]
    errors_away = {name: abs(mean) / error for name, (mean, error) in pairs.items()}
    picture = plot_bars(
        errors_away,
        "Told apart: beyond 4.3 errors (dotted)",
        "difference from the default, in its errors",
        alt="; ".join(f"{name}: {value:.1f} errors away" for name, value in errors_away.items()),
        number="{:.1f}",
    )
    picture.figure.axes[0].axvline(4.3, color="black", ls=":")
    display(picture)

# %% [markdown]
# Told apart is not the same as large: C is, by less than a point. Not told apart is not the same as equal:
# B may be the best of all, and more seeds could show it. And the line lets luck through in 5 of 100
# cases. Who compares twenty recipes that are all equal must expect one to be "told apart".

# %% [markdown]
# ## Next
#
# You can read a table of runs, and doubt it in the right place.
# [Notebook 10](../10_recipes.ipynb) is full of such tables: choose a recipe.
