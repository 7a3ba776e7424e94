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
# # 9 · Learn from few images
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/09_small_data.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/09_small_data.ipynb)
#
# **You will** see what a ConvNet knows before it has seen an image and a Vision Transformer must learn,
# train both on 2,000 images, watch one learn by heart, try what can be done about it, and work out how
# many test images you need before you may say that something helped.
#
# **You need** notebook 7, or its idea: training, validation and test, a loss, an epoch.
#
# **Time on two cores:** two minutes to run, thirty minutes to read.

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
# ## Two models of one size
#
# "I have 2,000 images, and a ConvNet beats my Transformer." This is a question that is often asked about
# Vision Transformers. Let us see it happen, and then ask what to do.
#
# Beside the series' small ViT we take a **ConvNet** (a convolutional network): six small convolutions
# that each look at 3 × 3 places, with a step of two pixels twice, and the mean over all places at the
# end. It has about as many parameters as the ViT.

# %% tags=["nbval-check-output"]
import keras
from IPython.display import display

from vit_helpers import plot_errors, plot_images, study_rows, study_table
from vit_helpers.pictures.picture import COLOURS, DASHES, MARKERS, Picture, bare, new_figure, styled

profile = vit_helpers.PROFILES[PROFILE]
dataset = vit_helpers.load_dataset(DATASET).take(profile.train_images, profile.eval_images)
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
vit = vit_helpers.create_vit_classifier(config)
convnet = vit_helpers.create_convnet_classifier(config)
for model in (vit, convnet):
    print(f"{model.name}: {model.count_params():,} parameters")

# %%
vit_helpers.show_source(vit_helpers.create_convnet_classifier)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What is built in: shift the image
#
# A thing stays the same thing when it moves by four pixels. Does a model know that? We take the last
# features that still have a place: one vector for each patch (ViT), one for each cell of 4 × 4 pixels
# (ConvNet). Then we shift the image by four pixels to the right, around the edge, and look at the same
# part of the picture again, now one place further. If shifting is built in, the vector is the same. The
# models are **fresh**: they have learned nothing but the mean and the deviation of the colours.


# %%
def features(model, images):
    """What stands at each place just before the mean: (B, rows, columns, values)."""
    reader = keras.Model(model.inputs[0], model.get_layer("pool").input)
    found = np.array(reader(np.asarray(images, "float32")))
    return found.reshape(len(images), *config.grid, -1)


def moved(model, images, pixels):
    """How much the features of a shifted image differ from the shifted features, in the middle."""
    row, column = config.grid[0] // 2, config.grid[1] // 2
    here = features(model, images)[:, row - 1 : row + 1, column - 1]
    there = features(model, np.roll(images, pixels, axis=2))[:, row - 1 : row + 1, column]
    return np.linalg.norm(there - here) / np.linalg.norm(here)


images = dataset.x_test[:64]
blind = vit_helpers.create_vit_classifier(config.fit_to(dataset, position="none"))
fresh = {"ConvNet": convnet, "ViT": vit, "ViT without positions": blind}
for model in fresh.values():
    model.get_layer("normalization").adapt(dataset.x_train[:5000])
