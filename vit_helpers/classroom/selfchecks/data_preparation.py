"""Self-checks of the exercises on preparing data (notebook 01)."""

import numpy as np

from .compare import number
from .data_preparation_leaks import fair, statistics
from .verdict import NotYet, call, check, ready

__all__ = ["fair", "ready", "sizes", "split", "statistics"]


@check
def sizes(test, validation, train, always_cat):
    """Task 1: images of each split of 240 cats, 70 dogs, 4 foxes, 4 owls; per cent for "cat"."""
    number(
        test, 33,
        {
            "This leaves the foxes and owls out of the test. How would you know whether a model "
            "can tell them?": 31,
            "This is a tenth of all images together. Each class gives its own tenth.": 32,
            "This is a tenth of all images together, and not a whole number of them.": 31.8,
        },
        "the number of test images",
    )  # fmt: skip
    number(
        validation, 30,
        {
            "This is a tenth of all images. But when validation is drawn, the test is already gone "
            "from every class.": 33,
            "The rare classes seem to give nothing to validation, or all classes were taken "
            "together.": 28,
            "Nearly: take what is left of each class, and round to the *nearest* whole number.": 29,
            "This is a tenth of what is left, of all classes together.": 28.5,
        },
        "the number of validation images",
    )  # fmt: skip
    number(
        train, 255,
        {
            "The test is out, but validation is still among the training images.": 285,
            "Validation is out, but the test is still among the training images.": 288,
            "These are all images. None of them may be in two splits.": 318,
        },
        "the number of training images",
    )  # fmt: skip
    number(
        always_cat, 73,
        {
            "This would be a blind guess among four classes. But most of the test images are cats.":
                25,
            "This is a number of images. How many per cent of the test are they?": 24,
            "This is the share of cats in the whole folder. The test has a few more of the rare "
            "ones.": 75,
            "That is close, but cats are not quite as frequent in the test as in the folder.": 76,
            "This is a share of one. The question asks for per cent.": 24 / 33,
            "This is a share of one, and rounded. The question asks for per cent.": 0.73,
            "A few decimals too many, even if they are few: round to whole per cent.": 72.7,
            "Too many decimals: round to whole per cent.": 72.73,
            "You rounded down. The nearest whole number is wanted.": 72,
            "This is a share of one, with four decimals. The question asks for per cent.": 0.7273,
            "A few decimals too many: round to whole per cent.": 2400 / 33,
        },
        "the per cent for always saying cat",
    )  # fmt: skip
    return (
        "33 + 30 + 255 = 318. And note: `always cat` is the number to beat here, and one single "
        "owl decides about owls."
    )


# {label: (images to split, images of the test)}; the last class is too small for a tenth.
PLANTS = {0: (203, 100), 1: (97, 100), 2: (37, 20), 3: (27, 20), 4: (2, 1)}


def _labels():
    """Labels in a mixed order, and the numbers of those that belong to the test."""
    labels = np.repeat(list(PLANTS), [sum(counts) for counts in PLANTS.values()])
    in_test = np.concatenate([np.arange(sum(counts)) >= counts[0] for counts in PLANTS.values()])
    order = np.random.RandomState(0).permutation(len(labels))
    return labels[order].astype("int32"), np.flatnonzero(in_test[order])


def _numbers(answer, labels):
    """The two arrays of numbers of images in `answer`."""
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise NotYet("Return two things: the numbers of the training images, and of validation's.")
    for name, part in zip(("training", "validation"), answer, strict=True):
        try:
            part = np.asarray(part)
        except ValueError:
            raise NotYet(f"The {name} images should be one row of numbers, not nested.") from None
        if part.dtype.kind in "USO":
            raise NotYet(
                f"The {name} images should be one row of numbers, and come as a "
                f"{type(answer[name != 'training']).__name__} of something else."
            )
        if part.dtype == bool:
            raise NotYet(
                f"The {name} images come as True and False. Return their numbers: their places in "
                "`labels`."
            )
        if part.ndim != 1 or not part.size or part.dtype.kind not in "iu":
            raise NotYet(
                f"The {name} images should be one row of whole numbers, and are {part.dtype} "
                f"{part.shape}."
            )
        if part.max() <= labels.max():
            raise NotYet(
                f"The {name} images come as labels. Return their numbers: their places in `labels`."
            )
        if part.min() < 0 or part.max() >= len(labels):
            raise NotYet(
                f"The {name} images have numbers from {part.min()} to {part.max()}, but images "
                f"have numbers from 0 to {len(labels) - 1}."
            )
        yield part


