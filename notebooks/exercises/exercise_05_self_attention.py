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
# # Exercises 5 · Let the patches look at each other
#
# **You will** write attention, with one head and with several, find out how to ask for something else,
# and count what all this looking costs before you run it.
#
# **You need** [notebook 5](../05_self_attention.ipynb), read or run.
#
# **Time:** 35 minutes. Each task ends with a check that tells you what is wrong with your answer.

# %% tags=["setup"]
# Set-up, the same in every notebook. Where the helpers are missing (on Colab), they are fetched first.
import os
from importlib import util

if not util.find_spec("vit_helpers"):
    get_ipython().run_line_magic("pip", "install -q --no-deps git+https://github.com/owner/name")

import numpy as np

import vit_helpers

# %% [markdown]
# ## Task 1 · Ask and listen (10 minutes)
#
# Attention is short, but each of its steps matters. Close notebook 5, and write it for the tokens of one
# image, softmax included. Each row of `query`, `key` and `value` belongs to one token. A query and a key
# have `key_dim` numbers each; a value may have more or fewer.
#
# Scores can be large: make sure that yours may be 10,000 and the answer is still right.
#
# <details><summary>Hint</summary>
# Four steps: scores, scale, shares, mix. After each one, say the shape and what a <i>row</i> of it belongs
# to. In the attention map, which way do you add up to get 1: along what one token looks at, or along who
# looks at it? For the large scores: softmax gives the same shares if you take the same number from all
# the scores of a row.
# </details>
#
# [A worked solution](../solutions/solution_05_self_attention.ipynb)


# %%
def attend(query, key, value):
    """What each token hears, (tokens, values), of these arrays:

    query (tokens, key_dim), key (tokens, key_dim), value (tokens, values).
    """
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import self_attention as check

check.attend(attend)

# %% [markdown]
# Nothing is learned yet, and still it can do something useful. Here is an image with noise. Each patch asks
# *who looks like me?* and hears what those patches show. Noise is different in each of them, so in the
# mean it fades, while what they share stays:

# %%
from IPython.display import display

from vit_helpers import plot_images, plot_maps

image = vit_helpers.load_dataset().x_test[702]
noisy = image / 255 + np.random.default_rng(0).normal(scale=0.15, size=image.shape)
patches = noisy.reshape(8, 4, 8, 4, 3).transpose(0, 2, 1, 3, 4).reshape(64, 48)
looks = patches - patches.mean(axis=0)
looks = 6 * looks / np.linalg.norm(looks, axis=1, keepdims=True)
if check.ready(check.attend(attend)):
    heard = attend(looks, looks, patches)
    heard = heard.reshape(8, 8, 4, 4, 3).transpose(0, 2, 1, 3, 4).reshape(image.shape)
    titles = ["the image", "with noise", "after attention"]
    alt = "An image, the same with strong noise, and after attention with much less noise"
    shown = [image, 255 * noisy, 255 * heard]
    picture = plot_images(
        shown, titles, title="Patches that listen to their like", alt=alt, size=2.2
    )
    display(picture)

# %% [markdown]
# ## Task 2 · Ask several questions (9 minutes)
#
# One map asks one question. So each layer has several heads. To save work, the queries of all heads are
# computed at once: a row of `query` holds the query of the first head, right after it that of the
# second head, and so on. Keys and values lie in the same way.
#
# Write attention with several heads. Each head works by itself, and their answers stand side by side, in
# the order of the heads. Use your `attend` from task 1, so finish that first.
#
# <details><summary>Hint</summary>
# With 6 tokens, 3 heads and queries of 2 numbers, <code>query</code> is an array (6, 6). Draw it, and circle what
# the second head gets: all tokens, but which columns? You need a loop, or a <code>reshape</code> <i>and</i> a
# <code>transpose</code>.
# </details>
#
# [A worked solution](../solutions/solution_05_self_attention.ipynb)


# %%
def attend_heads(query, key, value, heads):
    """What each token hears from all heads, (tokens, heads * values), of these arrays:

    query and key (tokens, heads * key_dim), value (tokens, heads * values).
    """
    ...


