"""Self-checks of tasks 3 and 4 of notebook 06: the count of parameters, and the bugs."""

from itertools import product
from types import SimpleNamespace

import numpy as np

from .arithmetic import block_parts, norm, positions
from .verdict import NotYet, call, check, number, same


def _dense(values_in, values_out):
    return values_in * values_out + values_out


@check
def count(projection, block, whole):
    """Task 3: parameters for 48 x 32 images, patches of 8, width 32, 3 blocks, 10 classes."""
    width, tokens, classes = 32, 24, 10
    cut = 8 * 8 * 3
    right = _dense(cut, width)
    number(
        projection, right,
        {
            "You have a weight for each pair of in and out. A dense layer has biases too.": (
                cut * width
            ),
            "You took the pixels of a patch for its values. How many numbers has a pixel?": (
                _dense(64, width)
            ),
            "You counted the layer again for each patch. All patches go through the same one.": (
                tokens * right
            ),
            "The positions are in your number. They are waves here: nobody trains them, and they "
            "are not part of the projection.": right + tokens * width,
            "This is for images in which a patch is one row of pixels.": _dense(8 * 3, width),
        },
        "the parameters of the projection",
    )  # fmt: skip
    attention, norms = 4 * _dense(width, width), 2 * 2 * width
    mlp = _dense(width, 4 * width) + _dense(4 * width, width)
    one = attention + mlp + norms
    biases = 4 * width + 4 * width + width
    wide = 3 * _dense(width, 4 * width) + _dense(4 * width, width)
    number(
        block, one,
        {
            "You forgot the biases: each of the six dense layers has some.": one - biases,
            "You forgot the biases, and the norms too.": one - biases - norms,
            "You forgot the norms. They are small, but they are trained.": one - norms,
            "Half of the norms is missing. There are two in a block, and each has two numbers "
            "for each value of a token.": one - norms // 2,
            "You counted attention again for each head. The heads *share* the width: more heads "
            "are narrower heads.": mlp + norms + 4 * attention,
            "You gave each head the full width. Here the heads *share* it, so that the matrices "
            "of all heads together are as wide as a token.": mlp + norms + wide,
            "Attention has more than query, key and value. What mixes the answers of the "
            "heads?": one - _dense(width, width),
            "You counted only one of the MLP's two layers: the way up.": (
                one - _dense(4 * width, width)
            ),
            "Your MLP stays as wide as a token. Here it is four times as wide in the middle.": (
                attention + norms + 2 * _dense(width, width)
            ),
            "You counted the block again for each token. All tokens go through the same one.": (
                tokens * one
            ),
            "This is for all blocks. Wanted is one.": 3 * one,
            "This is the attention of a block. What else is in it?": attention,
            "This is attention and nothing of the MLP.": attention + norms,
        },
        "the parameters of one block",
    )  # fmt: skip
    last_norm, logits = 2 * width, _dense(width, classes)
    total = right + 3 * one + last_norm + logits
    number(
        whole, total,
        {
            "You counted one block. There are three, each with its own weights.": total - 2 * one,
            "One norm is missing: it stands behind the last block.": total - last_norm,
            "The head is missing: something has to make scores of the mean.": total - logits,
            "The last norm and the head are missing: after the blocks the model is not yet at its "
            "end.": total - logits - last_norm,
            "The positions are in your number. They are waves here: nobody trains them.": (
                total + tokens * width
            ),
            "You forgot the biases of the head.": total - classes,
            "You count a class token. This model takes the mean, it has none.": total + width,
            "You count what Normalization holds. It is measured, not trained.": total + 7,
            "Your head has weights for each place, as after *flatten*. Here it gets the mean.": (
                total - logits + _dense(tokens * width, classes)
            ),
            "The projection is missing: the patches have to become tokens.": total - right,
        },
        "the trainable parameters of the whole model",
    )  # fmt: skip
    return "To the last parameter, before anything was built."


