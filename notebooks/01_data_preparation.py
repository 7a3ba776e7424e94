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
# # 1 · Prepare the data
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/01_data_preparation.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/01_data_preparation.ipynb)
#
# **You will** load a dataset and look at all of it, count its classes, see why validation is not
# test, compute the normalization yourself, and bring your own images.
#
# **You need** NumPy's arrays and a little patience for looking; nothing from the other notebooks.
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
# ## Load
#
# A model can only be as good as what it sees. So before any model, we look at the data, and we
# check it. One call gives images and labels, already in three splits:

# %% tags=["nbval-check-output"]
dataset = vit_helpers.load_dataset(DATASET)
print(dataset)

# %% tags=["nbval-check-output"]
for split in ("train", "val", "test"):
    x, y = getattr(dataset, f"x_{split}"), getattr(dataset, f"y_{split}")
    print(f"{split:5}  images {x.dtype} {x.shape}, labels {y.dtype} {y.shape}")
print("label 0 means", repr(dataset.class_names[0]))

# %% [markdown]
# The shape reads **(images, height, width, colours)**. Each pixel has three whole numbers, for red,
# green and blue, from 0 (dark) to 255 (bright). A label is a number as well: its class.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Look
#
# Always look before you compute. A grid shows in seconds what a table hides: wrong labels, images
# upside down, a class that is all black. The classes of Shapes-100 come in **families** that
# belong together, so we take one row for each family. A dataset without families gets one row for
# each class.

# %%
from textwrap import fill

from vit_helpers import plot_bars, plot_images, plot_lines


