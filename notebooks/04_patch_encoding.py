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
# # 4 · Turn patches into tokens
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/04_patch_encoding.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/04_patch_encoding.ipynb)
#
# **You will** turn each patch into a token with one matrix product, see what the matrix looks for,
# watch the order of the patches get lost, and give it back with learned and with computed positions.
#
# **You need** the patches of [notebook 3](03_image_patches.ipynb), and what a matrix product is.
#
# **Time on two cores:** half a minute to run, twenty-five minutes to read.

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
# ## From pixels to tokens
#
# A patch is a row of raw pixel values. A Transformer could work on those, but pixels are poor words:
# a single one says little. More useful numbers would be *how bright is this patch?*, *how
# red?*, *is its left side darker than its right?* Each of these is a **weighted sum** of the pixels.
#
# So we take a number of weighted sums, and let training choose the weights. The row of sums is the
# **token** of the patch. First the patches of one image, with values near zero, as networks like them:

# %% tags=["nbval-check-output"]
import keras
from IPython.display import display

from vit_helpers import plot_images, plot_lines, plot_maps
from vit_helpers.pictures.picture import Picture, bare, new_figure, styled

keras.utils.set_random_seed(0)  # the same "random" weights in every run
dataset = vit_helpers.load_dataset(DATASET)
pick = 864 % len(dataset.x_test)  # any test image will do
image = dataset.x_test[pick]
rows, columns = image.shape[0] // 4, image.shape[1] // 4
patches = np.asarray(vit_helpers.Patches(4)(image[None] / np.float32(127.5) - 1))
_, count, pixels = patches.shape
print(f"{rows} × {columns} = {count} patches of {pixels} values")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Many weighted sums at once are a matrix product: `patches @ weights + bias`. This is all that the
# **linear projection** is. Each column of `weights` belongs to one sum, and each sum may be moved by
# a number of its own, the `bias`. An untrained model starts with small random weights:

# %% tags=["nbval-check-output"]
values = 64  # values in a token, `projection_dim`
random = np.random.default_rng(0)
weights = random.normal(scale=pixels**-0.5, size=(pixels, values)).astype("float32")
bias = np.zeros(values, "float32")
tokens = patches @ weights + bias
print(f"patches {patches.shape} @ weights {weights.shape} + bias {bias.shape} = {tokens.shape}")


# %% slideshow={"slide_type": "subslide"}
@styled
def show_tables(tables, titles, signs, title, alt, height=3.5):
    """Tables of numbers in a row, with `signs` between them."""
    shares = [table.shape[1] for table in tables]
    figure, ((*panels,),) = new_figure(8.4, height, title, 1, len(tables), width_ratios=shares)
    limit = max(np.abs(table).max() for table in tables)
    for axes, table, name in zip(panels, tables, titles, strict=True):
        bare(axes, name)
        axes.set(xlabel=f"{table.shape[1]} columns", ylabel=f"{table.shape[0]} rows")
        drawn = axes.imshow(table, cmap="PuOr", vmin=-limit, vmax=limit, aspect="auto")
    for axes, sign in zip(panels[1:], signs, strict=True):
        axes.text(-0.17, 0.5, sign, transform=axes.transAxes, fontsize=16, ha="center")
    figure.colorbar(drawn, ax=panels, label="value", aspect=30)
    return Picture(figure, alt)


