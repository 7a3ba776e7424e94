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
# **Time on two cores:** seven minutes to run, twenty minutes to read. Start it, then read on.

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
# compares its answer with the labels, and moves each number a little in the direction that would have
# made the answer better. Then comes the next batch. One pass over all training images is an **epoch**.
#
# Here are the data and the fresh model:

# %% tags=["nbval-check-output"]
import tempfile
from dataclasses import replace

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
# Transformers are picky about *how* they are trained. This is the recipe of the series:

# %% tags=["nbval-check-output"]
from pprint import pprint

recipe = vit_helpers.RECIPES["default"]
pprint(recipe)

# %% [markdown] slideshow={"slide_type": "subslide"}
# - **AdamW** is the usual optimizer of Transformers. Its *weight decay* pulls every number towards
#   zero a little, so that only those stay large that are needed.
# - The **learning rate**, the length of a step, starts at zero, rises (**warm-up**), then falls along
#   a cosine. At the beginning the gradients of a fresh Transformer are wild and long steps would wreck
#   it; in the end, short steps let it settle.
# - **Label smoothing** asks for 90 % certainty, not for 100 %. Nobody can reach 100 %, and trying
#   makes a model overconfident.

# %% slideshow={"slide_type": "subslide"}
steps = 1000
schedule = vit_helpers.learning_rate_schedule(recipe, steps)
places = np.linspace(0, steps, 41)
plot_lines(
    places / steps,
    {"learning rate": [float(schedule(step)) for step in places]},
    "Warm-up, then a cosine",
    "share of the training run",
    "learning rate",
    alt="The learning rate rises in the first tenth of the run, then falls to zero along a cosine",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Train
#
# `run_experiment` does all of it: it compiles the model, trains it, keeps the whole model of the epoch
# with the best *validation* accuracy, and looks at the *test* split once, at the very end. The picture
# below is redrawn every few seconds while it works.

# %%
result = vit_helpers.run_experiment(model, dataset, PROFILE)

# %% slideshow={"slide_type": "subslide"}
plot_history(result.history, "How the training went")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Three things to read from the curves:
#
# - the loss falls, so it learns;
# - the validation curves follow the training curves, or are even ahead of them (a training value is a
#   mean over an epoch in which the model was still worse), so it does not just learn by heart;
# - **top-5** counts an answer as right if the label is among the five likeliest classes. It is always
#   higher, and tells whether the model is far off or nearly there.
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
# dataset has no families):

# %% slideshow={"slide_type": "subslide"}
logits = model.predict(dataset.x_test, batch_size=250, verbose=0)
predicted = logits.argmax(axis=-1)
families = family_accuracy(dataset, predicted)
plot_bars(
    dict(sorted(families.items(), key=lambda item: -item[1])[:20]),
    "Test accuracy by family, best first",
    "share of test images that are right",
    percent=True,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# On Shapes-100 the end of the list is no accident: the families in which distant parts must be counted
# or compared come last. The model learns the easy things early; with more epochs (`PROFILE = "full"`)
# the others follow.

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
# Are these mistakes that you could make? Then the model is on a good way. Are they silly? Then it
# looks at something that you do not, and it pays to find out at what.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Save it, load it, use it
#
# A model in a file is worth more than one in a notebook. The file holds everything: the layers, their
# numbers, and the normalization.

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
# The best way to understand a part is to take it away. We train two more models, in the same way and
# for the same number of epochs:
#
# - one **without positions**: it gets the patches as a bag of cards;
# - one **without attention**: each token sees only itself, and the tokens meet for the first time in
#   the mean at the very end.
#
# Before you go on: which families will each of them fail at?

# %%
blind = vit_helpers.create_vit_classifier(replace(config, position="none"))
without_positions = vit_helpers.run_experiment(blind, dataset, PROFILE)

# %% slideshow={"slide_type": "subslide"}
lonely = vit_helpers.create_vit_classifier(replace(config, attention=False))
without_attention = vit_helpers.run_experiment(lonely, dataset, PROFILE)

# %%
runs = {
    "whole": result,
    "without positions": without_positions,
    "without attention": without_attention,
}
rows = [
    [name, f"{run.test_accuracy:.1%}", f"{run.test_top5:.1%}", f"{run.seconds:.0f}"]
    for name, run in runs.items()
]
vit_helpers.show_table(rows, ["model", "test accuracy", "top-5", "seconds"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each part is worth something; how much depends on the images. But the mean over all classes does not
# show *what* was lost. The families do:

# %% slideshow={"slide_type": "subslide"}
by_family = {"whole": families}
for name, other in (("without positions", blind), ("without attention", lonely)):
    guesses = other.predict(dataset.x_test, batch_size=250, verbose=0).argmax(axis=-1)
    by_family[name] = family_accuracy(dataset, guesses)
order = list(families)[:20]
plot_bars(
    {name: {family: values[family] for family in order} for name, values in by_family.items()},
    "What is lost with each part",
    "share of test images that are right",
    percent=True,
    alt="Accuracy for each family: whole model, without positions, without attention",
)

# %% slideshow={"slide_type": "subslide"}
for name in ("without positions", "without attention"):
    losses = {family: families[family] - by_family[name][family] for family in families}
    most = sorted(losses, key=losses.get, reverse=True)[:5]
    print(f"{name}, points lost:")
    print("   " + ", ".join(f"{family} {losses[family] * 100:.0f}" for family in most))

# %% [markdown]
# On Shapes-100 you can read it like a diagnosis.
#
# - **Without positions**, the families go in which only the *place* tells: `places`, `pairs`,
#   `stacks`, `dot trios`, `sizes`. Textures do not care.
# - **Without attention**, everything goes that needs *two* patches to be compared, whether for their
#   place (`sizes`, `stacks`, `pairs`) or for their colour (`colour trios`, `solids`). A texture, which a
#   patch can tell by itself, is still recognised.
#
# On photographs the picture is less clear-cut. Colour and texture alone tell much about a photograph,
# so a model loses less of its accuracy with either part.

# %% tags=["headline"]
print(
    f"test accuracy {result.test_accuracy:.1%}, without positions "
    f"{without_positions.test_accuracy:.1%}, without attention {without_attention.test_accuracy:.1%}"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A Vision Transformer trains in minutes on two cores, if it is small and the recipe is right.
# - The validation split chooses, the test split judges, once.
# - Accuracy by family and confident mistakes say more than one number.
# - Positions tell *where*, attention *compares*; take one away and exactly that is lost.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/07_training.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. Which family would suffer if you shuffled the pixels *inside* each patch, in the same way in all
#    images? Which would not?
# 2. Train with `replace(recipe, warmup_ratio=0.0)` as `recipe=`. What happens in the first hundred steps?
# 3. The model without attention still knows some families beyond texture better than by guessing.
#    How can it, if no token sees another?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [8 · Make it fast](08_making_it_fast.ipynb): where the time of a training step goes, and how to save it.
