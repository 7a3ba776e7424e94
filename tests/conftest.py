"""Small datasets that tests share; none of them needs the network or the real cache."""

import numpy as np
import pytest

import vit_helpers
from vit_helpers.data.shapes100 import draw as shapes


@pytest.fixture(scope="session")
def small_dataset():
    """The 100 classes of Shapes-100 with few images."""
    x, y = shapes.draw(10, seed=5)
    return vit_helpers.ImageDataset(
        "small", shapes.CLASS_NAMES, x[:600], y[:600], x[600:800], y[600:800], x[800:], y[800:],
        shapes.CLASS_FAMILIES,
    )  # fmt: skip


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """An empty cache folder, and an empty home for Keras, of this test alone."""
    monkeypatch.setenv("VIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("vit_helpers.data.cifar.KERAS_HOME", tmp_path / "keras")
    return tmp_path / "cache"


@pytest.fixture
def image_folder(tmp_path):
    """Write `<class>/<i>.png` files: image_folder({"cat": 4, "dog": 4}) returns their folder."""
    from PIL import Image

    def write(counts, split=None, size=(32, 32), mode="RGB", suffix="png"):
        root = tmp_path / "photos"
        for k, (name, count) in enumerate(counts.items()):
            folder = root / split / name if split else root / name
            folder.mkdir(parents=True, exist_ok=True)
            for i in range(count):
                pixels = np.full((size[1], size[0], 3), 40 * k + i, np.uint8)
                Image.fromarray(pixels).convert(mode).save(folder / f"{i}.{suffix}")
        root.mkdir(exist_ok=True)
        return root

    return write
