"""Self-checks of the exercises on augmentation (notebook 02)."""

import numpy as np

from .verdict import NotYet, call, check, number, same


def _images(count, height, width):
    """Images in which every value says where it is, and none is 0."""
    size = (count, height, width, 3)
    return np.arange(1, np.prod(size) + 1, dtype="float32").reshape(size)


def _told(name, function, arguments, right, mistakes):
    """Compare what a function gives; also its images must be as they were before."""
    images = arguments[0].copy()
    try:
        found = call(function, *arguments)
        same(found, right, mistakes, "(images, rows, columns, colours)")
    except NotYet as problem:
        raise NotYet(f"`{name}`: {problem}") from None
    if not np.array_equal(images, arguments[0]):
        raise NotYet(
            f"`{name}`: The result is right, but your function has also changed the images that it "
            "was given. They are the training images: the next epoch would change them again, and "
            "nobody has the originals any more."
        )


def _mirrored(images, heads, axes=(2,)):
    return np.where(heads[:, None, None, None], np.flip(images, axes), images)


def _check_mirror(function):
    for count, height, width in ((5, 4, 6), (3, 4, 4)):
        images, heads = _images(count, height, width), np.arange(count) % 3 == 0
        mistakes = {
            "No image has changed. Does your change reach the array that you return?": images,
            "Some images stand upside down: you read their rows backwards, not their columns.":
                _mirrored(images, heads, (1,)),
            "Some images are turned by half: rows *and* columns are read backwards.":
                _mirrored(images, heads, (1, 2)),
            "Nothing has moved, but red and blue are exchanged: you read the colours backwards.":
                _mirrored(images, heads, (3,)),
            "The images come in another order. You read the axis of the images backwards.":
                images[::-1],
            "All images are mirrored; but only some coins show heads.": images[:, :, ::-1],
            "All images stand upside down, even those whose coin shows tails.": images[:, ::-1],
            "You mirror the images whose coin shows tails, and leave those with heads.":
                _mirrored(images, ~heads),
            "Only the mirrored images come back. The others are missing.":
                images[heads][:, :, ::-1],
        }  # fmt: skip
        _told("mirror", function, (images.copy(), heads), _mirrored(images, heads), mistakes)


def _moved(images, down, right, axes=(1, 2)):
    for axis, by in zip(axes, (down, right), strict=True):
        size = images.shape[axis]
        images = images.take(np.clip(np.arange(size) - by, 0, size - 1), axis)
    return images


def _padded(images, down, right, mode="edge"):
    """The images with new rows and columns on one side, and nothing cut off."""
    pads = [(max(by, 0), max(-by, 0)) for by in (down, right)]
    return np.pad(images, ((0, 0), *pads, (0, 0)), mode=mode)


def _window(images, down, right, mode):
    """The images moved, the gap filled in another way."""
    height, width = images.shape[1:3]
    top, left = max(-down, 0), max(-right, 0)
    return _padded(images, down, right, mode)[:, top : top + height, left : left + width]


def _check_move(function):
    images = _images(2, 6, 7)
    for down, right in ((2, 1), (1, 3), (-1, 2), (2, -3), (0, 0), (0, -1)):
        mistakes = {
            "Where a number is negative, the images do not move.":
                _moved(images, max(down, 0), max(right, 0)),
            "What leaves the image on one side comes in again on the other.":
                np.roll(images, (down, right), (1, 2)),
            "The gap is black. The border should fill it.":
                _window(images, down, right, "constant"),
            "The gap is filled with a mirror image. The border alone should fill it.":
                _window(images, down, right, "symmetric"),
            "The gap is filled with what lies behind the border, mirrored.":
                _window(images, down, right, "reflect"),
            "The images move the other way: up for down, and left for right.":
                _moved(images, -down, -right),
            "`down` and `right` are exchanged.": _moved(images, right, down),
            "The images move up or down, but not sideways.": _moved(images, down, 0),
            "The images move sideways, but not up or down.": _moved(images, 0, right),
            "The images only ever move down and to the right, even where a number is negative.":
                _moved(images, abs(down), abs(right)),
            "Nothing has moved. Which part of the wider image do you keep?": images,
            "The images have grown: what stands out at the other end must be cut off.":
                _padded(images, down, right),
            "You move through the batch: its first axis is that of the images, not of the rows.":
                _moved(images, down, right, axes=(0, 1)),
        }  # fmt: skip
        name = f"move(images, {down}, {right})"
        _told(name, function, (images.copy(), down, right), _moved(images, down, right), mistakes)


