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
# # 8 · Make it fast
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/08_making_it_fast.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/08_making_it_fast.ipynb)
#
# **You will** take one training step apart with a clock, find out where its time and memory go, and
# measure six changes on your own machine, each of them before and after.
#
# **You need** notebook 7, or its idea: a step shows the model a batch of images and moves its numbers
# a little.
#
# **Time on two cores:** two minutes to run, fifteen minutes to read.

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
# ## Where does the time go?
#
# Whoever guesses why a program is slow is usually wrong. So we measure first. One training step does
# five things: it takes a batch of images and augments it, computes the answers (*forward*), computes
# for each number of the model in which direction to move it (*backward*), and moves it (*update*).

# %%
import time
from dataclasses import replace
from functools import partial

import jax
import keras

from vit_helpers import make_augmentation, plot_bars, plot_lines, training_speed

profile = vit_helpers.PROFILES[PROFILE]
dataset = vit_helpers.load_dataset(DATASET)
dataset = dataset.take(profile.train_images or 20_000, profile.eval_images)
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
recipe = vit_helpers.RECIPES["default"]
images, labels = dataset.x_train[: recipe.batch_size], dataset.y_train[: recipe.batch_size]


# %% slideshow={"slide_type": "subslide"}
def milliseconds(call, repeats=9):
    """The median time of `call()`, after a first call that compiles."""
    times = []
    for _ in range(1 + repeats):
        started = time.perf_counter()
        jax.block_until_ready(call())
        times.append(1000 * (time.perf_counter() - started))
    return float(np.median(times[1:]))


# %% [markdown]
# JAX runs what it *compiles*: a function of arrays becomes one program for this processor. So we need
# forward and backward as functions of the weights. Keras gives them through `stateless_call`.

# %%
model = vit_helpers.create_vit_classifier(config)
weights = [weight.value for weight in model.trainable_variables]
fixed = [weight.value for weight in model.non_trainable_variables]


def loss(weights, images, labels):
    logits, _ = model.stateless_call(weights, fixed, images, training=True)
    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True).mean()


forward, both = jax.jit(loss), jax.jit(jax.grad(loss))
augment = make_augmentation(recipe.augmentation)
parts = {
    "augment": milliseconds(lambda: augment(images, training=True)),
    "forward": milliseconds(lambda: forward(weights, images, labels)),
}
parts["backward"] = milliseconds(lambda: both(weights, images, labels)) - parts["forward"]
plain = training_speed(config, recipe, steps_per_execution=1, calls=20, devices=1).images_per_second
whole = 1000 * recipe.batch_size / plain
parts["update, and the rest"] = max(0, whole - sum(parts.values()))

