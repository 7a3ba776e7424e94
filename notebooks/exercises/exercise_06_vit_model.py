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
# # Exercises 6 · Assemble a Vision Transformer
#
# **You will** write a block and a head and put them into a trained model, count a model before it is
# built, and find three bugs in another one.
#
# **You need** [notebook 6](../06_vit_model.ipynb), read or run.
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
# ## Task 1 · Assemble a block (7 minutes)
#
# A block is made of four parts: two norms, attention, and an MLP. What makes it work is how they are
# wired. Each part is a function here: tokens in, tokens of the same shape out. Write the pre-norm
# block of notebooks 5 and 6 with them. The tokens look around first, then each thinks for itself.
#
# <details><summary>Hint</summary>
# Draw one long line from left to right: the tokens on their way. Each of the two steps leaves the
# line, goes through two parts, and comes back to it. What happens where it comes back? And which parts
# lie on the line itself?
# </details>
#
# [A worked solution](../solutions/solution_06_vit_model.ipynb)


# %%
def block(x, norm_1, attention, norm_2, mlp):
    """The tokens x (images, tokens, values) after a pre-norm block of these four parts."""
    ...


# %% tags=["check", "nbval-check-output"]
from vit_helpers.classroom.selfchecks import vit_model as check

check.block(block)

# %% [markdown]
# ## Task 2 · Many tokens, one answer (6 minutes)
#
# After the last block an image is still a table of tokens. The head makes of it one row of scores, the
# **logits**: it pools the tokens to one vector, and a dense layer does the rest. Write a head that
# knows two ways to pool:
#
# - `"mean"`: all tokens answer together;
# - `"token"`: a class token, which stands before the patches, answers alone.
#
# <details><summary>Hint</summary>
# A batch of 2 images with 65 tokens of 64 values has the shape (2, 65, 64). Write down the shape that
# you want after pooling, for both ways. Which axis goes? A dense
# layer is a matrix product and a sum.
# </details>
#
# [A worked solution](../solutions/solution_06_vit_model.ipynb)


# %%
def head(tokens, pool, weights, biases):
    """Logits (images, classes); `weights` is (values, classes), `biases` is (classes,)."""
    ...


# %% tags=["check", "nbval-check-output"]
check.head(head)

# %% [markdown]
# Do they work in earnest? The package comes with a small model that was trained on Shapes-100. These
# two cells take it apart. The parts hold the trained weights; how they belong together is for you to say.

# %%
from types import SimpleNamespace

import keras

from vit_helpers import sincos2d

trained = vit_helpers.load_shipped_model()


def take_apart(block):
    """The four parts of a TransformerBlock."""
    first, second = block.mlp
    return SimpleNamespace(
        norm_1=block.norm_1,
        attention=block.attention,
        norm_2=block.norm_2,
        mlp=lambda x: second(first(x)),
    )


# %%
parts = SimpleNamespace(
    normalise=trained.get_layer("normalization"),  # each colour: mean 0, deviation 1
    cut=trained.get_layer("patches"),  # patches of 4 × 4 pixels
    project=trained.get_layer("patch_encoder").projection,  # to 64 values, still without a place
    places=lambda rows, columns: sincos2d(rows, columns, 64),  # for a grid of patches
    blocks=[take_apart(trained.get_layer(f"block_{i}")) for i in (1, 2, 3, 4)],
    norm=trained.get_layer("final_norm"),
    dense=trained.get_layer("logits"),  # the head's dense layer
)

# %% [markdown]
# Now your block stands where its four blocks stood, and your head at the end. What comes before them,
# from images to tokens, is still the model's own:

# %%
from IPython.display import display

from vit_helpers import plot_bars, plot_images

dataset = vit_helpers.load_dataset("shapes100")
pick = np.random.default_rng(4).permutation(len(dataset.x_test))[:200]
images, labels, names = dataset.x_test[pick], dataset.y_test[pick], dataset.class_names
if check.ready(check.block(block), check.head(head)):
    x = keras.Model(trained.input, trained.get_layer("block_1").input).predict(images, verbose=0)
    for b in parts.blocks:
        x = block(x, b.norm_1, b.attention, b.norm_2, b.mlp)
    said = np.asarray(head(parts.norm(x), "mean", *parts.dense.get_weights())).argmax(axis=1)
    titles = [f"says {names[number]}" for number in said[:8]]
    picture = plot_images(
        images[:8],
        [title.replace(": ", ":\n") for title in titles],
        columns=4,
        title=f"Your block and your head: {np.mean(said == labels):.0%} of 200 test images",
        alt="Eight test images with the class that the model with your block and head gives them",
        size=1.9,
    )
    display(picture)

