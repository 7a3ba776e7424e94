"""Self-checks of tasks 3 and 4 of notebook 01: mean and deviation, and the leak."""

import numpy as np

from ...data.datasets import ImageDataset
from .compare import mistakes_of, same
from .verdict import NotYet, call, check


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


# Whose images teach, over which axes, and which two numbers; {what to say: what is done}.
WHOSE = {
    "": ("train",),
    "These are the numbers of all three splits. From the test nothing may be learned, not even a "
    "mean.": ("train", "val", "test"),
    "These are the numbers of training and validation together. Validation should stand for images "
    "that the model has never seen.": ("train", "val"),
    "These are the numbers of training and test together.": ("train", "test"),
    "These are the numbers of validation and test together.": ("val", "test"),
    "These are the numbers of the test.": ("test",),
    "These are the numbers of validation.": ("val",),
}
OVER = {
    "": (0, 1, 2),
    "You get one mean for all colours. Red, green and blue have each their own.": None,
    "You get a mean for each image: then a dark image and a bright one would look alike, and no "
    "two images would be measured by one ruler.": (1, 2),
    "You get a mean for each image, over its colours too.": (1, 2, 3),
    "You get a mean for each place in the image. One for each colour is wanted, wherever the pixel "
    "is.": 0,
    "You get a mean for each place in the image, over all colours.": (0, 3),
    "You took the mean over the colours, and kept the other axes. It should be the other way "
    "round.": 3,
    "You get a mean for each row of pixels: the axes are mixed up.": (0, 2, 3),
    "You get a mean for each column of pixels: the axes are mixed up.": (0, 1, 3),
    "Images and rows are gone, but the columns of pixels are still apart.": (0, 1),
    "Images and columns are gone, but the rows of pixels are still apart.": (0, 2),
    "You took the mean over the rows alone.": 1,
    "You took the mean over the columns alone.": 2,
}
WHAT = {
    "": lambda x, axes: [x.mean(axis=axes), x.std(axis=axes)],
    "The mean is right. The second is the variance, in squared steps; the usual distance from the "
    "mean is not squared.": lambda x, axes: [x.mean(axis=axes), x.var(axis=axes)],
    "The mean is right. The second is the root of the deviation: one root too many.": (
        lambda x, axes: [x.mean(axis=axes), np.sqrt(x.std(axis=axes))]
    ),
    "The two are exchanged: the mean comes first.": (
        lambda x, axes: [x.std(axis=axes), x.mean(axis=axes)]
    ),
    "Here is the mean; the deviation is missing.": lambda x, axes: x.mean(axis=axes),
    "Here is the deviation; the mean is missing.": lambda x, axes: x.std(axis=axes),
    "You return the mean twice.": lambda x, axes: [x.mean(axis=axes)] * 2,
    "The pixels of this dataset run from 0 to 255, and your numbers are for 0 to 1.": (
        lambda x, axes: [x.mean(axis=axes) / 255, x.std(axis=axes) / 255]
    ),
    "The deviation is right. The first is the median, the value in the middle; the mean was "
    "wanted.": lambda x, axes: [np.median(x, axis=axes), x.std(axis=axes)],
    "The mean is right. The second is the mean distance from it, not the standard deviation.": (
        lambda x, axes: [
            x.mean(axis=axes), abs(x - x.mean(axis=axes, keepdims=True)).mean(axis=axes)
        ]
    ),
    "The mean is right. The second is the largest value.": (
        lambda x, axes: [x.mean(axis=axes), x.max(axis=axes)]
    ),
    "The mean is right. In the second, squares are added up, where their mean was wanted.": (
        lambda x, axes: [x.mean(axis=axes), x.std(axis=axes) * np.sqrt(x[..., 0].size)]
    ),
    "The deviation is right. The first is zero: it is the mean of pixels whose mean is already "
    "subtracted.": lambda x, axes: [0 * x.mean(axis=axes), x.std(axis=axes)],
    "These are the lowest and the highest values.": (
        lambda x, axes: [x.min(axis=axes), x.max(axis=axes)]
    ),
    "The mean is right. But the deviation of the whole is not the mean of the images' deviations: "
    "that forgets how much the images differ from each other.": (
        lambda x, axes: [x.mean(axis=axes), x.std(axis=(1, 2)).mean(axis=0)]
    ),
    "The mean is right. But the deviation is not that of the images' means: that forgets how much "
    "the pixels of one image differ.": (
        lambda x, axes: [x.mean(axis=axes), x.mean(axis=(1, 2)).std(axis=0)]
    ),
    "The mean is right. The deviation is one for all colours; each has its own.": (
        lambda x, axes: [x.mean(axis=axes), np.full(3, x.std())]
    ),
}  # fmt: skip


