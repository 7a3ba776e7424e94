"""Images from a folder that has one folder for each class."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from ..checks import positive

SUFFIXES = frozenset(Image.registered_extensions())


def load_folder(root, image_size):
    """Read an image folder: arrays by name, and the class names, sorted as their labels.

    `root` has `train/<class>/*` and `test/<class>/*`, or `<class>/*` alone. The arrays are x_train,
    y_train and, where there is a test folder, x_test, y_test: images uint8
    (N, image_size, image_size, 3), labels int32 (N,).

    Raises ValueError if there are no images, fewer than two classes, too few images of a class,
    classes in `test/` that are not in `train/`, or images that cannot be read, which it names.
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
        arrays[f"x_{split}"] = _read(files, image_size)
        arrays[f"y_{split}"] = np.repeat(
            np.arange(len(classes), dtype=np.int32), [len(group) for group in classes.values()]
        )
    return arrays, tuple(train)


def _classes(folder):
    """{class name: image files} of the folders in `folder`, both sorted."""
    classes = {
        child.name: sorted(
            file for file in child.iterdir()
            if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")
        )
        for child in sorted(folder.iterdir())
        if child.is_dir() and not child.name.startswith((".", "__"))
    }  # fmt: skip
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
    return classes


def _read(files, size):
    """Decode all files: uint8 (N, size, size, 3); one ValueError names those that cannot be."""
    with ThreadPoolExecutor() as pool:
        images = list(pool.map(lambda file: _read_one(file, size), files))
    bad = [
        f"{file.parent.name}/{file.name}"
        for file, image in zip(files, images, strict=True)
        if image is None
    ]
    if bad:
        more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
        raise ValueError(f"unreadable images, mend or remove them: {', '.join(bad[:5])}{more}")
    return np.stack(images)


def _read_one(file, size):
    """One image as uint8 (size, size, 3): upright, RGB, centre-cropped, resized; None if broken."""
    try:
        with Image.open(file) as image:
            upright = ImageOps.exif_transpose(image)
            rgb = upright.convert("RGBA" if upright.has_transparency_data else "RGB").convert("RGB")
            if rgb.size != (size, size):
                rgb = ImageOps.fit(rgb, (size, size), Image.Resampling.LANCZOS)
            return np.asarray(rgb)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
