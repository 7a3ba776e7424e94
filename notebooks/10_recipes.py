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
# # 10 · Choose a recipe
#
# [Open in Binder](https://mybinder.org/v2/gh/owner/name/HEAD?urlpath=lab/tree/notebooks/10_recipes.ipynb) · [Open in Colab](https://colab.research.google.com/github/owner/name/blob/main/notebooks/10_recipes.ipynb)
#
# **You will** find out what each ingredient of a training recipe is for: derive it by hand on a few
# numbers, then read what became of accuracy when only this was changed, with error bars. At the end you
# ask one question of your own, and have the answer in two minutes.
#
# **You need** notebook 7, or its idea: a recipe is how a model is trained.
#
# **Time on two cores:** two minutes to run, thirty-five minutes to read.

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
# ## The study
#
# "Which recipe?" cannot be answered in a notebook: each answer takes a training run, and one run may be
# luck. So the runs were made beforehand, by a command that anyone can repeat (`make study` in the
# repository, some hours of two cores). It trains the series' small model with the series' recipe, and
# then again with **one thing changed**. The numbers of all these runs come with the helpers; this
# notebook reads them.
#
# All rows here are about Shapes-100. Unless a row says otherwise, a run saw 40,000 images: 20,000
# different ones, each twice. That takes one core about a minute and a half, and is far from the end of
# training. So look at the differences, not at the heights.

# %% tags=["nbval-check-output"]
from dataclasses import replace
from pprint import pprint

from IPython.display import display

from vit_helpers import plot_errors, plot_lines, study_rows, study_table
from vit_helpers.pictures.picture import COLOURS, Picture, new_figure, styled

recipe = vit_helpers.RECIPES["default"]
pprint(recipe)

# %% [markdown] slideshow={"slide_type": "subslide"}
# How to read a table: each row is a change from the first one. *Test accuracy* is the mean of the runs
# with its standard error. *Against the first row* compares runs of the same seed in pairs, because
# they saw the same images in the same order. It is **bold** where Student's t-test for pairs says that
# chance alone would do this in fewer than 5 of 100 cases. Where it is not, the table says *none seen*:
# the runs do not tell the two apart, which does not mean that they are equal. With one run there is no
# error, and the table says *one run*.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Which optimizer?
#
# An optimizer makes a step out of a gradient. **Adam** divides each number of the gradient by how large
# this number usually is, so that all weights move about equally far. **Muon** does something of the
# kind for a whole matrix. We take a gradient by hand: a matrix that stretches one direction 3 times and
# another one 0.1 times. What does it do to a circle, and what does Muon make of it?


# %% tags=["nbval-check-output"]
def even_out(gradient):
    """Muon's update of one matrix: the same directions, with strengths near 1 (notebook 8)."""
    x = gradient / np.linalg.norm(gradient)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (2.0315 * square @ square - 4.775 * square) @ x
    return x


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


gradient = turn(0.5) @ np.diag([3, 0.1]) @ turn(-0.2)
matrices = {
    "the gradient": gradient,
    "as Adam's first step": np.sign(gradient),
    "as Muon's step": even_out(gradient),
}
for name, matrix in matrices.items():
    print(f"{name}: strengths", np.linalg.svd(matrix, compute_uv=False).round(2))