# %% tags=["check", "nbval-check-output"]
check.attend_heads(attend_heads)

# %% [markdown]
# ## Task 3 · Look at the others (8 minutes)
#
# What a head looks for lies in its matrices alone. In notebook 5, the tokens looked at their own colour.
# The trained model had heads that did the opposite, because this tells too whether colours agree.
#
# Here are the four tokens again. Find matrices `w_query` and `w_key`, so that each token looks at the
# tokens of the *other* colour. The check tries other images too, where the colours stand elsewhere, or
# only one disc has its colour. In all of them, each token should give at least 95 % of its attention to
# the other colour. A matrix has six rows, and as many columns as you like.
#
# <details><summary>Hint</summary>
# Say it in words first: what does an orange token ask for, and by what is it found? Then write the row
# of each matrix that belongs to <i>orange</i>. If your tokens look the right way, but not firmly enough: what did the
# scale in notebook 5 do to softmax, and what does the opposite do?
# </details>
#
# [A worked solution](../solutions/solution_05_self_attention.ipynb)

# %%
facts = ["orange", "blue", "left", "right", "top", "bottom"]
tokens = np.array(
    [
        [1, 0, 1, 0, 1, 0],  # A is orange and stands left, at the top
        [0, 1, 0, 1, 1, 0],  # B is blue and stands right, at the top
        [1, 0, 1, 0, 0, 1],  # C
        [0, 1, 0, 1, 0, 1],  # D
    ]
)
w_query, w_key = None, None

# %% tags=["check", "nbval-check-output"]
check.other_colour(w_query, w_key)

# %% [markdown]
# Here is your attention map. (When each token tells nothing but who it is, what it hears is its row of
# the map.)

# %%
if check.ready(check.attend(attend), check.other_colour(w_query, w_key)):
    weights = attend(tokens @ w_query, tokens @ w_key, np.eye(4))
    alt = "A and C, which are orange, look at B and D, which are blue, and these look at A and C"
    picture = plot_maps(
        [weights], title="Who looks at whom", alt=alt, size=2.6, numbers="{:.2f}",
        row_labels="ABCD", column_labels="ABCD",
    )  # fmt: skip
    picture.figure.axes[0].set(xlabel="is looked at", ylabel="looks")
    display(picture)

# %% [markdown]
# ## Task 4 · Foresee the price (6 minutes)
#
# A layer looks at 32 colour images at once. Each is 96 pixels high and 64 wide, cut into patches of 8 × 8
# pixels, one token for each. The layer has 3 heads with a `key_dim` of 16. Do not run anything: work it
# out on paper.
#
# - `shape`: the shape of the array of all its attention maps. The images come first, then the heads.
# - `size`: how many bytes is this array, if a number takes 4 bytes?
# - `smaller_patches`: how many times as large is it with patches of 4 × 4 pixels?
# - `wider_heads`: how many times as large is it (with patches of 8 × 8) if `key_dim` is 32?
#
# <details><summary>Hint</summary>
# Start with one head and one image. What does a row of its map belong to, and what a column? For the
# last two, ask which of the sizes in your shape change.
# </details>
#
# [A worked solution](../solutions/solution_05_self_attention.ipynb)

# %%
shape = None
size, smaller_patches, wider_heads = None, None, None

# %% tags=["check", "nbval-check-output"]
check.price(shape, size, smaller_patches, wider_heads)

# %% [markdown]
# The layer of the series says:

# %% tags=["nbval-check-output"]
from vit_helpers import SelfAttention

if check.ready(check.price(shape, size, smaller_patches, wider_heads)):
    layer = SelfAttention(3, 16)
    layer.build((32, 96, 48))
    maps = layer.attention_weights(np.ones((32, 96, 48), "float32"))
    print(f"maps {maps.shape}, {maps.size * 4:,} bytes")

# %% [markdown]
# ## Next
#
# You have written the heart of a Transformer. In [notebook 6](../06_vit_model.ipynb) it becomes a whole
# model.
