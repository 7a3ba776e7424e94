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
# # 2 · Augment the data
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/02_data_augmentation.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/02_data_augmentation.ipynb)
#
# **You will** change images without changing their labels, see what such a change claims, find a
# claim that is false, and measure what augmentation costs in time.
#
# **You need** NumPy's slicing; the classes of Shapes-100 from notebook 1 help.
#
# **Time on two cores:** half a minute to run, twenty minutes to read.

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
# ## Why change images?
#
# A model sees the same training images again and again, in rounds that are called **epochs**. After
# some epochs it can begin to learn the images by heart, like a pupil who knows the answers of the
# exercise book and not the subject. More images would help, but someone has to collect and label
# them.
#
# **Augmentation** is the cheap way out. Every time an image is used, it is changed a little at
# random: mirrored, moved, turned, enlarged. The label is kept. Here is one image as a model would get
# it in eight epochs:

# %% slideshow={"slide_type": "subslide"}
from vit_helpers import (
    AUGMENTATIONS,
    make_augmentation,
    plot_bars,
    plot_images,
    plot_lines,
    plot_maps,
)

dataset = vit_helpers.load_dataset(DATASET)
pick = 14 % len(dataset.x_train)  # any training image will do
image = dataset.x_train[pick]
copies = np.stack([image] * 8)
plot_images(
    [image, *np.asarray(make_augmentation("keras-io")(copies, training=True))],
    ["original", *(f"epoch {i}" for i in range(1, 9))],
    columns=9,
    title="One image in eight epochs",
    alt="An image and eight versions of it, mirrored, turned and zoomed at random",
    size=0.85,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## By hand: mirror and move
#
# To mirror an image is to read its columns backwards. To move it down and to the right by two
# pixels, let the first row and the first column fill the gap, and cut off what stands out at the
# other end:

# %%
mirrored = image[:, ::-1]
wider = np.pad(image, ((2, 0), (2, 0), (0, 0)), mode="edge")
moved = wider[: image.shape[0], : image.shape[1]]
plot_images(
    [image, mirrored, moved],
    ["original", "mirrored", "moved by two pixels"],
    title="Two changes by hand",
    alt="An image, its mirror image, and the same moved by two pixels",
    size=1.8,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Keras has layers for both. `RandomFlip` throws a coin for each image: heads, it is mirrored;
# tails, it stays. `RandomTranslation` gets shares of the image's side. Here we leave it no choice,
# so that we can compare.

# %% tags=["nbval-check-output"]
import keras

coin = np.asarray(make_augmentation("flip")(np.stack([image] * 100), training=True))
heads = sum(np.array_equal(one, mirrored) for one in coin)
tails = sum(np.array_equal(one, image) for one in coin)
assert min(heads, tails) > 0
print(f"mirrored or as it was: {heads + tails} of {len(coin)}")

# %% tags=["nbval-check-output"]
down, right = 2 / image.shape[0], 2 / image.shape[1]
shift = keras.layers.RandomTranslation((down, down), (right, right), fill_mode="nearest")
np.testing.assert_allclose(shift(image[None], training=True)[0], moved, atol=0.01)
print("by hand and by the layer: the same", moved.shape)

# %% [markdown]
# Turning and zooming are no different in kind, but new pixels then fall *between* old ones and have
# to be mixed from their neighbours. What that costs we will soon measure.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The packaged augmentations
#
# The series has four such layers (mirror, move, turn, zoom) and names for useful sets of them.
# `AUGMENTATIONS` has the functions that make the layers of each set:

# %%
vit_helpers.show_source(make_augmentation)

# %% [markdown] slideshow={"slide_type": "subslide"}
# First each layer alone, before and after. To see it at work, we let it draw eight times from the
# same image.

# %% slideshow={"slide_type": "subslide"}
layers = {
    "mirror": make_augmentation("flip").layers[0],
    "move": make_augmentation("flip-shift").layers[1],
    "turn": make_augmentation("keras-io").layers[1],
    "zoom": make_augmentation("keras-io").layers[2],
}
grid = [[image, *np.asarray(layer(copies, training=True))] for layer in layers.values()]
plot_images(
    np.concatenate(grid),
    ["before", *["after"] * 8] + [""] * 9 * (len(layers) - 1),
    columns=9,
    row_names=list(layers),
    title="Each layer alone",
    alt="One image, and eight results each of mirroring, moving, turning and zooming it",
    size=0.8,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# And now the sets, each on the same eight images:

# %% slideshow={"slide_type": "subslide"}
some = np.random.default_rng(2).permutation(len(dataset.x_train))[:8]
before = dataset.x_train[some]
rows = {"before": before}
for name in AUGMENTATIONS:
    if name != "none":
        rows[name] = np.asarray(make_augmentation(name)(before, training=True))
plot_images(
    np.concatenate(list(rows.values())),
    columns=len(before),
    row_names=list(rows),
    title="Eight images before and after each augmentation",
    alt="Eight images as they are, below them mirrored, moved, or turned and zoomed as well",
    size=0.8,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Look closely at the last row. Zooming draws height and width apart, so images are stretched as
# well. Where a turned or shrunken image leaves a gap at the border, Keras fills it with a mirror
# image of what lies inside. Has something important left the image? Then the augmentation is too
# strong.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What an augmentation claims
#
# The label stays: that is easily said, but is it true? **An augmentation is a claim about labels.**
# To mirror images is to say: "left and right make no difference for the class." The model believes
# every claim, because it is trained with it. So you had better check.
#
# Here is a claim that is false on Shapes-100: "up and down make no difference." The Keras layer for
# it is again `RandomFlip`, which reads the rows backwards for about half of the images:

# %% tags=["nbval-check-output"]
vertical = keras.layers.RandomFlip("vertical", seed=0)
coin = np.asarray(vertical(np.stack([image] * 100), training=True))
heads = sum(np.array_equal(one, image[::-1]) for one in coin)
tails = sum(np.array_equal(one, image) for one in coin)
print(f"upside down or as it was: {heads + tails} of {len(coin)}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# What is the *true* class of an image after that?

# %% slideshow={"slide_type": "subslide"}
partners = {
    "places: top": "places: bottom",
    "openings: top": "openings: bottom",
    "pairs: disc-above": "pairs: cross-above",
    "dot trios: peak": "dot trios: valley",
    "colour trios: top": "colour trios: bottom",
}
known = [name for name in partners if name in dataset.class_names]
known = known or list(dataset.class_names[:5])
labels = [dataset.class_names.index(name) for name in known]
upright = np.stack([dataset.x_val[dataset.y_val == label][0] for label in labels])
plot_images(
    np.concatenate([upright, upright[:, ::-1]]),
    known + [partners.get(name, f"{name}?") for name in known],
    columns=len(known),
    row_names=["before", "upside down"],
    title="Upside down: is the label still true?",
    alt="Five images, and below them the same upside down, each with its class",
    size=1.35,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Above each image stands its true class. On Shapes-100 the upside-down images look perfectly
# normal, but they are images of *another* class. With photographs it is different: a cat upside
# down is still a cat. There the claim is not false; whether it helps is another question.


# %% [markdown] slideshow={"slide_type": "slide"}
# ## What a false claim does
#
# Let us make a very small learner and lie to it. It only learns *where* something is in the images
# of a class: for each pixel, how much it usually stands out from the rest of the image. Then it
# gives an image the class whose map fits best. It learns three times: from the images as they are,
# with their mirror images added, and with upside-down images added.


# %%
def where(images):
    """How much each pixel stands out from the usual grey of its image: (N, H, W), of length 1."""
    grey = images.mean(axis=3)
    away = np.abs(grey - np.median(grey, axis=(1, 2), keepdims=True))
    return away / np.maximum(np.linalg.norm(away, axis=(1, 2), keepdims=True), 1e-9)


def learn(label, add):
    """The map of a class; `add` makes more images out of those that there are."""
    images = dataset.x_train[dataset.y_train == label][:400]
    total = where(np.concatenate([images, *add(images)])).mean(axis=0)
    return total / max(np.linalg.norm(total), 1e-9)


claims = {
    "as they are": lambda images: [],
    "mirrored too": lambda images: [images[:, :, ::-1]],
    "upside down too": lambda images: [images[:, ::-1]],
}

# %% [markdown] slideshow={"slide_type": "subslide"}
# On Shapes-100 we use the family of the first class above, elsewhere the first few classes.

# %% slideshow={"slide_type": "subslide"}
family = dataset.families[labels[0]]
group = [label for label, name in enumerate(dataset.families) if name == family]
group = group if len(group) > 1 else labels
maps = {name: np.stack([learn(label, add) for label in group]) for name, add in claims.items()}
kinds = [dataset.class_names[label].split(": ")[-1] for label in group]
shown = ["as they are", "upside down too"]
plot_maps(
    np.concatenate([maps[name] for name in shown]),
    kinds + [f"{kind}, both ways" for kind in kinds],
    columns=len(group),
    title="Where something is, without and with upside-down images",
    alt="A map for each class, below it the one learned with upside-down images: its halves are alike",
    size=1.4,
    label="stands out",
)

# %% slideshow={"slide_type": "subslide"}
mine = np.isin(dataset.y_val, group)
true, seen = dataset.y_val[mine], where(dataset.x_val[mine])
right = {}
for name, learned in maps.items():
    fits = np.tensordot(seen, learned, axes=([1, 2], [1, 2]))
    right[name] = (np.array(group)[fits.argmax(axis=1)] == true).mean()
plot_bars(
    right,
    "What the small learner gets right after each claim",
    "right on validation images",
    percent=True,
)

# %% [markdown]
# On the family of Shapes-100, the mirror images do this learner no harm. But the one that also saw
# images upside down can no longer tell top from bottom. We have told it that there is no difference,
# and it has believed us.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Is mirroring safe for every family?
#
# That was one family. The series' own recipe mirrors the images of all of them, and among them are
# letters. A mirrored *L* is no letter. Why is it safe here? Look at the letters that were chosen for
# Shapes-100, and at their mirror images. (The rest of this section uses Shapes-100, whatever `DATASET`
# says, because the trained model that comes with the series knows nothing else.)

# %% slideshow={"slide_type": "subslide"}
shapes = dataset if dataset.name == "shapes100" else vit_helpers.load_dataset("shapes100")
shapes = shapes.take(evaluation=500 if PROFILE == "smoke" else 2000)
alphabet = [name for name in shapes.class_names if name.startswith("letters")]
letters = np.stack(
    [shapes.x_test[shapes.y_test == shapes.class_names.index(name)][0] for name in alphabet]
)
plot_images(
    np.concatenate([letters, letters[:, :, ::-1], letters[:, ::-1]]),
    alphabet + [""] * 2 * len(alphabet),
    columns=len(alphabet),
    row_names=["before", "mirrored", "upside down"],
    title="All letters of Shapes-100",
    alt="A, H, T, U and X: mirrored they are the same letters, upside down A, T and U are not",
    size=1.1,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each letter is its own mirror image. The other families were drawn by the same rule: a mirror image
# never belongs to another class. We can check that with the trained model. It was trained with mirror
# images. If one class were the mirror image of another, the model would have seen like images under two
# labels, and of both classes together it could get about half right at most. It never saw an image
# upside down. We show it test images of each family in three ways:

# %% slideshow={"slide_type": "subslide"}
trained = vit_helpers.load_shipped_model()
views = {
    "as they are": shapes.x_test,
    "mirrored": shapes.x_test[:, :, ::-1],
    "upside down": shapes.x_test[:, ::-1],
}
answers = {name: trained.predict(x, 100, 0).argmax(axis=-1) for name, x in views.items()}
del trained
vit_helpers.machine.memory.free_memory()  # the rest of the notebook does without it
all_families = list(dict.fromkeys(shapes.families))
belongs = np.array(shapes.families)[shapes.y_test]
correct = {
    name: [(answer == shapes.y_test)[belongs == family].mean() for family in all_families]
    for name, answer in answers.items()
}

# %% slideshow={"slide_type": "subslide"}
picture = plot_lines(
    range(len(all_families)),
    correct,
    "The trained model on mirrored and on upside-down test images",
    "family",
    "right on test images",
    width=8.2,
    alt="For each family: mirrored images are right as often as before; upside down, "
    "families of form, place and agreement fall",
)
axes = picture.figure.axes[0]
for line, size, face in zip(axes.lines, (10, 5, 6), ("none", None, None), strict=True):
    line.set(linestyle="none", markersize=size, markerfacecolor=face or line.get_color())
axes.set_xticks(range(len(all_families)), all_families, rotation=60, ha="right")
axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
axes.set_ylim(-0.05, 1.05)
axes.legend(frameon=False, loc="lower left")
picture

# %%
for name, answer in answers.items():
    print(f"{name:12} {(answer == shapes.y_test).mean():.1%} of {len(answer):,} test images right")
print("\nWhat does the model call them upside down?")
for name, partner in partners.items():
    mine = shapes.y_test == shapes.class_names.index(name)
    called = (answers["upside down"][mine] == shapes.class_names.index(partner)).mean()
    print(f"{name:17} {partner:18} in {called:.0%}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Mirrored images are right about as often as the images as they are, in each family. With
# two of its five classes half right, a family would reach about 80 %. Most families are far above that,
# so they hold no such pair. For those that are not, like `weaves`, only the rule of drawing tells.
#
# Upside down, many
# families fall. In the five classes printed above, it is not because the images are strange to the model:
# it gives them the class that they now belong to. So on this data a mirror image is a true claim, and an
# image upside down is a false one.
#
# The question to ask about your own images is never "which augmentation is best?". It is:
# **which changes leave my labels true?** An "L" mirrored is no letter. A lung on the other side is
# a finding. A leaf photographed from above has no up and down at all.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Only in training
#
# A test asks how good the model is on real images. So augmentation must be off there. Keras decides
# by the argument `training`, which `fit` sets to true, and `evaluate` and `predict` to false:

# %% tags=["nbval-check-output"]
images = dataset.x_val[np.resize(np.arange(len(dataset.x_val)), 128)]
augment = make_augmentation("keras-io")
for training in (True, False):
    result = np.asarray(augment(images, training=training))
    changed = (result != images).any(axis=(1, 2, 3)).sum()
    print(f"training={training}: {changed} of {len(images)} images changed")

# %% [markdown]
# The same is true with the augmentation inside a model, here one that only gives the mean colour.
# In training its answers differ from one call to the next; otherwise they do not:

# %% tags=["nbval-check-output"]
model = keras.Sequential([augment, keras.layers.GlobalAveragePooling2D()])
for training in (True, False):
    first, second = (np.asarray(model(images, training=training)) for _ in range(2))
    print(f"training={training}: two calls agree: {np.array_equal(first, second)}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# The series' own recipe keeps augmentation out of the model and does it where batches are made.
# Each batch of training images passes through here (`_reseed` lets the layers begin each epoch in
# a state that depends on seed and epoch alone, so that a run can be repeated):

# %%
from vit_helpers.training.stepping import batches

vit_helpers.show_source(batches)

# %% [markdown] slideshow={"slide_type": "subslide"}
# And what do the other splits pass through? These are all lines around `run_experiment` that pass on
# images with their labels. The training split goes to `batches`; validation and test go to Keras as
# they are:

# %% tags=["nbval-check-output"]
import inspect
import re

for line in inspect.getsource(vit_helpers.training.run).splitlines():
    if re.search(r"data\.x_\w+, ", line):
        print(line.strip())

# %% [markdown]
# So let us take the first batch of training images, and the same batch without augmentation:

# %%
from dataclasses import replace

recipe = vit_helpers.RECIPES["default"]
given, _ = next(batches(dataset.x_train, dataset.y_train, recipe, seed=0))
recipe_without = replace(recipe, augmentation="none")
originals, _ = next(batches(dataset.x_train, dataset.y_train, recipe_without, seed=0))
changed = (np.asarray(given) != originals).any(axis=(1, 2, 3)).sum()
print(
    f"recipe {recipe.augmentation!r}: {changed} of {len(given)} images of the first batch changed"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What it costs
#
# Augmentation happens anew for every image in every epoch. So its price is paid in every step of
# training. We measure milliseconds for 128 images: one call to warm up, then the median of several
# (the median, because other programs disturb some of the calls). The set `none` changes nothing: it
# shows what the call itself costs.

# %%
import time

repeats = 3 if PROFILE == "smoke" else 9
batch = dataset.x_train[np.resize(np.arange(len(dataset.x_train)), 128)]


def milliseconds(change):
    """The median time of `change(batch)`."""
    np.asarray(change(batch))
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        np.asarray(change(batch))
        times.append(1000 * (time.perf_counter() - started))
    return np.median(times)


def in_training(layer):
    return lambda images: layer(images, training=True)


# %% slideshow={"slide_type": "subslide"}
cost = {name: milliseconds(in_training(layer)) for name, layer in layers.items()}
for name in AUGMENTATIONS:
    cost[f"set: {name}"] = milliseconds(in_training(make_augmentation(name)))
plot_bars(
    cost,
    "The price of augmentation: each layer, and each named set",
    "milliseconds for 128 images",
    number="{:.1f}",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# To mirror an image only puts pixels elsewhere. The layers for moving, turning and zooming compute
# each new pixel from old ones, and take many times longer. Is it much? Think of all training images, epoch after epoch:

# %%
for name in AUGMENTATIONS:
    seconds = cost[f"set: {name}"] / 1000 * len(dataset.x_train) / 128
    print(f"{name:10} {seconds:5.1f} s for each epoch of {len(dataset.x_train):,} images")

# %% [markdown]
# Time spent here is time not spent on learning. When minutes count, start with the cheap set, and
# let the dear ones show that they are worth their price.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Augment before enlarging
#
# The keras.io example of a Vision Transformer enlarges its images inside the model, and augments
# *afterwards*. So each change is computed for all the new pixels. How many are there?

# %% tags=["nbval-check-output"]
side = vit_helpers.CONFIGS["keras-io"].resize_to
small, large = image.shape[0] * image.shape[1], side * side
print(f"{small:,} pixels become {large:,}: {large / small:.1f} times as many")

# %% [markdown]
# The enlarged image holds nothing that the small one does not hold. So let us swap the two steps,
# and compare. Two augmentations made with one seed draw the same random changes, so both orders
# must give nearly the same pictures. Not exactly: pixels are mixed in another order.

# %% slideshow={"slide_type": "subslide"}
enlarge = keras.layers.Resizing(side, side)
first, last = make_augmentation("keras-io", seed=1), make_augmentation("keras-io", seed=1)
few = batch[:16]
enlarged_first = np.asarray(first(enlarge(few), training=True))
enlarged_last = np.asarray(enlarge(last(few, training=True)))
difference = np.abs(enlarged_first - enlarged_last)
plot_images(
    np.concatenate([enlarged_first[:5], enlarged_last[:5], 5 * difference[:5]]),
    columns=5,
    row_names=["enlarged first", "enlarged last", "5 × difference"],
    title="Two orders, nearly the same pictures",
    alt="Five augmented images in both orders look alike; even 5 × the difference is dark",
    size=1.2,
)

# %% slideshow={"slide_type": "subslide"}
change = np.abs(enlarged_first - np.asarray(enlarge(few))).mean()
print(f"augmentation changes a pixel by {change:.1f} of 255 on average,")
print(f"the order of the two steps by {difference.mean():.1f}")

# %% [markdown]
# The order changes far less than the augmentation itself, and most along sharp edges. And the time?

# %%
orders = {
    "enlarge, then augment": milliseconds(lambda x: first(enlarge(x), training=True)),
    "augment, then enlarge": milliseconds(lambda x: enlarge(last(x, training=True))),
}
plot_bars(
    orders, f"To {side} × {side} pixels in two orders", "milliseconds for 128 images",
    number="{:.0f}",
)  # fmt: skip

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
slow, fast = orders.values()
print(f"augmenting before enlarging is {slow / fast:.1f} times as fast (these layers alone)")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Nearly the same pictures for a fraction of the time, by swapping two lines. In general: **do what
# you can while the data are small.**
#
# What is the factor a factor *of*? Only the layers that enlarge, flip, turn and zoom were timed, on a
# batch of 128 images. A training step has the whole model to compute as well, and the swap saves
# nothing there. So the factor of a whole step is smaller. It is another one, too, for another number of
# images in a call: notebook 8 times 8, 32 and 128. A factor needs its conditions beside it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Augmentation makes many images out of one, and leaves the label alone.
# - It is a claim about labels. A false claim teaches the model something false.
# - It belongs to training images only, and only while training.
# - Mirroring is nearly free; whatever mixes pixels is not. Augment first, enlarge later.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_02_data_augmentation.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. Handwritten digits: is a turn by 7° allowed? By 180°? Which digits does it confuse?
# 2. Suppose a new family had the classes `left` and `right`. Which of the sets in `AUGMENTATIONS`
#    could you still use?
# 3. You classify fruit as ripe or unripe. Name a change of colour that is a false claim.
# 4. Make your own set: call `make_augmentation("flip-shift")` and then a
#    `keras.layers.RandomBrightness` on `before`, and plot it. Is the label still true for each
#    image?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [3 · Cut an image into patches](03_image_patches.ipynb): the data are ready, and the model begins.
