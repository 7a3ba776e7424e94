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
# # 6 · Assemble a Vision Transformer
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/06_vit_model.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/06_vit_model.ipynb)
#
# **You will** put the layers of the last three notebooks together to a whole model, read its summary,
# count its parameters by hand, and find out what the choices of a well-known example cost.
#
# **You need** notebooks 3 to 5, or a rough idea of patches, tokens and attention; a little Keras.
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
# ## The whole model on one page
#
# You know all the parts by now: patches, tokens with a place, blocks with attention. A **Vision
# Transformer** (ViT) is these parts in a row, and a last step that turns tokens into an answer. First
# the map. `tiny` is the series' own small model; here it is for the dataset that you chose.

# %% tags=["nbval-check-output"]
import dataclasses
from itertools import pairwise
from time import perf_counter

import keras
from keras import layers

from vit_helpers import plot_bars
from vit_helpers.pictures.picture import COLOURS, Picture, bare, new_figure, styled

dataset = vit_helpers.load_dataset(DATASET)
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
(height, width), size, values = config.input_size, config.patch_size, config.projection_dim
tokens, classes = config.grid[0] * config.grid[1], config.num_classes
print(f"{height} × {width} pixels, {tokens} tokens of {values} values, {classes} classes")


# %% slideshow={"slide_type": "subslide"}
@styled
def draw_chain(steps, title, alt):
    """Boxes from top to bottom; a step is (box, the shape that leaves it, what it does)."""
    figure, ((axes,),) = new_figure(8, 0.72 * len(steps) + 0.3, title)
    bare(axes)
    axes.set(xlim=(0, 8), ylim=(0.6 - len(steps), 0.4))
    for i, (box, shape, what) in enumerate(steps):
        edge = {"boxstyle": "round,pad=0.45", "fc": "#E8F1F8", "ec": COLOURS[0]}
        axes.text(1.7, -i, box, ha="center", va="center", bbox=edge)
        axes.text(3.7, -i, what, va="center")
        if i + 1 < len(steps):
            axes.annotate("", (1.7, -i - 0.73), (1.7, -i - 0.25), arrowprops={"arrowstyle": "->"})
            axes.text(1.85, -i - 0.5, shape, va="center", color=COLOURS[0])
    return Picture(figure, alt)


