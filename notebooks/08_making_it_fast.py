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
# **Time on two cores:** three minutes to run, twenty-five minutes to read.

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
# It is easy to guess wrongly why a program is slow. So we measure first. One training step does
# four things: it takes a batch of images and augments it, computes the answers (*forward*),
# computes for each number of the model in which direction to move it (*backward*), and moves it
# (*update*).

# %%
import time
from dataclasses import replace
from functools import partial

import jax
import keras
from IPython.utils.capture import capture_output

from vit_helpers import make_augmentation, plot_bars, plot_images, plot_lines, training_speed

profile = vit_helpers.PROFILES[PROFILE]
dataset = vit_helpers.load_dataset(DATASET).take(profile.train_images or 6000, 2000)
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
recipe = vit_helpers.RECIPES["default"]
images, labels = dataset.x_train[: recipe.batch_size], dataset.y_train[: recipe.batch_size]

# %% [markdown] slideshow={"slide_type": "subslide"}
# Other programs disturb a clock. So whatever we compare takes turns, round after round. The first round
# compiles and does not count; of the others we take the median.


# %%
def in_turn(calls, repeats=3 if PROFILE == "smoke" else 9):
    """{name: milliseconds in each round} of functions {name: call}."""
    times = {name: [] for name in calls}
    for _ in range(1 + repeats):
        for name, call in calls.items():
            started = time.perf_counter()
            jax.block_until_ready(call())
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: np.array(rounds[1:]) for name, rounds in times.items()}


def plot_times(times, title):
    """The median of each, and as a black line the middle half of its rounds."""
    low, middle, high = (
        {name: np.percentile(rounds, q) for name, rounds in times.items()} for q in (25, 50, 75)
    )
    alt = "; ".join(f"{name}: {value:.1f} milliseconds" for name, value in middle.items())
    picture = plot_bars(middle, title, "milliseconds", number="{:.1f}", alt=alt)
    for place, name in enumerate(times):
        picture.figure.axes[0].plot([low[name], high[name]], 2 * [place + 0.28], "k", lw=2)
    return picture


# %% [markdown] slideshow={"slide_type": "subslide"}
# JAX runs what it *compiles*: a function of arrays becomes one program for this processor. So we need
# forward, backward and update as functions of arrays. Keras gives them through `stateless_call` and
# `stateless_apply`. Backward needs what forward computed, so the two can only be measured together:
# backward is what remains.


# %%
def loss_of(config):
    """The weights of a fresh model, and its loss as a function of them."""
    model = vit_helpers.create_vit_classifier(config)
    weights = [weight.value for weight in model.trainable_variables]
    fixed = [weight.value for weight in model.non_trainable_variables]

    def loss(weights, images, labels):
        logits, _ = model.stateless_call(weights, fixed, images, training=True)
        return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True).mean()

    return model, weights, loss


model, weights, loss = loss_of(config)
forward, both = jax.jit(loss), jax.jit(jax.grad(loss))
optimizer = vit_helpers.training.recipes.make_optimizer(recipe, steps=1000)
optimizer.build(model.trainable_variables)
state = [variable.value for variable in optimizer.variables]
gradients = both(weights, images, labels)
update, augment = jax.jit(optimizer.stateless_apply), make_augmentation(recipe.augmentation)

# %% slideshow={"slide_type": "subslide"}
parts = in_turn(
    {
        "augment": lambda: augment(images, training=True),
        "forward": lambda: forward(weights, images, labels),
        "forward and backward": lambda: both(weights, images, labels),
        "update": lambda: update(state, gradients, weights),
    }
)
parts["backward"] = parts.pop("forward and backward") - parts["forward"]
parts["update"] = parts.pop("update")
plot_times(parts, f"Where a training step of {len(images)} images spends its time")

# %%
median = {name: np.median(rounds) for name, rounds in parts.items()}
plain = training_speed(config, recipe, steps_per_execution=1, calls=20, devices=1).images_per_second
print(f"all parts together: {sum(median.values()):.0f} ms")
print(f"a whole plain step: {1000 * recipe.batch_size / plain:.0f} ms")
print(f"backward takes {median['backward'] / median['forward']:.1f} times forward")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Forward and backward are nearly all of a step; to augment (here: to mirror) and to update is short.
# Parts that were measured one by one need not add up exactly to the whole.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What backward does
#
# A Transformer is made mostly of linear layers: y = x W. Backward gets dy: how the loss changes
# with each value of y. It must find two things, and each is one matrix product:
#
# - dx = dy Wᵀ, how the loss changes with the *input*. It goes on to the layer before;
# - dW = xᵀ dy, how the loss changes with the *weights*. It goes to the update.
#
# Let us do it by hand, and compare with what JAX finds:

