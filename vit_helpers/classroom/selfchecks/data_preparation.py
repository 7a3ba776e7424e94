"""Self-checks of the exercises on preparing data (notebook 01)."""

from dataclasses import dataclass

import numpy as np

from ...data.datasets import ImageDataset
from ...data.shapes100 import draw as shapes
from .verdict import NotYet, call, check, number, same


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
            "A few decimals too many: round to whole per cent.": 2400 / 33,
        },
        "the per cent for always saying cat",
    )  # fmt: skip
    return (
        "33 + 30 + 255 = 318. And note: `always cat` is the number to beat here, and one single "
        "owl decides about owls."
    )


# {label: (images to split, images of the test)}; the last class is too small for a tenth.
PLANTS = {0: (200, 100), 1: (100, 100), 2: (40, 20), 3: (20, 20), 4: (2, 1)}


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

    def draw(share, seed):
        answer = call(function, labels.copy(), test.copy(), share, seed)
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
    return "Every class gives its share, the test is untouched, and the seed decides the rest."


def _pictures():
    """A dataset whose splits, colours and images differ in brightness and in contrast."""
    random = np.random.RandomState(1)

    def images(count, level):
        middle = level + random.uniform(-25, 25, (count, 1, 1, 1)) + np.array([0, 20, 45])
        contrast = random.uniform(5, 15, (count, 1, 1, 1)) * np.array([1, 1.5, 0.7])
        pixels = middle + contrast * random.normal(size=(count, 6, 8, 3))
        return np.clip(pixels, 0, 255).astype(np.uint8), np.arange(count, dtype=np.int32) % 2

    parts = {}
    for name, count, level in (("train", 60, 80), ("val", 20, 110), ("test", 30, 150)):
        parts[f"x_{name}"], parts[f"y_{name}"] = images(count, level)
    return ImageDataset("the check's", ("a", "b"), **parts)


def _both(*images, axes=(0, 1, 2)):
    """(mean, deviation) over `axes` of the images of all the splits that are given."""
    images = np.concatenate(images).astype("float64")
    return np.array([images.mean(axis=axes), images.std(axis=axes)])


@check
def statistics(function):
    """Task 3: (mean, deviation) of each colour, of the training images."""
    data = _pictures()
    train, val, test = data.x_train, data.x_val, data.x_test
    mean, deviation = right = _both(train)
    found = call(function, data)
    mistakes = {
        "These are the numbers of all three splits. From the test nothing may be learned, not even "
        "a mean.": _both(train, val, test),
        "These are the numbers of training and validation together. Validation should stand for "
        "images that the model has never seen.": _both(train, val),
        "These are the numbers of training and test together.": _both(train, test),
        "These are the numbers of the test.": _both(test),
        "These are the numbers of validation.": _both(val),
        "You get one mean for all colours. Red, green and blue have each their own.":
            _both(train, axes=None),
        "You get a mean for each image: then a dark image and a bright one would look alike, and "
        "no two images would be measured by one ruler.": _both(train, axes=(1, 2)),
        "You get a mean for each image, over its colours too.": _both(train, axes=(1, 2, 3)),
        "You get a mean for each place in the image. One for each colour is wanted, wherever the "
        "pixel is.": _both(train, axes=0),
        "You get a mean for each place in the image, over all colours.": _both(train, axes=(0, 3)),
        "You took the mean over the colours, and kept the other axes. It should be the other way "
        "round.": _both(train, axes=3),
        "You get a mean for each row of pixels: the axes are mixed up.":
            _both(train, axes=(0, 2, 3)),
        "You get a mean for each column of pixels: the axes are mixed up.":
            _both(train, axes=(0, 1, 3)),
        "The mean is right. The second is the variance, in squared steps; the usual distance from "
        "the mean is not squared.": np.array([mean, deviation**2]),
        "The two are exchanged: the mean comes first.": right[::-1],
        "Here is the mean; the deviation is missing.": mean,
        "Here is the deviation; the mean is missing.": deviation,
        "The pixels of this dataset run from 0 to 255, and your numbers are for 0 to 1.":
            right / 255,
        "The mean is right. But the deviation of the whole is not the mean of the images' "
        "deviations: that forgets how much the images differ from each other.":
            np.array([mean, _both(train, axes=(1, 2))[1].mean(axis=0)]),
        "The mean is right. But the deviation is not that of the images' means: that forgets how "
        "much the pixels of one image differ.":
            np.array([mean, _both(train, axes=(1, 2))[0].std(axis=0)]),
    }  # fmt: skip
    if isinstance(found, (tuple, list)):
        found = [np.squeeze(part) for part in found]
        shapes_found = [part.shape for part in found]
        if len(set(shapes_found)) > 1:
            raise NotYet(
                f"Mean and deviation have different shapes, {shapes_found[0]} and "
                f"{shapes_found[1]}: each should be one number for each colour."
            )
    same(found, right, mistakes, "(mean and deviation, colours)", rtol=1e-3)
    return "Two numbers for each colour, learned from the training images alone."