# %% [markdown]
# ## Task 3 · Count before you build (8 minutes)
#
# Here is a model that nobody has built yet, for images 48 pixels high and 32 wide, in colour, of 10
# classes:
#
# - patches of 8 × 8 pixels, tokens of 32 values;
# - places as waves (`sincos2d`);
# - 3 blocks with 4 heads, which share the width; the MLP is 4 times as wide as a token in the middle;
# - a norm at the end, the mean over the tokens, and one dense layer.
#
# Foresee how many numbers training will change in it. Python may multiply and add for you, but don't
# build the model. If you are right, Keras will say so below.
#
# <details><summary>Hint</summary>
# Two rules do it all: a dense layer has a weight for each pair of in and out, and a bias for each out;
# a norm has two numbers for each value of a token. How many dense layers has a block? Which of the
# things in the list hold nothing that is trained?
# </details>
#
# [A worked solution](../solutions/solution_06_vit_model.ipynb)

# %%
projection, one_block, whole = None, None, None

# %% tags=["check", "nbval-check-output"]
check.count(projection, one_block, whole)

# %%
if check.ready(check.count(projection, one_block, whole)):
    config = vit_helpers.ViTConfig(
        image_size=(48, 32), num_classes=10, patch_size=8, projection_dim=32, transformer_layers=3
    )
    built = vit_helpers.create_vit_classifier(config)
    counts = {
        name: sum(int(np.prod(w.shape)) for w in built.get_layer(name).trainable_weights)
        for name in ("patch_encoder", "block_1", "block_2", "block_3", "final_norm", "logits")
    }
    picture = plot_bars(
        counts,
        f"Keras has built it, and counts {sum(counts.values()):,}; so did you",
        "trainable parameters",
        number="{:,.0f}",
        alt="Bars: each of the three blocks holds about twice as much as the patch encoder",
    )
    display(picture)

# %% [markdown]
# ## Task 4 · Find the bugs (10 minutes)
#
# Somebody wrote the whole model down, for images of any size, with the parts of the trained model that
# you saw above. It runs. All shapes are right. And it has **three bugs**. This is the usual kind in deep
# learning: nothing stops, nothing warns, and the answers are poor.
#
# Mend the function. After each repair run the check, and then the picture: it compares your function
# with the model whose weights it uses.
#
# <details><summary>Hint</summary>
# Lay the map of notebook 6 beside it and go from box to box. At each line ask: what would the trained
# model have got here? Its images, its places and its blocks must be the same as in training, or the
# weights mean nothing. And look at the list of the parts: is each of them used?
# </details>
#
# [A worked solution](../solutions/solution_06_vit_model.ipynb)


# %%
def answer(images, parts):
    """Logits (images, classes) of images (images, height, width, 3) in 0 ... 255."""
    images = images / 255
    rows, columns = images.shape[1] // 4, images.shape[2] // 4
    x = parts.project(parts.cut(images))
    x = x + parts.places(1, rows * columns)
    for block in parts.blocks:
        x = block.norm_1(x)
        x = x + block.attention(x)
        x = x + block.mlp(block.norm_2(x))
    return parts.dense(parts.norm(x).mean(axis=1))


# %% tags=["check", "nbval-check-output"]
check.bugs(answer)

# %%
accuracy = {
    "your function": np.mean(np.asarray(answer(images, parts)).argmax(axis=1) == labels),
    "the model itself": np.mean(trained.predict(images, verbose=0).argmax(axis=1) == labels),
}
picture = plot_bars(
    accuracy,
    "The same weights, 200 test images",
    "share that is right",
    percent=True,
    alt="Two bars: the accuracy of your function, and that of the model with the same weights",
)
picture.figure.axes[0].set_xlim(0, 1.1)
picture

# %% [markdown]
# How bad does one bug look? Here is the model itself, with nothing wrong but the scale of the pixels:

# %% tags=["nbval-check-output"]
scale = trained.get_layer("normalization")
off = np.asarray(scale.mean) + images / 255 * np.sqrt(np.asarray(scale.variance))
found = trained.predict(off, verbose=0).argmax(axis=1)
print(f"with the wrong scale alone, {np.mean(found == labels):.0%} are right")

# %% [markdown]
# It looks weak, not broken: far from right, and yet far better than guessing among 100 classes. So when
# weights come from elsewhere, first compare your logits with those of the original.

# %% [markdown]
# ## Next
#
# You can build the model, count it and mend it. [Notebook 7](../07_training.ipynb) trains it.
