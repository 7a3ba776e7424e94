"""Every picture draws, has alt text and a size that fits on a page."""

import io

import numpy as np
import pytest
from PIL import Image

from vit_helpers.pictures import live, patched
from vit_helpers.pictures import plots as plotting
from vit_helpers.pictures.picture import STYLE

random = np.random.default_rng(0)
images = random.integers(0, 256, (5, 32, 32, 3)).astype("uint8")
history = {
    f"{who}{name}": [0.1, 0.4, 0.6] for who in ("", "val_") for name in ("loss", "accuracy", "top5")
}
PICTURES = {
    "images": lambda: plotting.plot_images(images, list("abcde"), columns=3, title="Five images"),
    "rows": lambda: plotting.plot_images(images[:4], columns=2, row_names=["first", "second"]),
    "patches": lambda: patched.plot_patches(images[0], 8),
    "not square": lambda: patched.plot_patches(images[0][:16], 8),
    "lines": lambda: plotting.plot_lines(
        [1, 2, 4], {"a": [3, 2, 1], "b": [1, 1, 1]}, "T", "x", "y"
    ),
    "log": lambda: plotting.plot_lines([1, 2, 4], {"a": [3, 2, 1]}, "T", "x", "y", log=True),
    "bars": lambda: plotting.plot_bars({"one": 1, "two": 0.5}, "Bars", "length"),
    "groups": lambda: plotting.plot_bars(
        {"a": {"x": 1}, "b": {"x": 0.3}}, "Bars", "x", percent=True
    ),
    "maps": lambda: plotting.plot_maps(random.normal(size=(3, 2, 4)), title="M", diverging=True),
    "numbers": lambda: plotting.plot_maps(
        [np.eye(2)], numbers="{:.2f}", label="share", row_labels="ab", column_labels="cd"
    ),
    "attention": lambda: patched.plot_attention(images, random.random((5, 8, 8)), list("abcde")),
    "history": lambda: plotting.plot_history(history),
    "progress": lambda: live.plot_progress([(0.1, 3), (0.2, 2)], [(1, 0.4)], 2, "epoch 1"),
    "overview": lambda: patched.plot_overview(
        images[0], 8, random.normal(size=(16, 8)), random.random((16, 16)), {"cat": 0.9}, "A ViT"
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name):
    picture = PICTURES[name]()
    data, metadata = picture._repr_mimebundle_()
    image = Image.open(io.BytesIO(data["image/png"]))
    pixels = np.asarray(image.convert("L"))
    assert pixels.std() > 5
    assert picture.alt
    assert metadata["image/png"]["alt"] == picture.alt
    assert picture.alt in data["text/plain"]
    assert metadata["image/png"]["width"] <= 848  # of an output at 1280 pixels
    edges = [pixels[:2], pixels[-2:], pixels[:, :2], pixels[:, -2:]]
    if name not in ("images", "rows"):
        assert min(edge.mean() for edge in edges) > 200


def test_style_stays_inside():
    import matplotlib

    before = dict(matplotlib.rcParams)
    PICTURES["bars"]()
    assert dict(matplotlib.rcParams) == before
    assert STYLE["axes.grid"] != before["axes.grid"]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: plotting.plot_images([]), "images is empty"),
        (lambda: plotting.plot_images([np.zeros((4, 4))]), r"an image must be \(H, W, 3\)"),
        (lambda: patched.plot_patches(images[0], 5), "patch_size=5 does not divide image height"),
        (lambda: plotting.plot_maps(np.eye(3)), r"maps must be \(N, rows, columns\)"),
        (
            lambda: patched.plot_attention(images, [np.eye(4)]),
            "maps has 1 entries, but there are 5 images",
        ),
        (lambda: plotting.plot_history({"loss": [1]}), r"history has no \['val_loss'\]"),
    ],
)
def test_bad_input(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()
