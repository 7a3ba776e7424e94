"""Typical wrong answers to the exercises on few images, each with a phrase of the message."""

import math

import numpy as np


def mix(
    weights=lambda s, partners: (s, 1 - s),
    partner=lambda things, partners: things[partners],
    rows=lambda labels, classes: np.eye(classes)[labels],
    along=lambda s: s[:, None, None, None],
    then=lambda images, table: (images, table),
    table_weights=None,
):
    """A mixup: `weights` gets (shares, partners), `then` the pair before it is returned."""

    def mixup(images, labels, partners, shares, classes):
        mine, other = map(along, weights(shares, partners))
        mixed = mine * images + other * partner(images, partners)
        mine, other = (w[:, None] for w in (table_weights or weights)(shares, partners))
        table = rows(labels, classes)
        return then(mixed, mine * table + other * partner(table, partners))

    return mixup


def labels_by(table):
    """A mixup whose images are right: `table` gets (labels, partners, shares, classes)."""

    def mixup(images, labels, partners, shares, classes):
        mixed, _ = mix()(images, labels, partners, shares, classes)
        return mixed, table(labels, partners, shares, classes)

    return mixup


def numbers(labels, partners, shares, classes):
    return shares * labels + (1 - shares) * labels[partners]


def replaces(labels, partners, shares, classes):
    table, rows = np.zeros((len(labels), classes)), np.arange(len(labels))
    table[rows, labels] = shares
    table[rows, labels[partners]] = 1 - shares
    return table


def replaces_the_other(labels, partners, shares, classes):
    table, rows = np.zeros((len(labels), classes)), np.arange(len(labels))
    table[rows, labels[partners]] = 1 - shares
    table[rows, labels] = shares
    return table


def by_place(labels, partners, shares, classes):
    table, rows = np.zeros((len(labels), classes)), np.arange(len(labels))
    table[rows, labels] += shares
    table[rows, partners] += 1 - shares
    return table


def along_classes(labels, partners, shares, classes):
    table = np.eye(classes)[labels]
    return shares * table + (1 - shares) * table[partners]


def whole_label(labels, partners, shares, classes):
    return np.eye(classes)[np.where(shares >= 0.5, labels, labels[partners])]


def puts(things, partners):
    result = things.copy()
    result[partners] = things
    return result


def in_place(images, labels, partners, shares, classes):
    images[:] = images * shares[:, None, None, None]
    return images, np.eye(classes)[labels]


def into_a_copy(images, labels, partners, shares, classes):
    mixed, table = mix()(images, labels, partners, shares, classes)
    result = images.copy()
    result[:] = mixed
    return result, table


def one_by_one(images, labels, partners, shares, classes):
    mixed, table = mix()(images, labels, partners, shares, classes)
    return list(mixed), table


def only_five(images, labels, partners, shares, classes):
    shares = shares.reshape(-1, 5)[0]
    return mix()(images, labels, partners, shares, classes)


def error_of(inside, then=lambda e: e):
    return lambda accuracy, images: then(math.sqrt(inside(accuracy, images)))


def variance(p, n):
    return p * (1 - p) / n


RIGHT = error_of(variance)
TRUE = {"A": "better", "B": "not told apart", "C": "worse", "D": "not told apart"}

