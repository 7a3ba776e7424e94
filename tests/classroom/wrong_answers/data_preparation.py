"""Typical wrong answers on preparing data, each with a phrase of what the check says."""

import numpy as np

RANDOM = np.random.RandomState(5)


def split(labels, test, share, seed, count=None, mix=None, least=1, free=None):
    """A right split, but for what the arguments change."""
    mix = mix or np.random.RandomState(seed).permutation
    free = np.setdiff1d(np.arange(len(labels)), test) if free is None else free
    validation = []
    for label in np.unique(labels):
        mine = mix(free[labels[free] == label])
        many = count(mine) if count else max(least, round(share * len(mine)))
        validation.extend(mine[:many])
    return np.setdiff1d(free, validation), np.array(validation)


def forgets_the_test(labels, test, share, seed):
    return split(labels, test, share, seed, free=np.arange(len(labels)))


def test_among_training(labels, test, share, seed):
    validation = split(labels, test, share, seed)[1]
    return np.setdiff1d(np.arange(len(labels)), validation), validation


def counted_anew(labels, test, share, seed):
    return split(np.delete(labels, test), [], share, seed)


def share_of_all(labels, test, share, seed):
    free = np.setdiff1d(np.arange(len(labels)), test)
    random, validation = np.random.RandomState(seed), []
    for label in np.unique(labels):
        count = max(1, round(share * (labels == label).sum()))
        validation.extend(random.permutation(free[labels[free] == label])[:count])
    return np.setdiff1d(free, validation), np.array(validation)


def by_lot(labels, test, share, seed):
    free = np.random.RandomState(seed).permutation(np.setdiff1d(np.arange(len(labels)), test))
    count = round(share * len(free))
    return free[count:], free[:count]


def not_taken_out(labels, test, share, seed):
    return np.setdiff1d(np.arange(len(labels)), test), split(labels, test, share, seed)[1]


def put_back(labels, test, share, seed):
    random = np.random.RandomState(seed)
    return split(labels, test, share, seed, mix=lambda mine: random.choice(mine, len(mine)))


def masks(labels, test, share, seed):
    return tuple(np.isin(np.arange(len(labels)), part) for part in split(labels, test, share, seed))


def labels_instead(labels, test, share, seed):
    return tuple(labels[part] for part in split(labels, test, share, seed))


def sorts_labels(labels, test, share, seed):
    answer = split(labels, test, share, seed)
    labels.sort()
    return answer


def cut(labels, test, share, seed):
    train, validation = split(labels, test, share, seed)
    return train[:-7], validation


def stats(images, axes=(0, 1, 2)):
    return images.mean(axis=axes), images.std(axis=axes)


def halves(data):
    data.x_train[:] = data.x_train / 2
    return stats(data.x_train)


def together(data, *splits):
    return stats(np.concatenate([getattr(data, f"x_{name}") for name in splits]))


def keep(plants=True, twins=True, both=False, of=None):
    """An answer to `fair` that looks at some of it only; `of` says what of an image is compared."""
    of = of or (lambda image: image.tobytes())

    def fair(x_train, plants_train, x_test, plants_test):
        known = {of(image) for image in x_train}
        twin = np.array([of(image) in known for image in x_test])
        kin = np.isin(plants_test, plants_train)
        leaks = (twin & kin) if both else (twin & twins) | (kin & plants)
        return np.flatnonzero(~leaks)

    return fair


right_fair = keep()


def nearly(x_train, plants_train, x_test, plants_test):
    twin = [
        np.allclose(x_train, image, atol=1)
        or (abs(x_train - 1.0 * image) <= 1).all((1, 2, 3)).any()
        for image in x_test
    ]
    return np.flatnonzero(~np.array(twin) & ~np.isin(plants_test, plants_train))


def shuffles(x_train, plants_train, x_test, plants_test):
    fair = right_fair(x_train, plants_train, x_test, plants_test)
    x_test.sort(axis=0)
    return fair