# %% tags=["nbval-check-output"]
random = np.random.default_rng(0)
x, W, dy = (random.normal(size=size) for size in ((4096, 64), (64, 256), (4096, 256)))
dx, dW = dy @ W.T, x.T @ dy

_, backward = jax.vjp(lambda x, W: x @ W, x.astype("float32"), W.astype("float32"))
for mine, theirs in zip((dx, dW), backward(dy.astype("float32")), strict=True):
    np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-2)
print("by hand and JAX agree")
print(f"y  = x W    {len(x)} × 64 × 256 multiplications")
print(f"dx = dy Wᵀ  {len(x)} × 256 × 64")
print(f"dW = xᵀ dy  64 × {len(x)} × 256")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three products of the same size: one in forward, two in backward. So backward should be *twice*
# forward. JAX can count the arithmetic of the whole model. Here is the count beside the clock:


# %%
def arithmetic(config):
    """How many operations forward takes, and forward with backward, for one batch."""
    _, weights, loss = loss_of(config)
    programs = (jax.jit(loss), jax.jit(jax.grad(loss)))
    return [p.lower(weights, images, labels).cost_analysis()["flops"] for p in programs]


count_forward, count_both = arithmetic(config)
counted = count_forward / count_both
measured = median["forward"] / (median["forward"] + median["backward"])
plot_bars(
    {
        "arithmetic, counted": {"forward": counted, "backward": 1 - counted},
        "time, measured": {"forward": measured, "backward": 1 - measured},
    },
    "Forward and backward",
    "share of both together",
    percent=True,
    alt=f"Backward is {1 - counted:.0%} of the arithmetic and {1 - measured:.0%} of the time",
)

# %% tags=["nbval-check-output"]
print(f"arithmetic: backward takes {count_both / count_forward - 1:.1f} times forward")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Where time and count are far apart, look closer: something else than arithmetic takes the time.
# One such thing is *how* a product is asked for. dW can be computed as xᵀ dy or as (dyᵀ x)ᵀ: the
# same numbers and the same count, but another program. These are the lines of the helpers:

# %%
from vit_helpers.model import fast

vit_helpers.show_source(fast.linear_backward)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Does it matter? We take the rule out and let JAX use its own:

# %%
as_ours = fast.linear
fast.linear = lambda x, kernel: x @ kernel
try:
    by_jax = jax.jit(lambda *arguments: jax.grad(loss)(*arguments))
    by_jax = by_jax.lower(weights, images, labels).compile()
finally:
    fast.linear = as_ours
rules = in_turn(
    {
        "JAX's own rule": lambda: by_jax(weights, images, labels),
        "the rule above": lambda: both(weights, images, labels),
    }
)
plot_times(rules, f"Forward and backward of {len(images)} images, with two rules")

# %% [markdown]
# If the black lines overlap, the two cannot be told apart by this measurement.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 and 2: many steps in one call, and all cores at work
#
# Two costs do not show in the count. Each call of a compiled program has a price of its own. And
# the cores may not all be busy. To see how many are, compare two clocks: two cores that work for
# one second make two seconds of *processor time*.
#
# To JAX a processor is one device. The helpers tell it that each core is one (up to four), so that each
# can take its part of a batch. Here are forward and backward in both ways:

# %%
from jax.sharding import Mesh, NamedSharding, PartitionSpec

