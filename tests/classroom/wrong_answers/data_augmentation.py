"""Typical wrong answers on augmentation, each with a phrase of what the check says."""

import numpy as np


def mirror(images, heads, axis=2):
    return np.stack([np.flip(x, axis - 1) if h else x for x, h in zip(images, heads, strict=True)])


def in_place(images, heads):
    images[heads] = images[heads][:, :, ::-1]
    return images


def no_effect(images, heads):
    images[heads][:, :, ::-1] = images[heads]
    return images


def move(images, down, right, mode="edge", axes=(1, 2), cut=True):
    room = [(0, 0)] * 4
    room[axes[0]] = room[axes[1]] = (4, 4)
    place = [slice(None)] * 4
    for axis, by in zip(axes, (down, right), strict=True):
        place[axis] = slice(4 - by, 4 - by + images.shape[axis])
    wider = np.pad(images, room, mode=mode)
    return wider[tuple(place)] if cut else wider


def only_forward(images, down, right):
    wider = np.pad(images, ((0, 0), (down, 0), (right, 0), (0, 0)), mode="edge")
    return wider[:, : images.shape[1], : images.shape[2]]


def not_cut(images, down, right):
    return np.pad(images, ((0, 0), (down, 0), (right, 0), (0, 0)), mode="edge")


def over_old(images, down, right):
    moved, gap = move(images, down, right), move(images * 0 + 1, down, right, "constant") == 0
    return np.where(gap, images, moved)


def rolls_in_place(images, down, right):
    images[:] = np.roll(images, down, 1)
    return move(images, 0, right)


RIGHT = {
    "places": ["mirror", "colours"],
    "bars": ["mirror", "upside down", "half turn", "colours"],
    "arrows": ["upside down", "colours"],
    "letters": ["colours"],
    "tomatoes": ["mirror", "upside down", "half turn"],
}
EMPTY = dict.fromkeys(RIGHT)


def but(**changes):
    return {**RIGHT, **changes}


def batches(
    images, labels, augment, size, training, seed,
    always=None, short=False, apart=False, mix=True, again=False,
):  # fmt: skip
    """Right batches, but for what the options change."""
    training = training if always is None else always(training)
    order = np.random.RandomState(seed).permutation(len(images)) if mix else np.arange(len(images))
    for start in range(0, len(images) - (size - 1) * short, size):
        mine = order[start : start + size]
        changed = augment(images[mine], training=training)
        if again:
            changed = augment(changed, training=training)
        yield changed, labels[start : start + size] if apart else labels[mine]


def wrong(**options):
    return lambda *given: batches(*given, **options)


def as_found(images, labels, augment, size, training, seed):
    return batches(images, labels, augment, size, training, seed, lambda _: True, True, True)


def validation_short(images, labels, augment, size, training, seed):
    return batches(images, labels, augment, size, training, seed, short=not training)


def once_in_all(images, labels, augment, size, training, seed):
    first, *others = batches(images, labels, augment, size, training, seed, lambda _: False)
    return [(augment(first[0], training=training), first[1]), *others]


def drawn(images, labels, augment, size, training, seed):
    mine = np.random.RandomState(seed).choice(len(images), len(images))
    mine = mine if training else np.arange(len(images))
    return batches(images[mine], labels[mine], augment, size, training, seed)


def wrong_way_round(*given):
    return [(y, x) for x, y in batches(*given)]


def by_global_chance(images, labels, augment, size, training, seed):
    return batches(images, labels, augment, size, training, None)


def always_one_order(images, labels, augment, size, training, seed):
    return batches(images, labels, augment, size, training, 42)


def mixed_batches(*given):
    found = list(batches(*given, mix=False))
    return [found[i] for i in np.random.RandomState(given[-1]).permutation(len(found))]


def one_by_one(images, labels, augment, size, training, seed):
    return batches(images, labels, augment, 1, training, seed)


def with_an_empty_one(images, labels, *rest):
    return [*batches(images, labels, *rest), (images[:0], labels[:0])]


def writes_into(images, labels, augment, size, training, seed):
    images[:] = augment(images, training=training)
    yield from batches(images, labels, augment, size, False, seed)


