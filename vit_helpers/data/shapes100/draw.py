"""Shapes-100: a dataset drawn from a seed, in which every part of a ViT has something to do.

It has the form of CIFAR-100: 100 classes in 20 families of 5, 32x32 RGB, 50,000 + 10,000 images.
"""

import numpy as np

from . import families
from .pencil import SIZE, Pencil, X, Y

TRAIN_PER_CLASS, TEST_PER_CLASS = 500, 100
FAMILIES = {
    "stripes": (families.stripes, "level gentle diagonal steep upright"),
    "weaves": (families.weaves, "plain striped dotted checked grid"),
    "lines": (families.lines, "thin thick dashed soft double"),
    "grains": (families.grains, "fine coarse rows columns specks"),
    "fills": (families.fills, "full striped dotted checked grid"),
    "solids": (families.solids, "disc box diamond triangle cross"),
    "outlines": (families.outlines, "disc box diamond triangle cross"),
    "letters": (families.letters, "A H T U X"),
    "bars": (families.bars, "level gentle diagonal steep upright"),
    "openings": (families.openings, "closed top bottom side both"),
    "counts": (families.counts, "one two three four five"),
    "places": (families.places, "middle top bottom side corner"),
    "pairs": (families.pairs, "disc-above cross-above level disc-up cross-up"),
    "stacks": (
        families.stacks,
        "disc-box-cross disc-cross-box box-disc-cross box-cross-disc cross-disc-box",
    ),
    "dot trios": (families.dot_trios, "level upright slanted peak valley"),
    "sizes": (families.sizes, "big-above big-below big-beside alike-stacked alike-level"),
    "colour trios": (families.colour_trios, "all top middle bottom none"),
    "shade trios": (families.shade_trios, "all top middle bottom none"),
    "keys": (families.keys, "all top middle bottom none"),
    "quartets": (families.quartets, "all rows columns diagonals none"),
}
CLASS_NAMES = tuple(f"{f}: {kind}" for f, (_, kinds) in FAMILIES.items() for kind in kinds.split())
CLASS_FAMILIES = tuple(name.split(":")[0] for name in CLASS_NAMES)


def draw_family(index, per_class, seed):
    """Draw one family: images uint8 (5 * per_class, 32, 32, 3) and their labels int32."""
    kind = np.tile(np.arange(5), per_class)
    pencil = Pencil(1000 * seed + index, len(kind))
    image = list(FAMILIES.values())[index][0](pencil, kind)
    slope = pencil.uniform(-0.08, 0.08) * X + pencil.uniform(-0.08, 0.08) * Y
    grain = np.frombuffer(pencil.random.bytes(image.size), np.uint8).reshape(image.shape)
    image = np.clip(image + slope[..., None], 0, 1) * 223 + grain / np.float32(8)
    return image.astype(np.uint8), (kind + 5 * index).astype(np.int32)


def draw(per_class, seed):
    """Draw all families, shuffled: images uint8 (100 * per_class, 32, 32, 3), labels int32."""
    slots = np.random.RandomState(seed).permutation(100 * per_class).reshape(len(FAMILIES), -1)
    images = np.empty((slots.size, SIZE, SIZE, 3), np.uint8)
    labels = np.empty(slots.size, np.int32)
    for index, mine in enumerate(slots):
        images[mine], labels[mine] = draw_family(index, per_class, seed)
    return images, labels


def draw_all():
    """The whole dataset, as the arrays x_train, y_train, x_test, y_test."""
    x_train, y_train = draw(TRAIN_PER_CLASS, seed=1)
    x_test, y_test = draw(TEST_PER_CLASS, seed=2)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
