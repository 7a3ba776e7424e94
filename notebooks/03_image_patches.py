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
# # 3 · Cut an image into patches
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/03_image_patches.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/03_image_patches.ipynb)
#
# **You will** cut images into patches with two array operations, check them against plain slicing,
# put an image back together, and see what the size of a patch costs.
#
# **You need** NumPy's `reshape` and `transpose`; nothing from the earlier notebooks.
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
# ## Why patches?
#
# A Transformer reads a list of **tokens** and compares every token with every other one. A sentence
# has a few dozen words. But what are the words of an image?
#
# The first idea is: the pixels. Let us count what that would mean.

# %%
from vit_helpers import plot_images, plot_lines, plot_maps, plot_patches

dataset = vit_helpers.load_dataset(DATASET)
pick = 702 % len(dataset.x_test)  # any test image will do
image = dataset.x_test[pick]
height, width, channels = image.shape
name = dataset.class_names[dataset.y_test[pick]]
plot_images([image], [name], title="A test image", alt=f"An image of the class {name}", size=2.2)

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
pixels = height * width
print(f"{height} × {width} = {pixels:,} pixels make {pixels**2:,} pairs to compare")
patches = (height // 4) * (width // 4)
print(f"with patches of 4 × 4 pixels: {patches} tokens and {patches**2:,} pairs")

# %% [markdown] slideshow={"slide_type": "subslide"}
# Sixteen times fewer tokens mean 256 times fewer pairs. That is the reason for patches: **a patch is a
# word that is big enough to be affordable.** A Vision Transformer cuts the image like a sheet of
# stamps, and from then on compares stamps and not pixels.

# %%
plot_patches(image, 4, title="The same image as the Transformer gets it")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Cutting by hand
#
# To see every pixel move, take an image that is made of numbers: 4 rows and 6 columns, each pixel
# holding its own index. Colours follow the numbers, so that you can see where a pixel ends up.

# %%
numbers = np.arange(24).reshape(4, 6)


def show_numbers(arrays, titles, title):
    """Arrays of pixel numbers as coloured grids, with the number in each cell."""
    return plot_maps(arrays, titles, title=title, size=1.4, limits=(0, 23), numbers="{}")


show_numbers([numbers], None, "An image of 4 × 6 numbered pixels")

# %% [markdown] slideshow={"slide_type": "subslide"}
# We want patches of 2 × 2 pixels: the first one should hold 0, 1, 6 and 7. NumPy's `reshape` alone
# reads along the rows. What does it put together? We write into each pixel of the image the number of
# the patch that it would go to:


# %%
def patch_of_each_pixel(patches):
    """The image again, with the number of its patch (1 to 6) in each pixel."""
    image = np.empty(24, int)
    image[patches.reshape(6, 4)] = np.arange(1, 7)[:, None]
    return image.reshape(4, 6)


def show_cut(patches, title, alt):
    cut = patch_of_each_pixel(patches)
    return plot_maps([cut], title=title, alt=alt, size=2.4, limits=(1, 6), numbers="{}")


show_cut(
    numbers.reshape(6, 2, 2),
    "reshape alone: strips, not squares",
    "The image of 4 × 6 pixels: each patch is a strip of four pixels in a row, and some go on in the next",
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Each patch is a strip of four pixels; the second one even begins at the right border and goes on at
# the left.
#
#
# The cure is to name the axes. First split each side in two: *which patch* and *which pixel in the
# patch*. That gives four axes: (patch row, pixel row, patch column, pixel column). Then bring the
# two patch axes to the front, with `transpose`. Nothing else is needed.

# %%
size = 2
four_axes = numbers.reshape(4 // size, size, 6 // size, size)
squares = four_axes.transpose(0, 2, 1, 3).reshape(-1, size, size)
show_cut(
    squares,
    "reshape, transpose, reshape: squares",
    "The image of 4 × 6 pixels: each patch is a square of 2 × 2 pixels",
)

# %% slideshow={"slide_type": "subslide"}
show_numbers(squares, range(1, 7), "The six patches, with the numbers of their pixels")

# %% [markdown]
# Are these the right pixels? Plain slicing is slow but easy to check by eye, so it is the judge:

# %% tags=["nbval-check-output"]
sliced = [numbers[r : r + 2, c : c + 2] for r in (0, 2) for c in (0, 2, 4)]
np.testing.assert_array_equal(squares, sliced)
print("first patch:", squares[0].ravel(), "· last patch:", squares[-1].ravel())

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The packaged layer
#
# The series' layer `Patches` does the same for a batch of colour images, and lays the pixels of each
# patch in one row of numbers. This is its heart, the method `call`. (Its `margin` is 0 here and
# everywhere up to notebook 8: then the two lines about it change nothing.)

# %%
vit_helpers.show_source(vit_helpers.Patches.call)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Here are the steps from above on our colour image, and the layer beside them:

# %% tags=["nbval-check-output"]
by_hand = image.reshape(height // 4, 4, width // 4, 4, channels).transpose(0, 2, 1, 3, 4)
by_hand = by_hand.reshape(-1, 4 * 4 * channels)
tokens = np.asarray(vit_helpers.Patches(4)(image[None]))
np.testing.assert_allclose(tokens[0], by_hand)
print("images", image[None].shape, "become patches", tokens.shape)

# %% [markdown]
# The last shape is worth remembering: **(images, patches, values in a patch)**. From here on an image
# is a table with one row for each patch.
#
# No pixel is lost on the way. If that is so, the steps can be walked backwards:

# %%
grid = tokens[0].reshape(height // 4, width // 4, 4, 4, channels)
again = grid.transpose(0, 2, 1, 3, 4).reshape(height, width, channels)
np.testing.assert_array_equal(again, image)
alt = "The image, and the same put together from its patches: no difference"
names = ["before", "from its patches"]
plot_images([image, again], names, title="There and back", alt=alt, size=2.2)

# %% [markdown] slideshow={"slide_type": "subslide"}
# What if the patches do not fit? The layer says so, and says what would fit:

# %% tags=["nbval-check-output"]
try:
    vit_helpers.Patches(5)(image[None])
except ValueError as error:
    print(error)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## A real photograph
#
# The best-known Vision Transformers take images of 224 × 224 pixels and patches of 16 × 16. This is
# the size of patch in the title of the paper, *An Image is Worth 16x16 Words* (Dosovitskiy et al.,
# 2021). Matplotlib brings a photograph along: Grace Hopper, pioneer of programming languages.

# %% slideshow={"slide_type": "subslide"}
from matplotlib import cbook
from PIL import Image, ImageOps

with cbook.get_sample_data("grace_hopper.jpg") as file:
    photo = np.asarray(ImageOps.fit(Image.open(file), (224, 224), centering=(0.5, 0.2)))
plot_patches(photo, 16, title="A photograph in 16 × 16 patches", width=8.5)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Look at single patches. Could you say what each one shows? Some tell much, like the eye. Some tell
# little, like the sky. What no patch tells alone, a Vision Transformer must find by letting
# patches *look at each other*. That is what attention is for, in notebook 5. Notebook 7 takes it away
# and measures how far a model gets without it, for each family of Shapes-100.

# %%
words = np.asarray(vit_helpers.Patches(16)(photo[None]))[0].reshape(14, 14, 16, 16, 3)
some = [(2, 2), (4, 6), (13, 11), (1, 7), (9, 2), (12, 7), (8, 6), (5, 12)]
plot_images(
    [words[place] for place in some],
    [f"row {row}, col {column}" for row, column in some],
    columns=8,
    title="Eight of the 196 patches",
    alt="Eight patches of the photograph: some show what they are part of, some only a colour",
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What the size of a patch costs
#
# Small patches show more detail, but make more tokens. How much more work is it? For N tokens of D
# values, one Transformer block needs about
#
# - 12 · N · D² multiplications in its dense layers (each token by itself), and
# - 2 · N² · D in its attention (each pair of tokens).

# %% tags=["nbval-check-output"]
sizes = [2, 4, 8, 16, 32]
values = 192  # the width of the smallest standard model, ViT-Ti
counts = np.array([(224 // size) ** 2 for size in sizes])
dense, attention = 12 * counts * values**2, 2 * counts**2 * values
for size, n, a, b in zip(sizes, counts, dense, attention, strict=True):
    print(f"patch {size:2}: {n:6,} tokens, dense {a / 1e9:.3f} G, attention {b / 1e9:.3f} G")

# %% slideshow={"slide_type": "subslide"}
plot_lines(
    sizes,
    {"dense layers": dense / 1e9, "attention": attention / 1e9},
    "One block on a 224 × 224 image, 192 values a token",
    "patch size in pixels",
    "billion multiplications",
    log=True,
    alt="Cost over patch size: halving the patch makes dense layers 4 and attention 16 times dearer",
)

# %% [markdown]
# Each time the side of a patch halves, there are 4 times as many tokens: the dense layers cost 4
# times as much, attention 16 times. Left of the crossing, attention is the larger bill.
#
# Where is the crossing? 12 · N · D² = 2 · N² · D holds for **N = 6 · D**: it depends on the width of
# the tokens, and with the size of the image it moves to another patch. So here is the share of
# attention in the bill, for three cases. The last one is this series: images of 32 pixels, tokens of
# 64 values.

# %% slideshow={"slide_type": "subslide"}
cases = {"224 pixels, 192 values": (224, 192), "224 pixels, 64 values": (224, 64)}
cases["32 pixels, 64 values"] = (32, 64)
shares = {}
for case, (side, width_of_token) in cases.items():
    n = (side / np.array(sizes)) ** 2
    shares[case] = n / (n + 6 * width_of_token)
picture = plot_lines(
    sizes,
    shares,
    "How much of the bill is attention?",
    "patch size in pixels",
    "share of the multiplications",
    alt="Share of attention over patch size: 192 and 64 values cross one half at different patches, "
    "32-pixel images stay below it",
)
axes = picture.figure.axes[0]
axes.axhline(0.5, color="black", lw=1)
axes.set_xscale("log", base=2)
axes.set_xticks(sizes, sizes)
axes.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
picture

# %% [markdown]
# The black line is the crossing. The two widths meet it at different patches; our small images stay below
# it with every patch shown. So the crossing does not say which patch to take. The usual 16 on large images, and our 4 on small ones, lie on its cheap side, but so do
# larger patches. What speaks against those is the detail that a larger patch must hold in one token. How
# much that matters for the answer, no count of multiplications can tell: one has to train with both.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Shuffle them
#
# Now an experiment that prepares the next notebook. Cut the image, shuffle its patches, and glue them
# together again.

# %%
order = np.random.default_rng(1).permutation(len(by_hand))
shuffled = by_hand[order].reshape(height // 4, width // 4, 4, 4, channels)
shuffled = shuffled.transpose(0, 2, 1, 3, 4).reshape(height, width, channels)
photo_order = np.random.default_rng(1).permutation(196)
photo_mix = words.reshape(196, 16, 16, 3)[photo_order].reshape(14, 14, 16, 16, 3)
photo_mix = photo_mix.transpose(0, 2, 1, 3, 4).reshape(224, 224, 3)
plot_images(
    [image, shuffled, photo, photo_mix],
    ["image", "shuffled", "photograph", "shuffled"],
    columns=4,
    title="The same patches in another order",
    alt="Image and photograph, each beside its shuffled patches, in which it is hardly known again",
    size=1.9,
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# You see at once that something is wrong. A Transformer that is not told the places of its patches
# does not: to it the patches are a *set*, like cards in a bag, and both pictures are the same bag.
# Notebook 4 shows this for a whole block. Here, see it for the simplest thing that one can do with a
# set, its mean:

# %% tags=["nbval-check-output"]
np.testing.assert_allclose(by_hand.mean(axis=0), by_hand[order].mean(axis=0))
print("the mean over all patches is the same in both orders")

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline", "nbval-check-output"]
print(f"{patches} patches of {tokens.shape[-1]} values")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - A patch is a word of an image: big enough that comparing all of them is affordable.
# - Cutting is `reshape`, `transpose`, `reshape`; it moves pixels and changes none.
# - Half the patch side means 4 times the tokens and 16 times the attention.
# - The order of the patches is not in the patches. Where it matters, someone has to add it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_03_image_patches.ipynb) tell you what is wrong
# with an answer. Or sit back and think:
#
# 1. How many tokens does a 96 × 64 image make with patches of 8? How many values has each?
# 2. In the cut by hand, leave the axes as they are (`transpose(0, 1, 2, 3)`). Which of the pictures
#    above does `show_cut` draw then, and why?
# 3. The largest patch of a 32 × 32 image has 32 pixels. What is left of attention then?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# [4 · Turn patches into tokens](04_patch_encoding.ipynb): each patch becomes a vector, and gets the
# place that it came from.
