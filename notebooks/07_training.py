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
# # 7 · Train it, and see what each part is for
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/07_training.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/07_training.ipynb)
#
# **You will** train the Vision Transformer that you assembled, watch it learn, measure it once on
# images that it has never seen, look at its worst mistakes, save it, and then take parts away to see
# what each was for.
#
# **You need** notebook 6, or its idea: an image goes in, a number for each class comes out.
#
# **Time on two cores:** five minutes to run, twenty-five minutes to read. Start it, then read on.

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
# ## What training does
#
# A fresh model is a large heap of random numbers. Training shows it a batch of images,
# compares its answer with the labels, and moves each number a little in the direction that should make
# the answer better. Then comes the next batch. One pass over all training images is an **epoch**.
#
# Here are the data and the fresh model:

# %% tags=["nbval-check-output"]
import tempfile
from dataclasses import replace

import keras
from IPython.display import display

from vit_helpers import family_accuracy, plot_bars, plot_history, plot_images, plot_lines

profile = vit_helpers.PROFILES[PROFILE]
dataset = vit_helpers.load_dataset(DATASET).take(profile.train_images, profile.eval_images)
config = vit_helpers.CONFIGS["tiny"].fit_to(dataset)
model = vit_helpers.create_vit_classifier(config)
rows, columns = config.grid
print(f"{rows} × {columns} patches, {model.count_params():,} numbers, none of them trained yet")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The recipe
#
# *How* a model is trained is a recipe of a few choices. This is the one of the series:

# %% tags=["nbval-check-output"]
from pprint import pprint

recipe = vit_helpers.RECIPES["default"]
pprint(recipe)

# %% [markdown] slideshow={"slide_type": "subslide"}
# - The **optimizer** makes steps out of gradients. **Muon** is the series' own choice; notebook 10 shows
#   what it does, and how it compares with AdamW, the usual optimizer of Transformers.
# - The **learning rate**, the length of a step, starts at zero, rises (**warm-up**), then falls along
#   a cosine.
# - **Weight decay** pulls every number of the model a little towards zero, in each step.
# - **Label smoothing** asks for less than full certainty. It takes a tenth of the target away from the
#   label and shares it equally among all classes, the label included.
#
# Why each of them, and what becomes of accuracy without it? That is [notebook 10](10_recipes.ipynb). Here
# we take the recipe as it is. This is the learning rate in the run to come:

