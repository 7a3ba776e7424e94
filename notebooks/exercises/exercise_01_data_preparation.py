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
# # Exercises 1 · Prepare the data
#
# **You will** split images fairly yourself, learn the numbers for the normalization, and find what is
# rotten in a test that looks too good.
#
# **You need** [notebook 1](../01_data_preparation.ipynb), read or run.
#
# **Time:** 30 minutes. Each task ends with a check that tells you what is wrong with your answer.

# %% tags=["setup"]
# Set-up, the same in every notebook. Where the helpers are missing (on Colab), they are fetched first.
import os
from importlib import util

if not util.find_spec("vit_helpers"):
    get_ipython().run_line_magic("pip", "install -q --no-deps git+https://github.com/owner/name")

import numpy as np

import vit_helpers

# %% [markdown]
# ## Task 1 · Foresee the splits (5 minutes)
#
# Before you split your own images, know what must come out. Then you notice when something else does.
#
# A folder holds photographs of 240 cats, 70 dogs, 4 foxes and 4 owls. First a tenth of each class goes
# to the test. Then a tenth of what is left of each class goes to validation. Round to whole
# photographs, but at least one of each class goes. Do not run anything. Write down:
#
# - the number of photographs in the test, in validation and in train, all classes together;
# - how many per cent of the *test* a model gets right that says "cat" to everything (a whole number).
#
# <details><summary>Hint</summary>
# Make a table on paper: a row for each class, a column for each split. Fill in the test first. What is
# left of each class then?
# </details>
#
# [A worked solution](../solutions/solution_01_data_preparation.ipynb)

# %%
test, validation, train, always_cat = None, None, None, None

# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import data_preparation as check

check.sizes(test, validation, train, always_cat)

# %% [markdown]
# ## Task 2 · Split (10 minutes)
#
# Validation must show the same classes as training, in the same shares. It must be the same every
# time. And the test is none of its business. Write the function that draws it.
#
# `labels` are those of *all* images, in any order. `test` holds the numbers of the images that are the
# test already. (The number of an image is its place in `labels`.) Of the others, `share` of each class
# goes to validation, rounded, but at least one; the rest of them is for training. One `seed` always
# gives one split, another seed another split.
#
# <details><summary>Hint</summary>
# Go class by class. For one class: which images have this label and are not in the test? Mix their
# numbers, and take as many as you need from the front. <code>np.setdiff1d(a, b)</code> gives what is in <code>a</code> and
# not in <code>b</code>; <code>np.random.default_rng(seed)</code> has a method <code>permutation</code>. How often should you make it?
# </details>
#
# [A worked solution](../solutions/solution_01_data_preparation.ipynb)


# %%
def split(labels, test, share, seed):
    """Numbers of images, for training and for validation: two arrays."""
    ...


# %% tags=["check", "nbval-check-output"]
check.split(split)

# %% [markdown]
# ## Task 3 · Learn mean and deviation (7 minutes)
#
# A network wants numbers around zero. So we subtract a mean and divide by a deviation, one of each for
# each colour. They are learned from data, like weights; so ask yourself which data may teach them.
#
# `data` is a dataset as `load_dataset` gives it. Return the means of the three colours, and their
# standard deviations. (Chunks, as in notebook 1, are not needed here: the images are few.)
#
# <details><summary>Hint</summary>
# <code>data.x_train</code> has four axes: image, row, column, colour. Three numbers shall be left. Which axes must
# go? The argument <code>axis</code> of NumPy's functions takes several, in brackets.
# </details>
#
# [A worked solution](../solutions/solution_01_data_preparation.ipynb)


# %%
def statistics(data):
    """(mean, deviation) for the normalization, each with one number for each colour."""
    ...


# %% tags=["check", "nbval-check-output"]
check.statistics(statistics)

# %% [markdown]
# Now you can see an image as a model does. Purple is more than usual of this colour, orange less:

# %%
from IPython.display import display

from vit_helpers import plot_bars, plot_images, plot_maps

