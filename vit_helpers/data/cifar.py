"""CIFAR-10 and CIFAR-100 from their archives, with a download that fails fast and clearly."""

import hashlib
import http.client
import io
import os
import pickle
import tarfile
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..machine.cache import alone, keep

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
    train = [f"cifar-10-batches-py/data_batch_{i}" for i in range(1, 6)]
    return _arrays("cifar10", train, "cifar-10-batches-py/test_batch", b"labels")


def load_cifar100():
    """The arrays of CIFAR-100 with its 100 fine labels; ConnectionError without network."""
    return _arrays("cifar100", ["cifar-100-python/train"], "cifar-100-python/test", b"fine_labels")


def check_reachable(name):
    """Raise ConnectionError if the archive is not on this machine and its server doesn't answer."""
    archive = ARCHIVES[name]
    if not archive.path.exists():
        with _explained(name), suppress(urllib.error.HTTPError):  # that, too, is an answer
            _open(urllib.request.Request(archive.url, method="HEAD")).close()


def _arrays(name, train, test, labels):
    with _archive(name) as file, tarfile.open(fileobj=file) as tar:
        # Not `keras.datasets`, which unpacks to the disk first and needs room and a way to write.
        parts = {
            member: pickle.load(tar.extractfile(member), encoding="bytes")
            for member in (*train, test)
        }
    arrays = {}
    for split, members in (("train", train), ("test", [test])):
        pixels = np.concatenate([parts[member][b"data"] for member in members])
        images = pixels.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        arrays[f"x_{split}"] = np.ascontiguousarray(images)
        numbers = [number for member in members for number in parts[member][labels]]
        arrays[f"y_{split}"] = np.array(numbers, np.int32)
    return arrays


def _archive(name):
    """The archive as an open file, downloaded unless it is there; checked before it is opened."""
    archive = ARCHIVES[name]
    with alone(archive.path):
        if archive.path.exists():
            if _sha256(archive.path) != archive.sha256:
                raise ValueError(
                    f"{archive.path} is not the whole {name} archive (its sha256 is not "
                    f"{archive.sha256}); delete it, or replace it by a fresh copy of {archive.url}"
                )
            return open(archive.path, "rb")
        with _explained(name):
            response = _open(archive.url)
            print(f"Downloading {name} (about 160 MB, once) ...")
            content = _download(response, archive.sha256)
        keep(archive.path, lambda file: file.write(content))
    return io.BytesIO(content)


@contextmanager
def _explained(name):
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        archive = ARCHIVES[name]
        reason = getattr(error, "reason", None) or error
        raise ConnectionError(
            f"{name} could not be downloaded from {archive.url} ({reason}). Get that file by hand "
            f"and save it as {archive.path}, or use 'shapes100', which works offline."
        ) from None


def _open(url):
    """Open `url` (or a Request), or raise OSError after CONNECT_SECONDS.

    A name look-up can hang for longer.
    """
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


def _download(response, sha256):
    with response:
        content = response.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise OSError("what arrived is not the official file: its sha256 differs")
    return content


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