# %% slideshow={"slide_type": "subslide"}
recipe = replace(recipe, batch_size=min(recipe.batch_size, len(dataset.x_train)))
steps = profile.epochs * (len(dataset.x_train) // recipe.batch_size)
schedule = vit_helpers.learning_rate_schedule(recipe, steps)
rates = np.array(keras.ops.vectorized_map(schedule, np.arange(steps)))
places = np.linspace(0, steps - 1, 41).astype(int)
plot_lines(
    places,
    {"learning rate": rates[places]},
    "Warm-up, then a cosine",
    "step",
    "learning rate",
    alt="The learning rate rises in the first tenth of the run, then falls to zero along a cosine",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train
#
# `run_experiment` does all of it: it compiles the model, trains it, keeps the whole model of the epoch
# with the best *validation* accuracy, and looks at the *test* split once, at the very end. The picture
# below is redrawn every few seconds while it works. Should the kernel die on the way (an empty battery,
# Binder's idle limit), run the notebook again: `resume=True` lets a run go on where it was.

# %%
result = vit_helpers.run_experiment(model, dataset, PROFILE, resume=True)

# %% [markdown] slideshow={"slide_type": "subslide"}
# How low can the loss get? With label smoothing, not to zero. The loss is lowest when the model's
# chances are just the targets p, and then it is - Σ p log p over all classes:

# %% tags=["nbval-check-output"]
targets = np.full(config.num_classes, recipe.label_smoothing / config.num_classes)
targets[0] += 1 - recipe.label_smoothing  # as if class 0 were the label
floor = -(targets * np.log(targets)).sum()
print(f"asked for: {targets[0]:.1%} for the label, {targets[1]:.1%} for each other class")
print(f"the lowest loss that any model can have: {floor:.3f}")

# %% slideshow={"slide_type": "subslide"}
picture = plot_history(
    result.history, f"How the training went; no loss can be below {floor:.2f} (dotted)"
)
picture.figure.axes[0].axhline(floor, color="black", ls=":")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three things to look for in the curves:
#
# - Does the loss fall? Then the model learns. Measure its height from the dotted line, not from
#   zero.
# - Do the validation curves stay with the training curves? Then it does not just learn by heart.
#   They may even be ahead: a training value is a mean over a whole epoch, the validation is made
#   after it.
# - **Top-5** counts an answer as right if the label is among the five likeliest classes. It is
#   never lower than the accuracy, and tells whether the model is far off or nearly there.
#
# Now the number that counts. The test split was not used for anything before this.

# %%
classes = len(dataset.class_names)
print(f"test accuracy {result.test_accuracy:.1%}, top-5 {result.test_top5:.1%}")
print(f"guessing would give {1 / classes:.1%} and {min(1, 5 / classes):.1%}")
print(f"trained and measured in {result.seconds:.0f} s")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Where it is good, and where not
#
# One number hides much. Here is the accuracy for each family of classes (for each class, where the
# dataset has no families), with its kind, if it is one of Shapes-100:

# %%
KINDS = {
    "texture": ["stripes", "weaves", "lines", "grains", "fills"],
    "form": ["solids", "outlines", "letters", "bars", "openings", "counts"],
    "place": ["places", "pairs", "stacks", "dot trios", "sizes"],
    "agreement": ["colour trios", "shade trios", "keys", "quartets"],
}
kind_of = {family: kind for kind, members in KINDS.items() for family in members}
kind_of = {family: kind_of.get(family, "no kind") for family in dict.fromkeys(dataset.families)}

# %% slideshow={"slide_type": "subslide"}
logits = model.predict(dataset.x_test, batch_size=250, verbose=0)
predicted = logits.argmax(axis=-1)
families = family_accuracy(dataset, predicted)
best_first = sorted(families, key=families.get, reverse=True)[:20]
plot_bars(
    {f"{family} ({kind_of[family]})": families[family] for family in best_first},
    "Test accuracy by family, best first",
    "share of test images that are right",
    percent=True,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The families of Shapes-100 are of four kinds, after what their images ask for: *texture* (a patch
# can show it), *form* (neighbouring patches together), *place* (where a mark is), *agreement*
# (whether distant parts are alike). Which kinds stand at the top of the list, which at the end?
# This is one run with one seed: neighbours in the list could change places in the next.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The most confident mistakes
#
# To learn what a model has *not* understood, look at the mistakes of which it was most certain. A
# **softmax** turns the outputs into chances that add up to 1.

# %% slideshow={"slide_type": "subslide"}
chances = np.exp(logits - logits.max(axis=-1, keepdims=True))
chances /= chances.sum(axis=-1, keepdims=True)
certainty = np.where(predicted == dataset.y_test, 0, chances.max(axis=-1))
worst = certainty.argsort()[::-1][:8]
names = dataset.class_names
plot_images(
    dataset.x_test[worst],
    [f"says {names[predicted[i]]}\nis {names[dataset.y_test[i]]}" for i in worst],
    columns=4,
    title="Wrong, and certain of it",
    size=1.9,
    alt="Eight test images on which the model is wrong with the highest certainty",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Go through them one by one. Could you tell from the picture which of the two classes is meant?
# Where you could not, the picture fits both, and no model can know. Where you could, the model has
# missed something that you see.
#
# From here on we only look. Whoever changes a model because of such pictures needs new test images to
# judge it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Save it, load it, use it
#
# The file holds the whole model: the layers, their numbers, and the normalization. Does it give the
# same answers when it comes back?

# %% tags=["nbval-check-output"]
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/my-vit.keras")
    loaded = vit_helpers.load_classifier(f"{folder}/my-vit.keras", config)
few = dataset.x_test[:16]
np.testing.assert_array_equal(loaded.predict(few, verbose=0), model.predict(few, verbose=0))
print("the loaded model gives the same numbers")

# %% slideshow={"slide_type": "subslide"}
pick = 27 % len(dataset.y_test)
output = loaded.predict(dataset.x_test[pick : pick + 1], verbose=0)[0]
chance = np.exp(output - output.max())
chance /= chance.sum()
display(
    plot_images(
        [dataset.x_test[pick]],
        title=(label := f"label: {names[dataset.y_test[pick]]}"),
        alt=f"A test image with the {label}",
        size=1.8,
    )
)
plot_bars(
    {names[label]: chance[label] for label in chance.argsort()[::-1][:5]},
    "The five likeliest classes",
    "chance, according to the model",
    percent=True,
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What are positions for? What is attention for?
#
# To see what a part is for, take it away. We train three more models, each with a third of the epochs,
# which is enough to see it:
#
# - the **whole** one again, so that all three are trained alike;
# - one **without positions**: it gets the patches as a bag of cards;
# - one **without attention**: each token sees only itself, and the tokens meet for the first time in
#   the mean at the very end. (It has no queries and keys either, so it is also smaller.)
#
# Before you go on: which families will each of them fail at?

# %%
changes = {
    "whole": {},
    "without positions": {"position": "none"},
    "without attention": {"attention": False},
}
models, runs = {}, {}
for name, change in changes.items():
    models[name] = vit_helpers.create_vit_classifier(replace(config, **change))
    runs[name] = vit_helpers.run_experiment(
        models[name], dataset, PROFILE, epochs=max(1, profile.epochs // 3), resume=True
    )

# %%
rows = [
    [name, f"{models[name].count_params():,}", f"{run.test_accuracy:.1%}", f"{run.seconds:.0f}"]
    for name, run in runs.items()
]
vit_helpers.show_table(rows, ["model", "numbers", "test accuracy", "seconds"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# The mean over all classes does not show *what* was lost. First the kinds: the mean accuracy of the
# families of each.

# %% slideshow={"slide_type": "subslide"}
by_family = {}
for name, one in models.items():
    guesses = one.predict(dataset.x_test, batch_size=250, verbose=0).argmax(axis=-1)
    by_family[name] = family_accuracy(dataset, guesses)
by_kind = {
    name: {
        kind: np.mean([values[family] for family in values if kind_of[family] == kind])
        for kind in dict.fromkeys(kind_of.values())
    }
    for name, values in by_family.items()
}
plot_bars(
    by_kind,
    "What is left without each part",
    "share of test images that are right, mean of the families",
    percent=True,
    alt="Accuracy for each kind of family: whole model, without positions, without attention",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# And each family, those that lost most first:

# %%
columns, whole = [], by_family["whole"]
for name in ("without positions", "without attention"):
    lost = {family: 100 * (whole[family] - by_family[name][family]) for family in whole}
    most = sorted(lost, key=lost.get, reverse=True)[:20]
    columns.append([f"{family} ({kind_of[family]}) {round(lost[family])}" for family in most])
images = np.bincount(dataset.y_test).sum() / len(families)
print(
    f"{images:.0f} test images a family: about ± {100 * np.sqrt(0.5 / images):.0f} points by chance"
)
vit_helpers.show_table(
    list(zip(*columns, strict=True)),
    ["without positions, points lost", "without attention, points lost"],
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# What our run on Shapes-100 says:
#
# - **Without positions**, the families of *place* lose by far the most, those of texture hardly
#   anything. Form and agreement lose some. Look at the names of the classes in the families that lose
#   most: which of them also ask *where*?
# - **Without attention**, both *place* and *agreement* fall deep. Agreement is left with about one
#   in five: that is guessing among the five classes of a family. Form loses much as well, texture
#   least.
#
# What it does not say: each model was trained once, with one seed and in a short run. A few points
# more or less mean nothing, and with more training a part may be missed less.

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
print(
    f"test accuracy {result.test_accuracy:.1%}; with a third of the epochs "
    + ", ".join(f"{name} {run.test_accuracy:.1%}" for name, run in runs.items())
)
vit_helpers.forget_runs(result, *runs.values())  # all done: the next start trains anew

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - This small Vision Transformer trains in minutes on two cores.
# - With label smoothing the loss has a floor above zero.
# - The validation split chooses, the test split judges, once.
# - Accuracy by family and confident mistakes say more than one number.
# - Without positions, families of place lost most. Without attention, those of place and agreement did.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_07_training.ipynb) tell you
# what is wrong with an answer. Or sit back and think:
#
# 1. Which family would suffer if you shuffled the pixels *inside* each patch, in the same way in all
#    images? Which would not?
# 2. What is the lowest loss with `label_smoothing=0.0`, and with 0.2? Compute both before you train.
# 3. The model without attention still knows some families beyond texture better than by guessing.
#    How can it, if no token sees another?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [8 · Make it fast](08_making_it_fast.ipynb): where the time of a training step goes, and how to
# save it.