def _complete(train, validation, labels, test):
    """Raise NotYet unless each image is in exactly one of three splits."""
    both = np.concatenate([train, validation])
    if set(both) == set(range(len(labels) - len(test))):
        raise NotYet(
            "You took the test out first, and then counted what was left anew, from 0. So your "
            "numbers mean other images now: they should be places in `labels`."
        )
    for name, part in (("validation", validation), ("training", train)):
        if len(np.unique(part)) < len(part):
            raise NotYet(
                f"Some of the {name} images occur twice. Lots that are drawn must not go back "
                "into the hat."
            )
    for name, part in (("validation", validation), ("training", train)):
        if touched := len(np.intersect1d(part, test)):
            raise NotYet(f"{touched} images of the test are among your {name} images.")
    if common := len(np.intersect1d(train, validation)):
        raise NotYet(f"{common} images are in training and in validation, too.")
    if missing := len(labels) - len(test) - len(both):
        raise NotYet(f"{missing} images are in no split at all.")


def _fair_share(validation, labels, test, share):
    """Raise NotYet unless each class gives its share to validation."""
    free, held = np.transpose(list(PLANTS.values()))
    right = np.maximum(1, np.round(share * free)).astype(int)
    counts = np.bincount(labels[validation], minlength=len(free))
    others = {
        "Training and validation are exchanged: training comes first.": free - right,
        "You take the share of *all* images of a class. Those of the test are not yours to share.":
            np.maximum(1, np.round(share * (free + held))),
        "The class with two images gives none to validation. At least one is wanted.":
            np.round(share * free),
        f"You were asked for a share of {share}, and took a tenth.":
            np.maximum(1, np.round(0.1 * free)),
        "Your numbers are always rounded down. The nearest whole number is wanted.":
            np.maximum(1, np.floor(share * free)),
        "Your numbers are always rounded down, and the class with two images gives none.":
            np.floor(share * free),
        "Your numbers are always rounded up. The nearest whole number is wanted.":
            np.ceil(share * free),
        "Each class gives one image more than its share: at least one is wanted, not one more.":
            np.round(share * free) + 1,
        "Each class gives one image, whatever the share is.": np.ones(len(free)),
        "The share of the images is what you leave for training; it should go to validation.":
            free - np.maximum(1, np.round(share * free)),
        "You take the share of the images in the *test*.": np.maximum(1, np.round(share * held)),
    }  # fmt: skip
    if (counts == right).all():
        return
    for message, other in others.items():
        if (counts == other).all():
            raise NotYet(message)
    if len(set(counts)) <= 2 and len(set(counts[:-1])) == 1:
        raise NotYet(
            f"Each class gives {counts[0]} images. The same *share* of each is wanted, not the "
            "same number: validation should look like the training images."
        )
    worst = np.abs(counts - right).argmax()
    told = (
        f"class {worst} gives {counts[worst]} of its {free[worst]} images, and a share of {share} "
        f"would be {right[worst]}."
    )
    if abs(counts.sum() - right.sum()) <= 2:
        raise NotYet(
            f"The number of images is about right, but it is left to luck who gives: {told}"
        )
    raise NotYet(f"The share is not right: {told}")


@check
def split(function):
    """Task 2: numbers of (training, validation) images: stratified, seeded, the test untouched."""
    labels, test = _labels()
    kinds = []

    def draw(share, seed):
        answer = call(function, labels.copy(), test.copy(), share, seed)
        kinds.extend(map(type, answer) if isinstance(answer, tuple | list) else ())
        train, validation = _numbers(answer, labels)
        _complete(train, validation, labels, test)
        _fair_share(validation, labels, test, share)
        return set(validation.tolist())

    first = draw(0.1, 0)
    free = np.setdiff1d(np.arange(len(labels)), test)
    each = [[i for i in free if labels[i] == label] for label in PLANTS]
    counts = np.bincount(labels[list(first)])
    rows = list(zip(each, counts, strict=True))
    for end, of in (("first", lambda mine, n: mine[:n]), ("last", lambda mine, n: mine[-n:])):
        if all(first >= set(of(mine, n)) for mine, n in rows):
            raise NotYet(
                f"You take the images that come {end} in each class. Images often lie sorted, by "
                "the day or by who took them; then validation shows something else than training."
            )
    if draw(0.1, 0) != first:
        raise NotYet(
            "The same call twice gives two different splits. Then what was validation yesterday is "
            "training today."
        )
    if draw(0.1, 1) == first:
        raise NotYet("Another seed gives the same split: `seed` has no say in your function.")
    draw(0.25, 0)
    if list in kinds or tuple in kinds:
        raise NotYet(
            "The numbers are right, but they come as a list. Two arrays are wanted: whoever splits "
            "with them also asks for their shape."
        )
    return "Every class gives its share, the test is untouched, and the seed decides the rest."
