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

# %% [markdown] slideshow={"slide_type": "slide"}
# # 5 · Let the patches look at each other
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/05_self_attention.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/05_self_attention.ipynb)
#
# **You will** compute attention by hand on four tokens, do the same with Keras and with the series'
# own block, see what its norms and additions are for, where a trained model looks, and what it costs.
#
# **You need** NumPy's matrix product `@`, and the tokens of notebook 4.
#
# **Time on two cores:** half a minute to run, thirty minutes to read.

# %% slideshow={"slide_type": "skip"} tags=["setup"]
# Set-up, the same in every notebook. Where the helpers are missing (on Colab), they are fetched first.
import os
from importlib import util

if not util.find_spec("vit_helpers"):
    get_ipython().run_line_magic("pip", "install -q --no-deps git+https://github.com/owner/name")

import numpy as np

import vit_helpers

# %% slideshow={"slide_type": "skip"} tags=["choices"]
# Your choices: "shapes100", "cifar10", "cifar100" or a folder of images; "smoke", "quick" or "full".
DATASET = os.environ.get("VIT_DATASET", "shapes100")
PROFILE = os.environ.get("VIT_PROFILE", "quick")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why look around?
#
# Here is one test image of each of the last five classes, and below each a single patch of it. Cover
# the upper row with your hand. Could you name the class from the patch alone?

# %% slideshow={"slide_type": "subslide"}
from vit_helpers import plot_images, plot_lines, plot_maps, plot_patches

