"""CIFAR-10 and CIFAR-100 from their archives: images, labels, names and families."""

import os
import pickle
import tarfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import download

KERAS_HOME = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()  # as Keras has it


@dataclass(frozen=True)
class Archive:
    """An official archive: its name, address, sha256, bytes, and its name in Keras's folder."""

    name: str
    url: str
    sha256: str
    size: int
    kept_as: str

    @property
    def path(self):
        """Where Keras, too, looks for it."""
        return KERAS_HOME / "datasets" / self.kept_as


ARCHIVES = {
    "cifar10": Archive(
        "cifar10",
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        170_498_071,
        "cifar-10-batches-py-target_archive",
    ),
    "cifar100": Archive(
        "cifar100",
        "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        169_001_437,
        "cifar-100-python-target_archive",
    ),
}


def load_cifar10():
    """CIFAR-10 as arrays by name: x_train, y_train, x_test, y_test and class_names.

    Images are uint8 (50,000 or 10,000, 32, 32, 3), labels int32, class names strings (10,).
    Source: https://www.cs.toronto.edu/~kriz/cifar.html, where the archive's format is described.

    Raises ConnectionError where the archive is neither on this machine nor can be downloaded, and
    ValueError where the file in its place is another one.
    """
    train = [f"cifar-10-batches-py/data_batch_{i}" for i in range(1, 6)]
    test, meta = "cifar-10-batches-py/test_batch", "cifar-10-batches-py/batches.meta"
    parts = _unpacked("cifar10", *train, test, meta)
    return {
        **_split("train", [parts[member] for member in train], b"labels"),
        **_split("test", [parts[test]], b"labels"),
        "class_names": _names(parts[meta][b"label_names"]),
    }


def load_cifar100():
    """CIFAR-100 as arrays by name: those of `load_cifar10`, and families.

    The labels are the 100 fine ones. `families[label]` is the name of the coarse class to which
    the archive assigns it, with spaces where the archive has underscores ("aquatic mammals");
    class names stay as they are there ("sweet_pepper"). Errors as in `load_cifar10`.
    """
    train, test, meta = (f"cifar-100-python/{member}" for member in ("train", "test", "meta"))
    parts = _unpacked("cifar100", train, test, meta)
    coarse_names = _names(parts[meta][b"coarse_label_names"])
    _, first = np.unique(parts[train][b"fine_labels"], return_index=True)
    coarse = np.array(parts[train][b"coarse_labels"])[first]
    return {
        **_split("train", [parts[train]], b"fine_labels"),
        **_split("test", [parts[test]], b"fine_labels"),
        "class_names": _names(parts[meta][b"fine_label_names"]),
        "families": np.char.replace(coarse_names, "_", " ")[coarse],
    }


def check_reachable(name):
    """Raise ConnectionError if the archive is not on this machine and its server doesn't answer."""
    download.check_reachable(ARCHIVES[name])


def _unpacked(name, *members):
    """{member: the dict in that file of the archive}, which is checked before it is opened."""
    with download.open_archive(ARCHIVES[name]) as file, tarfile.open(fileobj=file) as tar:
        # Not `keras.datasets`, which unpacks to the disk first and needs room and a way to write.
        return {
            member: pickle.load(tar.extractfile(member), encoding="bytes") for member in members
        }


def _split(name, parts, labels):
    """The arrays x_<name> and y_<name> of some dicts with rows of 3 * 32 * 32 bytes."""
    rows = np.concatenate([part[b"data"] for part in parts])
    images = rows.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
    numbers = np.concatenate([part[labels] for part in parts])
    return {f"x_{name}": np.ascontiguousarray(images), f"y_{name}": numbers.astype(np.int32)}


def _names(names):
    return np.array([name.decode() for name in names])