@check
def by_hand(mirror, move):
    """Task 1: images mirrored where their coin shows heads; images moved, the border repeated."""
    _check_mirror(mirror)
    try:
        _check_move(move)
    except NotYet as problem:
        raise NotYet(f"`mirror` is right. {problem}") from None
    return "Both do what they say, and leave the originals alone."


CHANGES = ("mirror", "upside down", "half turn", "colours")
HONEST = {
    "places": {"mirror", "colours"},
    "bars": {"mirror", "upside down", "half turn", "colours"},
    "arrows": {"upside down", "colours"},
    "letters": {"colours"},
    "tomatoes": {"mirror", "upside down", "half turn"},
}
# Why a claim is false, and for those who see a false one where there is none.
FALSE = {
    ("places", "upside down"): "a mark at the top then stands at the bottom.",
    ("places", "half turn"): "a mark at the top does not stay there.",
    ("arrows", "mirror"): "whoever follows a mirrored arrow drives into the other street.",
    ("arrows", "half turn"): "where does the head of the arrow point afterwards?",
    ("letters", "mirror"): "a mirrored b is a letter, too.",
    ("letters", "upside down"): "hold a p over a calm lake, and read what you see in the water.",
    ("letters", "half turn"): "turn the page round, and read a d again.",
    ("tomatoes", "colours"): "what else than the colour says that a tomato is ripe?",
}
TRUE = {
    ("places", "mirror"): "the class `side` means either side, `corner` either corner.",
    ("places", "colours"): "no class of this family has a colour.",
    ("bars", "mirror"): "the class only asks how steep a bar is, not which way it leans.",
    ("bars", "upside down"): "a gentle bar leans the other way, and is as gentle as before.",
    ("bars", "half turn"): "turn a pencil that lies before you by half. Is it steeper now?",
    ("bars", "colours"): "a bar of another colour is as steep as before.",
    ("arrows", "upside down"): "rows change places. Does anything move from left to right?",
    ("arrows", "colours"): "an arrow of another colour points where it did.",
    ("letters", "colours"): "a blue b is a b.",
    ("tomatoes", "mirror"): "no side of a tomato is its left one.",
    ("tomatoes", "upside down"): "seen from above, a tomato on a belt has no upper end.",
    ("tomatoes", "half turn"): "a tomato on a belt lies as it likes.",
}


@check
def honest(answers):
    """Task 2: for each set of classes, the changes that leave every label true."""
    if not isinstance(answers, dict):
        raise NotYet(f"This check wants the dictionary, and got {type(answers).__name__}.")
    if missing := [name for name in HONEST if name not in answers]:
        raise NotYet(f"The dictionary has nothing for {', '.join(missing)} any more.")
    for name, right in HONEST.items():
        answer = answers[name]
        if answer is None or answer is ...:
            raise NotYet(f"`{name}`: write down the changes that leave every label true.")
        try:
            chosen = {answer} if isinstance(answer, str) else set(answer)
        except TypeError:
            raise NotYet(f"`{name}`: this should be a list of changes, not {answer!r}.") from None
        for change in sorted(chosen - set(CHANGES), key=str):
            raise NotYet(f"`{name}`: {change!r} is none of the changes {', '.join(CHANGES)}.")
        for change in CHANGES:
            if change in chosen - right:
                raise NotYet(f"`{name}`, {change}: a false claim: {FALSE[name, change]}")
            if change in right - chosen:
                raise NotYet(f"`{name}`, {change}: you are too strict: {TRUE[name, change]}")
    return "Each set of classes allows other changes. No list of augmentations is good for all."


class _Marker:
    """Stands in for an augmentation: adds a quarter to each pixel, and only in training."""

    def __call__(self, images, training=False):
        return np.asarray(images) + (0.25 if training else 0)