def _statistics(data, whose=WHOSE[""], over=OVER[""], what=WHAT[""]):
    images = np.concatenate([getattr(data, f"x_{name}") for name in whose]).astype("float64")
    return np.array(what(images, over))


@check
def statistics(function):
    """Task 3: (mean, deviation) of each colour, of the training images."""
    data = _pictures()
    right = _statistics(data)
    found = call(function, data)
    if isinstance(found, tuple | list):
        found = [np.squeeze(part) for part in found]
        shapes = [part.shape for part in found]
        if len(set(shapes)) > 1:
            raise NotYet(
                f"Mean and deviation have different shapes, {' and '.join(map(str, shapes))}: each "
                "should be one number for each colour."
            )
        found = np.array(found)
    rows, first = data.x_train.reshape(3, -1), data.x_train[0]
    mistakes = {
        "You take three rows of numbers for the three colours, but each mixes them: the colours of "
        "a pixel lie side by side.": [rows.mean(axis=1), rows.std(axis=1)],
        "These are the numbers of the first image only.": [
            first.mean(axis=(0, 1)), first.std(axis=(0, 1))
        ],
        **mistakes_of(lambda *done: _statistics(data, *done), WHOSE, OVER, WHAT),
    }  # fmt: skip
    same(found, right, mistakes, "(mean and deviation, colours)", rtol=1e-3)
    return "Two numbers for each colour, learned from the training images alone."


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
    found = np.array(found) if isinstance(found, tuple | list) else found
    near = np.array([(abs(x_train - 1.0 * x) < 2).all(axis=(1, 2, 3)).any() for x in x_test])
    some = np.array([(x_train == image).any() for image in x_test])
    mistakes = {
        "You keep every photograph.": np.arange(len(x_test)),
        "You keep no photograph at all. What do you compare with what?": [],
        "These are the photographs that leak. Wanted are the others.": np.flatnonzero(twin | kin),
        "No plant is in both splits any more. But you keep photographs that lie in training pixel "
        "for pixel, under another plant's number.": np.flatnonzero(~kin),
        "No photograph is in both splits any more. But you keep other photographs of plants that "
        "the model knows from training.": np.flatnonzero(~twin),
        "You throw out only what is leaking for both reasons. One is enough.":
            np.flatnonzero(~(twin & kin)),
        "You throw out a photograph that is another one than any in training: only its sum (or its "
        "mean) is the same.": np.flatnonzero(~(total | kin)),
        "You throw out a photograph that is only nearly the same as one in training.":
            np.flatnonzero(~(near | kin)),
        "You throw out a photograph as soon as a single number of it is found in training.":
            np.flatnonzero(~(some | kin)),
        "You throw out a photograph as soon as a single number of it is found in training, and "
        "look at nothing else.": np.flatnonzero(~some),
        "You keep only the first photograph of each plant. The test may show a plant twice.":
            np.array([i for i in right if plants_test[i] not in plants_test[:i]]),
        "These are the fair photographs by plant alone, and those that leak by their pixels.":
            np.flatnonzero(~kin | twin),
        "These are the photographs that leak by their plant.": np.flatnonzero(kin),
        "These are the photographs that leak by their pixels.": np.flatnonzero(twin),
        "These are the plants, each once. Wanted are the numbers of the photographs.":
            np.setdiff1d(plants_test, plants_train),
        "This is how many photographs are fair. Wanted are their numbers.": len(right),
        "Your numbers count from 1. The first photograph has the number 0.": right + 1,
        "These are numbers of *training* photographs. Leaks could be mended there as well, but the "
        "question is which of the test are fair.": np.flatnonzero(~(twin_train | kin_train)),
        "These are the plants. Wanted are the numbers of the photographs.": plants_test[right],
        "These are the photographs themselves. Wanted are their numbers.": x_test[right],
        "These are True and False for each photograph. Wanted are the numbers of the fair ones.":
            ~(twin | kin),
    }  # fmt: skip
    same(found, right, mistakes, "(fair photographs,)")
    return "What is left of the test, the model cannot know by heart."