show_tables(
    [patches[0], weights, tokens[0]],
    ["patches", "weights", "tokens"],
    ["@", "="],
    "The linear projection: one row for each patch, before and after",
    "Three tables: the patches of the image times random weights are the tokens, a row for each patch",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Read it by rows: each patch makes its own token, with the same weights, and knows nothing of the
# other patches. Patches that look alike become tokens that look alike.
#
# The series' layer `PatchEncoder` does this projection, and later more. Without positions it is
# nothing but our matrix product. To compare, we take the weights out of the layer:

# %% tags=["nbval-check-output"]
plain = vit_helpers.PatchEncoder(count, values, position="none")
from_layer = np.asarray(plain(patches))
kernel, offset = (np.asarray(w) for w in (plain.projection.kernel, plain.projection.bias))
np.testing.assert_allclose(from_layer, patches @ kernel + offset, rtol=1e-4, atol=1e-5)
print(f"layer and matrix product agree on all {from_layer.size:,} numbers")
print(f"parameters: {pixels} × {values} weights + {values} = {plain.count_params():,}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the weights look for
#
# The weights of one sum are as many numbers as a patch has. So they can be drawn as a patch: grey for
# zero, brighter for a positive weight, darker for a negative one. Such a picture is called a
# **filter**. A patch that looks like the filter makes a large sum.
#
# Random weights look for nothing in particular. To see what training makes of them, we load a small model that
# comes with the series: `CONFIGS["tiny"]`, trained on Shapes-100.


# %% slideshow={"slide_type": "subslide"}
def as_filters(kernel):
    """The columns of a projection as small pictures, zero as grey."""
    filters = kernel.T.reshape(-1, 4, 4, 3)
    return 127.5 + 127.5 * filters / np.abs(filters).max(axis=(1, 2, 3), keepdims=True)


trained = vit_helpers.load_shipped_model()
trained_kernel = np.asarray(trained.get_layer("patch_encoder").projection.kernel)
kernels = {"untrained": kernel, "trained": trained_kernel}
for name, matrix in kernels.items():
    filters = as_filters(matrix)
    title = f"The {len(filters)} filters of a projection, {name}"
    display(plot_images(filters, columns=16, size=0.44, title=title))

# %% [markdown] slideshow={"slide_type": "subslide"}
# Above there is coloured snow. Below there is still snow, but it is paler and has larger spots. In
# numbers: do the red, green and blue of a pixel get similar
# weights? And do pixels that touch? For pure snow, both correlations are about 0.

# %%
for name, matrix in kernels.items():
    filters = matrix.T.reshape(-1, 4, 4, 3)
    colours = np.corrcoef(filters[..., 0].ravel(), filters[..., 1].ravel())[0, 1]
    touching = np.corrcoef(filters[:, :, 1:].ravel(), filters[:, :, :-1].ravel())[0, 1]
    print(f"{name:9}  red with green {colours:+.2f}, pixel with right neighbour {touching:+.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# What do the filters have in common? NumPy's `svd` takes a matrix apart into *patterns*, strongest
# first, so that every filter is a mixture of them. The ViT paper (Dosovitskiy et al., 2021) shows its
# filters in this way. Light and dark may be swapped in any of them.

# %%
patterns = {name: np.linalg.svd(matrix)[0][:, :8] for name, matrix in kernels.items()}
plot_images(
    np.concatenate([as_filters(matrix) for matrix in patterns.values()]),
    columns=8,
    row_names=list(patterns),
    title="The eight strongest patterns in the filters",
    size=0.8,
    alt="Untrained: eight pictures of coloured snow. Trained: stripes and edges, most nearly grey",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# There they are: level and upright stripes, edges between light and dark, corners. Most of these eight
# are almost grey. Does this model see no colour, then? A pattern has three values for each pixel. How
# much of it is the *same* in red, green and blue? For pure snow that is a third, on average:

# %% slideshow={"slide_type": "subslide"}
grey = {}
for name, matrix in kernels.items():
    each = np.linalg.svd(matrix)[0].T.reshape(pixels, -1, 3)  # all patterns, strongest first
    grey[name] = 3 * (each.mean(axis=2) ** 2).sum(axis=1)
picture = plot_lines(
    np.arange(1, pixels + 1),
    grey,
    "How grey are the patterns?",
    "pattern, strongest first",
    "share that is grey",
    alt="Untrained about a third everywhere; trained nearly one for the strongest patterns, then less",
)
picture.figure.axes[0].axhline(1 / 3, color="black", lw=1)
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# The strongest patterns of the trained model look at light and dark. Most of those after them hold *more*
# colour than snow has (the black line). So it does see colour, and on Shapes-100 it must: some families ask
# whether colours agree.
#
# A pattern is a weighted sum too. It has one value for each patch, and laid out like the image, these
# values are a small map of where it was found. Purple says *yes*, orange says *the opposite*, white
# says *nothing of the kind*:

# %% slideshow={"slide_type": "subslide"}
scaled = trained.get_layer("normalization")(image[None])  # as this model saw its images
found = np.asarray(vit_helpers.Patches(4)(scaled))[0] @ patterns["trained"]


@styled
def show_found(image, pictures, maps, title, alt):
    """An image, and pairs of a pattern and the map of where it was found."""
    figure, grid = new_figure(8.4, 2.5, title, 2, 1 + len(maps))
    for axes in grid.flat:
        bare(axes)
    grid[1, 0].imshow(image)
    for axes, pattern in zip(grid[0, 1:], pictures, strict=True):
        axes.imshow(pattern.astype("uint8"))
    for axes, values in zip(grid[1, 1:], maps, strict=True):
        axes.imshow(values, cmap="PuOr", vmin=-abs(maps).max(), vmax=abs(maps).max())
    for axes, name in ((grid[0, 1], "pattern"), (grid[1, 0], "image"), (grid[1, 1], "found")):
        axes.set_title(name, fontsize=11)
    return Picture(figure, alt)


maps = found.T.reshape(-1, rows, columns)
title = "Where the eight patterns are found in our image"
alt = "The image, eight patterns, and a map for each; two of the maps are strong at the marks"
show_found(image, as_filters(patterns["trained"]), maps, title, alt)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The order is lost
#
# Each token comes from its own patch alone. So if the patches arrive in another order, we get the
# same tokens in that other order, and nothing else changes:

# %% tags=["nbval-check-output"]
order = random.permutation(count)
moved = np.asarray(plain(patches[:, order]))
np.testing.assert_allclose(moved, from_layer[:, order], rtol=1e-4, atol=1e-5)
print("shuffled patches make the same tokens, shuffled")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Does it matter? Look at three images made of the same patches. On Shapes-100, the first two belong
# to different classes: which mark is above?

# %%
half = columns * (rows // 2)
orders = {
    "the image": np.arange(count),
    "halves swapped": np.roll(np.arange(count), half),
    "shuffled": order,
}


def glue(some):
    """Patches in 0 ... 255, in row order, as one image."""
    grid = some.reshape(rows, columns, 4, 4, 3).transpose(0, 2, 1, 3, 4)
    return grid.reshape(rows * 4, columns * 4, 3)


rearranged = [glue(127.5 * (patches[0, way] + 1)) for way in orders.values()]
alt = "The image, the same with its halves swapped, and with its patches shuffled"
plot_images(rearranged, list(orders), title="Three images, the same patches", alt=alt, size=1.9)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A Transformer block lets the tokens look at each other; notebook 5 opens it. It treats all tokens
# alike and never asks which came first. Put a mean over the tokens after it, and we have a small
# untrained ViT whose answer is a row of numbers. We run the three images through it twice: with
# tokens from the plain projection, and with positions added (how these are made comes next).

# %% tags=["nbval-check-output"]
block = vit_helpers.TransformerBlock(num_heads=4, key_dim=16, mlp_units=(256, values))
placed = vit_helpers.PatchEncoder((rows, columns), values, position="sincos2d")
batch = np.concatenate([patches[:, way] for way in orders.values()])
results = {
    name: np.asarray(block(layer(batch))).mean(axis=1)
    for name, layer in (("without positions", plain), ("with positions", placed))
}

without = results["without positions"]
np.testing.assert_allclose(without[1:], without[[0, 0]], rtol=1e-4, atol=1e-5)
for name, answer in results.items():
    same = np.allclose(answer, answer[0], rtol=1e-4, atol=1e-4)
    print(f"{name}, the three answers are {'the same' if same else 'different'}")

# %% slideshow={"slide_type": "subslide"}
picture = show_tables(
    [table[1:, :24] - table[0, :24] for table in results.values()],
    list(results),
    [""],
    "How far the answer moves from that for the image (the first 24 values)",
    "Two tables: without positions all differences are zero, with positions they are not",
    height=1.9,
)
for axes in picture.figure.axes[:2]:
    axes.set(ylabel=None, xlabel="values of the answer")
picture.figure.axes[0].set_yticks(range(2), list(orders)[1:])
picture

# %% [markdown]
# More blocks or more training would not help: with a mean at its end, a model without positions
# *cannot* tell these images apart. So every token gets a **position** added to it: a row of as
# many numbers as the token has, one row for each place in the image. The same patch in another
# place then makes another token.
#
# Why add, and not append? Appending would make each token longer and each layer dearer. Adding costs
# next to nothing. And the projection is learned: it can leave room for the positions.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Positions that are learned
#
# The simplest idea: a table of free numbers, changed by training like all weights. The ViT paper does
# this (Dosovitskiy et al., 2021), and so does `position="learned"`. At the start, the table is noise:

# %% tags=["nbval-check-output"]
free = vit_helpers.PatchEncoder((rows, columns), values, position="learned")
free(patches)
noise = np.asarray(free.position_embedding)
print(f"table of positions {noise.shape}: {noise.size:,} more numbers to learn")

# %% [markdown]
# Do such positions know which places are near each other? Compare two of them by their **cosine
# similarity**: 1 if their numbers point the same way, 0 if they have nothing in common, -1 if they
# are opposite.
#
# Each place compared with all places gives a small map. There are as many maps as places, so we lay
# *the maps* out like the image too: the map at the top left belongs to the top left patch.


# %% slideshow={"slide_type": "subslide"}
def similarity(positions):
    """Cosine similarity of each position with all others: (places, rows, columns)."""
    unit = positions / np.linalg.norm(positions, axis=1, keepdims=True)
    return (unit @ unit.T).reshape(-1, rows, columns)


def show_similarity(positions, name):
    """A small map for each place: which other places have a similar position?"""
    title = f"Which places are alike? {name}"
    picture = plot_maps(
        similarity(positions), columns=columns, size=0.8, title=title, label="cosine similarity"
    )
    picture.figure.supxlabel("column of the patch", fontsize=11)
    picture.figure.supylabel("row of the patch", fontsize=11)
    return picture


show_similarity(noise, "Learned positions before training")

# %% [markdown] slideshow={"slide_type": "subslide"}
# One bright dot in each map: a place is like itself and like no other. The model has to find out from
# examples that the patch on the right is a neighbour, and that the image has rows at all.


# %% [markdown] slideshow={"slide_type": "slide"}
# ## Positions that are computed
#
# Why let it learn what we know? Each patch has a row and a column. Could we just add the numbers 0, 1,
# 2, ...? They grow with the image, and large ones could drown the token. Waves stay between -1 and 1:


# %% slideshow={"slide_type": "subslide"}
def show_waves(series, title, alt):
    """Lines over the columns of the image, with room below zero."""
    places = np.arange(len(next(iter(series.values()))))
    picture = plot_lines(places, series, title, "column of the patch", "value", alt=alt)
    picture.figure.axes[0].set_ylim(-1.15, 1.15)
    return picture


places = np.arange(columns)
show_waves(
    {"sine": np.sin(places), "cosine": np.cos(places)},
    "One wave over the columns of the image",
    "Sine and cosine over the columns: each column has another pair of values",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A sine alone has the same value at several places. Sine and cosine together are the hand of a clock:
# each column turns it a bit further. But after a full turn, about six columns, it shows the same time
# again. Clocks solve this with more hands: a fast one to tell neighbours apart, slower ones for the
# long way.

# %%
speeds = 1 / 10_000 ** (np.arange(values // 4) / (values // 4))
print("speeds of the hands:", *(f"{speed:.2g}," for speed in speeds[:6]), f"... {speeds[-1]:.2g}")
show_waves(
    {f"speed {speed:.2f}": np.sin(places * speed) for speed in speeds[:5]},
    "The sines of the five fastest hands",
    "Five sines over the columns, each slower than the one before",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# An image has two directions. So a quarter of the values are the sines of the row, a quarter its
# cosines, and the other half does the same for the column. These are the **2-D sin-cos positions**:

# %% tags=["nbval-check-output"]
from vit_helpers import sincos2d

row, column = np.divmod(np.arange(count), columns)
y, x = row[:, None] * speeds, column[:, None] * speeds
waves = np.concatenate([np.sin(y), np.cos(y), np.sin(x), np.cos(x)], axis=1)
np.testing.assert_allclose(waves, sincos2d(rows, columns, values), atol=1e-6)
print(f"{waves.shape[0]} places × {waves.shape[1]} values, the same as those of the package")

# %% slideshow={"slide_type": "subslide"}
picture = plot_maps(
    waves.T.reshape(values, rows, columns),
    columns=values // 4,
    size=0.45,
    title="All waves, each drawn over the image: fast on the left, slow on the right",
    diverging=True,
    label="value",
    alt="Maps of all waves: stripes over the rows and over the columns; only the left ones change much",
)
names = ("sin row", "cos row", "sin col", "cos col")
for axes, name in zip(picture.figure.axes[:: values // 4], names, strict=False):
    axes.set_ylabel(name, fontsize=10.5, rotation=0, ha="right", va="center")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# The upper half changes from top to bottom, the lower half from left to right. On a grid as small as
# ours, the right half hardly moves: the speeds were made for long texts (Vaswani et al., 2017). On a
# larger grid more of them would move.
#
# The table is computed, so there is nothing to learn. And which places are alike?

# %%
show_similarity(waves, "Sin-cos positions")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now the maps know the image. Most alike is the place itself, then its neighbours, then its row and
# its column (the faint cross), and the corner that is furthest away least. The pattern is the same in each map, moved
# to its place. This comes from a rule of sine and cosine:
#
# `sin(a) * sin(b) + cos(a) * cos(b) = cos(a - b)`
#
# All that counts is how many rows and columns lie *between* two places:

# %% tags=["nbval-check-output"]
down = (row[:, None] - row)[..., None] * speeds
right = (column[:, None] - column)[..., None] * speeds
from_steps = (np.cos(down) + np.cos(right)).mean(axis=-1) / 2
np.testing.assert_allclose(similarity(waves).reshape(count, count), from_steps, atol=1e-6)
print("the similarity of two places follows from the steps between them alone")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What learning makes of the noise
#
# The ViT paper drew such maps for a large model after training. The noise was gone: near places had
# become alike, and so had places of one row or one column. Nobody had told the model.
#
# We cannot train a large model here. But we can watch the idea at work in seconds, with a smaller
# task: **guess each patch from the others, knowing nothing but the places.** The guess is a weighted
# mean of the other patches, and places with similar positions get large weights. Only the table of
# positions is learned. It starts as the noise above.

# %% slideshow={"slide_type": "subslide"}
import jax
import jax.numpy as jnp

some = dataset.x_train[:: -(-len(dataset.x_train) // 1000)]  # at most 1,000 images
many = np.asarray(vit_helpers.Patches(4)(some / np.float32(127.5) - 1))
many = many - many.mean(axis=(0, 1))


@jax.jit
@jax.value_and_grad  # the error, and in which direction it grows
def guess_error(positions, patches):
    """Mean squared error when each patch is guessed from the patches at similar places."""
    scores = positions @ positions.T / np.sqrt(values)
    scores = jnp.where(jnp.eye(count, dtype=bool), -jnp.inf, scores)  # it may not see itself
    return jnp.mean((jax.nn.softmax(scores) @ patches - patches) ** 2)


table, optimizer, errors = keras.Variable(noise), keras.optimizers.Adam(0.02), []
for _ in range(60):
    error, direction = guess_error(table.value, many)
    errors.append(float(error))
    optimizer.apply([direction], [table])
learned = np.asarray(table)
print(f"error of the guess: {errors[0]:.4f} before, {errors[-1]:.4f} after {len(errors)} steps")

# %% slideshow={"slide_type": "subslide"}
show_similarity(learned, "Learned positions, after learning to guess patches")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The noise is gone, and no one said what a row is. All that the table could learn from are the images:
# places get similar positions where one helps to guess the other. On Shapes-100 you see rings: the
# places of the border are alike, even across the image, and so are those of the rings inside it. Other
# images make other maps; try `cifar10`.
#
# One curve for each table sums it up: how alike are two places, at which distance?

# %% slideshow={"slide_type": "subslide"}
steps = np.hypot(row[:, None] - row, column[:, None] - column).round().astype(int).ravel()
show = np.arange(min(rows, columns))
curves = {
    name: [similarity(table).ravel()[steps == step].mean() for step in show]
    for name, table in (("sin-cos", waves), ("learned", learned), ("before training", noise))
}
picture = plot_lines(
    show,
    curves,
    "How alike are two places?",
    "distance of the two patches, in patches",
    "mean cosine similarity",
    alt="Similarity over distance: sin-cos falls slowly, learned fast, untrained is zero at once",
)
picture.figure.axes[0].set_ylim(min(map(min, curves.values())) - 0.05, 1.05)
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# Which should you take? Learned positions can fit what is special about your images, but they have
# to be learned. Sin-cos positions know the grid from the first step, and have nothing to learn. They are
# the default of this series. Which of the two gives the better answers, on your images and in your
# time, only training both can tell.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The class token
#
# At the end, the model needs *one* row of numbers for the whole image, but it has a row for each
# patch. There are two ways:
#
# - **mean pooling**: take the mean over all tokens, as we did above;
# - a **class token**: add one more token that belongs to no patch. It starts the same for every image
#   and collects from the patch tokens what the answer needs. Only this one is read at the end.

# %% tags=["nbval-check-output"]
for position in ("none", "sincos2d", "learned"):
    for with_class in (False, True):
        layer = vit_helpers.PatchEncoder((rows, columns), values, position, class_token=with_class)
        shape = layer(patches).shape
        print(
            f"{position:9} class token {with_class!s:6} {shape}, {layer.count_params():,} parameters"
        )

# %% [markdown] slideshow={"slide_type": "subslide"}
# How does a token collect? Attention gives each token a weight, makes of every token some *values*
# (notebook 5), and adds up the values by these weights. The weights come from the tokens themselves.
# Ask the first block of an untrained model which weights its class token (the first one) gives. A
# class token starts as zeros. With sin-cos positions it stays zero, because it has no place in the
# image. With learned positions it gets a row of the table like all others, and that starts as noise:

# %% tags=["nbval-check-output"]
for position in ("sincos2d", "learned"):
    start = vit_helpers.PatchEncoder((rows, columns), values, position, class_token=True)
    given = np.asarray(block.attention_weights(start(patches)))[0, :, 0]
    equal = np.allclose(given, 1 / (count + 1), rtol=1e-4)
    print(f"{position:8}  each of the {count + 1} tokens has the weight 1 / {count + 1}: {equal}")

# %% [markdown]
# Zeros ask no question: every score is 0, and the weights after the softmax are equal. So in the first
# block, a class token of zeros collects the plain mean of the values. That is true before training
# only: once training has changed the token, the weights are free to differ.
#
# Can the mean over all tokens replace it? *Better plain ViT baselines* (Beyer et al., 2022) simplify the
# ViT in this way, together with sin-cos positions, and report good accuracy. The mean is the default of
# this series. Notebook 6 counts the parameters of both; which of them answers better on your images,
# no notebook of this series measures.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The whole layer
#
# Projection, class token, position: here is the layer with everything turned on, computed by hand.

# %% tags=["nbval-check-output"]
full = vit_helpers.PatchEncoder((rows, columns), values, position="learned", class_token=True)
output = np.asarray(full(patches))
kernel, offset = (np.asarray(w) for w in (full.projection.kernel, full.projection.bias))
first = np.asarray(full.token)[0]
projected = np.concatenate([first, patches[0] @ kernel + offset])
by_hand = projected + np.asarray(full.position_embedding)
np.testing.assert_allclose(output[0], by_hand, rtol=1e-4, atol=1e-5)
print(f"1 class token + {count} patches make {output.shape[1]} tokens of {output.shape[2]} values")

# %% [markdown] slideshow={"slide_type": "subslide"}
# As a picture, with the sin-cos positions, because these are easier to see than noise. The first row
# is the class token: it has no patch, and with sin-cos positions no place. Before training it is zero.

# %%
projected = np.concatenate([np.zeros((1, values)), patches[0] @ kernel + offset])
position = np.concatenate([np.zeros((1, values)), waves])
show_tables(
    [projected, position, projected + position],
    ["projected patches", "positions", "tokens"],
    ["+", "="],
    "What goes into the first block",
    "Three tables: projected patches plus sin-cos positions are the tokens",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# And these are the same steps in the package's layer `PatchEncoder`. (The rest of the class makes
# the weights.) The class token comes in where the config asks for one:

# %%
vit_helpers.show_source(vit_helpers.PatchEncoder.call)

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline", "nbval-check-output"]
print(f"{count} patches of {pixels} values become {count} tokens of {values}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A token is a row of weighted sums of one patch: one matrix product and a bias.
# - The weights of a sum are a filter. In the trained model the strongest patterns of all filters are
#   stripes and edges, almost grey; colour comes after them.
# - The projection and the blocks treat patches as a set. Without positions, shuffled images are equal.
# - A position is a row of numbers added to the token: learned from noise, or computed as waves.
# - A class token is one more token, to collect the answer; the mean over the tokens is the other way.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_04_patch_encoding.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. Photographs of 224 × 224 pixels, patches of 16, tokens of 768 values: how many parameters has the
#    projection? And the table of learned positions with a class token?
# 2. Many programs write the projection as a convolution, `Conv2D(64, kernel_size=4, strides=4)`. Why
#    is this the same?
# 3. Take `waves[:, :values // 2]` alone as positions. What can the model no longer tell apart? Draw
#    the similarity maps and see.
# 4. You train with 8 × 8 patches and then want to use an image of 10 × 10. Which positions can simply
#    be made larger, and which cannot?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [5 · Let the patches look at each other](05_self_attention.ipynb): the tokens know what they show and
# where they are. Now they may talk.