# %% slideshow={"slide_type": "subslide"}
chain = [
    ("images", f"B × {height} × {width} × 3", "B images, values 0 ... 255"),
    ("Normalization", f"B × {height} × {width} × 3", "each colour: mean 0, deviation 1"),
    ("Patches", f"B × {tokens} × {size * size * 3}", "cut and flatten (notebook 3)"),
    ("PatchEncoder", f"B × {tokens} × {values}", "project, add the place (notebook 4)"),
    (f"{config.transformer_layers} × TransformerBlock", f"B × {tokens} × {values}",
     "attention, then an MLP (notebook 5)"),
    ("LayerNormalization", f"B × {tokens} × {values}", "bring all tokens to one scale"),
    ("mean over the tokens", f"B × {values}", "many tokens become one vector"),
    ("Dense", f"B × {classes}", "a score for each class"),
    ("logits", "", "the highest score is the answer"),
]  # fmt: skip
draw_chain(
    chain,
    "A Vision Transformer, from images to scores",
    "The model as a chain of boxes from images to logits, with the shape on each arrow between them",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Read it from top to bottom. The boxes are layers; on the arrows is the shape of what flows, with B
# for the number of images in a batch. At the start pixels become tokens; then the shape **stays the
# same through all blocks**; at the end the tokens become one answer. Since the shape stays, you can
# stack as many blocks as you like.
#
# The scores at the end are called **logits**: any numbers, positive or negative. A softmax would make
# probabilities of them; the loss does that for us.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Put it together
#
# Keras's functional API builds a model by calling layers on a stand-in for the data. No number flows
# yet: each call only works out the next shape. So we can print the shapes as we go, and compare them
# with the map.
#
# First the images. `Normalization` has to see training images once, to learn the mean and the
# deviation of each colour.

# %% tags=["nbval-check-output"]
keras.utils.set_random_seed(1)  # the same random weights in each run
some_images = dataset.x_train[:: max(1, len(dataset.x_train) // 5000)]
inputs = layers.Input((height, width, 3), name="images")
normalization = layers.Normalization(name="normalization")
normalization.adapt(some_images)
x = normalization(inputs)
print("images       ", inputs.shape)
print("Normalization", x.shape)

# %% [markdown]
# `None` is Keras's name for B: any number of images. Now patches, then tokens. The positions are
# waves (`sincos2d` of notebook 4), so they need no training.

# %% tags=["nbval-check-output"]
x = vit_helpers.Patches(size)(x)
print("Patches      ", x.shape)
x = vit_helpers.PatchEncoder(config.grid, values, position="sincos2d")(x)
print("PatchEncoder ", x.shape)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Then the blocks. Every block has its own weights. The work of notebook 5 shrinks to a loop.

# %% tags=["nbval-check-output"]
for number in range(1, config.transformer_layers + 1):
    key_dim = values // config.num_heads  # the heads share the width between them
    x = vit_helpers.TransformerBlock(config.num_heads, key_dim, mlp_units=(4 * values, values))(x)
    print("block", number, "     ", x.shape)

# %% [markdown]
# At last the **head**, the part that answers. A block *adds* to its tokens, and in the fresh blocks of
# notebook 5 they grew with each: one more normalization brings them back to one scale. Then the mean
# over all tokens, and one dense layer.

# %% tags=["nbval-check-output"]
x = layers.LayerNormalization(epsilon=1e-6)(x)
x = layers.GlobalAveragePooling1D()(x)
print("mean         ", x.shape)
logits = layers.Dense(classes)(x)
print("logits       ", logits.shape)
assembled = keras.Model(inputs, logits)

# %% [markdown]
# That is a Vision Transformer, in about a dozen lines.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The packaged model
#
# `create_vit_classifier` makes these same calls. Each of the small functions makes one part from the
# choices of the config: `_prepare` scales the images, `_block` makes a block, `_pool` picks one layer
# of three, and `_hidden` puts more layers into the head, where a config asks for them. `Linear` and
# `LayerNorm` are the package's own `Dense` and `LayerNormalization`:

# %%
vit_helpers.show_source(vit_helpers.create_vit_classifier)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Is it the same model? Each starts from its own random weights, so we copy ours into the packaged one
# and give both the same test images. (Normalization is special: it works out its factors in `adapt`,
# so that has to be called on this model too.)

# %% tags=["nbval-check-output"]
model = vit_helpers.create_vit_classifier(config)
model.get_layer("normalization").adapt(some_images)
model.set_weights(assembled.get_weights())
few = dataset.x_test[:8]
np.testing.assert_allclose(model(few), assembled(few), rtol=1e-4, atol=1e-5)
print("assembled and packaged give the same logits:", model(few).shape)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Read the summary
#
# Every Keras model prints a table of itself. It is the first thing to look at when a model surprises
# you: is the shape what you think? Where are the parameters?

# %% slideshow={"slide_type": "subslide"}
model.summary()

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three lines to check each time:
#
# - **Output shape**: the same chain as in the picture.
# - **Param #**: the numbers that a layer holds. `Patches` has none, it only moves pixels.
# - **Non-trainable**: what training leaves alone. Here these are the numbers of Normalization: a mean
#   and a variance for each colour, and one counter.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## One description for everything
#
# A model is decided by some twenty choices: sizes, counts, kinds. Scattered through a program they
# are easily mixed up. Here they are kept in one object, a `ViTConfig`, that can be printed, compared
# and saved:

# %% tags=["nbval-check-output"]
for field in dataclasses.fields(config):
    print(f"{field.name:20}", getattr(config, field.name))

# %% [markdown] slideshow={"slide_type": "subslide"}
# `None` means *the usual*: `key_dim` is the width divided by the number of heads, the MLP is 4 times
# as wide as a token. A config is frozen, so nobody can change it behind your back. To try something,
# make a changed copy with `dataclasses.replace`; `fit_to(dataset)` is such a copy too, with the image
# size and the number of classes of the data.

# %% tags=["nbval-check-output"]
deeper = dataclasses.replace(config, transformer_layers=8)
print("config:", config.transformer_layers, "blocks · deeper:", deeper.transformer_layers, "blocks")

# %% [markdown]
# A config checks itself when it is made. Take five heads: they cannot share the width evenly. You
# learn that now, and not from a strange error deep inside a layer:

# %% tags=["nbval-check-output"]
try:
    dataclasses.replace(config, num_heads=5)
except ValueError as error:
    print(error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What does it know before training?
#
# Before you train, ask the model. A new model knows nothing, so you know roughly what to expect:
#
# - accuracy near 1 / classes, as if it threw dice (where all classes are equally frequent);
# - loss near log(classes): that is the loss of a model that gives all classes the same probability.
#
# If a fresh model is far from that, look for a mistake; it is cheaper to find it now. How far is far?
# Dice vary too: with n throws the share of hits varies by about √(p (1 − p) / n) around p = 1 / classes.

# %%
evaluation = dataset.take(evaluation=vit_helpers.PROFILES[PROFILE].eval_images or 1000)
scores = model.predict(evaluation.x_test, batch_size=100, verbose=0)
crossentropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
loss = float(crossentropy(evaluation.y_test, scores))
accuracy = np.mean(scores.argmax(axis=1) == evaluation.y_test)
chance = 1 / classes
spread = np.sqrt(chance * (1 - chance) / len(scores))
print(f"{len(scores):,} test images")
print(f"accuracy {accuracy:.1%}, dice {chance:.1%} ± {spread:.1%}")
print(f"loss {loss:.2f}, log({classes}) = {np.log(classes):.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# This fresh model's loss lies a little above the logarithm. Its random weights do not give all classes
# the same probability: it has favourites. Which ones?

# %% slideshow={"slide_type": "subslide"}
named = np.bincount(scores.argmax(axis=1), minlength=classes) / len(scores)
true = np.bincount(evaluation.y_test, minlength=classes) / len(scores)
favourites = named.argsort()[::-1][:6]
plot_bars(
    {
        "named by the model": {dataset.class_names[i]: named[i] for i in favourites},
        "true": {dataset.class_names[i]: true[i] for i in favourites},
    },
    "The classes that an untrained model names most",
    "share of the test images",
    percent=True,
    alt="Bars: the untrained model names a few classes far more often than they are there",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Are the favourites what the loss pays for? Make them weaker and see: multiply all logits by a number
# below 1. Above 0 the order of the classes stays, and so does the accuracy; only the confidence goes.

# %%
for share in (1, 0.5, 0.25, 0):
    print(f"logits × {share:4}: loss {float(crossentropy(evaluation.y_test, share * scores)):.3f}")

# %% [markdown]
# It is: the weaker the favourites, the nearer the loss comes to the logarithm, and without any it is
# just that.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count the parameters by hand
#
# Counting is the best test of whether you understood a model. There are only two rules:
#
# - a dense layer has a weight for each pair of *in* and *out*, and a bias for each *out*;
# - a layer norm has two numbers for each value of a token: a scale and a shift.
#
# One block first. Attention is four dense layers (query, key, value, output), the MLP is two.


# %% tags=["nbval-check-output"]
def dense(values_in, values_out):
    """The parameters of a dense layer: weights, and biases."""
    return values_in * values_out + values_out


block = {
    "attention": 3 * dense(values, values) + dense(values, values),
    "MLP": dense(values, 4 * values) + dense(4 * values, values),
    "norms": 2 * (values + values),
}
for part, count in block.items():
    print(f"{part:10}{count:7,}")
assert sum(block.values()) == model.get_layer("block_1").count_params()
print(f"{'block':10}{sum(block.values()):7,}  and so says Keras")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now the whole model, for any config. `inside` is the number of heads times the width of a head; most
# often that is the width of a token again, but not always, as we shall see.


# %%
def count_by_hand(config):
    """{part of the model: its trainable parameters}, from nothing but the config."""
    width, blocks = config.projection_dim, config.transformer_layers
    class_token = config.pool == "token"
    tokens = config.grid[0] * config.grid[1] + class_token
    inside = config.num_heads * (config.key_dim or width // config.num_heads)
    features = tokens * width if config.pool == "flatten" else width
    head = (features, *config.mlp_head_units, config.num_classes)
    return {
        "projection": dense(config.patch_size**2 * 3, width),
        "positions": (tokens * (config.position == "learned") + class_token) * width,
        "attention": blocks * (3 * dense(width, inside) + dense(inside, width)),
        "MLP": blocks * sum(dense(a, b) for a, b in pairwise((width, *config.units))),
        "norms": (2 * blocks + 1) * 2 * width,
        "head": sum(dense(a, b) for a, b in pairwise(head)),
    }


# %% [markdown] slideshow={"slide_type": "subslide"}
# Each row of the table has the rule in words, our count, and what Keras holds in the layers of that
# kind. The class token, where there is one, counts as a position.

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
rules = {
    "projection": ("values of a patch → width", ("patch_encoder/projection",)),
    "positions": ("tokens × width if learned", ("position_embedding", "class_token")),
    "attention": ("blocks × (3 × width → inside, inside → width)", ("/attention/",)),
    "MLP": ("blocks × (width → 4 × width → width)", ("/mlp_",)),
    "norms": ("(2 × blocks + 1) × 2 × width", ("norm_1/", "norm_2/", "final_norm/")),
    "head": ("width → classes", ("logits/",)),
}
by_hand, rows = count_by_hand(config), []
for part, (rule, names) in rules.items():
    weights = [w for w in model.trainable_weights if any(name in w.path for name in names)]
    in_keras = sum(int(np.prod(w.shape)) for w in weights)
    assert in_keras == by_hand[part]
    rows.append((part, rule, f"{by_hand[part]:,}", f"{in_keras:,}"))
total, normalizing = sum(by_hand.values()), 2 * 3 + 1
assert total + normalizing == model.count_params()
rows.append(
    ("**all trainable**", "", f"**{total:,}**", f"**{model.count_params() - normalizing:,}**")
)
rows.append(("Normalization", "mean, variance, counter", f"{normalizing}", f"{normalizing}"))
vit_helpers.show_table(rows, ("part", "rule", "by hand", "Keras"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The standard sizes
#
# A count that fits one model may be luck. The authors of the Vision Transformer and those who
# followed published a family of sizes: Ti (tiny), S (small) and B (base), for images of 224 × 224
# pixels, patches of 16, a class token and 1,000 classes. Their numbers of parameters are known. Does
# our formula find them?

# %% tags=["nbval-check-output"]
published = {"ti16": 5_717_416, "s16": 22_050_664, "b16": 86_567_656}
rows = []
for name, expected in published.items():
    standard = vit_helpers.CONFIGS[name]
    count = sum(count_by_hand(standard).values())
    assert count == expected
    sizes = (standard.projection_dim, standard.transformer_layers, standard.num_heads)
    rows.append((name, *sizes, f"{count:,}", f"{expected:,}"))
vit_helpers.show_table(rows, ("size", "width", "blocks", "heads", "by hand", "known"))

# %% [markdown]
# To the last parameter. Two of the three were never built; the smallest we do build, to be sure that
# the package makes the standard model:

# %% tags=["nbval-check-output"]
standard = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["ti16"])
assert standard.count_params() == published["ti16"]
print(f"ti16, built: {standard.count_params():,} parameters")
del standard  # give the memory back

# %% [markdown] slideshow={"slide_type": "subslide"}
# And where are they?


# %% slideshow={"slide_type": "subslide"}
def shares(config):
    """{part: its share of the trainable parameters}."""
    counts = count_by_hand(config)
    return {part: count / sum(counts.values()) for part, count in counts.items()}


plot_bars(
    {
        "tiny, here": shares(config),
        "ti16": shares(vit_helpers.CONFIGS["ti16"]),
        "b16": shares(vit_helpers.CONFIGS["b16"]),
    },
    "Where the parameters are",
    "share of all trainable parameters",
    percent=True,
    alt="Bars: in all three sizes the MLPs hold most, attention about half as much, the rest little",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Two thirds to one third: the MLPs hold about twice as much as attention, in all three. The famous
# part is not the big one. (Count again, without biases: attention is 4 times width × width, the MLP is
# 8 times.)


# %% [markdown] slideshow={"slide_type": "slide"}
# ## From many tokens to one answer
#
# After the blocks there is a table of tokens, and the head wants one vector. There are three usual
# ways. In this picture an image has six tokens (squares); the diamond is a class token.


# %% slideshow={"slide_type": "subslide"}
@styled
def draw_pools():
    """Tokens above, features below, for each of the three ways."""
    figure, (panels,) = new_figure(8.4, 2.3, "Three ways from tokens to features", 1, 3)
    for axes, pool in zip(panels, ("mean", "token", "flatten"), strict=True):
        bare(axes, pool, 12)
        axes.set(xlim=(-0.7, 6.7), ylim=(-1.0, 1.6))
        for place in range(pool != "token", 7):
            goal = place if pool == "flatten" else 3.5 if pool == "mean" else 0
            used = pool != "token" or place == 0
            colour = COLOURS[1] if place == 0 else COLOURS[0] if used else "#BBBBBB"
            axes.plot(place, 1, "D" if place == 0 else "s", ms=14, color=colour)
            if used:
                arrow = {"arrowstyle": "->", "shrinkA": 9, "shrinkB": 9}
                axes.annotate("", (goal, 0), (place, 1), arrowprops=arrow)
                axes.plot(goal, 0, "D" if place == 0 else "s", ms=14, color=colour)
        axes.text(3.5, -0.6, {"mean": "1 vector, the mean of all", "token": "1 vector, one token's own",
                              "flatten": "all, end to end"}[pool], ha="center", va="center")  # fmt: skip
    alt = "mean: six tokens become one; token: one extra token is taken; flatten: all six are kept"
    return Picture(figure, alt)


draw_pools()

# %% [markdown] slideshow={"slide_type": "subslide"}
# - **mean**: the average of all tokens. Every patch has a say.
# - **token**: an extra token, the class token of notebook 4, listens in every block; it alone
#   answers. The original Vision Transformer does so.
# - **flatten**: all tokens in one long row. Nothing is averaged away, but the head needs a weight for
#   each value *of each place*.
#
# In arrays, each is one operation. We build a model for each way, do that operation by hand on its
# tokens, compare with its layer `pool`, and go on to its logits.

# %% tags=["nbval-check-output"]
pool_by_hand = {
    "mean": lambda t: t.mean(axis=1),
    "token": lambda t: t[:, 0],
    "flatten": lambda t: t.reshape(len(t), -1),
}
heads = {}
for pool, operation in pool_by_hand.items():
    changed = dataclasses.replace(config, pool=pool)
    other = vit_helpers.create_vit_classifier(changed)
    both = [other.get_layer(name).output for name in ("final_norm", "pool")]
    last_tokens, pooled = keras.Model(other.input, both)(few)
    features = operation(np.asarray(last_tokens))
    np.testing.assert_allclose(features, pooled, rtol=1e-4, atol=1e-5)
    weights, biases = other.get_layer("logits").get_weights()
    np.testing.assert_allclose(features @ weights + biases, other(few), rtol=1e-3, atol=1e-4)
    heads[pool] = count_by_hand(changed)["head"]
    assert heads[pool] == other.get_layer("logits").count_params()
    print(f"{pool:8}features {features.shape}, head of {heads[pool]:,} parameters")

# %% slideshow={"slide_type": "subslide"}
plot_bars(
    heads,
    "What the head needs",
    "parameters of the head",
    number="{:,.0f}",
    alt="Bars: the head after flatten has as many times more parameters as there are tokens",
)

# %% tags=["nbval-check-output"]
rest = sum(count_by_hand(config).values()) - heads["mean"]
print(f"flatten's head is {heads['flatten'] / rest:.1f} times all the rest of the model")

# %% [markdown]
# There is one more difference. Suppose the same tokens came out of the blocks at other places, all one
# place further. What would the features be? We can do that to the six tokens of the picture.

# %% tags=["nbval-check-output"]
six = np.random.default_rng(0).normal(size=(1, 6, 4))  # one image, six tokens of four values
moved = np.roll(six, 1, axis=1)
for pool in ("mean", "flatten"):
    operation = pool_by_hand[pool]
    print(f"{pool:8}same features: {np.allclose(operation(six), operation(moved))}")

# %% [markdown]
# The mean does not ask where a token stands; flatten does, and its head has other weights for each
# place. (The tokens of a real image do change when its shapes move: they hear from other neighbours, and
# their position is in them.)
#
# Why is **mean** the default here? Its head is as small as it can be, and no token has to be added. This
# notebook compares what the three ways *need*; which one answers best it does not measure. Others did:
# "Better plain ViT baselines" (arXiv 2205.01580) uses the mean too.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The model of the keras.io example
#
# Many people meet Vision Transformers in one tutorial: the keras.io example of 2021. The series holds
# its model as `CONFIGS["keras-io"]`. Here is every choice in which it differs from `tiny`, for images
# of 32 × 32 and 100 classes; where `tiny` says `None`, the table has the number that it stands for.

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
meaning = {
    "patch_size": "larger patches, but of a larger image: 12 × 12 = 144 tokens, not 64",
    "transformer_layers": "twice as many blocks",
    "key_dim": "the width of one head; see below",
    "transformer_units": "a narrower MLP",
    "mlp_head_units": "two large dense layers before the logits",
    "pool": "all tokens in one long row",
    "position": "a free vector for each place, to be learned",
    "attention_dropout": "some pairs of tokens are ignored at random in training",
    "dropout": "some values in the MLPs are set to 0 at random in training",
    "head_dropout": "the same in the head, half of all values",
    "gelu_last": "a GELU after the last layer of the MLP too",
    "resize_to": "images are enlarged to 72 × 72 first",
    "augmentation": "flip, turn and zoom inside the model, after enlarging",
}
example, tiny = vit_helpers.CONFIGS["keras-io"], vit_helpers.CONFIGS["tiny"]
tiny = dataclasses.replace(tiny, key_dim=16, transformer_units=(256, 64))
rows = []
for field in dataclasses.fields(example):
    ours, theirs = getattr(tiny, field.name), getattr(example, field.name)
    if ours != theirs:
        rows.append((f"`{field.name}`", ours, theirs, meaning[field.name]))
vit_helpers.show_table(rows, ("choice", "tiny", "keras-io", "what keras-io does"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What `key_dim` costs
#
# One line deserves a closer look. In a standard Transformer the heads *share* the width: 64 values
# and 4 heads make heads of 64 / 4 = 16. The example gives each head the full 64. A public issue of 2024
# on the example's repository is about this. No program reports it as an error: any `key_dim` fits. But
# it makes more work. How much more?

# %% tags=["nbval-check-output"]
wide = count_by_hand(example)["attention"]
usual = count_by_hand(dataclasses.replace(example, key_dim=16))["attention"]
print(f"attention with key_dim 16: {usual:,} parameters")
print(f"attention with key_dim 64: {wide:,} parameters, {wide / usual:.1f} times as many")

# %% [markdown]
# The arithmetic grows with it. Per image, a block multiplies in the dense layers of attention, between
# each pair of tokens (notebook 3 had both terms), and in its MLP:


# %% tags=["nbval-check-output"]
def multiplications(key_dim, tokens=144, width=64, heads=4, mlp=128):
    """Of one block and one image: (in attention, in the MLP)."""
    inside = heads * key_dim
    return 4 * tokens * width * inside + 2 * tokens**2 * inside, 2 * tokens * width * mlp


for key_dim in (16, 64):
    in_attention, in_mlp = multiplications(key_dim)
    print(f"key_dim {key_dim}: attention {in_attention / 1e6:.1f} M, MLP {in_mlp / 1e6:.1f} M")


# %% [markdown] slideshow={"slide_type": "subslide"}
# But nobody waits for multiplications; they wait for the clock. So we measure it: two blocks like those
# of the example, on batches of its 144 tokens, once with each `key_dim`. What counts is a whole training
# step, forward and back. The two take turns, and each pair of steps gives one ratio.


# %%
def two_blocks(key_dim):
    """Two blocks of the example without dropout, ready to train."""
    x = tokens_in = layers.Input((144, 64))
    for _ in range(2):
        x = vit_helpers.TransformerBlock(4, key_dim, (128, 64), gelu_last=True)(x)
    stack = keras.Model(tokens_in, x)
    stack.compile("sgd", "mse")
    return stack


# %%
stacks = {key_dim: two_blocks(key_dim) for key_dim in (16, 64)}
batch = np.random.default_rng(0).normal(size=(8, 144, 64)).astype("float32")
seconds = {16: [], 64: []}
for _ in range(5 if PROFILE == "smoke" else 23):
    for key_dim, stack in stacks.items():  # in turns, so that both meet the same disturbances
        started = perf_counter()
        stack.train_on_batch(batch, batch)
        seconds[key_dim].append(perf_counter() - started)
taken = {key_dim: np.array(times[3:]) for key_dim, times in seconds.items()}  # 3 to warm up
low, ratio, high = np.quantile(taken[64] / taken[16], [0.25, 0.5, 0.75])
for key_dim, times in taken.items():
    print(f"a training step with key_dim {key_dim}: {1000 * np.median(times):.0f} ms")
print(f"64 against 16: {ratio:.1f} times, half of the pairs between {low:.1f} and {high:.1f}")

# %% slideshow={"slide_type": "subslide"}
(attention_64, mlp), (attention_16, _) = multiplications(64), multiplications(16)
plot_bars(
    {
        "parameters of attention": wide / usual,
        "multiplications in attention": attention_64 / attention_16,
        "multiplications in a block": (attention_64 + mlp) / (attention_16 + mlp),
        "time of a training step, measured": ratio,
    },
    "key_dim 64: how many times as much as key_dim 16",
    "ratio (1 = the same)",
    number="{:.1f} ×",
    alt=f"Bars: 4 times the parameters and arithmetic of attention, {ratio:.1f} times the time",
)

# %% [markdown]
# Attention gets four times the parameters and four times the multiplications. A whole block gets less
# than that, since its MLP stays as it was (the third bar), and what you wait for is the last bar. Norms,
# softmax and the update are in it, and in none of the counts.
#
# Does the accuracy gain anything from the wider heads? That would take long training with several
# seeds, and is not measured here.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Where its parameters sit
#
# Attention is not even the largest item of that model:

# %% tags=["nbval-check-output"]
counts = count_by_hand(example)
assert sum(counts.values()) == 21_759_012  # what Keras counts in the example's own code
for part, count in counts.items():
    print(f"{part:12}{count:12,}{count / sum(counts.values()):8.1%}")

# %% slideshow={"slide_type": "subslide"}
plot_bars(
    {"tiny": shares(tiny), "keras-io": shares(example)},
    "Where the parameters are: tiny and keras-io",
    "share of all trainable parameters",
    percent=True,
    alt="Bars: nearly all parameters of keras-io are in its head, those of tiny in attention and MLPs",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The head holds nearly everything: flatten puts 144 tokens of 64 values in a row, and a dense layer of
# 2,048 comes on top. Counted in parameters, the Transformer is a small front end to a very large
# classifier. Change just the head, then `key_dim` too:

# %% tags=["nbval-check-output"]
small_head = dataclasses.replace(example, pool="mean", mlp_head_units=())
slim = dataclasses.replace(small_head, key_dim=16)
for name, changed in (
    ("as it is", example),
    ("with mean and one dense layer", small_head),
    ("and with key_dim 16", slim),
):
    print(f"{name:30}{sum(count_by_hand(changed).values()):12,}")

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline", "nbval-check-output"]
print(f"{total:,} parameters here, {sum(counts.values()):,} in the keras.io example")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A Vision Transformer is patches, tokens, blocks and a head; between the blocks the shape stays the
#   same.
# - One config describes a model, checks itself, and gives the number of parameters without building
#   anything.
# - A fresh model is about as good as dice, and its loss lies near log(classes), a little above it where
#   it has favourites. Check that first.
# - In the standard sizes the MLPs hold twice as much as attention. A head after flatten can outweigh
#   all blocks.
# - With 4 heads, a `key_dim` of the full width means four times the parameters and multiplications in
#   attention. How much longer a step takes, only the clock says. No error tells you.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_06_vit_model.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. Halve `patch_size`. Which rows of the parameter table change with mean pooling, and which with
#    flatten? Check with `count_by_hand`.
# 2. How many parameters does `tiny` have with twice the width? Guess first: twice, or four times?
# 3. A fresh model with 100 classes shows a loss of 9.2. What would you look at?
# 4. `dataclasses.replace(config, num_heads=8)`: does the number of parameters change? Why?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [7 · Train it](07_training.ipynb): the model learns, and we take parts away to see what each one
# is worth.
