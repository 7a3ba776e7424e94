"""Shapes-100: a dataset drawn from a seed, in which every part of a ViT has something to do.

It has the form of CIFAR-100: 100 classes in 20 families of 5, 32x32 RGB, 50,000 + 10,000 images.
"""

import numpy as np

from . import agreement, form, place, texture
from .pencil import SIZE, Pencil, X, Y

TRAIN_PER_CLASS, TEST_PER_CLASS = 500, 100
# {family: (the function that draws it, the names of its kinds 0 ... 4)}
FAMILIES = {
    "stripes": (texture.stripes, "level gentle diagonal steep upright"),
    "weaves": (texture.weaves, "plain striped dotted checked grid"),
    "lines": (texture.lines, "thin thick dashed soft double"),
    "grains": (texture.grains, "fine coarse rows columns specks"),
    "fills": (texture.fills, "full striped dotted checked grid"),
    "solids": (form.solids, "disc box diamond triangle cross"),
    "outlines": (form.outlines, "disc box diamond triangle cross"),
    "letters": (form.letters, "A H T U X"),
    "bars": (form.bars, "level gentle diagonal steep upright"),
    "openings": (form.openings, "closed top bottom side both"),
    "counts": (form.counts, "one two three four five"),
    "places": (place.places, "middle top bottom side corner"),
    "pairs": (place.pairs, "disc-above cross-above level disc-up cross-up"),
    "stacks": (
        place.stacks,
        "disc-box-cross disc-cross-box box-disc-cross box-cross-disc cross-disc-box",
    ),
    "dot trios": (place.dot_trios, "level upright slanted peak valley"),
    "sizes": (place.sizes, "big-above big-below big-beside alike-stacked alike-level"),
    "colour trios": (agreement.colour_trios, "all top middle bottom none"),
    "shade trios": (agreement.shade_trios, "all top middle bottom none"),
    "keys": (agreement.keys, "all top middle bottom none"),
    "quartets": (agreement.quartets, "all rows columns diagonals none"),
}
CLASS_NAMES = tuple(f"{f}: {kind}" for f, (_, kinds) in FAMILIES.items() for kind in kinds.split())
CLASS_FAMILIES = tuple(name.split(":")[0] for name in CLASS_NAMES)


def draw_family(index, per_class, seed):
    """Draw one family: images uint8 (5 * per_class, 32, 32, 3) and labels int32 (5 * per_class,).

    `index` is its place in FAMILIES, 0 ... 19. The kinds take turns. Over the family's own drawing
    lie a slope of light (up to 0.08 a unit, in any direction) and a grain of up to 1/8 of full
    brightness, so that no area is flat. One `seed` gives the same bytes on every machine.
    """
    kind = np.tile(np.arange(5), per_class)
    pencil = Pencil(1000 * seed + index, len(kind))
    image = list(FAMILIES.values())[index][0](pencil, kind)
    slope = pencil.uniform(-0.08, 0.08) * X + pencil.uniform(-0.08, 0.08) * Y
    grain = np.frombuffer(pencil.random.bytes(image.size), np.uint8).reshape(image.shape)
    image = np.clip(image + slope[..., None], 0, 1) * 223 + grain / np.float32(8)
    return image.astype(np.uint8), (kind + 5 * index).astype(np.int32)


def draw(per_class, seed):
    """Draw all families, shuffled: images uint8 (100 * per_class, 32, 32, 3) and labels int32.

    The order, too, comes from `seed`.
    """
    slots = np.random.RandomState(seed).permutation(100 * per_class).reshape(len(FAMILIES), -1)
    images = np.empty((slots.size, SIZE, SIZE, 3), np.uint8)
    labels = np.empty(slots.size, np.int32)
    for index, mine in enumerate(slots):
        images[mine], labels[mine] = draw_family(index, per_class, seed)
    return images, labels


def draw_all():
    """The whole dataset by name: x_train, y_train (50,000), x_test, y_test (10,000).

    Types as in `draw`; training and test images come from two seeds.
    """
    x_train, y_train = draw(TRAIN_PER_CLASS, seed=1)
    x_test, y_test = draw(TEST_PER_CLASS, seed=2)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