SYMPTOMS = {
    "scale": {
        "right": None,
        "255": "The patches arrive on a scale that the weights were not trained on: this model "
        "learned from pixels that had been brought to mean 0 and deviation 1.",
        "raw": "The patches arrive as raw pixels, 0 ... 255; the weights were trained on others.",
        "both": "The pixels are scaled twice before they are cut.",
    },
    "place": {
        "right": None,
        "row": "For your model all patches stand in one long line: a patch and the one right below "
        "it are no neighbours, but a whole row apart.",
        "none": "Swap two patches of an image, and your model does not notice: no token knows its "
        "place.",
        "swapped": "Rows and columns of the grid are exchanged.",
    },
    "past": {
        "right": None,
        "normed": "Let attention and MLP say nothing, only zeros: a block should then leave its "
        "tokens as they are. Yours changes them.",
        "nothing": "Let attention say nothing, only zeros: the tokens should then reach the MLP "
        "as they are. Yours are gone.",
        "thought": "Let the MLP say nothing, only zeros: a block should then hand on what the "
        "tokens have seen. Yours hands on zeros.",
    },
}


def _answer(images, parts, scale, place, past):
    """Logits of the model of Task 4; each choice names what is done at one of the three places."""
    x = {
        "right": parts.normalise, "255": lambda x: x / 255, "raw": lambda x: x,
        "both": lambda x: parts.normalise(x / 255),
    }[scale](images)  # fmt: skip
    rows, columns = (side // 4 for side in images.shape[1:3])
    grids = {"right": (rows, columns), "row": (1, rows * columns), "swapped": (columns, rows)}
    tokens = parts.project(parts.cut(x))
    if place in grids:
        tokens = tokens + parts.places(*grids[place])
    for block in parts.blocks:
        normed = block.norm_1(tokens)
        kept = {"normed": normed, "nothing": 0}.get(past, tokens)
        tokens = kept + block.attention(normed)
        thought = block.mlp(block.norm_2(tokens))
        tokens = thought if past == "thought" else tokens + thought
    return parts.dense(parts.norm(tokens).mean(axis=1))


def _model_parts(width=8):
    """Small stand-ins for all parts of a model with patches of 4 x 4 pixels."""
    random = np.random.default_rng(5)
    w_project, w_dense = random.normal(size=(48, width)) / 7, random.normal(size=(width, 5))

    def cut(images):
        count, height, width, _ = images.shape
        axes = images.reshape(count, height // 4, 4, width // 4, 4, 3)
        return axes.transpose(0, 1, 3, 2, 4, 5).reshape(count, -1, 48)

    return SimpleNamespace(
        normalise=lambda images: (images - 120) / 60,
        cut=cut,
        project=lambda patches: patches @ w_project + 0.2,
        places=lambda rows, columns: positions(rows, columns, width),
        blocks=[block_parts(width, seed) for seed in (6, 7)],
        norm=norm(*random.uniform(0.5, 2, (2, width))),
        dense=lambda features: features @ w_dense + 0.1,
    )


def _diagnose(found, images):
    """Raise NotYet with a symptom of the first bug that is left in the logits `found`."""
    parts = _model_parts()
    right = _answer(images, parts, "right", "right", "right")
    try:
        same(found, right, {}, "(images, classes)")
    except NotYet:
        for choice in product(*SYMPTOMS.values()):
            wrong = _answer(images, parts, *choice)
            if np.shape(found) == wrong.shape and np.allclose(found, wrong):
                left = [s[c] for s, c in zip(SYMPTOMS.values(), choice, strict=True) if s[c]]
                bugs = ("One bug is", "Two bugs are", "Three bugs are")[len(left) - 1]
                raise NotYet(f"{bugs} left. A symptom: {left[0]}") from None
        raise


@check
def bugs(function):
    """Task 4: the repaired model, on square images and on others."""
    for height, width in ((32, 32), (8, 12)):
        images = np.random.default_rng(height).uniform(0, 255, (2, height, width, 3))
        try:
            _diagnose(call(function, images.copy(), _model_parts()), images)
        except NotYet as problem:
            if height == width:
                raise
            raise NotYet(f"For images of 32 × 32 it is right; for 8 × 12: {problem}") from None
    return "All three bugs are gone, for images of any size."
