"""Self-check of task 3 of notebook 06: parameters, counted before a model is built."""

from .compare import number
from .verdict import check


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
            "Your tokens are too long: they have 64 values, and here they have 32.": cut * 64,
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