mesh = Mesh(jax.devices(), ("batch",))
everywhere, in_parts = (NamedSharding(mesh, PartitionSpec(*axis)) for axis in ((), ("batch",)))
inputs = {
    "one device": (weights, images, labels),
    "every core a device": (
        jax.device_put(weights, everywhere),
        *jax.device_put((images, labels), in_parts),
    ),
}
rows = []
for name, arguments in inputs.items():
    jax.block_until_ready(both(*arguments))  # compiles
    clock, processor = time.perf_counter(), time.process_time()
    for _ in range(15):
        jax.block_until_ready(both(*arguments))
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    rows.append([name, f"{1000 * clock / 15:.0f}", f"{processor / clock:.2f}"])
vit_helpers.show_table(rows, ["forward and backward on", "milliseconds", "cores busy"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# Sharing a batch can only put to work the cores that were *not* busy. If nearly all were busy on one
# device, expect little.
#
# `run_experiment` shares each batch among the devices. It also hands over a *stack* of batches, and
# one call makes a step with each of them. This is what both bring to whole training steps:

# %% slideshow={"slide_type": "subslide"}
each, calls = (2, 1) if PROFILE == "smoke" else (13, 3)
work = {"steps_per_execution": each, "calls": calls}
stacked = training_speed(config, recipe, devices=1, **work).images_per_second
shared = training_speed(config, recipe, **work).images_per_second
speeds = {
    "one step a call, one device": plain,
    f"{each} steps a call, one device": stacked,
    f"{each} steps a call, {jax.device_count()} device(s)": shared,
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
# round, rotation and zoom work on a fifth of the pixels. How much does the swap bring? That depends
# on how many images come in one call:

# %%
enlarge, turn = keras.layers.Resizing(72, 72), make_augmentation("keras-io")
counts = [8, 32, 128]
order = {"enlarge, then augment": [], "augment, then enlarge": []}
for count in counts:
    batch = dataset.x_train[np.resize(np.arange(len(dataset.x_train)), count)]
    times = in_turn(
        {
            "enlarge, then augment": lambda x=batch: turn(enlarge(x), training=True),
            "augment, then enlarge": lambda x=batch: enlarge(turn(x, training=True)),
        }
    )
    for name, rounds in times.items():
        order[name].append(np.median(rounds))

# %% slideshow={"slide_type": "subslide"}
slow_order, fast_order = (np.array(each) for each in order.values())
gains = dict(zip([f"{count} images" for count in counts], slow_order / fast_order, strict=True))
plot_bars(
    gains,
    "Flip, turn, zoom and enlarge: what the swap brings",
    "times as fast when augmented first",
    number="{:.1f} ×",
    alt="; ".join(f"{name}: {gain:.1f} times as fast" for name, gain in gains.items()),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each call has a price that does not depend on the number of images, and both orders pay it. In a
# small call it hides the gain, in a large one the gain shows. So one speed-up is never the whole
# story: say how large the batch was. Notebook 2 measures the same swap with 128 images.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4: dropout's random numbers
#
# **Dropout** sets random values to zero in training. On the attention weights of a block that means
# one random number for each pair of tokens, head and image. What do these cost? Below is the
# attention of one block, without dropout, with that of Keras, and with that of the helpers, which
# uses 8 random bits for each value instead of 32.

# %% slideshow={"slide_type": "subslide"}
heads, count = config.num_heads, config.grid[0] * config.grid[1]
queries = np.random.default_rng(0).normal(size=(64, heads, count, 16)).astype("float32")


def attend(drop, x, key):
    weights = jax.nn.softmax(x @ x.swapaxes(-1, -2) / 4)
    return (weights if drop is None else drop(weights, key)) @ x


def keras_drop(x, key):
    return keras.random.dropout(x, 0.1, seed=key)


def our_drop(x, key):
    return fast.Dropout.of(x, 0.1, key)


key = jax.random.key_data(jax.random.key(0))
drops = {"no dropout": None, "with Keras's dropout": keras_drop, "with ours": our_drop}
dropouts = in_turn(
    {name: partial(jax.jit(partial(attend, drop)), queries, key) for name, drop in drops.items()}
)

# %% slideshow={"slide_type": "subslide"}
plot_times(dropouts, "The attention of one block, forward, 64 images")

# %% [markdown]
# The cheapest dropout is none. Our own recipes use none, not even the longest at the end of this
# notebook. Whether it would make their answers better was not measured here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5: the width of a head
#
# A head compares queries and keys of `key_dim` values. Usually that is the width of a token divided
# by the number of heads. The keras.io example takes the whole width for each head. How many numbers
# does that add, and how much arithmetic?

# %% tags=["nbval-check-output"]
wide = replace(config, key_dim=config.projection_dim)
for name, one in (("width / heads", config), ("full width", wide)):
    size = vit_helpers.create_vit_classifier(one).count_params()
    width = one.key_dim or one.projection_dim // one.num_heads
    print(f"{name:13} key_dim {width}, {size:7,} numbers")
print(f"arithmetic of a step: {arithmetic(wide)[1] / count_both:.1f} times as much")

# %% [markdown]
# The attention has four times the work, the rest of the model just as much as before. That is
# arithmetic. And the clock?

# %%
slow = training_speed(wide, recipe, **work).images_per_second
vit_helpers.show_table(
    [["full width", f"{slow:.0f}"], ["width / heads", f"{shared:.0f}"]], ["a head has", "images/s"]
)

# %% [markdown]
# We measured the price only. Which of the two answers better was not measured here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6: compile once
#
# The first call of a program takes much longer than the next, because it is compiled. So does the
# first call with another *shape*: a last batch that is a little smaller is a new program. Watch the
# third line. (The time of day in the loss makes this a program that your machine has certainly not
# compiled before.)

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
# Not into the model. dW = xᵀ dy needs x, so each layer must keep what came into it, for *each image
# of the batch*, until backward comes. The compiler knows before the first step how much that is.

# %% slideshow={"slide_type": "subslide"}
sizes = [16, 32, 64, 128]
needs = []
for size in sizes:
    batch = np.zeros((size, *images.shape[1:]), np.uint8), np.zeros(size, np.int32)
    needs.append(both.lower(weights, *batch).compile().memory_analysis().temp_size_in_bytes / 1e6)
of_weights = sum(weight.nbytes for weight in weights) / 1e6
plot_lines(
    sizes,
    {"forward and backward": needs, "all weights of the model": [of_weights] * len(sizes)},
    "Memory of one training step",
    "images in a batch",
    "megabytes (millions of bytes)",
    alt=f"From {needs[0]:.0f} to {needs[-1]:.0f} megabytes; the weights are {of_weights:.1f}",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Twice the batch, about twice the memory; the weights hardly show. If memory is short, make the batch
# smaller. What does that cost?

# %%
few_images = replace(recipe, batch_size=recipe.batch_size // 4)
quarter = training_speed(config, few_images, **work)
vit_helpers.show_table(
    [
        [recipe.batch_size, f"{shared:.0f}"],
        [recipe.batch_size // 4, f"{quarter.images_per_second:.0f}"],
    ],
    ["images in a batch", "images/s"],
)

# %% [markdown]
# That is the speed alone. A smaller batch also makes more and noisier steps, so it is another
# recipe: it learns differently.
#
# The table of your machine in notebook 0 says whether *huge pages* are on: the operating system then
# hands out memory in pieces of 2 MB instead of 4 KB (Linux only). The `make` commands and the kernel
# that they install ask for them. A process gets them at its start or never, so we do not measure them
# here; nothing needs them.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Fewer steps beat faster steps
#
# All of this makes a step cheaper. One can also try to need fewer of them. **Muon** is an optimizer
# for matrices. AdamW looks at each number of a gradient alone. Muon looks at the whole matrix as a
# sum of directions, each with a strength (a *singular value*), and makes the strengths nearly
# equal. Five rounds of a short formula are enough (K. Jordan and others, 2024):


# %%
def even_out(gradient):
    """The same directions as in `gradient`, with strengths near 1."""
    x = gradient / np.linalg.norm(gradient)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (2.0315 * square @ square - 4.775 * square) @ x
    return x


paths = [weight.path for weight in model.trainable_variables]
gradient = np.asarray(gradients[paths.index("block_1/mlp_1/kernel")])
strengths = {
    name: np.linalg.svd(matrix, compute_uv=False)
    for name, matrix in (("gradient", gradient), ("after Muon", even_out(gradient)))
}

# %% slideshow={"slide_type": "subslide"}
picture = plot_lines(
    np.arange(1, len(gradient) + 1),
    {name: values / values[0] for name, values in strengths.items()},
    f"The {len(gradient)} directions of one gradient, {gradient.shape[0]} × {gradient.shape[1]}",
    "direction, strongest first",
    "strength, the largest is 1",
    alt="The strength of the gradient falls to almost nothing at once; after Muon it stays high long",
)
for line in picture.figure.axes[0].lines:
    line.set_marker("")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# In the gradient a few directions are strong, and the rest are nearly lost. After Muon many count about
# alike. Those that were almost zero stay small.
#
# Does that help? And there is one more thing in the recipes to come: a **margin**. With it, a patch
# also sees some pixels beyond its edges, which it then shares with its neighbours:

# %% slideshow={"slide_type": "subslide"}
margin, size = 2, config.patch_size
row, column = config.grid[0] // 2, config.grid[1] // 2
place = row * config.grid[1] + column
own = vit_helpers.Patches(size)(dataset.x_test[:200] / 1.0)[:, place]
near = vit_helpers.Patches(size, margin)(dataset.x_test[:200] / 1.0)[:, place]
pick = int((near.std(axis=1) - own.std(axis=1)).argmax())  # plain itself, with much around it
side = size + 2 * margin

# %% slideshow={"slide_type": "subslide"}
picture = plot_images(
    [
        dataset.x_test[pick],
        np.reshape(own[pick], (size, size, 3)),
        np.reshape(near[pick], (side, side, 3)),
    ],
    ["image", f"no margin: {size} × {size}", f"margin {margin}: {side} × {side}"],
    title="What one patch sees",
    alt="An image with one patch framed; the patch alone; the patch with two pixels more each side",
    size=2.0,
)
for wide_by, style in ((0, "-"), (margin, "--")):
    low = np.array([column, row]) * size - wide_by - 0.5
    high = low + size + 2 * wide_by
    xs, ys = zip(low, (high[0], low[1]), high, (low[0], high[1]), low, strict=True)
    picture.figure.axes[0].plot(xs, ys, "white", lw=4)
    picture.figure.axes[0].plot(xs, ys, "black", lw=1.5, ls=style)
picture

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Does it help? Three ways, three seeds
#
# AdamW, Muon, and Muon with a margin: each trains three fresh models, with the seeds 0, 1 and 2,
# for one pass over the same few images. AdamW gets a learning rate of its own, 0.003. With one seed, all
# three ways see the same images in the same order, so we compare them seed by seed.

# %% slideshow={"slide_type": "subslide"}
ways = {
    "AdamW": (config, replace(recipe, optimizer="adamw", learning_rate=3e-3)),
    "Muon": (config, recipe),
    "Muon, margin": (replace(config, margin=margin), recipe),
}
seeds = range(1 if PROFILE == "smoke" else 3)
few = dataset.take(6000, 2000)
learned = {name: [] for name in ways}
for seed in seeds:
    for name, (how, with_recipe) in ways.items():
        fresh_model = vit_helpers.create_vit_classifier(how, seed=seed)
        with capture_output():  # nine live pictures would be too many
            one = vit_helpers.run_experiment(
                fresh_model, few, PROFILE, with_recipe, epochs=1, seed=seed
            )
        learned[name].append(one.history["val_loss"][-1])

# %% slideshow={"slide_type": "subslide"}
rows = [[name, *(f"{value:.2f}" for value in values)] for name, values in learned.items()]
for better, base in (("Muon", "AdamW"), ("Muon, margin", "Muon")):
    gain = np.array(learned[base]) - np.array(learned[better])
    rows.append([f"**{better}: less than {base} by**", *(f"{value:+.2f}" for value in gain)])
    error = gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
    print(f"{better}: less than {base} by {gain.mean():.2f}, standard error {error:.2f}")
header = [f"validation loss, {len(few.x_train):,} images", *(f"seed {seed}" for seed in seeds)]
vit_helpers.show_table(rows, header)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In our runs on Shapes-100, Muon came out ahead of AdamW with each seed. How far ahead differs from
# seed to seed: compare the mean difference with its standard error. The margin did not help here:
# with it, the loss was higher.
#
# What this does not show: which is ahead after a long training, or on photographs, or at other
# learning rates; notebook 10 has more. The recipes below use Muon and a margin, too. They were chosen
# beforehand on the validation images of CIFAR-10: photographs, and minutes of training instead of
# seconds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to do with 5, 20 or 60 minutes
#
# For photographs such as CIFAR-10, this is what we recommend on two cores, and what the README reports
# the accuracy of.

# %% tags=["nbval-check-output"]
for minutes, budget in vit_helpers.BUDGETS.items():
    vit, how = budget.config, budget.recipe
    print(
        f"{minutes:2} minutes: {vit.transformer_layers} blocks of width {vit.projection_dim}, "
        f"margin {vit.margin}, {how.optimizer}, {how.augmentation}, {budget.epochs} epochs"
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
# The six changes in one table. Mind the second column: a part that gets twice as fast does not make a
# whole step twice as fast.

# %%
coins = {name: np.median(rounds) for name, rounds in dropouts.items()}
rows = [
    ["many steps in one call", "a training step", 1 / plain, 1 / stacked],
    ["every core a device", "a training step", 1 / stacked, 1 / shared],
    ["augment before enlarging", f"augmenting {counts[-1]} images", slow_order[-1], fast_order[-1]],
    ["fewer random bits", "one attention", coins["with Keras's dropout"], coins["with ours"]],
    ["heads of width / heads", "a training step", 1 / slow, 1 / shared],
    ["compile once", "a call", *list(waits.values())[:2]],
]
vit_helpers.show_table(
    [[what, of, f"{before / after:,.1f} ×"] for what, of, before, after in rows],
    ["change", "measured on", "as fast as before, here"],
)

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
print(f"training: {plain:.0f} images/s as a plain step, {shared:.0f} stacked and on every core")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Measure first. Forward and backward are nearly all of a step, and backward has twice the
#   arithmetic of forward.
# - A speed-up belongs to what was measured: this machine, this batch, this part of a step.
# - Memory goes into what is kept for each image, not into the weights.
# - An optimizer that needs fewer steps can be worth more than a faster step. Compare with several
#   seeds.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# 1. You saw a batch of 16 beside one of 64. Before you run it: what will a batch of 256 bring, with
#    `training_speed(config, replace(recipe, batch_size=256))`, and what will it cost in memory?
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