# %% slideshow={"slide_type": "subslide"}
@styled
def draw_circles(matrices):
    """What each matrix (2, 2) makes of a circle, with the lengths set to one scale."""
    figure, (grid,) = new_figure(8, 3.3, "A circle, after each matrix", 1, len(matrices))
    angles = np.linspace(0, 2 * np.pi, 100)
    circle = np.stack([np.cos(angles), np.sin(angles)])
    for axes, (name, matrix) in zip(grid, matrices.items(), strict=True):
        x, y = matrix @ circle / np.linalg.norm(matrix, 2)
        axes.plot(*circle, color="#BBBBBB", ls="--")
        axes.fill(x, y, color=COLOURS[0], alpha=0.4)
        axes.plot(x, y, color=COLOURS[0])
        axes.set(title=name, aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    return Picture(
        figure, "A circle becomes a needle with the gradient, a needle again with Adam's first "
        "step, and nearly a circle with Muon's step"
    )  # fmt: skip


draw_circles(matrices)

# %% [markdown] slideshow={"slide_type": "subslide"}
# The gradient knows two directions, but a step along it would move in one of them only. Adam looks at
# each number for itself. Here all four numbers of the matrix become 1 or -1, and what comes out is a
# needle again. Muon gives both directions a weight of the same order.
#
# And in training? The same model, the same images, three other optimizers. AdamW gets a rate that suits
# it, and Muon's rate as well: a change of optimizer without a change of rate is an unfair comparison.

# %%
study_table("optimizer")


# %% slideshow={"slide_type": "subslide"}
def show_answer(question, title):
    """The runs of an answer as a picture."""
    rows = study_rows(question)
    scores = {row.name: list(row.values().values()) for row in rows}
    return plot_errors(scores, title, "test accuracy", percent=True)


show_answer("optimizer", "Which optimizer? Each run, mean and standard error")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Weight decay, or L2?
#
# Both pull weights towards zero. **L2** adds `l2 × weight` to the *gradient*. **Weight decay** leaves the
# gradient alone and makes the *weight* smaller by a share of itself. For plain gradient descent the two
# are the same. For Adam they are not, because Adam divides the gradient, and with it the L2 term, by the
# usual size of this gradient. Take two weights, both 1. One has gradients that are small, the other one
# gradients that are a thousand times as large. Both are noise around zero: nothing is to be learned.


# %%
def adam(weight, gradients, rate=0.01, decay=0.0, l2=0.0):
    """Weights (W,) along Adam's steps on gradients (steps, W): (steps + 1, W)."""
    weight, m, v, path = weight.copy(), 0, 0, [weight]
    for t, gradient in enumerate(gradients, 1):
        gradient = gradient + l2 * weight
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        weight = weight * (1 - rate * decay)
        weight = weight - rate * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        path.append(weight)
    return np.array(path)


steps, sizes = 600, np.array([0.003, 3.0])
weights = np.ones((2, 50))  # fifty of each, to see past the noise
random = np.random.default_rng(0)
noise = random.normal(size=(steps, 2, 50)) * sizes[:, None]
paths = {
    "L2": adam(weights, noise, l2=0.01).mean(axis=-1),
    "weight decay": adam(weights, noise, decay=0.2).mean(axis=-1),
}

# %% slideshow={"slide_type": "subslide"}
lines = {
    f"{name}, gradients of {size:g}": path[::60, i]
    for name, path in paths.items()
    for i, size in enumerate(sizes)
}
plot_lines(
    np.arange(0, steps + 1, 60),
    lines,
    "What is left of a weight (mean of fifty)",
    "step",
    "weight",
    alt="; ".join(f"{name}: {line[-1]:.2f} at the end" for name, line in lines.items()),
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# Weight decay treats both alike. L2 pulls the weight with the small gradients down and hardly
# touches the other one: divided by a gradient of 3, it is next to nothing. So with Adam, L2 is strong
# where the loss says little, and weak where the gradients are large. **AdamW** is Adam with weight
# decay (Loshchilov and Hutter, 2019, arXiv 1711.05101).
#
# Does a decay help at all, and should it fall on everything? Some recipes leave norms, biases and
# positions out, of which there are few here:

# %%
study_table("weight decay")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Why warm up?
#
# Adam's step is the mean of the last gradients, divided by their usual size. In the first step the mean
# is the one gradient that there is, and its usual size is its size: the step has the full length,
# whatever the gradient. Later, what is noise cancels in the mean. How long are the steps if the
# gradient is nothing but noise?

# %% tags=["nbval-check-output"]
flat = adam(np.zeros(2000), random.normal(size=(60, 2000)), rate=1.0)
lengths = np.abs(np.diff(flat, axis=0)).mean(axis=1)
shown = np.arange(1, 61)
print(f"step 1: {lengths[0]:.2f} of the rate, steps 41 to 60: {lengths[40:].mean():.2f}")

# %% slideshow={"slide_type": "subslide"}
picture = plot_lines(
    shown[::3],
    {
        "without warm-up": lengths[::3],
        "with a warm-up of 20 steps": (lengths * np.minimum(1, shown / 20))[::3],
    },
    "How far Adam moves a weight on noise",
    "step",
    "length, in learning rates",
    alt="Without warm-up the first steps are the longest; with it they begin at almost nothing",
)
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# Without warm-up, Adam is most daring when it knows least. The warm-up turns this round.
#
# Now real runs. In their first 200 steps the study noted the length of the gradient (of all weights
# together, before it is clipped) and the largest attention score in any block: where scores are large,
# softmax looks at one token only, and its gradient is nearly zero. One seed:


# %%
def first_steps(key, rows):
    """{row: (steps, values)} of what was noted in the first steps, with the first seed."""
    found = {}
    for row in rows:
        noted = row.runs[0].get("probes", {}).get("first steps") if 0 in row.runs else None
        if noted:
            found[row.name] = noted[key]
            found["step"] = noted["step"]
    return found


rows = study_rows("warm-up and schedule")
for key, label in (("gradient", "length of the gradient"), ("score", "largest attention score")):
    noted = first_steps(key, rows)
    places = noted.pop("step")
    picture = plot_lines(places, noted, f"The first 200 steps: {label}", "step", label)
    for line in picture.figure.axes[0].lines:
        line.set_marker("")
    display(picture)

# %% slideshow={"slide_type": "subslide"}
study_table("warm-up and schedule")

# %% [markdown]
# In the pictures the warm-up keeps the scores small while it lasts, with both optimizers; at step 200
# those of Muon are no longer apart. In the table both optimizers end lower without the warm-up, and
# Muon ends lower if the rate stays high to the end. That the small scores are the *reason* is not shown
# here: for that, one would have to keep the scores small in another way, and see.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## The norm: before or after?
#
# A block adds something to its tokens: `x + f(x)`. In the first Transformers the norm came *after* the
# sum, `norm(x + f(x))`; in this series, and in the ViT paper, it comes *before*, `x + f(norm(x))`. A small
# difference with a large effect. We follow 500 random tokens through twelve sums, with random matrices as f:


# %%
def norm(x):
    return (x - x.mean(-1, keepdims=True)) / x.std(-1, keepdims=True)


def alike(x, y):
    """The mean correlation of the tokens x (N, D) with the tokens y (N, D)."""
    return (norm(x) * norm(y)).mean()


random = np.random.default_rng(0)
matrices = random.normal(size=(12, 64, 64)) / 8  # each keeps the length of what it gets
tokens = norm(random.normal(size=(500, 64)))
before, after = [tokens], [tokens]
for matrix in matrices:
    before.append(before[-1] + norm(before[-1]) @ matrix)
    after.append(norm(after[-1] + after[-1] @ matrix))
streams = {"norm before": before, "norm after": after}
left = {name: [alike(tokens, x) for x in stream] for name, stream in streams.items()}
sizes = {name: [x.std() for x in stream] for name, stream in streams.items()}

# %% slideshow={"slide_type": "subslide"}
for values, title, label in (
    (left, "How much is left of the tokens that came in?", "correlation with them"),
    (sizes, "How large are the tokens?", "deviation of their values"),
):
    display(plot_lines(np.arange(13), values, title, "blocks passed", label))

# %% [markdown] slideshow={"slide_type": "subslide"}
# With the norm after, each block halves the share of all that came before it, in squares: after
# twelve of them the first token is nearly forgotten. With the norm before, the sum just grows, and
# every block has added about as much as every other one.
#
# What goes forward through these sums comes back through them as gradient. This is the length of the
# gradient that arrives in the tokens of each block of a *fresh* model (mean over the seeds of the study):

# %%
rows = study_rows("norm and residuals")
arriving = {}
for row in rows:
    noted = [run["probes"]["arriving"]["gradient"] for run in row.runs.values()]
    arriving[row.name] = np.mean(noted, axis=0)
table = [
    [name, f"{g[0]:.4f}", f"{g[-1]:.4f}", f"{g[0] / g[-1]:.1f}"] for name, g in arriving.items()
]
vit_helpers.show_table(table, ["", "first block", "last block", "first / last"])

# %% slideshow={"slide_type": "subslide"}
study_table("norm and residuals")

# %% [markdown]
# Read the last two tables together. With the norm after, the deeper model is the worse one, and with twelve
# blocks it does not learn at all. With the norm before, all three depths learn. Without residuals, four
# blocks learn little. But the usual story, that with the norm after no gradient reaches the first block,
# is not what our fresh models show: there the gradient is spread over the blocks *more evenly* than with
# the norm before. What is larger with the norm after is the gradient in the last blocks. Xiong and others
# (2020, arXiv 2002.04745) found the same, and take it for the reason why such models need a long warm-up
# and a small rate. This rate was chosen for the norm before; other rates were not tried.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What smoothing does to certainty
#
# With label smoothing s and C classes the target is 1 - s + s / C for the label and s / C for the others
# (notebook 7). Suppose that a model gives the label some chance, and shares the rest among the others
# equally. Which chance has the lowest loss, if there are 100 classes?

# %% tags=["nbval-check-output"]
chance = np.linspace(0.5, 0.9999, 400)
others, classes = (1 - chance) / 99, 100
losses = {
    f"s = {s}": -(1 - s + s / classes) * np.log(chance) - 99 * s / classes * np.log(others)
    for s in (0.0, 0.1, 0.2)
}
for name, loss in losses.items():
    print(f"{name}: lowest at a chance of {chance[loss.argmin()]:.1%}, a loss of {loss.min():.3f}")

# %% slideshow={"slide_type": "subslide"}
picture = plot_lines(
    chance,
    losses,
    "The loss over the chance of the label",
    "chance that the model gives the label",
    "loss",
    alt="Without smoothing the loss falls to 0; with it, it is lowest below certainty",
)
for line in picture.figure.axes[0].lines:
    line.set_marker("")
picture

# %% [markdown] slideshow={"slide_type": "subslide"}
# So losses of different smoothing cannot be compared; accuracy can. And certainty can: among all images
# for which a model says "I am 80 % sure", is it right in 80 %? Such a model is **calibrated**. From the
# study, on the validation split:

# %%
rows = study_rows("label smoothing")


@styled
def draw_calibration(rows):
    """How often models are right, over how sure they are; the size of a mark is its images."""
    figure, ((axes,),) = new_figure(5.5, 4.5, "How sure, and how often right (first seed)")
    axes.plot([0, 1], [0, 1], color="black", lw=1, label="calibrated")
    for i, row in enumerate(rows):
        count, sure, right = np.transpose(row.runs[0]["probes"]["calibration"]["bins"])
        some = count > 20
        axes.plot(sure[some], right[some], marker="os"[i], color=COLOURS[i], ls=["-", "--"][i],
                  label=f"smoothing {row.name}")  # fmt: skip
    axes.set(xlabel="how sure the model is", ylabel="share that is right")
    axes.legend(frameon=False)
    return Picture(figure, "Share of right answers over certainty, with and without smoothing")


draw_calibration(rows)

# %% tags=["nbval-check-output"]
for row in rows:
    gaps = [run["probes"]["calibration"]["gap"] for run in row.runs.values()]
    print(f"smoothing {row.name}: mean distance from the line {np.mean(gaps):.1%}")
study_table("label smoothing")

# %% [markdown]
# In accuracy the table shows next to nothing. In certainty it shows something: both models are right more
# often than they say, as may happen after a short training, and the one with smoothing more so. Smoothing
# asks for less certainty, and gets it.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Choices inside the model
#
# Three choices that every ViT has to make. How do tokens become one answer?

# %%
study_table("pooling")

# %% [markdown]
# Where does a token get its place from?

# %%
study_table("positions")

# %% [markdown] slideshow={"slide_type": "subslide"}
# How many heads share the width of 64? The last row gives each of four heads 64 values of its own, which
# is `key_dim=64` in Keras's words, and costs time:

# %%
study_table("heads")

# %%
tiny = vit_helpers.CONFIGS["tiny"]
ways = {
    "4 heads of 16": {},
    "1 head of 64": {"num_heads": 1},
    "8 heads of 8": {"num_heads": 8},
    "4 heads of 64": {"key_dim": 64},
}
speeds = {
    name: vit_helpers.training_speed(replace(tiny, **way), recipe).images_per_second
    for name, way in ways.items()
}
rows = [[name, f"{speed:.0f}"] for name, speed in speeds.items()]
vit_helpers.show_table(rows, ["heads", "images/s in training, on this machine"])

# %% [markdown]
# In these runs the head that gets all tokens in a row learns fastest, by a wide margin. It has a weight
# for each value at each of the 64 places, 409,600 in all, where the mean needs 6,400. The price: it fits one
# size of image only. (Some of its lead may be the number of weights, some the places; the row changes
# both.) Positions matter, as in notebook 7. More heads than one help; a larger `key_dim` costs speed and
# brought no accuracy.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Batch size and rate belong together
#
# A batch of twice the size makes half the steps of the same data. Should each be longer? Three rules: the
# rate is kept, grows with the root of the batch, or in proportion. (10,000 images, twice.)

# %%
study_table("batch size")

# %% [markdown]
# Every row saw the same number of images, so a batch of 16 made 1,250 steps and one of 512 made 39. In a
# run as short as this, the number of steps decides: the smaller the batch, the higher the accuracy, whatever
# the rule. At each size the root is the rule that ended highest, or close to it. None of the rules makes 39
# steps do the work of 1,250; with a long training that may be otherwise.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## With twice the time, change this first
#
# Suppose that you may train for twice as long. More epochs? A deeper or wider model? Smaller patches? Each
# row was given about twice the time of the first one:

# %%
show_answer("twice the time", "What twice the time buys")

# %%
study_table("twice the time")

# %% slideshow={"slide_type": "subslide"} tags=["nbval-check-output"]
rows = study_rows("twice the time")
best = max(rows, key=lambda row: vit_helpers.mean_and_error([*row.values().values()])[0])
print(f"the highest mean of these {len(rows)} rows: {best.name}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Your own question
#
# Choose a change, and see: both recipes train a fresh model, with the same seed, on the same images. Any
# field of a Recipe will do: `optimizer`, `learning_rate`, `weight_decay`, `schedule`, `warmup_ratio`,
# `label_smoothing`, `batch_size`, `clip_norm`, `augmentation`, `mixing`. Guess first!

# %%
CHANGE = {"warmup_ratio": 0.0}

profile = vit_helpers.PROFILES[PROFILE]
dataset = vit_helpers.load_dataset(DATASET).take(profile.train_images, profile.eval_images)
few = dataset.take(10_000, 2_000)
config = vit_helpers.CONFIGS["tiny"].fit_to(few)
scores = {}
for name, mine in (("the recipe", recipe), ("your change", replace(recipe, **CHANGE))):
    model = vit_helpers.create_vit_classifier(config, seed=0)
    run = vit_helpers.run_experiment(model, few, PROFILE, mine, epochs=2, seed=0)
    scores[name] = run.test_accuracy

# %%
count = len(few.x_test)
for name, score in scores.items():
    error = np.sqrt(score * (1 - score) / count)
    print(f"{name}: {score:.1%}, ± {error:.1%} for {count:,} test images")

# %% [markdown]
# The error here is that of the test images alone (notebook 9 derives it). Another seed would add its own,
# and you have one run of each: enough to see ten points, not to see one.

# %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["headline"]
print(
    f"with {CHANGE}: {scores['your change'] - scores['the recipe']:+.1%} on {few.name}, one run each"
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## What you saw
#
# - Muon makes the strengths of a matrix nearly equal. From AdamW to Muon accuracy rose more than with
#   any other single change in the tables.
# - Adam divides L2 by the size of the gradient; weight decay escapes that.
# - Adam's first steps are its longest. Warm-up makes them short, and both optimizers end higher with it.
# - With the norm after the sum, depth does harm at this rate; with the norm before, it does not.
# - Smoothing has a floor for the loss, and makes the model say less than it knows.
# - A short run is decided by its number of steps. With twice the time, more epochs bought most.
# - A difference without an error bar is an anecdote, also when it is yours.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Check yourself
#
# Write the idea yourself: [the exercises of this notebook](exercises/exercise_10_recipes.ipynb) tell you
# what is wrong with an answer. Or sit back and think:
#
# 1. A paper compares its new optimizer, tuned over twenty rates, with AdamW at the rate of another
#    paper. What would you like to know?
# 2. Why does weight decay multiply with the learning rate? What happens to it along the cosine?
# 3. Two recipes differ by 0.4 ± 0.1 points in pairs, but each by itself has an error of ± 1 point. How can
#    that be?

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Next
#
# You can choose a recipe, and say how sure you are. To train on your own photographs, set `DATASET` to
# their folder in the second cell of any notebook. [Notebook 9](09_small_data.ipynb) says what to do if
# there are few of them.