if check.ready(check.statistics(statistics)):
    data = vit_helpers.load_dataset().take(train=5000)
    mean, deviation = statistics(data)
    seen = (data.x_test[702] - np.ravel(mean)) / np.ravel(deviation)
    picture = plot_maps(
        seen.transpose(2, 0, 1),
        ["red", "green", "blue"],
        title="What a model gets of an image",
        alt="The red, green and blue of one test image after normalization, around zero",
        size=1.9,
        diverging=True,
        label="normalized value",
    )
    display(picture)

# %% [markdown]
# ## Task 4 · Find the leak (8 minutes)
#
# Many people sent photographs of plants: most sent one, some a series of five of the same plant. There
# are five kinds of plants, and the form of the leaf tells which. (For want of photographs, shapes stand
# in for leaves.) A colleague has drawn the test by lot, and has tried a very simple model: it looks for
# the training photograph that is most alike, pixel by pixel, and repeats what that one was.
#
# The cell below does it again. Can pixels alone be that good? The cheats of notebook 1 were hardly
# better than a blind guess. You do not believe it. Every photograph has the number of its plant, so you
# look there, and you are told: "A plant gets its number when a photograph is sent in. If somebody sent
# the same file twice, it got two numbers."
#
# Write a function that finds the fair part of a test: the photographs of which training shows
# **neither the same plant nor the same pixels**.
#
# <details><summary>Hint</summary>
# Two questions for each test photograph, and both must be answered by no. For the plants, try
# <code>np.isin</code>. For the pixels, notebook 1 had an idea in "A fair split": <code>image.tobytes()</code> makes of an
# image one thing that Python can look up in a set.
# </details>
#
# [A worked solution](../solutions/solution_01_data_preparation.ipynb)

# %%
from vit_helpers.classroom import exercise_data

garden = exercise_data.garden()
x_train, x_test = (x.reshape(len(x), -1).astype("float32") for x in (garden.x_train, garden.x_test))
distances = (x_train**2).sum(axis=1) - 2 * x_test @ x_train.T
alike = distances.argmin(axis=1)  # for each test photograph, the number of one in training
right = garden.kinds_train[alike] == garden.kinds_test
print(
    f"{len(x_train)} photographs to train on, {len(x_test)} in the test, {right.mean():.0%} right"
)


# %%
def fair(x_train, plants_train, x_test, plants_test):
    """The numbers of the fair test photographs, in ascending order."""
    ...


# %% tags=["check", "nbval-check-output"]
check.fair(fair)

# %% [markdown]
# Your function at work, on the colleague's test:

# %%
if check.ready(check.fair(fair)):
    known = (garden.x_train, garden.plants_train)
    fine = np.isin(np.arange(len(right)), fair(*known, garden.x_test, garden.plants_test))
    share = {"the whole test": right, "what leaks": right[~fine], "what is fair": right[fine]}
    share = {f"{name} ({len(hits)})": hits.mean() for name, hits in share.items()}
    share["a blind guess"] = 1 / 5
    display(plot_bars(share, "How good is the model?", "right on the test", percent=True))

# %%
if check.ready(check.fair(fair)):
    some = np.concatenate([np.flatnonzero(~fine)[:4], np.flatnonzero(fine)[:4]])
    picture = plot_images(
        np.concatenate([garden.x_test[some], garden.x_train[alike[some]]]),
        [*["leaks"] * 4, *["fair"] * 4] + [""] * 8,
        columns=8,
        row_names=["test", "most alike"],
        title="Test photographs, and what training has most like them",
        alt="Four test images that leak have a twin in training; four fair ones have none",
        size=0.85,
    )
    display(picture)

# %% [markdown]
# All that leaks is right: its twin stands in training. On the fair part the model is still better than
# a blind guess, so how alike the pixels are tells something about the form, too. But it tells far less
# than the whole test made us believe. Nobody lied: the test was drawn by lot, and nobody looked. So ask of each collection: **what do the images
# share besides their class?** A plant, a person, a camera, a day. Whatever it is must stay together in
# one split.

# %% [markdown]
# ## Next
#
# Your data are fair now. [Notebook 2](../02_data_augmentation.ipynb) makes more of them.