@dataclass(frozen=True)
class Garden:
    """Photographs of plants, carelessly split: for each split images, plants and kinds."""

    x_train: np.ndarray
    plants_train: np.ndarray
    kinds_train: np.ndarray
    x_test: np.ndarray
    plants_test: np.ndarray
    kinds_test: np.ndarray


def garden(series=40, singles=200, copies=12):
    """A Garden: `series` plants with five photographs each, `singles` with one, `copies` again.

    Photographs of a plant are one drawn image, moved, lit and grained in another way each time.
    """
    random = np.random.RandomState(3)
    index = list(shapes.FAMILIES).index("solids")
    drawn, kinds = shapes.draw_family(index, (series + singles) // 5, seed=11)
    plants = np.concatenate([np.repeat(np.arange(series), 5), np.arange(series, series + singles)])
    photographs = np.empty((len(plants), *drawn.shape[1:]), np.uint8)
    for photograph, plant in zip(photographs, plants, strict=True):
        seen = np.roll(drawn[plant], random.randint(-1, 2, 2), (0, 1)) + random.uniform(-12, 12)
        photograph[:] = np.clip(seen + random.normal(0, 4, seen.shape), 0, 255)
    again = random.permutation(np.flatnonzero(plants >= series))[:copies]
    images = np.concatenate([photographs, photographs[again]])
    kinds = np.concatenate([kinds[plants], kinds[plants[again]]]) % 5
    plants = np.concatenate([plants, np.arange(copies) + plants.max() + 1])
    order = random.permutation(len(images))
    test, train = np.split(order, [len(order) // 4])
    return Garden(
        images[train], plants[train], kinds[train], images[test], plants[test], kinds[test]
    )


def _leaky():
    """(x_train, plants_train, x_test, plants_test) with leaks, and what is right and wrong."""
    random = np.random.RandomState(2)
    x_train, x_test = (random.randint(0, 256, (n, 4, 5, 3)).astype(np.uint8) for n in (30, 20))
    plants_train, plants_test = np.arange(30) // 3 + 50, np.arange(20) // 2 + 58
    x_test[[6, 11, 17]] = x_train[[2, 9, 20]]
    x_test[1] = x_train[3]
    x_test[13] = x_train[4][::-1]
    x_test[15] = x_train[5]
    x_test[15, 0, 0, 0] ^= 1
    return x_train, plants_train, x_test, plants_test


@check
def fair(function):
    """Task 4: the numbers of the test photographs of which training shows neither them nor kin."""
    x_train, plants_train, x_test, plants_test = _leaky()
    twin = np.array([(x_train == image).all(axis=(1, 2, 3)).any() for image in x_test])
    kin = np.isin(plants_test, plants_train)
    twin_train = np.array([(x_test == image).all(axis=(1, 2, 3)).any() for image in x_train])
    kin_train = np.isin(plants_train, plants_test)
    total = np.isin(x_test.sum(axis=(1, 2, 3)), x_train.sum(axis=(1, 2, 3)))
    right = np.flatnonzero(~(twin | kin))
    found = call(function, x_train, plants_train, x_test, plants_test)
    mistakes = {
        "You keep every photograph.": np.arange(len(x_test)),
        "You keep no photograph at all. Do you compare whole photographs, or single pixels?": [],
        "These are the photographs that leak. Wanted are the others.": np.flatnonzero(twin | kin),
        "No plant is in both splits any more. But you keep photographs that lie in training pixel "
        "for pixel, under another plant's number.": np.flatnonzero(~kin),
        "No photograph is in both splits any more. But you keep other photographs of plants that "
        "the model knows from training.": np.flatnonzero(~twin),
        "You throw out only what is leaking for both reasons. One is enough.":
            np.flatnonzero(~(twin & kin)),
        "You throw out a photograph that is another one than any in training: only its sum (or its "
        "mean) is the same.": np.flatnonzero(~(total | kin)),
        "These are numbers of *training* photographs. Leaks could be mended there as well, but the "
        "question is which of the test are fair.": np.flatnonzero(~(twin_train | kin_train)),
        "These are the plants. Wanted are the numbers of the photographs.": plants_test[right],
        "These are the photographs themselves. Wanted are their numbers.": x_test[right],
        "These are True and False for each photograph. Wanted are the numbers of the fair ones.":
            ~(twin | kin),
    }  # fmt: skip
    same(found, right, mistakes, "(fair photographs,)")
    return "What is left of the test, the model cannot know by heart."
