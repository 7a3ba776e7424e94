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
# # 0 · Start here
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/00_start_here.ipynb)
#
# Did you press *Run All* and land at the end? All is computed: scroll up to this line, and read on
# from here.
#
# **You will** see a Vision Transformer at work in a minute, look at what it looks at, and find out
# what this series will cost on your machine.
#
# **You need** Python. The series trains everything on the processor that you have: no accelerator,
# no account, no download.
#
# **Time on two cores:** half a minute to run, ten minutes to read.

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
# ## What is a Vision Transformer?
#
# A **Vision Transformer (ViT)** says what is in an image. It works in five steps, and the
# notebooks of this series take them one by one:
#
# 1. it takes an **image**;
# 2. it cuts it into small squares, the **patches**;
# 3. it turns each patch into a list of numbers, a **token**;
# 4. it lets every token look at every other one and take over what it needs: **attention**, repeated
#    in several **blocks**;
# 5. it takes the mean of all tokens and reads the **class** from it.
#
# Here is one at work. We trained it before and saved it beside the helpers, so that you need not wait
# (`make model` trains it again).

# %% tags=["nbval-check-output"]
import keras

from vit_helpers import (
    attention_maps,
    block_inputs,
    plot_attention,
    plot_bars,
    plot_images,
    plot_overview,
)

shapes = vit_helpers.load_dataset("shapes100")
model = vit_helpers.load_shipped_model()
print(shapes)
print(f"the model holds {model.count_params():,} numbers")

