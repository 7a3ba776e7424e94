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
# # Exercises 2 · Augment the data
#
# **You will** mirror and move images yourself, judge which changes are honest, and mend a pipeline that
# changes images where it must not.
#
# **You need** [notebook 2](../02_data_augmentation.ipynb), read or run.
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
# ## Task 1 · Mirror and move (10 minutes)
#
# A Keras layer does this for you, and so hides it. Who has done it once by hand knows which axis is
# which, and sees at once when a layer does something else. Write two functions for whole batches,
# arrays (images, rows, columns, colours):
#
# - `mirror` exchanges left and right, but only where the coin of an image shows heads;
# - `move` moves all images by the same number of pixels, and repeats the border to fill the gap, as in
#   notebook 2. A negative number moves them up, or to the left.
#
# Both return an array of the same shape. The originals must stay as they are.
#
# <details><summary>Hint</summary>
# For <code>mirror</code>: an array that is indexed by <code>heads</code>, which is an array of True and False, gives some of
# its images. For <code>move</code>: take room on all four sides with <code>np.pad</code>, more than you need. Then keep a
# window of the old size. Where does it begin if you move down by 2? Where if you move up by 2?
# </details>
#
# [A worked solution](../solutions/solution_02_data_augmentation.ipynb)


# %%
def mirror(images, heads):
    """The images (N, H, W, 3), mirrored where `heads`, N times True or False, says so."""
    ...


def move(images, down, right):
    """The images (N, H, W, 3), all moved by `down` and `right` pixels."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import data_augmentation as check

check.by_hand(mirror, move)

# %% [markdown]
# Together they are the series' own augmentation, `flip-shift`, here with longer steps. One image, made
# eight times by you:

# %%
from IPython.display import display

from vit_helpers import make_augmentation, plot_images

pictures = vit_helpers.load_dataset().x_val
if check.ready(check.by_hand(mirror, move)):
    random = np.random.default_rng(1)
    copies = np.repeat(pictures[14:15], 8, axis=0)
    made = mirror(copies, random.random(8) < 0.5)
    made = [move(one[None], *random.integers(-4, 5, 2))[0] for one in made]
    titles = ["original", *(f"epoch {i}" for i in range(1, 9))]
    alt = "One image, and eight versions of it, some mirrored, all moved by up to four pixels"
    display(plot_images([copies[0], *made], titles, 9, None, "Made by you", alt, size=0.85))

# %% [markdown]
# ## Task 2 · Judge the claims (7 minutes)
#
# An augmentation claims: "after this change, the label is still true." The model believes it. So before
# you switch one on, think of *every* class: is there one whose images then belong to another class?
#
# | the images | their classes |
# | --- | --- |
# | `places` (Shapes-100) | a mark in the middle, at the top, at the bottom, at a side, in a lower corner |
# | `bars` (Shapes-100) | how steep a bar is: level, gentle, diagonal, steep, upright |
# | `arrows` | signs with an arrow to the left, signs with an arrow to the right |
# | `letters` | b, d, p, q, printed without serifs |
# | `tomatoes` | ripe, unripe; photographed from above on a conveyor belt |
#
# The changes to judge are these four; each alone is applied to about half of the training images:
#
# - `"mirror"`: left and right change places;
# - `"upside down"`: the rows are read backwards, so top and bottom change places;
# - `"half turn"`: the image is turned by 180°;
# - `"colours"`: each colour becomes another one, light stays light and dark stays dark.
#
# Write for each set of images the list of the changes that are honest. A list may be empty.
#
# <details><summary>Hint</summary>
# Draw one image of each class on a scrap of paper. Hold it before a mirror, hold it over one, turn it.
# And for the last: what is it that tells these classes from each other?
# </details>
#
# [A worked solution](../solutions/solution_02_data_augmentation.ipynb)

# %%
honest = {
    "places": None,
    "bars": None,
    "arrows": None,
    "letters": None,
    "tomatoes": None,
}

# %% tags=["check", "nbval-check-output"]
check.honest(honest)

# %% [markdown]
# Honest is not the same as useful. An arrow to the left, upside down, looks as it did before: there the
# change does no harm, and only wastes time.

# %% [markdown]
# ## Task 3 · Mend the pipeline (8 minutes)
#
# A colleague wrote the function below. It gives the batches of one epoch; `training` says whether they
# are for training or for validation. Everything runs without an error. But three things are strange:
#
# - the validation accuracy of one and the same model is another one in every call;
# - with 11 validation images and batches of 4, it is always a multiple of 1/8;
# - the model never gets better than a blind guess.
#
# Each has a cause of its own. Find all three, and mend them in place. `augment` is a Keras layer as
# `make_augmentation` makes it; the seed is another one in each epoch, and that is fine.
#
# <details><summary>Hint</summary>
# Go through it with 11 images on paper: which numbers can <code>start</code> have? Which images are in the first
# batch, and whose labels? And which of the lines asks what <code>training</code> is?
# </details>
#
# [A worked solution](../solutions/solution_02_data_augmentation.ipynb)


# %%
def batches(images, labels, augment, size, training, seed):
    """Yield the batches of one epoch: pairs of images and labels, at most `size` of each."""
    images = augment(images, training=True)
    order = np.random.default_rng(seed).permutation(len(images))
    for start in range(0, len(images) - size + 1, size):
        mine = order[start : start + size]
        yield images[mine], labels[start : start + size]


# %% tags=["check", "nbval-check-output"]
check.batches(batches)

# %% [markdown]
# The same eight images in two epochs of training, and in validation:

# %%
if check.ready(check.batches(batches)):
    augment, rows = make_augmentation("keras-io"), {}
    for name, training in {"epoch 1": True, "epoch 2": True, "validation": False}.items():
        epoch = batches(pictures[:8], np.arange(8), augment, 8, training, seed=len(rows))
        ((images, places),) = epoch
        rows[name] = np.asarray(images)[np.argsort(places)]
    picture = plot_images(
        np.concatenate(list(rows.values())),
        columns=8,
        row_names=list(rows),
        title="Lively in training, sober in validation",
        alt="Eight images, changed in one way in epoch 1, in another in epoch 2, and unchanged",
        size=0.85,
    )
    display(picture)

# %% [markdown]
# ## Task 4 · Foresee what the order costs (5 minutes)
#
# A model wants its images larger than they are: 24 rows and 40 columns of pixels become four times as
# many rows and four times as many columns. Augmenting the *enlarged* images takes 14.4 seconds for each
# epoch. Suppose that the time grows with the number of pixels. Do not run anything; write down
#
# - how many pixels the enlarged image has (a pixel with its three colours counts once);
# - how many times as many that are as before;
# - how many seconds you save in ten epochs, if you augment first and enlarge afterwards.
#
# <details><summary>Hint</summary>
# Draw one pixel, and the square that it becomes. For the seconds: what does one epoch cost in either
# order?
# </details>
#
# [A worked solution](../solutions/solution_02_data_augmentation.ipynb)

# %%
pixels, times, saved = None, None, None

# %% tags=["check", "nbval-check-output"]
check.price(pixels, times, saved)

# %% [markdown]
# ## Next
#
# The data are ready. [Notebook 3](../03_image_patches.ipynb) begins with the model: it cuts an image
# into patches.