WRONG = {
    "mixup": [
        (lambda *_: None, "returns nothing"),
        (None, "wants a function"),
        (lambda images, labels, partners, shares: images, "does not take the 5 things"),
        (mix(then=lambda images, table: images), "Return two things"),
        (mix(then=lambda images, table: (table, images)), "images first"),
        (mix(lambda s, partners: (1 - s, s)), "The images: The shares are exchanged"),
        (mix(lambda s, partners: (0.5 + 0 * s, 0.5 + 0 * s)), "one half"),
        (mix(lambda s, partners: (1 + 0 * s, 1 + 0 * s)), "added whole. Their"),
        (mix(lambda s, partners: (s, s)), "the same share"),
        (mix(lambda s, partners: (s, 1 + 0 * s)), "gets what its share leaves"),
        (mix(lambda s, partners: (1 + 0 * s, 1 - s)), "what was there"),
        (mix(lambda s, partners: (s, 0 * s)), "partner is missing"),
        (mix(lambda s, partners: (1 + 0 * s, 0 * s)), "Nothing is mixed"),
        (mix(lambda s, partners: (s, s - 1)), "subtract"),
        (mix(lambda s, partners: (s[0] + 0 * s, 1 - s[0] + 0 * s)), "first share"),
        (mix(lambda s, partners: (s[partners], 1 - s[partners])), "share of the *partner*"),
        (mix(lambda s, partners: (s, 1 - s[partners])), "only by chance"),
        (mix(lambda s, partners: ((s >= 0.5) * 1.0, (s < 0.5) * 1.0)), "larger share"),
        (mix(partner=lambda things, partners: np.roll(things, -1, axis=0)), "next one"),
        (mix(partner=lambda things, partners: things[::-1]), "end of the batch"),
        (mix(partner=puts), "not where it goes"),
        (mix(partner=lambda things, partners: things[partners[partners]]), "partner of the partner"),
        (mix(along=lambda s: s), "along the colours"),
        (mix(along=lambda s: s[:, None]), "along the columns"),
        (mix(along=lambda s: s[:, None, None]), "along the rows"),
        (mix(lambda s, partners: (1 - s, s), along=lambda s: s), "And another thing: The shares lie"),
        (mix(then=lambda images, table: (images / 255, table)), "divide by 255"),
        (mix(then=lambda images, table: (images.astype("uint8"), table)), "behind the point"),
        (into_a_copy, "type of the images"),
        (in_place, "has changed `images`"),
        (one_by_one, "come as a list"),
        (only_five, "it is right. But with"),
        (mix(table_weights=lambda s, partners: (1 - s, s)), "labels: The shares are exchanged"),
        (mix(table_weights=lambda s, partners: (1 + 0 * s, 0 * s)), "labels: Nothing is mixed"),
        (mix(table_weights=lambda s, partners: (1 + 0 * s, 1 + 0 * s)), "labels: The two are added whole"),
        (labels_by(numbers), "*numbers* of the classes: half"),
        (labels_by(lambda *given: numbers(*given)[:, None]), "in one column"),
        (labels_by(replaces), "that of the partner is left"),
        (labels_by(replaces_the_other), "that of the image itself is left"),
        (labels_by(by_place), "number of the partner in the batch"),
        (labels_by(along_classes), "along the classes"),
        (labels_by(whole_label), "larger share"),
        (labels_by(lambda *given: mix()(np.ones((len(given[0]), 1, 1, 3)), *given)[1].T), "changed places"),
        (mix(rows=lambda labels, classes: np.eye(classes)[labels - 1]), "count the classes from one. Here"),
        (mix(rows=lambda labels, classes: np.eye(classes + 1)[labels]), "a column more"),
        (mix(rows=lambda labels, classes: np.eye(labels.max() + 1)[labels]), "largest label"),
        (mix(rows=lambda labels, classes: np.eye(classes)[labels] * labels[:, None]), "What stands there"),
    ],
    "error": [
        ((lambda accuracy, images: None, 712, 4), "returns nothing"),
        ((lambda accuracy: accuracy, 712, 4), "does not take the 2 things"),
        ((error_of(lambda p, n: p * (1 - p)), 712, 4), "how much *one* image varies"),
        ((error_of(lambda p, n: p * (1 - p) * n), 712, 4), "grows with the number"),
        ((lambda p, n: math.sqrt(p * (1 - p)) / n, 712, 4), "falls too fast"),
        ((error_of(lambda p, n: p * (1 - p) / math.sqrt(n)), 712, 4), "falls too slowly"),
        ((error_of(lambda p, n: p * (1 - p) / (n - 1)), 712, 4), "one image less"),
        ((error_of(lambda p, n: p / n), 712, 4), "always right"),
        ((error_of(lambda p, n: (1 - p) / n), 712, 4), "always wrong"),
        ((error_of(lambda p, n: p**2 / n), 712, 4), "square the accuracy"),
        ((error_of(lambda p, n: 0.25 / n), 712, 4), "50 %, the largest"),
        ((error_of(lambda p, n: 1 / n), 712, 4), "always 1"),
        ((error_of(lambda p, n: p * (100 - p) / n), 712, 4), "from 100"),
        ((variance, 712, 4), "variance of the mean"),
        ((error_of(variance, lambda e: 1.96 * e), 712, 4), "1.96"),
        ((error_of(variance, lambda e: 2 * e), 712, 4), "double the error"),
        ((error_of(variance, lambda e: 100 * e), 712, 4), "in per cent"),
        ((error_of(variance, lambda e: round(e, 2)), 712, 4), "round the error"),
        ((lambda p, n: p - RIGHT(p, n), 712, 4), "less its error"),
        ((lambda p, n: (p - RIGHT(p, n), p + RIGHT(p, n)), 712, 4), "write a number"),
        ((error_of(lambda p, n: (p - 1) / n), 712, 4), "stops with ValueError"),
        ((lambda p, n: RIGHT(p, n) if p < 0.9 else 0.5, 712, 4), "accuracy of 0.9 on 300"),
        ((error_of(lambda p, n: p / n, lambda e: 2 * e), 712, 4), "And another thing: You double"),
        ((RIGHT, None, None), "Write down the number of images"),
        ((RIGHT, 711, 4), "a little above"),
        ((RIGHT, 713, 4), "One image less"),
        ((RIGHT, 0.16 / 0.015**2, 4), "711.11"),
        ((RIGHT, 11, 4), "divide by its square"),
        ((RIGHT, 27, 4), "root of the number"),
        ((RIGHT, 3556, 4), "took the accuracy"),
        ((RIGHT, 889, 4), "share that is wrong"),
        ((RIGHT, 1112, 4), "worst case"),
        ((RIGHT, 2845, 4), "*two* errors"),
        ((RIGHT, 2732, 4), "95 % interval of 1.5"),
        ((RIGHT, 1, 4), "for 1.5. A point"),
        ((RIGHT, 1600, 4), "is 1 point"),
        ((RIGHT, 5000, 4), "too large"),
        ((RIGHT, 712, None), "Write down how many times"),
        ((RIGHT, 712, 2), "71 %"),
        ((RIGHT, 712, math.sqrt(2)), "misplaced"),
        ((RIGHT, 712, 1 / 4), "twice as large"),
        ((RIGHT, 712, 16), "a quarter of the error"),
    ],
    "readings": [
        (dict.fromkeys(TRUE), "Write down what you read in row A"),
        (list(TRUE.values()), "dictionary"),
        (TRUE | {"B": "equal"}, "none of the three"),
        *[
            (TRUE | {letter: claim}, f'{letter}: you say "{claim}"')
            for letter, true in TRUE.items()
            for claim in ("better", "worse", "not told apart")
            if claim != true
        ],
    ],
}  # fmt: skip