rows = [
    [name, f"{moved(model, images, 4):.1%}", f"{moved(model, images, 2):.1%}"]
    for name, model in fresh.items()
]
vit_helpers.show_table(rows, ["fresh model", "shifted by 4 pixels", "by 2 pixels"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# The ConvNet gives the same features: each of its cells looks at its own surroundings with the same
# weights, wherever it is. (By 4 pixels, that is: it takes a step of two pixels twice. And in the middle:
# at the edges it sees zeros.) The ViT adds a position to each patch, so a thing that moved is another
# thing until training says otherwise. Without positions the shift changes nothing either, because then
# the patches are a bag; but we saw in notebook 7 what that costs.
#
# This is what people call an **inductive bias**: something a model need not learn. A second one, which
# this table does not show, is that a ConvNet looks at neighbours first, while a ViT may look everywhere.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Both on 2,000 images
#
# Now train both on the same 2,000 images, for the same number of steps, with the same recipe: that of the
# series, chosen for the ViT.

# %%
few = dataset.take(2_000, 1_000)
epochs = 1 if PROFILE == "smoke" else 15
recipe = vit_helpers.RECIPES["default"]
runs, models = {}, {"ViT": vit, "ConvNet": convnet}
for name, model in models.items():
    runs[name] = vit_helpers.run_experiment(model, few, PROFILE, recipe, epochs=epochs)


# %% slideshow={"slide_type": "subslide"}
@styled
def draw_gap(runs):
    """Accuracy on training and validation images over the epochs, a panel for each model."""
    figure, (grid,) = new_figure(8, 3.2, f"{len(few.x_train):,} images", 1, len(runs), sharey=True)
    for axes, (name, run) in zip(grid, runs.items(), strict=True):
        for i, (key, who) in enumerate((("accuracy", "training"), ("val_accuracy", "validation"))):
            values = run.history[key]
            axes.plot(np.arange(1, len(values) + 1), values, color=COLOURS[i], ls=DASHES[i],
                      marker=MARKERS[i], label=who)  # fmt: skip
        axes.set(title=name, xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
    grid[0].legend(frameon=False)
    alt = (
        f"{name}: training {run.history['accuracy'][-1]:.0%}, "
        f"validation {run.history['val_accuracy'][-1]:.0%} at the end"
        for name, run in runs.items()
    )
    return Picture(figure, "; ".join(alt))


draw_gap(runs)

# %%
rows = [
    [name, f"{max(run.history['accuracy']):.1%}", f"{run.test_accuracy:.1%}", f"{run.seconds:.0f}"]
    for name, run in runs.items()
]
vit_helpers.show_table(rows, ["", "training, best", "test, best epoch", "seconds"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# In our run on Shapes-100 the ViT ended with nearly all of its training images right, and fewer than half
# of those that it had never seen: it **overfits**. The ConvNet got fewer of the training images and more
# of the others: its two curves stay together for longer. One run each.
#
# And the shift, now that both are trained?

# %%
rows = [
    [name, f"{moved(model, images, 4):.0%}", f"{moved(model, images, 2):.0%}"]
    for name, model in models.items()
]
vit_helpers.show_table(rows, ["trained on few images", "shifted by 4 pixels", "by 2 pixels"])

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How many images make the difference?
#
# One run, one number of images: that is an anecdote. The study (`make study`, see notebook 10) trained both
# on four numbers of images of Shapes-100, and the ViT once more with three things that may help: a wider
# view of each patch, stronger augmentation, and CutMix (further down). Every run saw 40,000 images in
# all, new or again; those on all images saw 90,000. On one core the two models take about the same
# time for an image, so the same number of steps is here nearly the same time.


# %%
def by_images(study="shapes100"):
    """{model: {number of images: accuracies of its runs}} from the study."""
    found = {}
    for row in study_rows("number of images", study):
        amount, model = row.name.split(" images, ")
        count = 45_000 if amount == "all" else int(amount.replace(",", ""))
        found.setdefault(model, {})[count] = list(row.values().values())
    return found


# %%
@styled
def draw_growth(found, title):
    """Accuracy over the number of training images: mean and standard error of the runs."""
    figure, ((axes,),) = new_figure(7, 4, title)
    for i, (name, scores) in enumerate(found.items()):
        means, errors = zip(*map(vit_helpers.mean_and_error, scores.values()), strict=True)
        axes.errorbar(list(scores), means, np.nan_to_num(errors), capsize=4, color=COLOURS[i],
                      ls=DASHES[i], marker=MARKERS[i], label=name)  # fmt: skip
    axes.set_xscale("log")
    counts = list(next(iter(found.values())))
    axes.set_xticks(counts, [f"{count:,}" for count in counts])
    axes.minorticks_off()
    axes.set(xlabel="training images", ylabel="test accuracy", ylim=(0, 1))
    axes.legend(frameon=False)
    last = "; ".join(f"{name}: {np.mean(list(s.values())[-1]):.0%}" for name, s in found.items())
    return Picture(figure, f"Accuracy rises with the number of images. At the right: {last}")


# %% slideshow={"slide_type": "subslide"}
draw_growth(by_images(), "Shapes-100: how many images make the difference?")

# %%
study_table("number of images")

# %% [markdown]
# With 500 and with 2,000 images the ConvNet is far ahead: it starts with what the ViT must find out. With
# all 45,000 the ViT is. Ten times the weight decay, a change of one number, takes back most of the
# distance at 2,000 images, where it was chosen. With 10,000 images and more it does harm. So there is no
# best model and no best recipe without a number of images.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Two images in one
#
# More images would help. Augmentation makes more of those that there are: notebook 2 changed an image and
# kept its label. One can also change both. **Mixup** adds two images, and their labels in the same shares
# (Zhang and others, 2018). **CutMix** pastes a rectangle of one image into another one, and the label of
# each counts for its share of the area (Yun and others, 2019).

# %%
shown, names = dataset.x_train[:8].astype("float32"), np.array(dataset.class_names)
shares = vit_helpers.label_shares(dataset.y_train[:8], config.num_classes)
originals = {"images": shown, "labels": shares}
mixed = {"mixup": "mixup", "CutMix": "cutmix"}
mixed = {name: vit_helpers.make_mixing(kind, seed=3)(originals) for name, kind in mixed.items()}


def in_words(label):
    """The classes of a mixed label, the largest share first."""
    best = np.argsort(label)[::-1][:2]
    return "\n".join(f"{label[k]:.0%} {names[k]}" for k in best if label[k] > 0.005)


for name, both in mixed.items():
    pictures, labels = np.asarray(both["images"])[:4], np.asarray(both["labels"])[:4]
    display(
        plot_images(
            pictures,
            [in_words(label) for label in labels],
            columns=4,
            size=2.0,
            title=name,
            alt=f"{name}: four mixed images, each named with the shares of two classes",
        )
    )

# %% [markdown] slideshow={"slide_type": "subslide"}
# The loss needs no change: it is asked for shares instead of one class. By hand, for one mixed image: the
# loss of the mixture is the mixture of the losses.

# %% tags=["nbval-check-output"]
logits = np.array([2.0, 1.0, 0.0])
logarithms = logits - np.log(np.exp(logits).sum())
share = 0.7  # of the first class; the rest of the second one
by_hand = -(share * logarithms[0] + (1 - share) * logarithms[1])
loss = keras.losses.CategoricalCrossentropy(from_logits=True)
print("loss of each class: ", (-logarithms).round(4))
print("of the mixture:     ", by_hand.round(4))
np.testing.assert_allclose(
    by_hand, loss(np.array([[share, 1 - share, 0]]), logits[None]), rtol=1e-6
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What each remedy brought
#
# The study tried them one at a time, on 2,000 images (each seen twenty times):

# %%
rows = study_rows("2,000 images")
scores = {row.name: list(row.values().values()) for row in rows}
plot_errors(scores, "2,000 images: one change at a time", "test accuracy", percent=True)

# %%
study_table("2,000 images")

# %% [markdown] slideshow={"slide_type": "subslide"}
# And the same changes on 20,000 images, each seen twice:

# %%
study_table("20,000 images")

# %% [markdown]
# What an error bar cannot show, the last column but one does: the *training* accuracy.
#
# - On 2,000 images the plain recipe ends near 100 % on what it has seen, and far lower on what it has not: it
#   **overfits**. Weight decay, and much more of it than in the recipe, brought most by far. Mirrored and
#   slightly shifted images brought something.
# - Strong augmentation, CutMix, dropout and a smaller model are on every list of remedies. Here they made
#   it worse. Look at their training accuracy: with most of them the model has not even learned its
#   training images yet. They make the task harder, and a harder task needs more steps than these runs had.
#   In recipes where they shine, images are seen hundreds of times.
# - Fewer epochs are no remedy here either: what is learned late is worth more than what is learned by
#   heart.
# - On 20,000 images nothing overfits in two epochs, training and test stay together, and no remedy helps:
#   there is nothing to mend.
#
# So before you take a remedy, look for the illness: is training far ahead of validation?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## How many test images does one point need?
#
# A test with n images gives a share of right answers. With other images it would be another share. If
# the true share is p, its **standard error** is √(p (1 - p) / n). We can also ask the images themselves: draw n of
# them at random *with* repetition, count again, and do this a thousand times. The spread of these
# answers is the error by **resampling** (the bootstrap).

# %%
right = vit.predict(few.x_test, batch_size=250, verbose=0).argmax(-1) == few.y_test
p, random = right.mean(), np.random.default_rng(0)
counts = [50, 100, 200, 500, 1000]
resampled = [random.choice(right, (1000, n)).mean(axis=1).std() for n in counts]
rows = [
    [f"{n:,}", f"{100 * np.sqrt(p * (1 - p) / n):.1f}", f"{100 * error:.1f}"]
    for n, error in zip(counts, resampled, strict=True)
]
vit_helpers.show_table(rows, ["test images", "error by formula, points", "by resampling"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# How many images until the error is small enough to see a difference of one point? Two models, each with
# its own error, on the same images or not: say that the difference should be twice its error, and that
# the two errors add up in squares.

# %% tags=["nbval-check-output"]
for share in (0.5, 0.8, 0.95):
    needed = 2 * share * (1 - share) * (2 / 0.01) ** 2
    print(f"at {share:.0%} right: {needed:,.0f} test images for a difference of one point")

# %% [markdown]
# That is for models that err independently. Two models that are tested on the *same* images fail on
# many of them together, so their difference is known better than that. And the test images are only one
# kind of luck: another seed gives another model. This is why the study repeats its runs, and compares in
# pairs.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the ViT paper did about it
#
# More images. The accuracy on ImageNet of the same models, fine-tuned after training on three datasets
# (Dosovitskiy and others, 2021, arXiv 2010.11929, table 5):

# %%
vit_helpers.show_table(
    [
        ["ImageNet", "1.3 million", "77.9 %", "76.5 %"],
        ["ImageNet-21k", "14 million", "84.0 %", "85.2 %"],
        ["JFT-300M", "303 million", "84.2 %", "87.1 %"],
    ],
    ["trained on", "images", "ViT-B/16", "ViT-L/16"],
)

# %% [markdown]
# On the smallest set the *larger* model is worse; on the largest set it is three points ahead. Others
# stayed with ImageNet, and made more of its images: DeiT trains a ViT-B with strong augmentation, mixup
# and CutMix to 81.8 % (Touvron and others, 2021, arXiv 2012.12877). And who has neither millions of
# images nor weeks starts from weights that somebody else trained.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What to do: a decision tree
#
# Every branch stands on a row above, and on Shapes-100; on your images the numbers will be others, but
# the questions stay. (Weights that somebody else trained are the shortest way of all, where there are any.
# This notebook did not try them.)


# %%
@styled
def draw_tree(steps, last):
    """Questions from top to bottom; yes leads to the right, no further down."""
    figure, ((axes,),) = new_figure(8.4, 1.1 * len(steps) + 0.9, "What to do with few images")
    bare(axes)
    axes.set(xlim=(0, 10), ylim=(-len(steps) - 0.5, 0.5))
    ask = {"boxstyle": "round,pad=0.5", "fc": "#E8F1F8", "ec": COLOURS[0]}
    advise = {"boxstyle": "square,pad=0.5", "fc": "white", "ec": COLOURS[1]}
    for i, (question, advice) in enumerate(steps):
        axes.text(2.1, -i, question, ha="center", va="center", bbox=ask)
        axes.annotate("", (5.1, -i), (3.5, -i), arrowprops={"arrowstyle": "->"})
        axes.text(4.3, -i + 0.08, "yes", ha="center", va="bottom")
        axes.text(5.3, -i, advice, va="center", bbox=advise)
        axes.annotate("", (2.1, -i - 0.65), (2.1, -i - 0.35), arrowprops={"arrowstyle": "->"})
        axes.text(2.2, -i - 0.5, "no", va="center")
    axes.text(2.1, -len(steps), last, ha="center", va="center", bbox=advise)
    said = "; ".join(f"{q} Yes: {a}".replace("\n", " ") for q, a in steps)
    return Picture(figure, f"{said}; otherwise: {last}".replace("\n", " "))


# %% slideshow={"slide_type": "subslide"}
steps = [
    (
        "Too few test images\nto see a difference?",
        "Get more of them first.\nElse you choose by luck.",
    ),
    (
        "Is training accuracy\nlow as well?",
        "It has not learned yet: more steps.\nNo remedy; they slow it down.",
    ),
    (
        "Is training far ahead\nof validation?",
        "More weight decay, by a factor.\nThen mirror and shift.",
    ),
    (
        "Is a ConvNet ahead on\nthe same images?",
        "Take it, and the ViT when\nthere are more images.",
    ),
]
# %% slideshow={"slide_type": "subslide"}
draw_tree(steps, "Get more images,\nor train longer.")

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
print(
    f"{len(few.x_train):,} images: ViT {runs['ViT'].test_accuracy:.1%}, "
    f"ConvNet {runs['ConvNet'].test_accuracy:.1%}, one run each"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A ConvNet gives a shifted image shifted features before it has learned anything; a ViT with positions
#   does not.
# - Overfitting is a distance: training far ahead of validation.
# - On 2,000 images more weight decay brought most. What makes the task harder needs more steps.
# - Mixup and CutMix mix labels as they mix images; the loss of a mixture is the mixture of the losses.
# - The error of an accuracy falls with the root of the number of test images.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_09_small_data.ipynb) tell
# you what is wrong with an answer. Or sit back and think:
#
# 1. For which of your own images would CutMix be a lie about the label? For which would mixup?
# 2. Shift the image by one pixel. Which of the two models changes its features, and why?
# 3. Your test has 300 images, and the new model is two points better. What do you say?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [10 · Choose a recipe](10_recipes.ipynb): what each ingredient of a recipe is for, and what it brought.
