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
# # Exercises 4 · Turn patches into tokens
#
# **You will** compute positions yourself, first along a line and then for an image, put tokens, class
# token and positions together, and count what there is to learn before you run it.
#
# **You need** [notebook 4](../04_patch_encoding.ipynb), read or run.
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
# ## Task 1 · Make waves (8 minutes)
#
# Without a position, a token does not know where its patch was. Notebook 4 gave each place a clock with
# many hands, fast ones and slow ones, and wrote down the sine and the cosine of each hand. Close it,
# and do this for places in a line, numbered 0, 1, 2, ...
#
# Each place is one row of `values` numbers: first the sines of all hands, then the cosines of all hands,
# the fastest hand first. So there are half as many hands as values. Hand number k, counted from 0, has
# the speed 1 / 10,000^(k / number of hands): by this much it turns from one place to the next.
#
# <details><summary>Hint</summary>
# Make the angles first: a table with a row for each place and a column for each hand. When does NumPy
# make a table of two lists? One of them has to stand upright. Only then sine and cosine.
# </details>
#
# [A worked solution](../solutions/solution_04_patch_encoding.ipynb)


# %%
def waves(places, values):
    """Positions for a line of places: an array (places, values)."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import patch_encoding as check

check.waves(waves)

# %% [markdown]
# ## Task 2 · Go two ways (7 minutes)
#
# An image is no line. If you only number its patches, the end of one row and the start of the next seem
# to be neighbours, and a patch does not know the one below it. So write positions with two directions:
# the first half of each row of numbers are the waves of the patch's row, the second half those of its
# column.
#
# The patches come row by row, as always, and the grid need not be a square. Use your `waves` from task 1,
# so finish that first.
#
# <details><summary>Hint</summary>
# Waves for the rows of the grid are a small table, one line for each row. But all the patches of one row
# need the same line. Write down, for a grid of 2 × 3, the row of each of the six patches, and then the
# column of each. With such a list you can pick lines out of a table.
# </details>
#
# [A worked solution](../solutions/solution_04_patch_encoding.ipynb)


# %%
def positions(rows, columns, values):
    """Positions for the patches of a grid: an array (rows * columns, values)."""
    ...


# %% tags=["check", "nbval-check-output"]
check.positions(positions)

# %% [markdown]
# What do your positions know? Take three places of a grid of 8 × 12, and compare each with all places.
# Bright means alike:

# %%
from IPython.display import display

from vit_helpers import plot_maps

if check.ready(check.positions(positions)):
    table = positions(8, 12, 64)
    table = table / np.linalg.norm(table, axis=1, keepdims=True)
    alike = (table[[0, 42, 95]] @ table.T).reshape(3, 8, 12)
    titles = ["the first place", "one in the middle", "the last place"]
    alt = "Three maps: brightest at the place itself, with a faint cross along its row and column"
    picture = plot_maps(alike, titles, title="Which places are like ...", alt=alt, size=2.3)
    display(picture)

# %% [markdown]
# ## Task 3 · Put it together (8 minutes)
#
# Now the tokens get what they need before they may talk. Write what a `PatchEncoder` does after its
# projection, for many images at once: in each image the class token comes first, then the patches, and
# each patch knows its place. The class token stands nowhere, so it gets no position.
#
# The class token and the positions are the same for all images: one row of numbers, and one table.
# Leave the arrays that you are given as they are; someone may need them again.
#
# <details><summary>Hint</summary>
# Do the shapes on paper, with 2 images, 5 patches and 4 values. Which arrays match (2, 5, 4) by
# themselves, because NumPy repeats them? <code>np.concatenate</code> repeats nothing: all its arrays need the
# same number of images. <code>np.broadcast_to</code> makes copies of a row.
# </details>
#
# [A worked solution](../solutions/solution_04_patch_encoding.ipynb)


# %%
def assemble(tokens, class_token, places):
    """Tokens (images, patches + 1, values), of these arrays:

    tokens (images, patches, values), class_token (values,), places (patches, values).
    """
    ...


# %% tags=["check", "nbval-check-output"]
check.assemble(assemble)

# %% [markdown]
# With the two functions you have rebuilt the layer of the series. Does it agree with yours, on real
# images? (A class token starts as zeros. For a fair test it gets random numbers here.)

# %% tags=["nbval-check-output"]
images = vit_helpers.load_dataset().x_test[:4] / np.float32(255)
patches = vit_helpers.Patches(4)(images)
layer = vit_helpers.PatchEncoder((8, 8), 64, "sincos2d", class_token=True)
layer.build(patches.shape)
layer.token.assign(np.random.default_rng(0).normal(size=(1, 1, 64)))
if check.ready(check.positions(positions), check.assemble(assemble)):
    projected = np.asarray(layer.projection(patches))
    yours = assemble(projected, np.asarray(layer.token)[0, 0], positions(8, 8, 64))
    np.testing.assert_allclose(yours, layer(patches), rtol=1e-4, atol=1e-5)
    print(f"you and the layer agree on all {yours.size:,} numbers")

# %% [markdown]
# ## Task 4 · Foresee what is learned (6 minutes)
#
# Colour images, 64 pixels high and 48 wide, are cut into patches of 4 × 4 pixels. A `PatchEncoder` with
# a class token makes tokens of 64 values. Do not run anything: work it out on paper, and write three
# whole numbers.
#
# - `projection`: how many numbers does the projection learn?
# - `table`: how many numbers has the table of positions, if they are learned too (`"learned"`)?
# - `with_waves`: how many numbers does the *whole* layer learn, if the positions are `"sincos2d"`?
#
# <details><summary>Hint</summary>
# How many patches are there, and how many numbers has one? Which of the two does the matrix of the
# projection depend on, and which the table? And whom did you just put in front?
# </details>
#
# [A worked solution](../solutions/solution_04_patch_encoding.ipynb)

# %%
projection, table, with_waves = None, None, None

# %% tags=["check", "nbval-check-output"]
check.price(projection, table, with_waves)

# %% [markdown]
# The layers themselves say:

# %% tags=["nbval-check-output"]
if check.ready(check.price(projection, table, with_waves)):
    for kind in ("learned", "sincos2d"):
        layer = vit_helpers.PatchEncoder((16, 12), 64, kind, class_token=True)
        layer.build((None, 192, 48))
        print(f"{kind:9}{layer.count_params():7,} numbers to learn")

# %% [markdown]
# ## Next
#
# Your tokens know what they show and where they are. In [notebook 5](../05_self_attention.ipynb) they
# begin to talk.