# %% slideshow={"slide_type": "subslide"}
pick = np.flatnonzero(shapes.y_test == shapes.class_names.index("keys: middle"))[4]
image = shapes.x_test[pick : pick + 1]
chances = np.asarray(keras.ops.softmax(model.predict(image, verbose=0)))[0]
best = {shapes.class_names[label]: chances[label] for label in chances.argsort()[::-1][:3]}
tokens = np.asarray(block_inputs(model, image)[0][1])[0]
attention = attention_maps(model, image)[2, 0].mean(axis=0)
plot_overview(
    image[0],
    4,
    tokens,
    attention,
    best,
    "A Vision Transformer from left to right",
    alt="An image, its 64 patches, its tokens, an attention map and the three likeliest classes",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The class here is called *keys: middle*: one of three discs has the colour of the frame, and it is
# the one in the middle. No single patch can know that. The answer is in the *comparison* of patches
# that lie far apart, and comparing is what attention does.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The images that it knows
#
# The images come from **Shapes-100**, a dataset that this project draws on your own machine: 100
# classes in 20 families of 5. The families ask for different skills: some for texture, some for form,
# some for *where* things are, and some for whether distant parts *agree*. So you can see later what
# each part of a Transformer is for. (The model that we saved knows only these images; therefore this
# notebook shows them whatever `DATASET` says. The others use your choice.)
#
# Let us give it twelve images that it has never seen.

# %% slideshow={"slide_type": "subslide"}
some = np.random.default_rng(4).choice(len(shapes.y_test), 12, replace=False)
found = model.predict(shapes.x_test[some], verbose=0).argmax(axis=-1)
titles = [
    f"{shapes.class_names[answer]}\n"
    + ("right" if answer == truth else f"wrong: {shapes.class_names[truth]}")
    for answer, truth in zip(found, shapes.y_test[some], strict=True)
]
plot_images(
    shapes.x_test[some],
    titles,
    columns=4,
    title="What the model says, and the truth where it is wrong",
    size=1.8,
    alt="Twelve images with the class that the model names: "
    + "; ".join(titles).replace("\n", " "),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Twelve images are no measurement. How often is it right on a thousand?

# %%
thousand = slice(0, 1000)
answers = model.predict(shapes.x_test[thousand], batch_size=250, verbose=0).argmax(axis=-1)
accuracy = (answers == shapes.y_test[thousand]).mean()
print(f"right on {accuracy:.1%} of 1,000 test images; guessing would give 1.0%")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Where does it look?
#
# In each block, every token divides its attention over all tokens. The mean of what a patch
# *receives* from all of them makes a map: bright patches are those that are looked at most. The
# attention of one image is a large array: in each block and each head, a number for each pair of tokens.

# %% tags=["nbval-check-output"]
print("blocks, images, heads, looking, looked at:", attention_maps(model, image).shape)

# %% slideshow={"slide_type": "subslide"}
wanted = ["letters: A", "dot trios: peak", "sizes: big-above", "openings: top"]
wanted += ["quartets: rows", "colour trios: top"]
picks = [np.flatnonzero(shapes.y_test == shapes.class_names.index(name))[1] for name in wanted]
maps = attention_maps(model, shapes.x_test[picks])
received = maps[2:].mean(axis=(0, 2, 3)).reshape(-1, 8, 8)
plot_attention(
    shapes.x_test[picks],
    received,
    wanted,
    title="Attention that each patch receives in the last two blocks",
    size=1.35,
    alt="Six images; the brightest patches of each lie on the letter, the marks or the discs",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# In these six images, the brightest patches lie on the figure. But we picked the images, and six are
# no measurement either. So let us count. In the families from `solids` on, a figure stands on a ground
# of one colour. We know this colour from the image's border. A pixel that clearly differs from it
# belongs to the figure:


# %% slideshow={"slide_type": "subslide"}
def figure_of(images):
    """Which pixels differ clearly from the colour of the border: (N, H, W), true or false."""
    upright = images.swapaxes(1, 2)
    border = [images[:, :2], images[:, -2:], upright[:, :2], upright[:, -2:]]
    ground = np.median(np.concatenate(border, axis=1), axis=(1, 2), keepdims=True)
    return np.abs(images - ground).max(axis=3) > 45


figures = np.repeat(255 * figure_of(shapes.x_test[picks])[..., None], 3, axis=3)
plot_images(
    figures,
    wanted,
    title="The pixels of the figure",
    size=1.35,
    alt="The same six images as masks: the letter, the marks or the discs white, the ground black",
)

# %% tags=["nbval-check-output"]
for name, mask in zip(wanted, figure_of(shapes.x_test[picks]), strict=True):
    print(f"{name:17} the figure has {mask.mean():.0%} of the pixels")

# %% [markdown] slideshow={"slide_type": "subslide"}
# How much of the attention does the figure receive? We spread the attention of a patch evenly over its
# pixels, and add up what falls on the figure. If attention fell everywhere alike, that would be the
# figure's share of the image. And is it *training* that makes the difference? So we ask a second model:
# the same layers, never trained.

# %%
keras.utils.set_random_seed(0)  # the same "random" weights in every run
untrained = vit_helpers.create_vit_classifier(vit_helpers.CONFIGS["tiny"])
untrained.get_layer("normalization").set_weights(model.get_layer("normalization").get_weights())
names = list(dict.fromkeys(shapes.families))[5:]
family = np.array(shapes.families)[shapes.y_test]
results = {"its share of the image": [], "of attention, untrained": [], "of attention, trained": []}
for name in names:
    images = shapes.x_test[np.flatnonzero(family == name)[: 10 if PROFILE == "smoke" else 30]]
    shares = figure_of(images).reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4)).reshape(-1, 64)
    found = [shares.mean(axis=1)]
    for either in (untrained, model):
        received = attention_maps(either, images)[2:].mean(axis=(0, 2, 3))
        found.append((received * shares).sum(axis=1))
    for key, values in zip(results, found, strict=True):
        results[key].append(values)
results = {key: np.array(values) for key, values in results.items()}  # (families, images)

# %% slideshow={"slide_type": "subslide"}
kinds = {"form": slice(0, 6), "place": slice(6, 11), "agreement": slice(11, 15)}
plot_bars(
    {key: {k: part[mine].mean() for k, mine in kinds.items()} for key, part in results.items()},
    "What the figure receives, in the last two blocks",
    "share that belongs to the figure",
    percent=True,
    alt="For form, place and agreement: the figure receives far more than its share of the image "
    "from the trained model, and about its share from the untrained one",
)

# %%
share, *both = results.values()
for key, part in zip(("untrained", "trained"), both, strict=True):
    times = part[share > 0] / share[share > 0]  # a figure too faint to be found is left out
    low, middle, high = np.quantile(times, (0.05, 0.5, 0.95))
    print(
        f"{key:9}: more than its share in {(times > 1).mean():.0%} of {len(times)} images; "
        f"{middle:.1f} times its share (9 of 10 images: {low:.1f} to {high:.1f} times)"
    )

# %% [markdown]
# The two models have the same layers, and only one was trained. So training has turned attention to
# the figure, and nobody told it where the figure is: it was given the images and their classes. How
# strong that is differs from image to image, as the spread shows. And being looked at is not yet being *used*: what single
# maps do and do not tell is a question of notebook 5.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Your machine
#
# A ViT of this size does not need an accelerator. It does need some memory, some space for the
# dataset, and the packages that the series was tested with. A gap is better found here than in the
# middle of notebook 7. So we look at each of them, and train a model for a few steps.

# %%
import vit_check

report = vit_helpers.speed_report()
rows = [[it.what, it.state, it.found, it.mend] for it in vit_check.examine(report)]
vit_helpers.show_table(rows, ["what", "state", "found", "mend"])

# %% [markdown] slideshow={"slide_type": "subslide"}
# Where something is *not ready*, one more column says what mends it; a *note* may stay as it is.
# In a terminal, `python -m vit_check` prints the same table, even where Keras is missing.
#
# The large piece of work comes in notebook 7, which trains three models: one whole, one without
# positions and one without attention. What that costs follows from the images per second that we
# have just measured. Everything else in the series takes about the same time with each profile, and is
# counted in the last column:

# %%
rows = [
    [name, f"{images:,}", f"{model:.1f}" if model >= 0.1 else "< 0.1", f"{series:.0f}"]
    for name, images, model, series in vit_check.cost(report)
]
header = ["profile", "images a model trains on", "minutes for one model", "minutes for the series"]
vit_helpers.show_table(rows, header)

# %% [markdown]
# You choose the profile in the second cell of each notebook: `smoke` only shows that everything
# works, `quick` is meant for reading along, `full` for an evening.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The series
#
# | notebook | you will | minutes to run |
# | --- | --- | --- |
# | [1 · Prepare the data](01_data_preparation.ipynb) | load, look, split, normalize | below 1 |
# | [2 · Augment the data](02_data_augmentation.ipynb) | make more of each image, honestly | below 1 |
# | [3 · Cut an image into patches](03_image_patches.ipynb) | make the words of an image | below 1 |
# | [4 · Turn patches into tokens](04_patch_encoding.ipynb) | project them, and say where they were | below 1 |
# | [5 · Let the patches look at each other](05_self_attention.ipynb) | do attention by hand | below 1 |
# | [6 · Assemble a Vision Transformer](06_vit_model.ipynb) | build it and count its parameters | below 1 |
# | [7 · Train it](07_training.ipynb) | train, test, take parts away | three models, see above |
# | [8 · Make it fast](08_making_it_fast.ipynb) | find out where the time goes | about 3 |

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
rate = f"{report['images_per_second']:.0f} images/s"
print(f"shipped model: {accuracy:.1%} on 1,000 test images; trains {rate} here")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A Vision Transformer turns an image into patches, patches into tokens, lets the tokens look at each
#   other, and reads the class from all of them.
# - On 15 families of Shapes-100 the trained model turns more attention to the figure than falls to it by
#   its size; the same model without training hardly does.
# - What the series costs on the machine in front of you stands in the table above.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# 1. Where the model is wrong in the picture of the twelve images, would you have known better? For
#    twelve others, change the `4` in `default_rng(4)`. Which classes does it mix up again and again?
# 2. Look for a map in which the attention is *not* where you would look. What could the model use?
# 3. Change `"keys: middle"` to another name of `shapes.class_names`, and run the cell again.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [1 · Prepare the data](01_data_preparation.ipynb): what goes in decides what can come out.
