# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,slideshow,-all
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
# own block, see where a trained model looks, and measure what all this looking costs.
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
# colour. A patch that knows one disc cannot know the class, however clever it is. On photographs it
# is much the same: a patch of fur belongs to a cat, a dog or a coat.
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
    picture.figure.set_size_inches(max(width, 0.1 * len(title) + 0.2), 0.46 * len(rows) + 0.95)
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
# Without the scale, a long query listens to hardly more than one token: softmax is *saturated*. Then
# small changes of the scores change nothing any more, and training has nothing to hold on to. Scores
# spread (standard deviation) by about the root of `key_dim`. Divide by it, and attention starts out
# gentle at every length.

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
# The helpers have it too, as `SelfAttention`: the same numbers, in few enough lines to read.

# %%
from vit_helpers import SelfAttention

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
#   deviation 1, so that no token shouts (as it stands *before*, this is called *pre-norm*);
# - a **residual** connection around each step: what comes out is *added* to the token, so that nothing
#   it knew is lost;
# - an **MLP**: two dense layers, in which each token thinks by itself about what it has heard;
# - a **GELU** between these two: a bend that keeps large values and drops negative ones.

# %% slideshow={"slide_type": "subslide"}
from vit_helpers.pictures.picture import COLOURS, Picture, bare, new_figure

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
    axes.text((start + end) / 2, 2.1, "the tokens as they were", ha="center", fontsize=9)