WRONG = {
    "sizes": [
        ((None, None, None, None), "Write down the number of test images"),
        ((31, 28, 259, 77), "foxes and owls out of the test"),
        ((32, 29, 257, 75), "Each class gives its own"),
        ((33, 33, 252, 73), "already gone"),
        ((33, 28, 257, 73), "rare classes seem"),
        ((33, 29, 256, 73), "*nearest*"),
        ((33, 30, 285, 73), "validation is still among"),
        ((33, 30, 288, 73), "the test is still among"),
        ((33, 30, 255, 25), "blind guess"),
        ((33, 30, 255, 24), "How many per cent"),
        ((33, 30, 255, 75), "whole folder"),
        ((33, 30, 255, 24 / 33), "share of one."),
        ((33, 30, 255, 0.73), "share of one, and rounded"),
        ((33, 30, 255, 2400 / 33), "decimals"),
        ((33, 30, 255, 90), "too large"),
        ((33, 30, "255", 73), "is a text"),
        ((33, 30, 255, "73 %"), "'73 %' is a text"),
    ],
    "split": [
        (lambda labels, test, share, seed: None, "returns nothing"),
        (lambda labels, test, share, seed: split(labels, test, share, seed)[1], "Return two things"),
        (masks, "True and False"),
        (labels_instead, "come as labels"),
        (lambda *given: tuple(part + 9 for part in split(*given)), "have numbers from"),
        (lambda *given: ([[1, 2], [3]], [4]), "not nested"),
        (lambda *given: tuple(part / 1 for part in split(*given)), "one row of whole numbers"),
        (counted_anew, "counted what was left anew"),
        (forgets_the_test, "of the test are among your validation"),
        (test_among_training, "of the test are among your training"),
        (not_taken_out, "in training and in validation"),
        (put_back, "occur twice"),
        (cut, "in no split at all"),
        (lambda *given: split(*given)[::-1], "exchanged"),
        (share_of_all, "*all* images of a class"),
        (by_lot, "left to luck"),
        (lambda *given: split(*given, least=0), "gives none"),
        (lambda *given: split(*given, count=lambda mine: 2 if len(mine) > 2 else 1), "not the same number"),
        (lambda *given: split(*given, count=lambda mine: max(1, len(mine) // 3)), "The share is not right"),
        (lambda labels, test, share, seed: split(labels, test, 0.1, seed), "took a tenth"),
        (lambda *given: split(*given, count=lambda mine: max(1, int(0.1 * len(mine)))), "rounded down. The nearest"),
        (lambda *given: split(*given, count=lambda mine: int(np.ceil(given[2] * len(mine)))), "rounded up"),
        (lambda *given: split(*given, count=lambda mine: 1), "gives one image, whatever"),
        (lambda *given: tuple(map(list, split(*given))), "come as a list. Two arrays"),
        (lambda *given: tuple(map(set, split(*given))), "come as a set"),
        (sorts_labels, "has changed `labels`"),
        (lambda *given: split(*given, mix=list), "come first"),
        (lambda *given: split(*given, mix=lambda mine: mine[::-1]), "come last"),
        (lambda *given: split(*given, mix=RANDOM.permutation), "The same call twice"),
        (lambda labels, test, share, seed: split(labels, test, share, 42), "Another seed"),
    ],
    "statistics": [
        (lambda data: None, "returns nothing"),
        (lambda data: together(data, "train", "val", "test"), "all three splits"),
        (lambda data: together(data, "train", "val"), "training and validation together"),
        (lambda data: together(data, "test"), "numbers of the test."),
        (lambda data: stats(data.x_train, None), "one mean for all colours"),
        (lambda data: stats(data.x_train, (1, 2)), "a mean for each image: then"),
        (lambda data: stats(data.x_train, 0), "a mean for each place in the image. One"),
        (lambda data: stats(data.x_train, 3), "over the colours, and kept"),
        (lambda data: stats(data.x_train, (0, 2, 3)), "each row of pixels"),
        (lambda data: (stats(data.x_train)[0], data.x_train.var(axis=(0, 1, 2))), "variance"),
        (lambda data: stats(data.x_train)[::-1], "exchanged"),
        (lambda data: stats(data.x_train)[0], "deviation is missing"),
        (lambda data: stats(data.x_train / 255), "for 0 to 1"),
        (lambda data: (stats(data.x_train)[0], stats(data.x_train, (1, 2))[1].mean(axis=0)),
         "not the mean of the images' deviations"),
        (lambda data: (stats(data.x_train)[0], stats(data.x_train, (1, 2))[0].std(axis=0)),
         "that of the images' means"),
        (lambda data: (stats(data.x_train)[0], data.x_train.std()), "different shapes"),
        (lambda data: stats(data.x_train[:30]), "there should be"),
        (lambda data: (np.median(data.x_train, (0, 1, 2)), data.x_train.std(axis=(0, 1, 2))), "median"),
        (lambda data: stats(np.concatenate([data.x_train, data.x_val]), None), "And another thing: You get one mean"),
        (lambda data: [part.astype(int) for part in stats(data.x_train)], "whole numbers"),
        (lambda data: stats(data.x_train, 1), "over the rows alone"),
        (halves, "has changed `data`"),
        (lambda data: stats(data.x_train - 5), "there should be 77.14, and you have 72.14"),
        (lambda data: str(stats(data.x_train)), "of type text"),
        (lambda data: stats(data.train), "stops with AttributeError"),
    ],
    "fair": [
        (lambda *given: None, "returns nothing"),
        (lambda *given: np.arange(len(given[2])), "You keep every"),
        (lambda *given: np.setdiff1d(np.arange(len(given[2])), right_fair(*given)), "photographs that leak"),
        (lambda *given: [], "no photograph at all"),
        (keep(twins=False), "pixel for pixel"),
        (keep(plants=False), "No photograph is in both"),
        (keep(both=True), "both reasons"),
        (keep(of=lambda image: image.sum()), "only its sum"),
        (lambda xa, pa, xb, pb: right_fair(xb, pb, xa, pa), "*training* photographs"),
        (lambda *given: given[3][right_fair(*given)], "These are the plants"),
        (lambda *given: given[2][right_fair(*given)], "photographs themselves"),
        (lambda *given: np.isin(np.arange(len(given[2])), right_fair(*given)), "True and False"),
        (lambda *given: right_fair(*given)[1:], "The shape should be"),
        (lambda *given: right_fair(*given)[::-1], "backwards"),
        (lambda *given: right_fair(*given) + 1, "count from 1"),
        (lambda *given: len(right_fair(*given)), "how many photographs"),
        (nearly, "only nearly the same"),
        (shuffles, "has changed `x_test`"),
        (lambda *given: set(right_fair(*given).tolist()), "of type set"),
    ],
}  # fmt: skip