dataset = vit_helpers.load_dataset(DATASET)
labels = range(len(dataset.class_names))[-5:]
images = [dataset.x_test[np.argmax(dataset.y_test == label)] for label in labels]
height, width = images[0].shape[:2]
row, column = height // 4 // 4 * 4, width // 4 // 4 * 4  # a quarter of the way in
patches = [image[row : row + 4, column : column + 4] for image in images]
plot_images(
    images + patches,
    [dataset.class_names[label] for label in labels] + [""] * len(labels),
    columns=len(labels),
    row_names=["image", "one patch"],
    title="Some images, and what one patch knows of them",
    alt="Images of several classes; below each one patch of it, in which no class can be seen",
    size=1.45,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# On Shapes-100 these are the *quartets*: four discs, and the class says which of them have the same
# colour. A patch that knows one disc cannot know the class, however clever it is. In photographs, too,
# a patch of fur may belong to a cat, a dog or a coat.
#
# So each patch needs to hear from the others. But not from all of them alike: a patch that holds a
# red disc wants to know about *red* things elsewhere. **Attention** is a way to ask for something
# and to get an answer mixed from those who have it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Four tokens that ask
#
# Let us do it by hand, on an image of only four patches, A, B, C and D.

# %% slideshow={"slide_type": "subslide"}
y, x = np.mgrid[:16, :16] - 7.5
disc = x**2 + y**2 < 30
orange, blue = np.array([[230, 159, 0], [0, 114, 178]])
image = np.full((2, 2, 16, 16, 3), 235)
image[:, 0, disc], image[:, 1, disc] = orange, blue
picture = plot_patches(
    image.transpose(0, 2, 1, 3, 4).reshape(32, 32, 3),
    16,
    title="Two orange discs on the left, two blue ones on the right",
    alt="Patches A and C, on the left, hold an orange disc; B and D, on the right, a blue one",
    width=5.6,
)
corners = [(7.5, 7.5), (26.5, 7.5), (7.5, 26.5), (26.5, 26.5)]
for name, place in zip("ABCD", corners, strict=True):
    picture.figure.axes[1].text(*place, name, ha="center", va="center", color="white", size=16)
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# In a real model a token is a list of numbers that nobody can read. Ours are made to be read: six
# numbers, each says yes (1) or no (0). A small helper draws such tables with their numbers.


# %%
def show_tables(tables, title, columns, titles=None, rows="ABCD", alt=None):
    """Tables side by side, with their numbers, the names of `rows`, and `columns` for each."""
    picture = plot_maps(
        tables, titles, title=title, numbers="{:.2g}", row_labels=rows, limits=(0, 1.5 * np.max(tables)),
        alt=alt,
    )  # fmt: skip
    for axes, names in zip(picture.figure.axes, columns, strict=True):
        axes.set_xticks(range(len(names)), names)
    width = sum(0.62 * len(names) + 0.6 for names in columns)
    picture.figure.set_size_inches(max(width, 0.1 * len(title) + 0.2), 0.52 * len(rows) + 0.95)
    return picture


# %% slideshow={"slide_type": "subslide"}
facts = ["orange", "blue", "left", "right", "top", "bottom"]
tokens = np.array(
    [
        [1, 0, 1, 0, 1, 0],  # A is orange and stands left, at the top
        [0, 1, 0, 1, 1, 0],  # B is blue and stands right, at the top
        [1, 0, 1, 0, 0, 1],  # C
        [0, 1, 0, 1, 0, 1],  # D
    ]
)
alt = "A: orange, left, top. B: blue, right, top. C: orange, left, bottom. D: blue, right, bottom"
show_tables([tokens], "Four tokens of six numbers", [facts], alt=alt)

# %% [markdown] slideshow={"slide_type": "subslide"}
# From its own numbers each token makes three short lists:
#
# - the **query**: what am I looking for?
# - the **key**: what can I be found by?
# - the **value**: what do I tell those who find me?
#
# Each list is the token times a matrix. In training the model finds these three matrices; today we
# write them ourselves. Our tokens shall look for *their own colour* and tell *their side*: so the
# first two matrices pick out the colour (times 2, to make it count), the third picks out the side.

# %% slideshow={"slide_type": "subslide"}
w_query = np.array([[2, 0], [0, 2], [0, 0], [0, 0], [0, 0], [0, 0]])
w_key = w_query
w_value = np.array([[0, 0], [0, 0], [1, 0], [0, 1], [0, 0], [0, 0]])
lists = ["query", "key", "value"]
meanings = [facts[:2], facts[:2], facts[2:4]]
show_tables(
    [w_query, w_key, w_value],
    "The three matrices: from six numbers to two",
    meanings,
    [f"for the {name}" for name in lists],
    rows=facts,
    alt="Matrices of 6 × 2: for query and key a 2 at the colours, for the value a 1 at the sides",
)

# %% slideshow={"slide_type": "subslide"}
query, key, value = tokens @ w_query, tokens @ w_key, tokens @ w_value
show_tables(
    [query, key, value],
    "What each token asks, shows and tells",
    meanings,
    lists,
    alt="Query and key have a 2 at the token's colour, the value has a 1 at its side",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Who suits whom? The scores
#
# How well does a key suit a query? Multiply them number by number and add up: a large sum means that
# both are large in the same places. One matrix product does it for all pairs of tokens.

# %%
scores = query @ key.T
picture = show_tables(
    [scores],
    "Who suits whom",
    ["ABCD"],
    alt="Scores: 4 where two tokens have the same colour, 0 elsewhere",
)
picture.figure.axes[0].set(xlabel="key of", ylabel="query of")
picture

# %% [markdown]
# Read it row by row: A, which is orange, found itself and C.


# %% [markdown] slideshow={"slide_type": "slide"}
# ## From scores to shares: softmax
#
# We want to *mix* the values, so each row needs shares that add up to 1. First the scores are divided
# by the root of `key_dim`, the length of a query (the reason comes below). Then **softmax** takes e to the
# power of each score, which makes all of them positive and the large ones much larger, and divides
# each row by its sum.


# %% slideshow={"slide_type": "subslide"}
def softmax(scores):
    """Turn each row of scores into shares that sum to 1; the largest score gets the most."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))  # the same shares, no overflow
    return powers / powers.sum(axis=-1, keepdims=True)


key_dim = query.shape[-1]
weights = softmax(scores / np.sqrt(key_dim))
picture = show_tables(
    [weights],
    "The attention map",
    ["ABCD"],
    alt="Attention: 0.47 between tokens of the same colour, 0.03 elsewhere; each row sums to 1",
)
picture.figure.axes[0].set(xlabel="is looked at", ylabel="looks")
picture

# %% [markdown]
# This is **the attention map**: each row says how much one token looks at each of the others, and at
# itself. Softmax never says a plain no, so a little attention goes to the other colour, too.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The answer: a weighted mean of the values
#
# Now each token gets the mean of all values, weighted with its row of the map.

# %%
answer = weights @ value
show_tables(
    [value, answer],
    "What each token tells, and what it hears",
    [facts[2:4], facts[2:4]],
    ["value (told)", "answer (heard)"],
    alt="A and C hear 0.94 left and 0.06 right, B and D the opposite",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A is orange, and now it also knows: *things of my colour stand on the left*. No patch alone could
# know that. And this is all of attention, in one line:

# %% tags=["nbval-check-output"]
one_line = softmax(query @ key.T / np.sqrt(key_dim)) @ value
np.testing.assert_array_equal(one_line, answer)
for name, (left, right) in zip("ABCD", answer, strict=True):
    print(f"{name} hears: my colour is {left:.0%} left, {right:.0%} right")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why divide by the root of `key_dim`?
#
# A score is a sum of `key_dim` products. The longer the lists, the larger such sums become, and
# softmax is sensitive to large numbers. How sensitive? We give random queries 16 random keys each and
# see how large the largest of the 16 shares gets.

# %% slideshow={"slide_type": "subslide"}
random = np.random.default_rng(0)
widths = [1, 4, 16, 64, 256]
spread, largest = [], {"without the scale": [], "with the scale": []}
for size in widths:
    queries, keys = random.normal(size=(500, 1, size)), random.normal(size=(500, 16, size))
    products = (queries * keys).sum(axis=-1)
    spread.append(products.std())
    largest["without the scale"].append(softmax(products).max(axis=-1).mean())
    largest["with the scale"].append(softmax(products / np.sqrt(size)).max(axis=-1).mean())
picture = plot_lines(
    widths,
    largest,
    "The largest of 16 shares",
    "key_dim",
    "largest share (mean)",
    alt="Largest share over key_dim: it rises to nearly 1 without the scale, and stays low with it",
    width=5.6,
)
picture.figure.axes[0].set_xscale("log", base=2)
picture.figure.axes[0].set_xticks(widths, widths)
picture

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
for size, deviation in zip(widths, spread, strict=True):
    print(f"key_dim {size:3} has the root {size**0.5:4.1f}; scores spread by {deviation:4.1f}")

# %% [markdown]
# Without the scale, a long query listens to hardly more than one token, before anything is learned:
# softmax is *saturated*. The scores spread (standard deviation) by about the root of `key_dim`. Divide
# by it, and they spread by about 1 at every length: attention starts out as a mix.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Two heads ask two questions
#
# One map can ask one question. To ask a second one, use a second set of three matrices: a second
# **head**. Let it ask *what else is in my row of the image?* Its query and key are the height, and it
# tells the colours.

# %% slideshow={"slide_type": "subslide"}
height_facts = np.array([[0, 0], [0, 0], [0, 0], [0, 0], [2, 0], [0, 2]])  # top, bottom
colour_facts = np.array([[1, 0], [0, 1], [0, 0], [0, 0], [0, 0], [0, 0]])  # orange, blue
second_scores = (tokens @ height_facts) @ (tokens @ height_facts).T
second_weights = softmax(second_scores / np.sqrt(key_dim))
second_answer = second_weights @ (tokens @ colour_facts)
picture = show_tables(
    [weights, second_weights],
    "Two heads, two attention maps",
    ["ABCD", "ABCD"],
    ["head 1: my colour?", "head 2: my row?"],
    alt="Head 1: A and C look at each other, so do B and D. Head 2: A and B do, and C and D",
)
for axes in picture.figure.axes:
    axes.set(xlabel="is looked at", ylabel="looks")
picture

# %% slideshow={"slide_type": "subslide"}
both = np.concatenate([answer, second_answer], axis=-1)
show_tables(
    [both],
    "The answers of both heads, side by side",
    [["left", "right", "orange", "blue"]],
    alt="All rows hear orange 0.5 and blue 0.5 from head 2, next to the sides from head 1",
)

# %% [markdown]
# A now knows two things: its colour stands on the left, and its row holds both colours. One last
# matrix, the **output projection**, mixes the answers of all heads and gives each token its usual
# number of values back.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The same in Keras
#
# Keras has all of this as `MultiHeadAttention`. To see that it is really the same, we let it work on
# the patches of a real image, take its own matrices out, and repeat its work in NumPy, head by head.

# %% tags=["nbval-check-output"]
import keras

rows, columns = height // 4, width // 4
keras.utils.set_random_seed(0)
encoder = vit_helpers.PatchEncoder((rows, columns), projection_dim=64, position="sincos2d")
x = np.asarray(encoder(vit_helpers.Patches(4)(images[0][None] / 255.0)))[0]
heads, key_dim = 4, 16
attention = keras.layers.MultiHeadAttention(heads, key_dim, bias_initializer="random_normal")
from_keras = np.asarray(attention(x[None], x[None]))[0]
parts = {}
for name in ("query", "key", "value", "output"):
    dense = getattr(attention, f"{name}_dense")
    kernel, bias = parts[name] = np.asarray(dense.kernel), np.asarray(dense.bias)
    print(f"{name:6} kernel {kernel.shape}, bias {bias.shape}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The kernels have the shape (values of a token, heads, `key_dim`): the matrices of all heads lie in
# one array. The output kernel has it the other way round.


# %% tags=["nbval-check-output"]
def project(name, head):
    kernel, bias = parts[name]
    return x @ kernel[:, head] + bias[head]


kernel, bias = parts["output"]
by_hand = bias  # and each head adds its answer
for head in range(heads):
    query, key, value = project("query", head), project("key", head), project("value", head)
    weights = softmax(query @ key.T / np.sqrt(key_dim))
    by_hand = by_hand + weights @ value @ kernel[head]
np.testing.assert_allclose(by_hand, from_keras, atol=1e-5)
print(f"tokens {x.shape} in, tokens {by_hand.shape} out: by hand and Keras agree")

# %% [markdown]
# The helpers have it too, as `SelfAttention`: the same numbers, in few enough lines to read. First the
# scores (they scale the query instead of the product, which gives the same), then their softmax, then
# the weighted mean and the output projection.

# %%
from vit_helpers import SelfAttention

vit_helpers.show_source(SelfAttention.scores)

# %% slideshow={"slide_type": "subslide"}
vit_helpers.show_source(SelfAttention.attention_weights)

# %% slideshow={"slide_type": "subslide"}
vit_helpers.show_source(SelfAttention.call)

# %% tags=["nbval-check-output"]
ours = SelfAttention(heads, key_dim)
ours.build(x[None].shape)
pairs = zip(attention.get_weights(), ours.weights, strict=True)
ours.set_weights([part.reshape(weight.shape) for part, weight in pairs])
np.testing.assert_allclose(ours(x[None])[0], from_keras, atol=1e-5)
print("SelfAttention and Keras agree")

# %% [markdown]
# The width of a head times the number of heads is the width of a token here: 16 · 4 = 64. This is the
# usual choice. More heads then mean narrower heads, not larger matrices.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The whole block
#
# Attention alone only mixes what is there. A Transformer **block** adds four plain ingredients:
#
# - a **norm** before each step: the values of each token are shifted and stretched to mean 0 and
#   deviation 1 (as it stands *before* the step, this is called *pre-norm*);
# - a **residual** connection around each step: what comes out is *added* to the token as it was;
# - an **MLP**: two dense layers, which work on each token by itself;
# - a **GELU** between these two: a bend in an otherwise straight line.
#
# First the picture, then the bend, then what norm and residual are for.

# %% slideshow={"slide_type": "subslide"}
from vit_helpers.pictures.picture import COLOURS, DASHES, MARKERS, Picture, bare, new_figure, styled

figure, ((axes,),) = new_figure(8.4, 1.9, "One Transformer block, from left to right")
bare(axes)
axes.set(xlim=(0, 17), ylim=(-0.2, 2.6))
steps = ["tokens", "norm", "attention", "+", "norm", "MLP", "+", "tokens"]
places = np.array([1, 3.4, 6, 8.3, 10.4, 12.4, 14.2, 16.1])
fills = ["white", COLOURS[5], COLOURS[4], "white", COLOURS[5], COLOURS[3], "white", "white"]
axes.plot([1, 16], [0.5, 0.5], color="black", lw=1, zorder=1)
for step, place, fill in zip(steps, places, fills, strict=True):
    shape = {"boxstyle": "circle" if step == "+" else "round,pad=0.5", "fc": fill}
    axes.text(place, 0.5, step, ha="center", va="center", bbox=shape)
for start, end in [(2.3, 8.3), (9.3, 14.2)]:
    axes.plot([start, start, end], [0.5, 2, 2], color="black", lw=1, zorder=1)
    axes.annotate("", (end, 0.75), (end, 2.02), arrowprops={"arrowstyle": "-|>", "fc": "black"})
    axes.text((start + end) / 2, 2.1, "the tokens as they were", ha="center", fontsize=10.5)
Picture(
    figure,
    "Tokens go through norm and attention, are added to themselves as they were, go through norm "
    "and MLP, and are added to themselves again",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Here is the bend. Its formula: x times the share of a normal distribution that lies below x. Without
# a bend, two dense layers in a row could do no more than a single one, since `(x @ a) @ b` is
# `x @ (a @ b)`.

# %% slideshow={"slide_type": "subslide"}
import math


def gelu(x):
    """x times the share of a standard normal distribution below x."""
    return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2


line = np.linspace(-3, 3, 25)
curves = {"GELU": gelu(line), "no bend": line}
alt = (
    "GELU: a shallow dip below 0 for small negative values, nearly straight for large positive ones"
)
picture = plot_lines(line, curves, "GELU", "value in", "value out", alt, width=5.0)
picture.figure.axes[0].set_ylim(-1, 3)
picture

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
for value, bent in zip(line, gelu(line), strict=True):
    if value in (-3, -2, -1, -0.5, 0.5, 1, 2, 3):
        print(f"GELU of {value:4}: {bent:6.3f}")

# %% [markdown]
# Large values pass nearly as they are, and very negative ones become nearly 0. Small negative values
# stay negative, but come out smaller: there the curve dips.

# %% [markdown] slideshow={"slide_type": "subslide"}
# The series' layer for a block is `TransformerBlock`. It uses `SelfAttention`, which you have just
# checked. Its heart is the method `call`; the rest of the class (in `vit_helpers/model/layers.py`) only
# makes the layers that are used here. `token_mixer()` is a list of layers: here attention alone.

# %%
vit_helpers.show_source(vit_helpers.TransformerBlock.call)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each `drop` sets random values to zero in training; here it is off. Now once more by hand. All weights
# of the block are made random first, also the biases and norms that start as 0 or 1, so that a slip
# could not hide.

# %% tags=["nbval-check-output"]
block = vit_helpers.TransformerBlock(num_heads=4, key_dim=16, mlp_units=(256, 64))
block.build((None, *x.shape))
random = np.random.default_rng(0)
block.set_weights([random.normal(0, 0.2, weight.shape) for weight in block.get_weights()])


def normalise(x, norm):
    x = (x - x.mean(axis=-1, keepdims=True)) / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-6)
    return x * np.asarray(norm.gamma) + np.asarray(norm.beta)


def by_dense(x, layer):
    return x @ np.asarray(layer.kernel) + np.asarray(layer.bias)


normed = normalise(x, block.norm_1)[None]
by_hand = x + np.asarray(block.attention(normed))[0]
first, second = block.mlp
by_hand = by_hand + by_dense(gelu(by_dense(normalise(by_hand, block.norm_2), first)), second)
from_block = np.asarray(block(x[None]))[0]
np.testing.assert_allclose(by_hand, from_block, rtol=1e-4, atol=1e-4)
print(f"{x.shape[0]} tokens of {x.shape[1]} values: by hand and TransformerBlock agree")

# %% [markdown]
# Tokens come in and tokens of the same shape go out. So blocks can be stacked, as many as you like,
# and that is what notebook 6 does.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What norm and residual are for
#
# Why *add*, and why the norm *before* the step and not somewhere else? Change just that and see what
# happens. We stack 12 fresh blocks in four ways: as in `TransformerBlock`, with the norm *after* the
# addition, without norms, and without the addition.

# %%
from keras import layers

ways = {
    "norm before, added": lambda x, norm, part: x + part(norm(x)),
    "norm after adding": lambda x, norm, part: norm(x + part(x)),
    "added, no norm": lambda x, norm, part: x + part(x),
    "norm before, not added": lambda x, norm, part: part(norm(x)),
}


def fresh_stack(way, blocks=12):
    """A model that gives the tokens as they come in and as they leave each of its fresh blocks."""
    stages = [layers.Input((rows * columns, 64))]
    for _ in range(blocks):
        x = stages[-1]
        mlp = keras.Sequential([layers.Dense(256, "gelu"), layers.Dense(64)])
        for part in (SelfAttention(4, 16), mlp):
            x = way(x, layers.LayerNormalization(epsilon=1e-6), part)
        stages.append(x)
    return keras.Model(stages[0], stages)


# %% [markdown] slideshow={"slide_type": "subslide"}
# Through each stack we send the tokens of the images above and ask two things after each block. How *large*
# are the tokens (root of the mean square of their values)? And how far are the tokens of one image
# still *apart*: how large is what is left of a token when the mean of its image is taken away, as a
# share of the whole token? If nothing is left, all tokens of the image say the same.

# %%
some = np.stack(images).astype("float32")
start = encoder(vit_helpers.Patches(4)((some - some.mean()) / some.std()))


def size_and_distance(tokens):
    """How large tokens (B, N, D) are, and which share of it tells those of one image apart."""
    tokens = np.asarray(tokens, "float64")
    apart = tokens - tokens.mean(axis=1, keepdims=True)
    size = np.sqrt(np.mean(tokens**2))
    return size, np.sqrt(np.mean(apart**2)) / size


measured = {}
for name, way in ways.items():
    runs = []
    for seed in range(2 if PROFILE == "smoke" else 3):
        keras.utils.set_random_seed(seed)
        runs.append([size_and_distance(stage) for stage in fresh_stack(way)(start)])
    measured[name] = np.array(runs)  # (seeds, stages, 2)


# %% slideshow={"slide_type": "subslide"}
@styled
def draw_stages():
    """Size and distance of the tokens after each block; bands from lowest to highest seed."""
    titles = ["How large the tokens are", "How far apart those of one image are"]
    figure, (panels,) = new_figure(8.7, 4.2, "Twelve fresh blocks, stacked in four ways", 1, 2)
    for which, (axes, title) in enumerate(zip(panels, titles, strict=True)):
        for i, (name, runs) in enumerate(measured.items()):
            values = np.maximum(runs[..., which], 1e-5)
            look = {"color": COLOURS[i], "ls": DASHES[i], "marker": MARKERS[i], "ms": 5}
            axes.plot(np.median(values, axis=0), label=name, **look)
            low, high = values.min(axis=0), values.max(axis=0)
            axes.fill_between(range(13), low, high, color=COLOURS[i], alpha=0.2, lw=0)
        axes.set(title=title, yscale="log", xlabel="after block", xticks=range(0, 13, 2))
    panels[0].set_ylabel("root mean square")
    panels[1].set_ylabel("share of the size")
    handles, names = panels[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=4, frameon=False, fontsize=10.5)
    alt = "Without norms tokens grow; not added, those of an image become alike; norm before keeps both"
    return Picture(figure, alt)


draw_stages()

# %% slideshow={"slide_type": "subslide"}
for name, runs in measured.items():
    size, apart = np.median(runs[:, -1], axis=0)
    print(f"{name:22} after 12 blocks: size {size:6.1f}, apart {apart:.5f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each line is the middle seed, the band goes from the lowest to the highest (the right picture ends
# below at 0.00001). Line by line:
#
# - **norm before, not added**: after a few blocks all tokens of an image are the same, and what a patch
#   had for itself is gone. Adding keeps it: that is what the residual is for.
# - **added, no norm**: the size grows by about the same factor with each block, a straight line on this
#   axis. Wherever the norm stands, it stops that.
# - **norm after adding**: the size stays, but the tokens become more and more alike. Here each norm
#   rescales the token *as it was*, together with what was added.
# - **norm before, added**: only the copy that a step works on is normed. The size grows slowly, and the
#   tokens stay apart best. That is what *before* brings here.
#
# These are fresh blocks: the picture says where training starts, not where it ends. It does not say
# that the other ways cannot be trained. The first Transformer had its norms after the addition;
# arXiv 2002.04745 compares the two in training.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Order does not matter
#
# Did you notice that no step asked *where* a token stands in the list? Shuffle the tokens that come
# in, and the same tokens come out, shuffled in the same way. Mathematicians call this *permutation
# equivariance*. First with A, B, C and D:

# %% slideshow={"slide_type": "subslide"}
order = [2, 0, 3, 1]
mixed = tokens[order]
mixed_weights = softmax((mixed @ w_query) @ (mixed @ w_key).T / np.sqrt(2))
mixed_answer = mixed_weights @ (mixed @ w_value)
picture = show_tables(
    [answer, mixed_answer],
    "What each token hears, in two orders",
    [facts[2:4], facts[2:4]],
    ["A, B, C, D", "C, A, D, B"],
    alt="In both orders A and C hear 0.94 left, B and D 0.94 right",
)
picture.figure.axes[1].set_yticks(range(4), "CADB")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# Then with the whole block and all patches of a real image:

# %% tags=["nbval-check-output"]
order = np.random.default_rng(1).permutation(len(x))
shuffled = np.asarray(block(x[order][None]))[0]
np.testing.assert_allclose(shuffled, from_block[order], rtol=1e-4, atol=1e-4)
print("shuffled in, shuffled out: every token has the same numbers as before")

# %% [markdown]
# What a token knows of its place must be *in the token*. This is why notebook 4 added a position.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A block that cannot look
#
# What is attention good for? The best way to find out is to take it away. `TransformerBlock` has a
# switch for that: with `attention=False` a token gets its *own* value instead of the mean of all
# values; norms, additions and MLP stay. Let us set one token to zero and see which tokens notice.

# %% slideshow={"slide_type": "subslide"}
changes = []
place = rows // 2 * columns + columns // 2
changed = x.copy()
changed[place] = 0
for looks in (True, False):
    keras.utils.set_random_seed(0)
    layer = vit_helpers.TransformerBlock(4, 16, (256, 64), attention=looks)
    difference = np.asarray(layer(changed[None])) - np.asarray(layer(x[None]))
    changes.append(np.abs(difference[0]).max(axis=-1).reshape(rows, columns))
plot_maps(
    changes,
    ["attention=True", "attention=False"],
    title="How much each token changes when the middle one does",
    alt="With attention every token changes, without it only the one in the middle",
    label="change (cut at the top)",
    limits=(0, 2 * np.median(changes[0])),
    size=2.5,
)

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
for looks, change in zip((True, False), changes, strict=True):
    print(f"attention={looks}: {np.sum(change > 1e-6)} of {change.size} tokens changed")

# %% [markdown]
# In notebook 7 you train a model without attention, and see what it can no longer tell apart.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Where does a trained model look?
#
# The heads above asked what we wanted them to ask. What does a model ask that found its matrices
# by itself? A small one comes with the package, trained on Shapes-100: 64 patches, 4 blocks, 4 heads.
# (Whatever dataset you chose, this section is about Shapes-100.)

# %% tags=["nbval-check-output"]
from vit_helpers import attention_maps, plot_attention, plot_bars

if dataset.name != "shapes100":
    dataset = vit_helpers.load_dataset("shapes100")  # this section is about Shapes-100
model = vit_helpers.load_shipped_model()
kinds = ["quartets: diagonals", "quartets: rows", "colour trios: top", "colour trios: bottom",
         "keys: all", "keys: top"]  # fmt: skip
picks = [np.flatnonzero(dataset.y_test == dataset.class_names.index(kind))[1] for kind in kinds]
shown = dataset.x_test[picks]
maps = attention_maps(model, shown)
np.testing.assert_allclose(maps.sum(axis=-1), 1, atol=1e-4)
print("(blocks, images, heads, tokens that look, tokens looked at):", maps.shape)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each patch of each image has its own map in each head. We pick one patch of an image, the one with
# the strongest colour, and frame it. Below you see where it looks, in each head of the first block.
# Bright is much; each map is scaled to its own maximum.

# %% slideshow={"slide_type": "subslide"}
from matplotlib.patches import Rectangle

colours = shown.reshape(-1, 8, 4, 8, 4, 3).mean(axis=(2, 4)).reshape(-1, 64, 3)
asking = np.ptp(colours, axis=-1).argmax(axis=1)  # the patch of each image that asks


def show_looks(which, block, heads, titles, title, alt):
    """Where the asking patch of each image in `which` looks, in one block and these heads."""
    looks = maps[block - 1, which, np.array(heads) - 1, asking[which]].reshape(-1, 8, 8)
    picture = plot_attention(shown[which], looks, titles, title=title, alt=alt, size=1.4)
    for i, axes in enumerate(picture.figure.axes):
        row, column = divmod(asking[which[i % len(which)]], 8)
        corner = 4 * column - 0.5, 4 * row - 0.5
        axes.add_patch(Rectangle(corner, 4, 4, fill=False, edgecolor="white", lw=1.5))
    return picture


titles = [f"head {head}" for head in (1, 2, 3, 4)]
alt = "Four attention maps of one patch: some bright on its own colour, some on the other colour"
show_looks([0] * 4, 1, [1, 2, 3, 4], titles, "Where the framed patch looks, block 1", alt)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Nobody told these heads where to look. One that is bright on the other disc of the same colour looks
# as our four tokens did. One that is bright on the *other* colour does the opposite. Some show neither.
# Next, one head of the second block on six images:

# %%
titles = [kind.replace(": ", ":\n") for kind in kinds]
alt = "Attention of one patch in each of six images: on discs it is bright on those of its colour"
show_looks([0, 1, 2, 3, 4, 5], 2, [1] * 6, titles, "The same in block 2, head 1", alt)

# %% [markdown] slideshow={"slide_type": "subslide"}
# On the discs of these quartets and colour trios it is easy to read: same colour. On the keys (a
# frame, and discs that may have its colour) it is much less so. These are six picked images; do not read
# more into them than there is.
#
# And here is everything that the framed patch of the first image looks at, in all blocks and heads:

# %% slideshow={"slide_type": "subslide"}
plot_maps(
    maps[:, 0, :, asking[0]].reshape(16, 8, 8),
    [f"block {b}, head {h}" for b in range(1, 5) for h in range(1, 5)],
    columns=4,
    title="One patch, 16 attention maps",
    alt="16 maps: the first two blocks are bright on discs, the later ones hard to read",
    label="share of the attention",
    size=1.35,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Do not trust single pictures
#
# A picked image proves little. So let us count, on many quartets of two colours: how much attention
# does a patch of a disc give to patches of the *other* discs, of the same colour and of another? As a
# unit we take the fair share, 1/64, which each patch would get if the head had no preference.

# %%
arranged, each = ["rows", "columns", "diagonals"], 20  # images of each kind
numbers = [dataset.class_names.index(f"quartets: {kind}") for kind in arranged]
several = np.concatenate([dataset.x_test[dataset.y_test == n][:each] for n in numbers])
means = several.reshape(-1, 8, 4, 8, 4, 3).mean(axis=(2, 4)).reshape(-1, 64, 3)
strength = np.ptp(means, axis=-1, keepdims=True)
vivid = strength[..., 0] > 60  # patches on a disc: the ground is grey
pure = (means - means.min(axis=-1, keepdims=True)) / (strength + 1)
alike = np.abs(pure[:, :, None] - pure[:, None]).max(axis=-1) < 0.5  # pairs of the same colour
row, column = np.divmod(np.arange(64), 8)
quarter = row // 4 * 2 + column // 4  # each quarter of the image holds one disc
pairs = vivid[:, :, None] & vivid[:, None] & (quarter[:, None] != quarter)
looks = np.moveaxis(attention_maps(model, several), 2, 1)  # (blocks, heads, images, tokens, tokens)
shares = [64 * looks[:, :, pairs & same].mean(axis=-1) for same in (alike, ~alike)]

# %% slideshow={"slide_type": "subslide"}
plot_maps(
    shares,
    ["to discs of the same colour", "to discs of another colour"],
    title="Attention to the other discs, in fair shares",
    alt="In some heads of blocks 1 and 2 the same colour gets several times the fair share",
    label="times the fair share",
    numbers="{:.1f}",
    row_labels=[f"block {block}" for block in (1, 2, 3, 4)],
    column_labels=[f"head {head}" for head in (1, 2, 3, 4)],
    limits=(0, 1.4 * np.max(shares)),
    size=2.9,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the first two blocks some heads clearly prefer the same colour: the number on the left is several
# times the one on the right. In others it is the other way round. The later blocks are hard to read: a
# token there is no longer just *its patch*, it has heard from all the others.
#
# Is this so for each of the three kinds, or only in their mean? We take the head that gives most to the
# same colour, and look at the kinds one by one.

# %% slideshow={"slide_type": "subslide"}
best = np.unravel_index(np.argmax(shares[0]), shares[0].shape)
own = looks[best].reshape(len(arranged), each, 64, 64)
groups = {"the same colour": pairs & alike, "another colour": pairs & ~alike}
plot_bars(
    {
        f"to discs of {name}": {
            f"quartets: {kind}": 64 * maps_of_kind[chosen].mean()
            for kind, maps_of_kind, chosen in zip(
                arranged, own, group.reshape(own.shape), strict=True
            )
        }
        for name, group in groups.items()
    },
    f"Block {best[0] + 1}, head {best[1] + 1}: attention to the other discs",
    "times the fair share",
    number="{:.1f}",
    alt="In all three kinds the head gives several times as much to discs of the same colour",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In all three kinds this head gives several times as much to the same colour. Does the model get all
# three right?

# %%
family = np.asarray(dataset.families)[dataset.y_test]
mine = family == "quartets"
hits = model.predict(dataset.x_test[mine], batch_size=50, verbose=0).argmax(axis=-1)
hits = hits == dataset.y_test[mine]
right = {
    name: float(np.mean(hits[dataset.y_test[mine] == n]))
    for n, name in enumerate(dataset.class_names)
    if dataset.families[n] == "quartets"
}
alt = "Share of test images that the model gets right, for each of the five kinds of quartets"
plot_bars(
    right, "Quartets that the model gets right", "share of the test images", alt, percent=True
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# It does not. Where the bar of rows, columns or diagonals is short, the head above looked at the same
# colour all the same, and the model did not find out the arrangement. An attention map shows where a
# token *listens*. It does not show what it heard (that is in the values), nor what became of it.
#
# Do the heads matter at all? Take one away: set its rows of the output projection to zero, so that
# nobody hears its answer, and count again. We do this for each head in turn, on quartets, and on a
# family without a question of colour: *solids* are told apart by their form.


# %%
def accuracy(chosen):
    """The share of the chosen test images that the model gets right."""
    answers = model.predict(dataset.x_test[chosen], batch_size=50, verbose=0).argmax(axis=-1)
    return np.mean(answers == dataset.y_test[chosen])


def accuracy_without(block, head, chosen):
    """The same with one head silenced."""
    kernel = model.get_layer(f"block_{block}").attention.output_projection.kernel
    complete = np.asarray(kernel).copy()
    silenced = complete.copy()
    silenced[16 * (head - 1) : 16 * head] = 0  # each head has 16 values
    kernel.assign(silenced)
    result = accuracy(chosen)
    kernel.assign(complete)
    return result


four, without = (1, 2, 3, 4), {}
for name in ("quartets", "solids"):
    chosen = np.flatnonzero(family == name)[:250]
    rates = [[accuracy_without(block, head, chosen) for head in four] for block in four]
    without[f"{name} (complete: {accuracy(chosen):.2f})"] = rates

# %% slideshow={"slide_type": "subslide"}
plot_maps(
    list(without.values()),
    list(without),
    title="Accuracy with one head silenced",
    alt="Three heads take much from quartets; only one of them takes anything like it from solids",
    label="share of the images",
    numbers="{:.2f}",
    row_labels=[f"block {block}" for block in four],
    column_labels=[f"head {head}" for head in four],
    limits=(0.5, 1),
    size=2.9,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Compare with the complete model, in the titles. (A few hundredths may be chance: these are 250 images a
# family.) Only a few of the 16 heads are missed on quartets. One that is missed on solids as well is not
# only about colours; the others are missed on quartets alone. Now look up in *Attention to the other
# discs* what these prefer. The head that gives most to the same colour is not among them. (That does not
# make it useless: another head may do the same work.)
#
# So look at maps to get ideas. Then change something, and measure.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What looking costs
#
# N tokens make N² pairs. A dense layer treats each token by itself, so its multiplications grow with N
# only. Attention has both: four dense layers, and two products over all pairs. First we count, for
# tokens of 64 values: a dense layer from 64 to 256, and attention with 4 heads of 16.

# %% tags=["nbval-check-output"]
sides = [32, 48, 64, 96, 128]  # of larger and larger images, with patches of 4 × 4 pixels
counts = [(side // 4) ** 2 for side in sides]


def multiplications(count):
    """Of one image of `count` tokens: {layer: number}."""
    return {
        "attention": 4 * count * 64 * 64 + 2 * count**2 * 64,
        "a dense layer": count * 64 * 256,
    }


for side, count in zip(sides, counts, strict=True):
    looking, single = multiplications(count).values()
    print(
        f"{side:3} × {side:3} pixels: {count:5,} tokens, {count**2:9,} pairs; millions of "
        f"multiplications: attention {looking / 1e6:6.1f}, dense {single / 1e6:4.1f}"
    )

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now the clock. We send two images through each layer, in turn and several times, and take the median.
# The first round compiles and does not count. A single token an image is measured too: it shows what a
# call costs that has next to nothing to do.

# %%
import time

import jax

batches = [jax.numpy.ones((2, count, 64)) for count in (1, *counts)]
looking, single = keras.layers.MultiHeadAttention(4, 16), keras.layers.Dense(256)
looking.build((None, None, 64), (None, None, 64))
single.build((None, None, 64))
calls = {"attention": jax.jit(lambda x: looking(x, x)), "a dense layer": jax.jit(single)}
seconds = {name: [[] for _ in batches] for name in calls}
for _ in range(1 + (5 if PROFILE == "smoke" else 25)):
    for name, call in calls.items():
        for batch, taken in zip(batches, seconds[name], strict=True):
            started = time.perf_counter()
            call(batch).block_until_ready()
            taken.append(time.perf_counter() - started)
times = {name: [1000 * np.median(taken[1:]) for taken in lists] for name, lists in seconds.items()}

# %% slideshow={"slide_type": "subslide"}
plot_lines(
    counts,
    {name: taken[1:] for name, taken in times.items()},
    "Two images through one layer, on this machine",
    "tokens N",
    "milliseconds",
    alt="Time over tokens, both logarithmic: the line of attention is much steeper than the other",
    log=True,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Both axes are logarithmic: a straight line is a power of N, and a steeper line is a higher power. Of
# the two, attention's is the steeper one. Is it as steep as counted? We compare the last point with the
# middle one, which has a quarter of its tokens.

# %% slideshow={"slide_type": "subslide"}
few, many = multiplications(counts[2]), multiplications(counts[-1])  # 256 and 1,024 tokens
plot_bars(
    {
        "multiplications (counted)": {name: many[name] / few[name] for name in times},
        "time (measured here)": {name: taken[-1] / taken[3] for name, taken in times.items()},
    },
    "4 × the tokens: how many times as much?",
    "ratio (1 = the same)",
    number="{:.1f} ×",
    alt="Bars: four times the tokens take 4 times the multiplications in a dense layer, 12 in attention",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Not even the count says 4² = 16 for attention: its four dense layers grow with N only. And the clock
# need not follow the count. It sees what is not a multiplication, too: the softmax over all pairs,
# numbers that move through memory, and what each call costs, however small its work. The last of these
# we have measured:

# %%
for name, taken in times.items():
    print(
        f"{name:13} {taken[0]:.2f} ms for 1 token, {taken[3]:.2f} for 256, {taken[-1]:.2f} for 1,024"
    )

# %% [markdown] slideshow={"slide_type": "subslide"}
# Memory grows in the same way: each head has a map of N × N numbers of 4 bytes. Here it is for 4
# heads, and for training on 128 images at once in a model of 4 blocks, which may have to keep all of
# their maps:

# %% tags=["nbval-check-output"]
for count in counts:
    one = 4 * count**2 * 4 / 1e6
    many = one * 128 * 4 / 1e3
    print(f"{count:5,} tokens: {one:5.2f} MB an image, {many:.2f} GB in training")

# %% [markdown]
# So smaller patches have a price: half the side makes four times the tokens and 16 times the map.

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
looks, dense = (taken[-1] / taken[3] for taken in times.values())  # 1,024 and 256 tokens
print(f"4 × the tokens: attention takes {looks:.1f} ×, a dense layer {dense:.1f} × the time")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Attention is one line: `softmax(query @ key.T / sqrt(key_dim)) @ value`.
# - The scale lets attention start as a mix; several heads ask several questions at once.
# - A block is norm, attention, add; norm, MLP, add. Tokens in, tokens of the same shape out.
# - No step knows the order of the tokens; a place must be in the token itself.
# - In 12 fresh blocks, adding keeps the tokens of an image apart, and norms keep them from growing fast;
#   with the norm *before*, they stay apart best.
# - In one trained model some heads look at the same colour, some at another. What a head is worth shows
#   when it is taken away.
# - Pairs grow with N², and with them the attention map and most of the multiplications for large N.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_05_self_attention.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. Give the four discs the colours of a diagonal (A and D orange, B and C blue). What will A hear
#    from head 1? Work it out first, then change `tokens` and run the cells.
# 2. What would the attention map look like if all queries were zero? And the answers?
# 3. Which query and key matrices would make a token look only at tokens of the *other* colour?
# 4. A model for 32 × 32 images goes from patches of 4 to patches of 2. How much larger does each
#    attention map get?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [6 · Assemble a Vision Transformer](06_vit_model.ipynb): patches, tokens, blocks and a head become a
# model, and you count what it holds.