def examples(family, count=5):
    """`count` training images of a family, the images of one class side by side."""
    labels = [i for i, name in enumerate(dataset.families) if name == family]
    each = -(-count // len(labels))
    places = [np.flatnonzero(dataset.y_train == label)[:each] for label in labels]
    return dataset.x_train[np.resize(np.concatenate(places), count)]


def family_grid(names, title):
    """One row of five training images for each family."""
    images = np.concatenate([examples(name) for name in names])
    rows = [fill(name, 18) for name in names]
    alt = f"Five training images for each of: {', '.join(names)}"
    picture = plot_images(images, None, 5, rows, title, alt)
    picture.figure.set_size_inches(5.8, 0.75 * len(names) + 0.5)
    return picture


# %% slideshow={"slide_type": "subslide"}
families = list(dict.fromkeys(dataset.families))
half = round(0.55 * len(families))
family_grid(families[:half][:11], "The first half of the families")

# %% slideshow={"slide_type": "subslide"}
family_grid(families[half:][:11], "The second half of the families")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## An instrument, not a photo album
#
# Shapes-100 looks like no photograph, and that is on purpose. It is a measuring instrument: every
# family asks one question. Which part of a Vision Transformer a question needs, notebook 7 will find
# out by taking parts away. There are four kinds of question. On Shapes-100, look for them in the grids above:
#
# - **Texture** (`stripes` to `fills`): one small piece of the image can be enough to tell the
#   class.
# - **Form** (`solids` to `counts`): several pieces together show an outline, or how many marks
#   there are.
# - **Place** (`places` to `sizes`): it matters *where* marks are, in the image or next to each
#   other.
# - **Agreement** (`colour trios` to `quartets`): no mark tells the class alone. You must compare
#   marks that lie apart from each other: are they alike?
#
# Here are four families from nearer by; on Shapes-100 one of each kind, in the order of the list.

# %% slideshow={"slide_type": "subslide"}
shown = families[len(families) // 10 :: max(1, len(families) // 4)][:4]
images, titles = [], []
for family in shown:
    labels = [i for i, name in enumerate(dataset.families) if name == family]
    for i, label in enumerate(np.resize(labels, 5)):
        mine = np.flatnonzero(dataset.y_train == label)
        images.append(dataset.x_train[mine[(20 + i) % len(mine)]])
        titles.append(dataset.class_names[label].removeprefix(f"{family}: "))
names = [fill(name, 18) for name in shown]
alt = f"Five images of each of the families {', '.join(shown)}, with the names of their classes"
nearer = plot_images(images, titles, 5, names, "From nearer by", alt)
nearer.figure.set_size_inches(7.6, 1.5 * len(shown) + 0.5)
nearer

# %% [markdown] slideshow={"slide_type": "subslide"}
# When a part is taken away, one number for all images falls. The families then show *which questions*
# the model can no longer answer.
#
# Nothing was downloaded for this: **your machine drew Shapes-100**, from a seed. The code that
# draws a family is at the same time the exact definition of its classes. This is the whole of
# `places`:

# %%
from vit_helpers.data.shapes100 import draw as shapes

places = shapes.FAMILIES["places"][0]
vit_helpers.show_source(places)

# %% [markdown]
# `kind` is the class within the family, 0 to 4. It decides where `x` and `y` are (-1 is left or
# top, 1 is right or bottom). Everything else, such as the mark, its size and the two colours, is
# left to chance. Let us draw the family twice with one seed, and then once with another seed:

# %% tags=["nbval-check-output"]
index = list(shapes.FAMILIES).index("places")
first, labels = shapes.draw_family(index, per_class=3, seed=7)
again, _ = shapes.draw_family(index, per_class=3, seed=7)
other, _ = shapes.draw_family(index, per_class=3, seed=8)
np.testing.assert_array_equal(first, again)
print("same seed, same images:", np.array_equal(first, again))
print("other seed, same images:", np.array_equal(first, other))

# %% slideshow={"slide_type": "subslide"}
kinds = [shapes.CLASS_NAMES[label].removeprefix("places: ") for label in labels]
plot_images(
    first,
    kinds,
    columns=5,
    title="Each column is one class of the family places",
    alt="Three images for each class: colours and marks differ, the mark is in much the same place",
    size=1.2,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Can one cheat?
#
# An instrument must not give its answer away. If all images of a class were reddish, a model could
# learn the colour and nothing about the image. So we let two simple cheats try. Each one stores a
# mean for each class, and gives an image the class with the nearest mean. The first only knows the
# mean colour, the second the mean of every pixel.


# %% slideshow={"slide_type": "subslide"}
def nearest_mean(describe):
    """The share of validation images that lie nearest to the mean of their own class."""
    groups = [dataset.x_train[dataset.y_train == label] for label in range(classes)]
    means = np.stack([describe(group).mean(axis=0) for group in groups])
    images = describe(dataset.x_val)
    distances = (means**2).sum(axis=1) - 2 * images @ means.T
    return (distances.argmin(axis=1) == dataset.y_val).mean()


classes = len(dataset.class_names)
cheats = {
    "a blind guess": 1 / classes,
    "mean colour": nearest_mean(lambda x: x.mean(axis=(1, 2))),
    "mean of every pixel": nearest_mean(lambda x: x.reshape(len(x), -1).astype("float32")),
}
plot_bars(
    cheats,
    "Two cheats beside a blind guess",
    "right on validation images",
    percent=True,
    number="{:.1%}",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# On Shapes-100 neither cheat gets much further than a blind guess: a model that gets far must find
# something better. Where aeroplanes have blue sky around them, the mean colour may tell more. Run this
# notebook with `cifar10`, and see.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Count
#
# Suppose nine of ten images showed cats. Then a model that says "cat" to everything would be right
# in nine of ten cases and would know nothing. So count how many images each class has, in each
# split:

# %% tags=["nbval-check-output"]
counts = {
    "train": np.bincount(dataset.y_train, minlength=classes),
    "validation": np.bincount(dataset.y_val, minlength=classes),
    "test": np.bincount(dataset.y_test, minlength=classes),
}
for split, number in counts.items():
    print(f"{split:10}  {number.min():5,} to {number.max():5,} images in each class")
most = counts["test"].max() / counts["test"].sum()
print(f"always saying the most frequent class would be right in {most:.1%} of the test")

# %% slideshow={"slide_type": "subslide"}
plot_lines(
    range(classes),
    counts,
    "How many images has each class?",
    "number of the class",
    "images",
    alt=f"Images of each of the {classes} classes in train, validation and test",
)

# %% [markdown]
# Flat lines are what we hope for: every class counts the same. If your own data give a mountain
# range, keep the last printed number in mind. It is the accuracy to beat.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Three splits, three jobs
#
# - **Train**: the model learns from these images.
# - **Validation**: *you* learn from these: which epoch, which setting, which model is best?
# - **Test**: opened once, at the very end, to say how good the chosen model is.
#
# Why are validation and test not the same? The model never trains on either of them. But **choosing
# is learning, too**. You can feel it with models that know nothing at all. They guess at random. We
# try many of them, keep the one with the best validation accuracy, and then open the test:

# %% slideshow={"slide_type": "subslide"}
few = dataset.take(evaluation=500)  # about 500 images to check on: then luck shows more clearly
random = np.random.default_rng(0)


def best_guesser(tries):
    """(validation, test) accuracy of the random guesser that is best on validation."""
    guess_val = random.integers(classes, size=(tries, len(few.y_val)))
    guess_test = random.integers(classes, size=(tries, len(few.y_test)))
    accuracy = (guess_val == few.y_val).mean(axis=1)
    best = accuracy.argmax()
    return accuracy[best], (guess_test[best] == few.y_test).mean()


luck = {"on validation": {}, "on the test": {}}
for tries in (1, 10, 100, 1000):
    mean = np.mean([best_guesser(tries) for _ in range(100)], axis=0)
    for where, share in zip(luck, mean, strict=True):
        luck[where][f"best of {tries:,}"] = share
plot_bars(luck, "Choosing among random guessers", "accuracy (mean of 100 rounds)", percent=True,
          number="{:.1%}")  # fmt: skip

# %% slideshow={"slide_type": "subslide"}
val, test = (values["best of 1,000"] for values in luck.values())
print(f"the best of 1,000 blind guessers has {val:.1%} on validation and {test:.1%} on the test")

# %% [markdown]
# The more you try, the better the winner looks on validation, and it is nothing but luck. The test,
# which took no part in the choice, is not impressed. Real models know something, but luck is at work
# with them, too: among many settings, one that was lucky on validation may win. So the series chooses on
# validation, and `run_experiment` looks at the test once, when everything is decided.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A fair split
#
# Validation takes a tenth of the training images. We could draw them by lot. But then some classes
# would get many images and others few, by chance. The package draws *within* each class, which is
# called a **stratified** split:

# %%
from vit_helpers import stratified_split

vit_helpers.show_source(stratified_split)

# %% [markdown] slideshow={"slide_type": "subslide"}
# We put train and validation together again and split them both ways:

# %% slideshow={"slide_type": "subslide"}
labels = np.concatenate([dataset.y_train, dataset.y_val])
rest, chosen = stratified_split(labels, 0.1)
lot = np.random.default_rng(0).permutation(len(labels))[: len(chosen)]
ways = {
    "drawn by lot": np.bincount(labels[lot], minlength=classes),
    "stratified": np.bincount(labels[chosen], minlength=classes),
}
plot_lines(
    range(classes),
    ways,
    "Validation images of each class",
    "number of the class",
    "images",
    alt="Drawn by lot the classes get different numbers of images, stratified an equal share",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three checks, so that we need not believe it. Each class must give its tenth. The same call must
# give the same split again. And no image should be in two splits, or the model could know the
# answer by heart. (Collections of photographs often do hold a few images twice.)

# %% tags=["nbval-check-output"]
whole = counts["train"] + counts["validation"]
tenth = np.maximum(1, np.round(0.1 * whole)).astype(int)
np.testing.assert_array_equal(counts["validation"], tenth)
np.testing.assert_array_equal(stratified_split(labels, 0.1)[1], chosen)
print("each class gives a tenth, and the split is the same every time")

splits = (dataset.x_train, dataset.x_val, dataset.x_test)
train, val, test = ({hash(image.tobytes()) for image in split} for split in splits)
print("images in two splits:", len(train & val) + len(train & test) + len(val & test))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Normalize
#
# A network starts with small random weights. The usual way to draw them assumes inputs that lie around
# zero and are mostly smaller than two or three. Pixels from 0 to 255 do not. What brings them there
# is called **normalization**: subtract the mean, divide by the standard deviation (the usual distance from
# the mean), for each colour.
#
# We need two numbers for each colour. `x_train.std()` looks harmless, but beware: a pixel is stored
# in one byte, and NumPy computes with a copy that needs eight. Keras likes four. What would a copy
# of the whole set cost?

# %% tags=["nbval-check-output"]
for kind in ("uint8", "float32", "float64"):
    size = dataset.x_train.size * np.dtype(kind).itemsize
    print(f"{kind:8} {size / 2**20:8,.0f} MiB")

# %% [markdown]
# Free machines in the cloud are small; a copy or two of the last kind can be more than they have.
# So we never turn the whole set into floating-point numbers. We go through it in chunks of 1,000
# images and only *count*: how often does each of the 256 values occur? Mean and deviation follow
# from the counts.

# %%
occurs = np.zeros((3, 256), np.int64)
for start in range(0, len(dataset.x_train), 1000):
    chunk = dataset.x_train[start : start + 1000]
    for colour in range(3):
        occurs[colour] += np.bincount(chunk[..., colour].ravel(), minlength=256)

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
values = np.arange(256)
share = occurs / occurs.sum(axis=1, keepdims=True)
mean = share @ values
deviation = np.sqrt((share * (values - mean[:, None]) ** 2).sum(axis=1))
for name, m, d in zip(("red", "green", "blue"), mean, deviation, strict=True):
    print(f"{name:6} mean {m:6.2f}, deviation {d:5.2f}")

# %% [markdown]
# The same counts make a picture, here with eight values in each point. The ruler below shows the pixels
# as they are, the ruler above the same pixels after normalization (for green; those of the other
# colours have their own mean and deviation). Normalization moves and stretches the ruler. The curves
# keep their form.

# %% slideshow={"slide_type": "subslide"}
eight = share.reshape(3, 32, 8).sum(axis=2)  # the shares of eight values together
picture = plot_lines(
    values.reshape(32, 8).mean(axis=1),
    dict(zip(("blue", "red", "green"), eight[[2, 0, 1]], strict=True)),
    "The same pixels on two rulers",
    "value of the pixel",
    "share of the pixels",
    alt="A curve for each colour over the values 0 to 255, with the normalized values on a second ruler",
)
axes = picture.figure.axes[0]
there = (lambda v: (v - mean[1]) / deviation[1], lambda v: v * deviation[1] + mean[1])
axes.secondary_xaxis("top", functions=there).set_xlabel("normalized value (green)")
axes.yaxis.set_major_formatter("{x:.0%}")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# Now the check on real images, again in chunks: after normalization, all training images together
# must have mean 0 and deviation 1.

# %% tags=["nbval-check-output"]
total, squares = np.zeros(3), np.zeros(3)
for start in range(0, len(dataset.x_train), 1000):
    normal = (dataset.x_train[start : start + 1000] - mean) / deviation
    total += normal.sum(axis=(0, 1, 2))
    squares += (normal**2).sum(axis=(0, 1, 2))
pixels = dataset.x_train[..., 0].size
np.testing.assert_allclose(total / pixels, 0, atol=1e-6)
np.testing.assert_allclose(squares / pixels, 1, atol=1e-6)
print(f"{pixels:,} pixels: mean 0 and deviation 1 in each colour")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The packaged layer
#
# The series' models bring this step along: their layer `normalization` learns mean and deviation
# when `adapt` is called. Then images go in as they are, 0 to 255, and nobody can forget to
# normalize. To save memory, `run_experiment` shows the layer a sample of about 5,000 images. Is
# that enough?

# %%
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
layer = vit_helpers.create_vit_classifier(config).get_layer("normalization")
layer.adapt(dataset.x_train[:: max(1, len(dataset.x_train) // 5000)])
layer_mean = np.ravel(layer.mean)
layer_deviation = np.sqrt(np.ravel(layer.variance))
for text, ours, its in (("mean", mean, layer_mean), ("deviation", deviation, layer_deviation)):
    print(f"{text:9}  all images {np.round(ours, 2)}, the layer's sample {np.round(its, 2)}")
off = (np.abs(layer_mean - mean) / deviation).max()
print(f"the means differ by {off:.1%} of a deviation at most")

# %% [markdown] slideshow={"slide_type": "subslide"}
# A small part of a deviation: below we shall see whether a model notices that much. And if the layer
# gets our own numbers instead, it computes what we computed by hand:

# %% tags=["nbval-check-output"]
import keras

images = dataset.x_test[:100]
by_hand = (images - mean) / deviation
by_layer = keras.layers.Normalization(mean=mean, variance=deviation**2)(images)
np.testing.assert_allclose(by_layer, by_hand, atol=1e-4)
print("by hand and by the layer: the same", by_layer.shape)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why not on the test images?
#
# Mean and deviation are *learned from data*, just as the weights are. So they come from the
# training images, and the same numbers are used for every image that ever follows. Two reasons:
#
# - The answer for an image should depend on this image, and not on which others happen to come
#   along.
# - The test stands for images that do not exist yet. What we take from it beforehand **leaks** into
#   the result.
#
# The first reason can be seen. Here is one test image, normalized three times: with the numbers of
# the training images, then as one of 100 dark images, then as one of 100 bright ones.

# %% slideshow={"slide_type": "subslide"}
from vit_helpers import plot_maps

order = dataset.x_test[:2000].mean(axis=(1, 2, 3)).argsort()
image = dataset.x_test[order[len(order) // 2]]
normal = {"numbers from training": (image - mean) / deviation}
for name, others in (("among dark images", order[:100]), ("among bright images", order[-100:])):
    group = dataset.x_test[others]
    normal[name] = (image - group.mean(axis=(0, 1, 2))) / group.std(axis=(0, 1, 2))
plot_maps(
    [values.mean(axis=2) for values in normal.values()],
    list(normal),
    title="The same image in three companies",
    alt="The same image normalized three times: around zero, far above zero, far below zero",
    size=2.2,
    diverging=True,
    label="normalized value",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# It is the same image, and the model would see three different ones. With fixed numbers there is
# only the first.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How large is the leak?
#
# The second reason is a matter of size. So let us measure: how far do the numbers move if the test
# images are counted in? And how far if the test comes from **another camera**, say in the light of the
# evening: more red, less blue?


# %% slideshow={"slide_type": "subslide"}
def evening(images):
    """The same images as a camera would give them in warm light."""
    return np.clip(images * np.float32([1.2, 0.9, 0.6]) + np.float32([30, 0, -10]), 0, 255)


seen = dataset.x_test[order[len(order) // 12 :: max(1, len(order) // 6)]][:6]
plot_images(
    np.concatenate([seen, evening(seen)]),
    columns=6,
    row_names=["the same camera", "another camera"],
    title="Six test images, and what another camera makes of them",
    alt="Six test images; below them the same, redder and with less blue",
)

# %% tags=["nbval-check-output"]
several = dataset.x_test[:: max(1, len(dataset.x_test) // 2000)]  # about 2,000 test images
part = len(dataset.x_test) / (len(dataset.x_test) + len(dataset.x_train))
tests = {"same camera": several.astype("float32"), "another camera": evening(several)}
for name, test in tests.items():
    away = (test.mean(axis=(0, 1, 2)) - mean) / deviation
    print(f"{name:14}  test lies {np.round(away, 2)} deviations from training (red, green, blue)")
    print(f"{'':14}  counted in, it moves the mean by {np.round(part * away, 2)} deviations")

# %% [markdown] slideshow={"slide_type": "subslide"}
# With the same camera the numbers hardly move: on Shapes-100 almost nothing leaks here. With another
# camera they move, because now the test images have something of their own to tell.
#
# What is that worth? We ask the model that comes with the series. (It knows only Shapes-100, so these
# two cells use it whatever `DATASET` says.) Its weights stay as they are. Only the numbers for the
# normalization change: those of training, those of training and test together, those of the test alone.

# %% slideshow={"slide_type": "subslide"}
shapes = dataset if dataset.name == "shapes100" else vit_helpers.load_dataset("shapes100")
shapes = shapes.take(evaluation=500 if PROFILE == "smoke" else 2000)
model = vit_helpers.load_shipped_model()
own = model.get_layer("normalization")
m, d = np.ravel(own.mean), np.sqrt(np.ravel(own.variance))  # from training
right = {}
for name, test in (("same camera", shapes.x_test), ("another camera", evening(shapes.x_test))):
    m_test, d_test = test.mean(axis=(0, 1, 2)), test.std(axis=(0, 1, 2))
    m_both = (5 * m + m_test) / 6  # of 60,000 images, 10,000 are test images
    squares = (5 * (d**2 + m**2) + d_test**2 + m_test**2) / 6
    numbers = {"training": (m, d), "training and test": (m_both, np.sqrt(squares - m_both**2))}
    numbers["the test alone"] = (m_test, d_test)
    right[name] = {}
    for source, (mean_used, deviation_used) in numbers.items():
        normal = (test - mean_used) / deviation_used
        logits = model.predict(normal * d + m, 100, 0)  # its own layer takes d and m off again
        right[name][source] = (logits.argmax(axis=-1) == shapes.y_test).mean()

# %% slideshow={"slide_type": "subslide"}
plot_bars(
    right,
    "One model, normalized with three kinds of numbers",
    "right on test images of Shapes-100",
    percent=True,
    number="{:.1%}",
    alt="; ".join(
        f"{name}: "
        + ", ".join(f"{value:.0%} with numbers of {source}" for source, value in bars.items())
        for name, bars in right.items()
    ),
)

# %% [markdown]
# With the same camera, the three bars are about equal: nothing that one could see leaks. Numbers that
# differ as little as these do not matter to this model, so a sample of 5,000 images is good enough
# for it. With another camera, the more the numbers know of the test, the better the test *looks*. The numbers of the test alone take
# the warm light off again. But to get them, one needs the whole test at once. A single image from the
# new camera gets the numbers of training, and what to expect for it is the first bar. (The model was
# not trained anew with the other numbers: this measures normalization in use.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Switch to other images
#
# All notebooks run on any of these. Change `DATASET` in the second cell, or set the environment
# variable `VIT_DATASET` before you start Jupyter:
#
# | `DATASET` | images | needs |
# | --- | --- | --- |
# | `"shapes100"` | drawn shapes, 100 classes in 20 families | nothing |
# | `"cifar10"` | photographs of 32 × 32 pixels, 10 classes | a download, once |
# | `"cifar100"` | the same size, 100 classes in 20 families | a download, once |
# | `"path/to/folder"` | yours | a folder for each class |
#
# Your own images need no code, only order: **one folder for each class**, and its name is the name
# of the class. Let us do it for real. We take a few images of the dataset, and write them as files
# to a temporary folder:

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
import tempfile
from pathlib import Path

from PIL import Image

temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name) / "my_images"
written = []
for label in range(min(4, classes)):
    place = folder / dataset.class_names[label].replace(":", "")
    place.mkdir(parents=True)
    mine = np.flatnonzero(dataset.y_train == label)
    for i, index in enumerate(np.resize(mine, 20)):
        Image.fromarray(dataset.x_train[index]).save(place / f"{i:02}.png")
        written.append(dataset.x_train[index])
for file in sorted(folder.glob("*/0[01].png")):
    print(file.relative_to(temporary.name).as_posix())

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
mine = vit_helpers.load_dataset(folder)
print(mine)
print("classes:", ", ".join(mine.class_names))
loaded = np.concatenate([mine.x_train, mine.x_val, mine.x_test])
assert {x.tobytes() for x in loaded} == {x.tobytes() for x in written}
print("every pixel came back")

# %% [markdown]
# A tenth of each class went to the test, and a tenth of the rest to validation. If you have a test
# set of your own, make two folders, `train/<class>/…` and `test/<class>/…`, and it is used as it
# is.
#
# Your photographs will not be 32 pixels wide. They need not be: `load_dataset` crops each to the
# square in its centre and shrinks it to `image_size`. Grey images and transparent ones become
# colour images. Here is one photograph saved three times: grey, whole, and as a wide cut-out.

# %% slideshow={"slide_type": "subslide"}
from matplotlib import cbook

with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = Image.open(file).convert("RGB")
(folder / "portrait").mkdir(exist_ok=True)
photo.save(folder / "portrait" / "tall.jpg")
photo.convert("L").save(folder / "portrait" / "grey.png")
photo.crop((0, 60, 512, 360)).convert("RGBA").save(folder / "portrait" / "wide.png")
mine = vit_helpers.load_dataset(folder, image_size=96)
portrait = mine.class_names.index("portrait")
loaded = [
    getattr(mine, f"x_{s}")[getattr(mine, f"y_{s}") == portrait] for s in ("train", "val", "test")
]
plot_images(
    np.concatenate(loaded),
    [f"{width} × {height}" for _, height, width, _ in (part.shape for part in loaded)],
    title=f"A photograph of {photo.width} × {photo.height} pixels, loaded from three files",
    size=1.6,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# And if something is wrong? Then the error should say what, and what to do about it. Three usual
# mistakes: a name with a slip, a path with a slip, and a file that is not an image.


# %% tags=["nbval-check-output"]
def error_of(name):
    """What `load_dataset` says when it cannot load `name`."""
    try:
        vit_helpers.load_dataset(name)
    except ValueError as error:
        return f"ValueError: {error}"


(folder / "portrait" / "holiday.jpg").write_text("I am no image")
print(error_of("cifar11"), error_of("pictures/my_imagse"), error_of(folder), sep="\n\n")

# %% tags=["nbval-check-output"]
temporary.cleanup()
print("the folder is gone:", not folder.exists())

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline", "nbval-check-output"]
sizes = " + ".join(f"{len(y):,}" for y in (dataset.y_train, dataset.y_val, dataset.y_test))
print(f"{sizes} images, pixels {np.mean(mean):.0f} ± {np.mean(deviation):.0f}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Look first, count second, compute third.
# - On Shapes-100, families ask about texture, form, place and agreement: different questions for
#   different parts of the model.
# - Choosing is learning. Choose on validation, and open the test once.
# - A stratified split gives each class its share. A seed gives the same split every time.
# - Mean and deviation come from the training images, in chunks, and stay in the model. Numbers taken
#   from the test leak: nothing to speak of with the same camera, much with another.
# - A folder for each class is all that your own images need.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_01_data_preparation.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. You have 40 photographs of each of three plants, in three folders. How many of each plant go to
#    test, to validation and to train?
# 2. You try 20 models. The best has 61 % on validation. Do you expect more or less on the test?
#    What if you had tried only one?
# 3. Five people gave you 100 photographs each. Why is it not enough that no *image* is in two
#    splits?
# 4. Every image of one class is black by mistake. Which of the pictures in this notebook shows it?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [2 · Augment the data](02_data_augmentation.ipynb): how to get more out of the training images
# than there is in them.
