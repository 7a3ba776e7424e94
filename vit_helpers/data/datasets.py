"""Images with labels, split three ways: Shapes-100, CIFAR-10, CIFAR-100 or a folder of images."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from ..checks import choose, instance, positive, seed_number, share
from ..machine.cache import cached
from . import cifar, folder
from .shapes100 import draw as shapes

TEST_SHARE = 0.1  # of a folder without a test split
VALIDATION_SHARE = 0.1
SPLIT_SEED = 0


@dataclass(frozen=True, eq=False, repr=False)
class ImageDataset:
    """Images uint8 (N, H, W, 3) and labels int32 (N,), each split with all of the classes.

    `class_names[label]` is the name of a label and `families[label]` the family it belongs to
    (its own name where the dataset has no families). Raises ValueError for other shapes or types
    and for labels out of range.
    """

    name: str
    class_names: tuple[str, ...]
    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    families: tuple[str, ...] = ()

    def __post_init__(self):
        if len(self.class_names) < 2:
            raise ValueError(f"class_names={self.class_names!r}: there must be at least 2 classes")
        object.__setattr__(self, "families", tuple(self.families or self.class_names))
        for split in ("train", "val", "test"):
            x, y = getattr(self, f"x_{split}"), getattr(self, f"y_{split}")
            for part, array in (("x", x), ("y", y)):
                instance(f"{part}_{split}", array, np.ndarray, "make one with np.asarray")
            if x.ndim != 4 or x.shape[-1] != 3 or x.dtype != np.uint8:
                raise ValueError(f"x_{split} must be uint8 (N, H, W, 3), not {x.dtype} {x.shape}")
            if y.shape != x.shape[:1] or y.dtype != np.int32:
                raise ValueError(f"y_{split} must be int32 ({len(x)},), not {y.dtype} {y.shape}")
            if len(y) and not 0 <= y.min() <= y.max() < len(self.class_names):
                raise ValueError(
                    f"y_{split} has labels {y.min()} ... {y.max()}; with {len(self.class_names)} "
                    f"classes they must be in 0 ... {len(self.class_names) - 1}"
                )

    def __repr__(self):
        height, width = self.x_train.shape[1:3]
        return (
            f"ImageDataset({self.name!r}: {len(self.class_names)} classes, "
            f"images {height} × {width}, "
            f"{len(self.y_train):,} train, {len(self.y_val):,} val, {len(self.y_test):,} test)"
        )

    def take(self, train=None, evaluation=None):
        """A stratified, seeded subset: about `train` training images, `evaluation` of val and test.

        Each class keeps its share and at least one image; None keeps a split as it is, and so does
        a number that is not below its size. Raises ValueError for numbers below 1.
        """
        parts = {}
        for name, count in (("train", train), ("evaluation", evaluation)):
            if count is not None:
                positive(name, count)
        for split, count in (("train", train), ("val", evaluation), ("test", evaluation)):
            x, y = getattr(self, f"x_{split}"), getattr(self, f"y_{split}")
            if count is not None and count < len(y):
                chosen = stratified_split(y, count / len(y))[1]
                parts |= {f"x_{split}": x[chosen], f"y_{split}": y[chosen]}
        return replace(self, **parts)


def stratified_split(labels, fraction, seed=SPLIT_SEED):
    """Hold out `fraction` of each class: the indices (the rest, held out).

    `labels` is (N,); both results are sorted and together are 0 ... N - 1. At
    least one image of each class is held out; one `seed` gives one split.
    """
    labels, fraction = np.asarray(labels), share("fraction", fraction)
    random = np.random.RandomState(seed_number("seed", seed))
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        mine = np.flatnonzero(labels == label)
        count = max(1, round(fraction * len(mine)))
        chosen[random.permutation(mine)[:count]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)


def _shapes100():
    return cached("shapes100-1", shapes.draw_all), shapes.CLASS_NAMES, shapes.CLASS_FAMILIES


def _cifar(name, load):
    arrays = cached(f"{name}-2", load, partial(cifar.check_reachable, name))
    class_names = arrays.pop("class_names").tolist()
    families = arrays.pop("families").tolist() if "families" in arrays else ()
    return arrays, class_names, families


NAMED = {
    "shapes100": _shapes100,
    "cifar10": partial(_cifar, "cifar10", cifar.load_cifar10),
    "cifar100": partial(_cifar, "cifar100", cifar.load_cifar100),
}


def load_dataset(name="shapes100", image_size=32):
    """Load a dataset by name, or from a folder with an image folder for each class.

    `name` is `"shapes100"` (drawn on this machine, works offline), `"cifar10"`, `"cifar100"`
    (downloaded once, 170 MB), or the path of a folder with `train/<class>/*` and
    `test/<class>/*`, or with `<class>/*` alone, of which a tenth of each class is then held out as
    the test split. Images in a folder are cropped to a centred square and resized to `image_size`
    x `image_size` pixels; grey ones and those with an alpha channel become RGB. A tenth of the
    training images of each class is held out for validation, always the same ones.

    Returns an `ImageDataset`. CIFAR's names and families are those in its archive.

    Raises ValueError for an unknown name, an empty folder, fewer than two classes or unreadable
    images (named), and ConnectionError where a download is not possible.
    """
    is_folder = isinstance(name, Path) or (isinstance(name, str) and name and Path(name).is_dir())
    if is_folder and name not in NAMED:
        arrays, class_names = folder.load_folder(Path(name), image_size)
        families, name = (), Path(name).resolve().name
    else:
        if str(name) not in NAMED and ("/" in str(name) or "\\" in str(name)):
            raise ValueError(f"name={str(name)!r} is not a folder; check the path")
        arrays, class_names, families = choose("name", name, NAMED)()
    if "x_test" not in arrays:
        arrays |= _hold_out(arrays, TEST_SHARE, "train", "test")
    arrays |= _hold_out(arrays, VALIDATION_SHARE, "train", "val")
    return ImageDataset(name, tuple(class_names), families=tuple(families), **arrays)


def _hold_out(arrays, fraction, source, target):
    """The arrays x_, y_ of `source` without a stratified `fraction`, which becomes `target`."""
    x, y = arrays[f"x_{source}"], arrays[f"y_{source}"]
    rest, chosen = stratified_split(y, fraction)
    return {
        f"x_{source}": x[rest], f"y_{source}": y[rest],
        f"x_{target}": x[chosen], f"y_{target}": y[chosen],
    }  # fmt: skip
