"""Images from a folder that has one folder for each class."""

import unicodedata
import warnings
from collections import Counter
from pathlib import Path

import numpy as np

from ..checks import positive
from .photograph import SUFFIXES, read_all


def load_folder(root, image_size):
    """Read an image folder: arrays by name, and the class names, sorted as their labels.

    `root` has `train/<class>/*` and `test/<class>/*`, or `<class>/*` alone. The arrays are x_train,
    y_train and, where there is a test folder, x_test, y_test: images uint8
    (N, image_size, image_size, 3), labels int32 (N,).

    Warns of files that are passed over because they are no photographs. Raises ValueError if there
    are no images, fewer than two classes, too few images of a class, names of classes that differ
    in case only, classes in `test/` that are not in `train/`, or images that cannot be read, which
    it names.
    """
    positive("image_size", image_size)
    root = Path(root)
    if not root.is_dir():
        raise ValueError(f"name={str(root)!r} is not a folder; check the path")
    has_splits = (root / "train").is_dir() and (root / "test").is_dir()
    train = _classes(root / "train" if has_splits else root)
    splits = {"train": train}
    if has_splits:
        splits["test"] = _classes(root / "test")
        if list(splits["test"]) != list(train):
            odd = sorted(set(splits["test"]) ^ set(train))
            raise ValueError(f"train/ and test/ must have the same classes; they differ in {odd}")
    least = 2 if has_splits else 3
    for name, files in train.items():
        if len(files) < least:
            raise ValueError(
                f"class {name!r} has {len(files)} image(s); it needs at least {least}, so that "
                "each split gets one"
            )
    arrays = {}
    for split, classes in splits.items():
        files = [file for group in classes.values() for file in group]
        arrays[f"x_{split}"] = read_all(files, image_size)
        arrays[f"y_{split}"] = np.repeat(
            np.arange(len(classes), dtype=np.int32), [len(group) for group in classes.values()]
        )
    return arrays, tuple(train)


def _classes(folder):
    """{class name: image files} of the folders in `folder`, both sorted."""
    classes, others, seen = {}, Counter(), {}
    for child in sorted(folder.iterdir()):
        if not child.is_dir() or child.name.startswith((".", "__")):
            continue
        form = unicodedata.normalize("NFC", child.name).casefold()
        if form in seen:
            raise ValueError(
                f"classes {seen[form]!r} and {child.name!r} of {folder.name!r} differ only in case "
                "or in the form of a letter; rename one, or put them together"
            )
        seen[form] = child.name
        files = sorted(file for file in child.iterdir() if not file.name.startswith("."))
        classes[child.name] = [f for f in files if f.suffix.lower() in SUFFIXES and f.is_file()]
        passed = set(files) - set(classes[child.name])
        others.update(f.suffix.lower() if f.is_file() else "no file" for f in passed)
    if others:
        kinds = ", ".join(f"{kind or 'no suffix'}: {count}" for kind, count in others.items())
        warnings.warn(
            f"{sum(others.values())} files in {str(folder)!r} are passed over ({kinds}); images "
            f"are those with {' '.join(sorted(SUFFIXES))}",
            stacklevel=4,
        )
    _check_classes(folder, classes)
    return classes


def _check_classes(folder, classes):
    if not any(classes.values()):
        raise ValueError(
            f"no images in {str(folder)!r}: it needs a folder for each class, with images in it "
            f"({folder.name}/cat/1.jpg, {folder.name}/dog/1.jpg)"
        )
    if empty := [name for name, files in classes.items() if not files]:
        raise ValueError(f"no images in the class folders {empty} of {folder.name!r}")
    if len(classes) < 2:
        raise ValueError(
            f"{folder.name!r} has one class, {next(iter(classes))!r}; a classifier needs two"
        )
