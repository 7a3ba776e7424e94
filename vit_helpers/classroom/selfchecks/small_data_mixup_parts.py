"""The parts of mixup, right and wrong, for the self-check of task 1 of notebook 09."""

import numpy as np


def _put(things, partners):
    result = things.copy()
    result[partners] = things
    return result


# What is done at each of the places where mixing can go wrong: {what to say: what is done}.
# Which of the `things`, images or rows of a table, is the partner of each.
PARTNER = {
    "": lambda things, partners: things[partners],
    "You take the next one in the batch as the partner. `partners` says which it is.": (
        lambda things, partners: np.roll(things, -1, axis=0)
    ),
    "You take the one before in the batch as the partner. `partners` says which it is.": (
        lambda things, partners: np.roll(things, 1, axis=0)
    ),
    "You take the partners from the end of the batch. `partners` says which it is.": (
        lambda things, partners: things[::-1]
    ),
    "All have the same partner, the first of the batch.": (
        lambda things, partners: np.broadcast_to(things[:1], things.shape)
    ),
    "All have the same partner, the first of `partners`.": (
        lambda things, partners: np.broadcast_to(things[partners[:1]], things.shape)
    ),
    "You put each image in the place of its partner. But `partners` says whom each image gets, not "
    "where it goes.": lambda things, partners: _put(things, partners),
    "You look up the partner of the partner.": lambda things, partners: things[partners[partners]],
}
# What the image itself and its partner are multiplied with.
WEIGHTS = {
    "": lambda s, partners: (s, 1 - s),
    "The shares are exchanged: `shares` belongs to the image itself, and the rest to its "
    "partner.": lambda s, partners: (1 - s, s),
    "`shares` has no say: each gets one half.": lambda s, partners: (0.5 + 0 * s, 0.5 + 0 * s),
    "The two are added whole. Their shares should sum to 1.": (
        lambda s, partners: (1 + 0 * s, 1 + 0 * s)
    ),
    "The two are added with the same share. Together they should sum to 1.": (
        lambda s, partners: (s, s)
    ),
    "The partner is added whole. It gets what its share leaves.": (
        lambda s, partners: (s, 1 + 0 * s)
    ),
    "The partner is added to the whole of what was there. The shares should sum to 1.": (
        lambda s, partners: (1 + 0 * s, 1 - s)
    ),
    "The partner is missing: its share is left out.": lambda s, partners: (s, 0 * s),
    "The partner is there, but nothing else.": lambda s, partners: (0 * s, 1 - s),
    "Nothing is mixed: you return what came in.": lambda s, partners: (1 + 0 * s, 0 * s),
    "You return the partners, unmixed.": lambda s, partners: (0 * s, 1 + 0 * s),
    "You subtract the partner. It is added.": lambda s, partners: (s, s - 1),
    "The first share is used for the whole batch. Each image has its own.": (
        lambda s, partners: (s[0] + 0 * s, 1 - s[0] + 0 * s)
    ),
    "The mean share is used for the whole batch. Each image has its own.": (
        lambda s, partners: (s.mean() + 0 * s, 1 - s.mean() + 0 * s)
    ),
    "You use the share of the *partner*. Each image comes with its own.": (
        lambda s, partners: (s[partners], 1 - s[partners])
    ),
    "The share of the image is its own, but the partner brings a share of *its* own. The two sum "
    "to 1 only by chance.": lambda s, partners: (s, 1 - s[partners]),
    "Only the one with the larger share is left, and it is whole.": (
        lambda s, partners: ((s >= 0.5) * 1.0, (s < 0.5) * 1.0)
    ),
}
# How the shares are laid out, to be multiplied with images.
ALONG = {
    "": lambda s: s[:, None, None, None],
    "The shares lie along the colours: red, green and blue get shares of their own.": (
        lambda s: s[None, None, None, :]
    ),
    "The shares lie along the columns: each column of an image gets a share of its own.": (
        lambda s: s[None, None, :, None]
    ),
    "The shares lie along the rows: each row of an image gets a share of its own.": (
        lambda s: s[None, :, None, None]
    ),
}
ALONG_TABLE = {
    "": lambda s: s[:, None],
    "The shares lie along the classes: each column of the table gets a share of its own.": (
        lambda s: s[None, :]
    ),
}
NUMBERS = {
    "": lambda values: values,
    "You divide by 255. The images stay in 0 ... 255.": lambda values: values / 255,
    "You make whole numbers of the mixture: what stands behind the point is lost.": np.trunc,
    "You round the mixture to whole numbers.": np.round,
}
# The rows (images, classes) of the labels before they are mixed.
TABLE = {
    "": lambda labels, classes: np.eye(classes)[labels],
    "You count the classes from one. Here they count from zero.": (
        lambda labels, classes: np.eye(classes)[labels - 1]
    ),
    "You count the classes from one, and your table has a column more. Here they count from "
    "zero.": lambda labels, classes: np.eye(classes + 1)[labels],
    "Your table ends with the largest label of the batch. Every class needs a column, also one "
    "that is not in the batch.": lambda labels, classes: np.eye(labels.max() + 1)[labels],
    "Your table has columns for those classes only that are in the batch. Every class needs one.": (
        lambda labels, classes: (labels[:, None] == np.unique(labels)).astype(float)
    ),
    "Your table has a column for each image. It needs one for each class.": (
        lambda labels, classes: np.eye(len(labels))[labels]
    ),
    "Your table counts all labels of the batch. A row belongs to one image.": (
        lambda labels, classes: np.tile(np.eye(classes)[labels].sum(axis=0), (len(labels), 1))
    ),
    "You write the number of the class into the table. What stands there is a share.": (
        lambda labels, classes: np.eye(classes)[labels] * labels[:, None]
    ),
}