WRONG = {
    "by_hand": [
        ((lambda images, heads: None, move), "returns nothing"),
        ((lambda images, heads: mirror(images, heads, axis=1), move), "upside down"),
        ((lambda images, heads: mirror(images, heads, axis=3), move), "red and blue"),
        ((lambda images, heads: mirror(mirror(images, heads), heads, axis=1), move), "turned by half"),
        ((lambda images, heads: images[::-1], move), "in another order"),
        ((lambda images, heads: images[:, :, ::-1], move), "All images are mirrored"),
        ((lambda images, heads: images[:, ::-1], move), "even those whose coin"),
        ((lambda images, heads: mirror(images, ~heads), move), "shows tails"),
        ((lambda images, heads: images[heads][:, :, ::-1], move), "The others are missing"),
        ((no_effect, move), "No image has changed"),
        ((in_place, move), "has changed `images`"),
        ((lambda images, heads: images[heads].T, move), "`mirror`: The shape should be"),
        ((lambda images, heads: list(mirror(images, heads)), move), "come as a list"),
        ((lambda images, heads: mirror(images, heads).astype("uint8"), move), "whole numbers"),
        ((lambda images, heads: mirror(images, ~heads, 1), move), "And another thing: Some images stand"),
        ((lambda images, heads: np.concatenate([mirror(images, heads)[heads], images[~heads]]), move), "come first, and then"),
        ((lambda images: images, move), "does not take the 2 things"),
        ((mirror, lambda *given: move(*given, mode="mean")), "filled with a mean"),
        ((mirror, lambda images, down, right: move(images, -down, right)), "up where they should move down"),
        ((mirror, lambda images, down, right: move(images, down, right, "constant")[..., :1].repeat(3, -1)), "there should be"),
        ((mirror, over_old), "what was there before"),
        ((mirror, rolls_in_place), "has changed `images`"),
        ((mirror, lambda images, down, right: None), "`mirror` is right"),
        ((mirror, lambda images, down, right: np.roll(images, (down, right), (1, 2))), "comes in again"),
        ((mirror, lambda *given: move(*given, mode="constant")), "black"),
        ((mirror, lambda *given: move(*given, mode="symmetric")), "a mirror image"),
        ((mirror, lambda *given: move(*given, mode="reflect")), "behind the border"),
        ((mirror, lambda images, down, right: move(images, -down, -right)), "the other way"),
        ((mirror, lambda images, down, right: move(images, right, down)), "exchanged"),
        ((mirror, lambda images, down, right: move(images, down, 0)), "not sideways"),
        ((mirror, lambda images, down, right: move(images, 0, right)), "not up or down"),
        ((mirror, lambda images, down, right: move(images, abs(down), abs(right))), "only ever move"),
        ((mirror, lambda images, down, right: move(images, max(down, 0), max(right, 0))), "do not move"),
        ((mirror, lambda images, down, right: images), "Nothing has moved"),
        ((mirror, not_cut), "have grown"),
        ((mirror, lambda *given: move(*given, axes=(0, 1))), "through the batch"),
        ((mirror, only_forward), "`down` = -1, `right` = 2: Your function stops with ValueError"),
        ((mirror, lambda *given: move(*given, cut=False)), "The shape should be"),
    ],
    "honest": [
        (EMPTY, "write down the changes"),
        ((RIGHT["bars"],), "wants the dictionary"),
        ({"places": ["mirror"]}, "has nothing for bars"),
        (but(places=True), "list of changes"),
        (but(places=["flip"]), "none of the changes"),
        (but(places=RIGHT["bars"]), "top then stands at the bottom"),
        (but(places=["mirror"]), "has a colour"),
        (but(bars=["mirror", "upside down", "colours"]), "pencil"),
        (but(arrows=["mirror", "upside down", "colours"]), "drives into"),
        (but(arrows="colours"), "from left to right?"),
        (but(letters=["colours", "half turn"]), "read a d"),
        (but(letters=["colours", "upside down"]), "lake"),
        (but(letters=[]), "blue b"),
        (but(tomatoes=RIGHT["bars"]), "ripe?"),
        (but(tomatoes=["mirror", "half turn"]), "no upper end"),
    ],
    "batches": [
        (lambda *given: None, "returns nothing"),
        (as_found, "Validation images come augmented"),
        (wrong(always=lambda training: not training), "wrong way round"),
        (wrong(always=lambda _: False), "in training either"),
        (wrong(short=True), "never come"),
        (wrong(apart=True), "comes with the label"),
        (wrong(mix=False), "in which they lie"),
        (wrong(again=True), "augmented twice"),
        (once_in_all, "others as they are"),
        (drawn, "twice in one epoch"),
        (lambda images, labels, *rest: [(images, labels)], "batch of 11"),
        (lambda images, labels, *rest: [(images[:4], labels)], "as many labels"),
        (lambda images, labels, *rest: images, "A batch should hold images"),
        (lambda images, labels, *rest: 5, "a pair"),
        (wrong_way_round, "the labels come first"),
        (by_global_chance, "The same call twice"),
        (always_one_order, "Every seed"),
        (mixed_batches, "lie side by side"),
        (one_by_one, "yours are 11"),
        (with_an_empty_one, "is empty"),
        (writes_into, "has changed `images`"),
        (lambda images, labels, *rest: [], "No batch"),
    ],
    "price": [
        ((None, None, None), "Write down the number of pixels"),
        ((960, 16, 135), "the small image"),
        ((3840, 4, 108), "Only one side"),
        ((46080, 48, 135), "still one pixel"),
        ((15360, 4, 108), "This is one side"),
        ((15360, 48, 141), "The colours do not"),
        ((15360, 8, 126), "You added the two sides"),
        ((15360, 16, 144), "comes last"),
        ((15360, 16, 9), "still takes"),
        ((15360, 16, 13.5), "single epoch"),
        ((15360, 16, 108), "a quarter"),
        ((15360, 16, 100), "too small"),
        (("15360", 16, 135), "is a text"),
    ],
}  # fmt: skip
