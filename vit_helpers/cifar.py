"""CIFAR-10 and CIFAR-100 through `keras.datasets`, with a download that fails fast and clearly."""

import hashlib
import os
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from .cache import write_whole

KERAS_HOME = Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser()  # as Keras has it
CONNECT_SECONDS = 8  # to open the connection, name look-up included


@dataclass(frozen=True)
class Archive:
    """An official archive: where it is, its sha256, and the name under which Keras keeps it."""

    url: str
    sha256: str
    kept_as: str

    @property
    def path(self):
        return KERAS_HOME / "datasets" / self.kept_as


ARCHIVES = {
    "cifar10": Archive(
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        "cifar-10-batches-py-target_archive",
    ),
    "cifar100": Archive(
        "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        "cifar-100-python-target_archive",
    ),
}
_ANIMALS_AND_VEHICLES = "airplane automobile bird cat deer dog frog horse ship truck"
CIFAR10_CLASSES = tuple(_ANIMALS_AND_VEHICLES.split())
_FAMILIES = {
    "aquatic mammals": "beaver dolphin otter seal whale",
    "fish": "aquarium_fish flatfish ray shark trout",
    "flowers": "orchid poppy rose sunflower tulip",
    "food containers": "bottle bowl can cup plate",
    "fruit and vegetables": "apple mushroom orange pear sweet_pepper",
    "household electrical devices": "clock keyboard lamp telephone television",
    "household furniture": "bed chair couch table wardrobe",
    "insects": "bee beetle butterfly caterpillar cockroach",
    "large carnivores": "bear leopard lion tiger wolf",
    "large man-made outdoor things": "bridge castle house road skyscraper",
    "large natural outdoor scenes": "cloud forest mountain plain sea",
    "large omnivores and herbivores": "camel cattle chimpanzee elephant kangaroo",
    "medium-sized mammals": "fox porcupine possum raccoon skunk",
    "non-insect invertebrates": "crab lobster snail spider worm",
    "people": "baby boy girl man woman",
    "reptiles": "crocodile dinosaur lizard snake turtle",
    "small mammals": "hamster mouse rabbit shrew squirrel",
    "trees": "maple_tree oak_tree palm_tree pine_tree willow_tree",
    "vehicles 1": "bicycle bus motorcycle pickup_truck train",
    "vehicles 2": "lawn_mower rocket streetcar tank tractor",
}
_family_of = {fine: family for family, names in _FAMILIES.items() for fine in names.split()}
CIFAR100_CLASSES = tuple(sorted(_family_of))
CIFAR100_FAMILIES = tuple(_family_of[name] for name in CIFAR100_CLASSES)


def load_cifar10():
    """The arrays x_train, y_train, x_test, y_test of CIFAR-10; ConnectionError without network."""
    _fetch("cifar10")
    return _arrays(keras.datasets.cifar10.load_data())


def load_cifar100():
    """The arrays of CIFAR-100 with its 100 fine labels; ConnectionError without network."""
    _fetch("cifar100")
    return _arrays(keras.datasets.cifar100.load_data())


def _arrays(splits):
    (x_train, y_train), (x_test, y_test) = splits
    return {
        "x_train": np.ascontiguousarray(x_train), "y_train": y_train.ravel().astype(np.int32),
        "x_test": np.ascontiguousarray(x_test), "y_test": y_test.ravel().astype(np.int32),
    }  # fmt: skip


def _fetch(name):
    """Put the archive where Keras looks for it, unless it is there; checked before it is opened."""
    archive = ARCHIVES[name]
    if archive.path.exists():
        if _sha256(archive.path) != archive.sha256:
            raise ValueError(
                f"{archive.path} is not the whole {name} archive (its sha256 is not "
                f"{archive.sha256}); delete it, or replace it by a fresh copy of {archive.url}"
            )
        return
    by_hand = (
        f"Get that file by hand and save it as {archive.path}, or use 'shapes100', "
        "which works offline."
    )
    try:
        response = _open(archive.url)
        print(f"Downloading {name} (about 160 MB, once) ...")
        archive.path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(archive.path, lambda file: _copy(response, file, archive.sha256))
    except OSError as error:
        reason = getattr(error, "reason", None) or error
        raise ConnectionError(
            f"{name} could not be downloaded from {archive.url} ({reason}). {by_hand}"
        ) from None


def _open(url):
    """Open `url`, or raise OSError after CONNECT_SECONDS; a name look-up can hang for longer."""
    outcome = [TimeoutError(f"no answer within {CONNECT_SECONDS} s")]

    def connect():
        try:
            outcome[0] = urllib.request.urlopen(url, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            outcome[0] = error if isinstance(error, OSError) else OSError(error)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def _copy(response, file, sha256):
    digest = hashlib.sha256()
    with response:
        while block := response.read(1 << 20):
            digest.update(block)
            file.write(block)
    if digest.hexdigest() != sha256:
        raise OSError("what arrived is not the official file: its sha256 differs")


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