# %% slideshow={"slide_type": "subslide"}
plot_bars(
    parts,
    f"Where a plain training step of {recipe.batch_size} images spends its time",
    "milliseconds",
    number="{:.1f}",
    alt="; ".join(f"{name} {value:.1f} milliseconds" for name, value in parts.items()),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# (Parts that are measured alone can take longer than within the whole. Then nothing is left for the last
# bar: the update is too quick to be seen in this way.)
#
# Backward is the largest part. That is no fault: for each matrix product of forward it needs two, one
# to know how its input should change and one to know how its weights should. So *twice forward* is
# what to expect, and anything far above that deserves a look. In ours we had to look: the compiler
# once made it five times forward, because the usual rule for the gradient of a matrix product made it
# copy large arrays in transposed form. So we wrote the rule in another way. This is all of it:

# %%
from vit_helpers.model.fast import linear_backward

vit_helpers.show_source(linear_backward)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 and 2: many steps in one call, and all cores at work
#
# A plain step has two costs that no part of the model explains. Each call of a compiled program gets
# fresh memory, which the operating system fills with zeros first. And one program on a small model
# keeps mostly one core busy. `run_experiment` therefore hands over a *stack* of batches, and one call
# makes a step with each of them; and it tells JAX that every core is a device, so that each works on
# its part of a batch.

# %%
stacked = training_speed(config, recipe, devices=1).images_per_second
shared = training_speed(config, recipe).images_per_second
speeds = {
    "one step a call, one device": plain,
    "13 steps a call, one device": stacked,
    f"13 steps a call, {jax.device_count()} device(s)": shared,
}
plot_bars(
    speeds,
    "The same training, called in three ways",
    "images a second",
    number="{:.0f}",
    alt="; ".join(f"{name}: {value:.0f} images a second" for name, value in speeds.items()),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Nothing about the learning has changed: the same batches come in the same order, and each step starts
# from the weights that the one before it left.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3: augment first, then enlarge
#
# The keras.io example enlarges each image from 32 to 72 pixels and augments it then. The other way
# round, rotation and zoom work on a fifth of the pixels.

# %%
small = images[:32]
enlarge = keras.layers.Resizing(72, 72)
turn = make_augmentation("keras-io")
order = {
    "enlarge, then augment": milliseconds(lambda: turn(enlarge(small), training=True), 3),
    "augment, then enlarge": milliseconds(lambda: enlarge(turn(small, training=True)), 3),
}
plot_bars(
    order,
    f"Flip, turn and zoom {len(small)} images",
    "milliseconds",
    number="{:.0f}",
    alt="; ".join(f"{name} takes {value:.0f} milliseconds" for name, value in order.items()),
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4: dropout's random numbers
#
# **Dropout** sets random values to zero in training. On the attention of a block that means one random
# number for each pair of tokens, head and image, and on a processor random numbers are dear. Below is
# the attention of one block, without dropout, with that of Keras, and with one that throws 8 coins for
# each value instead of 32.

# %% slideshow={"slide_type": "subslide"}
from vit_helpers.model.fast import Dropout

heads, count = config.num_heads, config.grid[0] * config.grid[1]
queries = np.random.default_rng(0).normal(size=(64, heads, count, 16)).astype("float32")


def attend(drop, x, key):
    attention = jax.nn.softmax(x @ x.swapaxes(-1, -2) / 4)
    return (attention if drop is None else drop(attention, key)) @ x


def keras_drop(x, key):
    return keras.random.dropout(x, 0.1, seed=key)


def our_drop(x, key):
    return Dropout.of(x, 0.1, key)


key = jax.random.key_data(jax.random.key(0))
drops = {"no dropout": None, "with Keras's dropout": keras_drop, "with ours": our_drop}
costs = {
    name: milliseconds(partial(jax.jit(partial(attend, drop)), queries, key))
    for name, drop in drops.items()
}

# %% slideshow={"slide_type": "subslide"}
plot_bars(
    costs,
    "The attention of one block, forward, 64 images",
    "milliseconds",
    number="{:.1f}",
    alt="; ".join(f"{name}: {value:.1f} milliseconds" for name, value in costs.items()),
)

# %% [markdown]
# The cheapest dropout is none. Our own recipe uses none at all: on few passes over the data the model
# does not get the chance to learn the images by heart.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5: the width of a head
#
# A head compares queries and keys of `key_dim` values. Usually that is the width of a token divided by
# the number of heads. The keras.io example takes the whole width for each head, four times as much
# work in the attention. What does that cost here, and how many numbers does it add?

# %% tags=["nbval-check-output"]
wide = replace(config, key_dim=config.projection_dim)
for name, one in (("width / heads", config), ("full width", wide)):
    size = vit_helpers.create_vit_classifier(one).count_params()
    print(
        f"{name:13} key_dim {one.key_dim or one.projection_dim // one.num_heads:2}, {size:7,} numbers"
    )

# %%
slow = training_speed(wide, recipe).images_per_second
vit_helpers.show_table(
    [["full width", f"{slow:.0f}"], ["width / heads", f"{shared:.0f}"]], ["a head has", "images/s"]
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6: compile once
#
# The first call of a program takes seconds, because it is compiled. So does the first call with
# another *shape*: a last batch that is a little smaller is a new program. Watch the third line. (The
# time of day in the loss makes this a program that your machine has certainly not compiled before.)

# %%
now = time.time()
fresh = jax.jit(jax.grad(lambda *arguments: loss(*arguments) * now))
waits = {}
for size in (61, 61, 60, 60):
    again = "again" if f"a batch of {size}" in waits else ""
    started = time.perf_counter()
    jax.block_until_ready(fresh(weights, images[:size], labels[:size]))
    waits[f"a batch of {size} {again}".strip()] = 1000 * (time.perf_counter() - started)
vit_helpers.show_table(
    [[name, f"{value:,.0f}"] for name, value in waits.items()], ["call", "milliseconds"]
)

# %% [markdown]
# Therefore our batches all have one size (what does not fill the last one is left out, other images
# each time), and what was compiled is kept in the cache folder: a second start of the same training
# finds it there.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Where does the memory go?
#
# Not into the model. For backward, each layer must remember what it computed for *each image of the
# batch*. The compiler knows before the first step how much that is.

# %% slideshow={"slide_type": "subslide"}
sizes = [16, 32, 64, 128]
needs = []
for size in sizes:
    batch = np.zeros((size, *images.shape[1:]), np.uint8), np.zeros(size, np.int32)
    needs.append(both.lower(weights, *batch).compile().memory_analysis().temp_size_in_bytes / 2**20)
of_weights = sum(weight.nbytes for weight in weights) / 2**20
plot_lines(
    sizes,
    {"to remember for backward": needs, "all weights of the model": [of_weights] * len(sizes)},
    "Memory of one training step",
    "images in a batch",
    "megabytes",
    alt=f"From {needs[0]:.0f} to {needs[-1]:.0f} megabytes; the weights are {of_weights:.1f}",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Twice the batch, twice the memory; the weights hardly show. If memory is short, make the batch
# smaller: with the changes above, a small batch is nearly as fast as a large one.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fewer steps beat faster steps
#
# All of this makes a step cheaper. It is just as good to need fewer of them. **Muon** is an optimizer
# that evens out the directions of a matrix's update, so that none of them dominates; AdamW looks at
# each number alone. Both get one pass over the same 20,000 images here.

# %% slideshow={"slide_type": "subslide"}
learned = {}
for name in ("adamw", "muon"):
    model = vit_helpers.create_vit_classifier(config)
    one = vit_helpers.run_experiment(
        model, dataset, PROFILE, replace(recipe, optimizer=name), epochs=1
    )
    learned[name] = one.history["val_accuracy"][-1]

# %% slideshow={"slide_type": "subslide"}
print(
    f"validation accuracy after one pass: AdamW {learned['adamw']:.1%}, Muon {learned['muon']:.1%}"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to do with 5, 20 or 60 minutes
#
# For photographs such as CIFAR-10, this is what we recommend on two cores, and what the README reports
# the accuracy of. `overlap` lets each patch see two pixels beyond its edges.

# %% tags=["nbval-check-output"]
for minutes, budget in vit_helpers.BUDGETS.items():
    model, how = budget.config, budget.recipe
    print(
        f"{minutes:2} minutes: {model.transformer_layers} blocks of width {model.projection_dim}, "
        f"{how.optimizer}, {how.augmentation}, {budget.epochs} epochs"
    )

# %% [markdown]
# To train one of them:
#
# ```python
# budget = vit_helpers.BUDGETS[20]
# dataset = vit_helpers.load_dataset("cifar10")
# model = vit_helpers.create_vit_classifier(budget.config.fit_to(dataset))
# vit_helpers.run_experiment(model, dataset, recipe=budget.recipe, epochs=budget.epochs)
# ```

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Before and after
#
# Everything that you measured, in one table:

# %%
rows = [
    ["many steps in one call", 1 / plain, 1 / stacked],
    ["every core a device", 1 / stacked, 1 / shared],
    ["augment before enlarging", *order.values()],
    ["fewer random bits", costs["with Keras's dropout"], costs["with ours"]],
    ["heads of width / heads", 1 / slow, 1 / shared],
    ["compile once", *list(waits.values())[:2]],
]
vit_helpers.show_table(
    [[what, f"{before / after:,.1f} ×"] for what, before, after in rows],
    ["change", "as fast as before, here"],
)

# %% tags=["headline"]
print(f"training: {plain:.0f} images/s as a plain step, {shared:.0f} stacked and on every core")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Measure first. Most of a step is backward; much of the rest is not arithmetic at all.
# - Calls, memory and random numbers cost time as well: stack the steps, share the batch, do without
#   dropout where it is not needed.
# - Memory goes into what is remembered for each image, not into the weights.
# - A better recipe beats a faster step.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# 1. Before you run it: what will `training_speed(config, replace(recipe, batch_size=16))` say, compared
#    with a batch of 64?
# 2. An image of 64 × 64 pixels has four times the patches. Which part of a step grows by more than
#    four times? (Notebook 5 has the answer.)
# 3. Halve the width of the model with `replace(config, projection_dim=32)`. Does a step take half the
#    time, or a quarter? Why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# This is the end of the series: you have built a Vision Transformer, trained it, taken it apart and
# made it fast. Now take your own images: set `DATASET` to a folder that has one folder of images for
# each class, and start again at [1 · Prepare the data](01_data_preparation.ipynb).