def _epoch(function, training):
    """(numbers of the images, how often each was augmented, labels - 100) of one epoch."""
    images = np.ones((11, 2, 3, 3)) * np.arange(11)[:, None, None, None]
    given = call(function, images, np.arange(11) + 100, _Marker(), 4, training, 0)
    pairs = call(list, given)
    try:
        pixels = [np.asarray(x, "float64")[:, 0, 0, 0] for x, _ in pairs]
        labels = [np.asarray(y, "float64").ravel() for _, y in pairs]
    except (TypeError, ValueError, IndexError):
        raise NotYet("Each batch should be a pair: images, labels.") from None
    if not pairs:
        raise NotYet("No batch comes at all.")
    if [len(x) for x in pixels] != [len(y) for y in labels]:
        raise NotYet(
            f"A batch has {len(pixels[0])} images and {len(labels[0])} labels, or the last one "
            "differs: there should be as many labels as images."
        )
    if max(len(x) for x in pixels) > 4:
        raise NotYet(f"With size=4 a batch of {max(len(x) for x in pixels)} images comes.")
    pixels, labels = np.concatenate(pixels), np.concatenate(labels)
    return np.floor(pixels), 4 * (pixels % 1), labels - 100


@check
def batches(function):
    """Task 3: one epoch of batches: validation as it is and whole, training mixed and augmented."""
    numbers, augmented, labels = _epoch(function, training=False)
    in_training = _epoch(function, training=True)
    if augmented.any() and not in_training[1].any():
        raise NotYet("It is the wrong way round: validation is augmented, and training is not.")
    if augmented.any():
        raise NotYet(
            "Validation images come augmented. So the accuracy is that of images nobody took, and "
            "it changes from one call to the next."
        )
    if missing := 11 - len(np.unique(numbers)):
        raise NotYet(
            f"In validation {missing} of 11 images never come (4 in a batch). The accuracy of the "
            "others is not the accuracy."
        )
    if len(numbers) > 11:
        raise NotYet("In validation some images come twice, and count twice.")
    for what, (images, _, names) in (
        ("validation", (numbers, augmented, labels)),
        ("training", in_training),
    ):
        if (images != names).any():
            i = np.flatnonzero(images != names)[0]
            raise NotYet(
                f"In {what} image {images[i]:.0f} comes with the label of image {names[i]:.0f}. A "
                "model would learn nothing but noise."
            )
    numbers, augmented, _ = in_training
    if len(np.unique(numbers)) < len(numbers):
        raise NotYet("In training some images come twice in one epoch.")
    if len(numbers) < 8:
        raise NotYet(f"In training only {len(numbers)} of 11 images come (4 in a batch).")
    if not augmented.any():
        raise NotYet(
            "Now no image is augmented in training either. A Keras layer that is not told that it "
            "is training thinks that it is not."
        )
    if not augmented.all():
        raise NotYet("In training some images come augmented, and others as they are.")
    if augmented.max() > 1:
        raise NotYet("In training images are augmented twice.")
    if (np.diff(numbers) > 0).all():
        raise NotYet(
            "In training the images come in the order in which they lie. If they lie sorted by "
            "class, each batch shows only one."
        )
    return "Training is lively, validation is sober, and every image keeps its label."


@check
def price(pixels, times, saved):
    """Task 4: pixels of 24 x 40 enlarged by 4, how many times as many, seconds saved in all."""
    number(
        pixels, 15360,
        {
            "This is the small image. How large is it afterwards?": 960,
            "Only one side has grown. Both do.": 3840,
            "This counts each colour. A pixel has three, and is still one pixel.": 46080,
            "You added the sides. An area is their product.": 256,
        },
        "the number of pixels",
    )  # fmt: skip
    number(
        times, 16,
        {
            "This is one side. The image has rows *and* columns.": 4,
            "The colours do not multiply: there are three before and three after.": 48,
            "You added the two sides. How many small images cover a large one?": 8,
            "Each small pixel became a square of 4 × 4. How many of them are there?": 64,
        },
        "how many times as many pixels",
    )  # fmt: skip
    number(
        saved, 135,
        {
            "This is what augmentation takes if it comes last. How much of it is *saved*?": 144,
            "This is what it still takes if it comes first. How much is saved?": 9,
            "This is a single epoch. There are ten.": 13.5,
            "This is one epoch with augmentation first. What is saved, and in ten of them?": 0.9,
            "You took the small images to have a quarter of the pixels.": 108,
        },
        "the seconds saved",
    )  # fmt: skip
    return "Pixels grow with the square of the side. Do what you can while the images are small."
