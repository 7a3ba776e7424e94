"""The folder in which datasets are kept between runs; a file there is whole or absent."""

import os
import warnings
import zipfile
from pathlib import Path

import numpy as np


def cache_folder():
    """The folder of the environment variable VIT_CACHE, or `~/.cache/vit_helpers`."""
    return Path(os.environ.get("VIT_CACHE") or Path.home() / ".cache" / "vit_helpers")


def cached(name, make):
    """Return the arrays (a dict) that `make()` gives, from the cache where they are already.

    A damaged file is made again. Where the folder cannot be written, the arrays are used from
    memory, with a warning.
    """
    path = cache_folder() / f"{name}.npz"
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        arrays = make()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, lambda file: np.savez(file, **arrays))
    except OSError as error:
        warnings.warn(f"{path} cannot be written ({error.strerror}): not cached", stacklevel=3)
    return arrays


def write_whole(path, write):
    """Write a file under a temporary name with `write(file)`, then rename it to `path`."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            write(file)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
