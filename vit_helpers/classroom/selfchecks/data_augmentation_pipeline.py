"""Self-checks of tasks 2 to 4 of notebook 02: honest changes, batches and their price."""

import numpy as np

from .verdict import NotYet, call, check, number

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
