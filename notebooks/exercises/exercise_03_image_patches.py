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
# # Exercises 3 · Cut an image into patches
#
# **You will** write the cutting and the glueing yourself, and count what they cost before you run it.
#
# **You need** [notebook 3](../03_image_patches.ipynb), read or run.
#
# **Time:** 20 minutes. Each task ends with a check that tells you what is wrong with your answer.

# %% tags=["setup"]
# Set-up, the same in every notebook. Where the helpers are missing (on Colab), they are fetched first.
import os
from importlib import util

if not util.find_spec("vit_helpers"):
    get_ipython().run_line_magic("pip", "install -q --no-deps git+https://github.com/owner/name")

import numpy as np

import vit_helpers

# %% [markdown]
# ## Task 1 · Cut (8 minutes)
#
# Notebook 3 cut an image with `reshape` and `transpose`. Close it, and write a function that does it
# for any colour image and any size of patch that fits. The patches come row by row, like words on a
# page, and each is one row of numbers: pixel row by pixel row, the three colours of a pixel side by
# side.
#
# <details><summary>Hint</summary>
# Write down the names of the axes on paper. One <code>reshape</code> splits the height in two (which patch, which
# pixel in it) and the width too. Which of the five axes must come first, so that the patches are in
# order?
# </details>
#
# [A worked solution](../solutions/solution_03_image_patches.ipynb)


# %%
def cut(image, size):
    """The patches of an image (height, width, channels): an array (patches, values)."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import image_patches as check

check.cut(cut)

# %% [markdown]
# ## Task 2 · Glue (7 minutes)
#
# A model that paints images works with patches too, and at its end they must become an image again.
# Write the way back. The image need not be a square, so the function is told its height and width.
#
# <details><summary>Hint</summary>
# Walk backwards through task 1. The last step there was a <code>reshape</code> from five axes to two; so here the
# first step goes from two axes to five. What sizes do they have, and in which order do they arrive?
# </details>
#
# [A worked solution](../solutions/solution_03_image_patches.ipynb)


# %%
def glue(patches, height, width, size):
    """The image (height, width, 3) that `cut` made these patches from."""
    ...


# %% tags=["check", "nbval-check-output"]
check.glue(glue)

# %% [markdown]
# Try both on a real image, with the patches in another order in between:

# %%
from IPython.display import display

from vit_helpers import plot_images

image = vit_helpers.load_dataset().x_test[702]
if check.ready(check.cut(cut), check.glue(glue)):
    turned = glue(cut(image, 8)[::-1], *image.shape[:2], 8)
    titles = ["the image", "its patches backwards"]
    alt = "An image, and the same image turned by half a circle, patch by patch"
    display(plot_images([image, turned], titles, title="Cut, turn round, glue", size=2.2, alt=alt))

# %% [markdown]
# ## Task 3 · Foresee the price (5 minutes)
#
# A colour image is 96 pixels high and 64 wide. You cut it into patches of 8 × 8 pixels. Do not run
# anything: work it out on paper, and write three whole numbers.
#
# In attention each token looks at each token, itself included. One such look is a pair.
#
# <details><summary>Hint</summary>
# Draw the grid. How many patches fit side by side, how many below each other? Then forget the grid and
# look at one patch: how many pixels, and how many numbers for a pixel?
# </details>
#
# [A worked solution](../solutions/solution_03_image_patches.ipynb)

# %%
tokens, values, pairs = None, None, None

# %% tags=["check", "nbval-check-output"]
check.price(tokens, values, pairs)

# %% [markdown]
# ## Next
#
# You can cut any image now. [Notebook 4](../04_patch_encoding.ipynb) makes tokens of the patches and
# tells them where they are.