Picture(
    figure,
    "Tokens go through norm and attention, are added to themselves as they were, go through norm "
    "and MLP, and are added to themselves again",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Here is the bend. Its formula: x times the share of a normal distribution that lies below x. Without
# a bend, two dense layers in a row could do no more than a single one.

# %% slideshow={"slide_type": "subslide"}
import math


def gelu(x):
    """x times the share of a standard normal distribution below x."""
    return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2


line = np.linspace(-3, 3, 25)
curves = {"GELU": gelu(line), "no bend": line}
alt = "GELU: near 0 for negative values, nearly the straight line for large ones"
picture = plot_lines(line, curves, "GELU", "value in", "value out", alt, width=5.0)
picture.figure.axes[0].set_ylim(-1, 3)
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# The series' layer for a block is `TransformerBlock`. It uses Keras's attention, which you have just
# checked. Its heart is the method `call`; the rest of the class (in `vit_helpers/layers.py`) only makes
# the layers that are used here.

# %%
vit_helpers.show_source(vit_helpers.TransformerBlock.call)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The `drop` sets random values to zero in training; here it is off. Now once more by hand. All weights
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
# switch for that: with `attention=False` a token sees only itself, and all else stays as it was.
# Let us set one token to zero and see which tokens notice.

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
# Nobody told the model to compare colours, and yet it does. A head that is bright on the other disc of
# the same colour asks what our four tokens asked. A head that is bright on the *other* colour asks the
# opposite. Some ask neither. Next, one head of the second block on six images:

# %%
titles = [kind.replace(": ", ":\n") for kind in kinds]
alt = "Attention of one patch in each of six images: on discs it is bright on those of its colour"
show_looks([0, 1, 2, 3, 4, 5], 2, [1] * 6, titles, "The same in block 2, head 1", alt)

# %% [markdown] slideshow={"slide_type": "subslide"}
# On the discs of the quartets and of the colour trios it is easy to read: same colour. On the keys (a
# frame, and discs that may have its colour) it is much less so. Do not read more into such pictures
# than there is.
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
two_colours = [
    dataset.class_names.index(f"quartets: {k}") for k in ("rows", "columns", "diagonals")
]
several = dataset.x_test[np.isin(dataset.y_test, two_colours)][:60]
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
# times the one on the right. In others it is the other way round: they ask for *other* colours. Both
# help to tell whether colours agree. The later blocks are hard to read: a token there is no longer just
# *its patch*, it has heard from all the others.
#
# So the model compares the right things. Does it give the right answers?

# %%
last = [n for n, family in enumerate(dataset.families) if family == "quartets"]
mine = np.isin(dataset.y_test, last)
predicted = model.predict(dataset.x_test[mine], verbose=0).argmax(axis=-1)
right = {
    dataset.class_names[n]: float(np.mean(predicted[dataset.y_test[mine] == n] == n)) for n in last
}
alt = "Share of test images that the model gets right, for each of the five kinds of quartets"
plot_bars(
    right, "Quartets that the model gets right", "share of the test images", alt, percent=True
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Wherever a bar is short, the patches compared their colours all the same, and the model still did
# not find out the arrangement. An attention map shows where a token *listens*. It does not show what
# it heard (that is in the values), nor what became of it. Look at maps to get ideas, then measure.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What looking costs
#
# N tokens make N² pairs. A dense layer treats each token by itself, so its work grows with N only.
# We measure both, with tokens of 64 values, for images that get larger and larger while the patches
# stay at 4 × 4 pixels. The first call of each layer compiles it and does not count; then we take the
# median of several calls.

# %%
import time

import jax

repeats = 5 if PROFILE == "smoke" else 25


def milliseconds(call, x):
    """The median time of `call(x)`, after a first call that compiles it."""
    call(x).block_until_ready()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        call(x).block_until_ready()
        seconds.append(time.perf_counter() - started)
    return 1000 * np.median(seconds)


# %% slideshow={"slide_type": "subslide"}
sides = [32, 48, 64, 96, 128]
counts = [(side // 4) ** 2 for side in sides]
batches = [jax.numpy.ones((2, count, 64)) for count in counts]
looking, single = keras.layers.MultiHeadAttention(4, 16), keras.layers.Dense(256)
looking.build((None, None, 64), (None, None, 64))
single.build((None, None, 64))
look = jax.jit(lambda x: looking(x, x))
times = {
    "attention": [milliseconds(look, batch) for batch in batches],
    "a dense layer": [milliseconds(jax.jit(single), batch) for batch in batches],
}

# %% slideshow={"slide_type": "subslide"}
plot_lines(
    counts,
    times,
    "Two images through one layer, on this machine",
    "tokens N",
    "milliseconds",
    alt="Time over tokens, both logarithmic: the line of attention is much steeper than the other",
    log=True,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Both axes are logarithmic: a straight line is a power of N, and a steeper line is a higher power. The
# line of attention is the steeper one. (At the left end both layers are so quick that the call itself
# takes its time.)
#
# Memory grows in the same way: each head has a map of N × N numbers of 4 bytes. Here it is for 4
# heads, and for training on 128 images at once in a model of 4 blocks, which may have to keep all of
# their maps:

# %% tags=["nbval-check-output"]
for side, count in zip(sides, counts, strict=True):
    one = 4 * count**2 * 4 / 2**20
    many = one * 128 * 4 / 2**10
    print(
        f"{side:3} × {side:3} pixels: {count:5,} tokens, {count**2:9,} pairs, "
        f"{one:5.2f} MB an image, {many:.2f} GB in training"
    )

# %% [markdown]
# This is why images are not simply cut into more and more patches.

# %% tags=["headline"]
looks, dense = (values[-1] / values[2] for values in times.values())  # 1,024 and 256 tokens
print(f"4 × the tokens: attention takes {looks:.0f} ×, a dense layer {dense:.0f} × the time")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Attention is one line: `softmax(query @ key.T / sqrt(key_dim)) @ value`.
# - The scale keeps softmax gentle; several heads ask several questions at once.
# - A block is norm, attention, add; norm, MLP, add. Tokens in, tokens of the same shape out.
# - No step knows the order of the tokens; a place must be in the token itself.
# - A trained model found by itself that colours are worth comparing.
# - All this looking costs N² in time and memory.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/05_self_attention.ipynb) tell you what is wrong
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
