"""What every picture shares: the style, the colours, and alt text for those who cannot see it."""

import io
import struct
from functools import wraps

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from ..checks import divides, several

# Okabe and Ito's colours, told apart by colour-blind readers; dashes and markers in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 1)))
MARKERS = "osD^vP"
PIXELS_PER_INCH, SHARPNESS = 96, 1.25  # on the page; for screens with finer pixels
SMALL = 10.5  # points, on the page as large as JupyterLab's text (14 pixels): nothing is smaller
STYLE = {
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "image.interpolation": "nearest",
}


class Picture:
    """A Matplotlib figure with alt text, shown as PNG; `.figure` is there to change or save.

    What is empty around it is cut off.
    """

    def __init__(self, figure, alt):
        self.figure, self.alt = figure, alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        file = io.BytesIO()
        dpi = PIXELS_PER_INCH * SHARPNESS
        self.figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight", pad_inches=0.08)
        png = file.getvalue()
        width, height = (int(side / SHARPNESS) for side in struct.unpack(">II", png[16:24]))
        metadata = {"alt": self.alt, "width": width, "height": height}
        data = {"image/png": png, "text/plain": f"[Picture: {self.alt}]"}
        return data, {"image/png": metadata}


def styled(draw):
    """Draw with the series' style, and leave Matplotlib's own settings as they were."""

    @wraps(draw)
    def with_style(*args, **kwargs):
        with matplotlib.rc_context(STYLE):
            return draw(*args, **kwargs)

    return with_style


def new_figure(width, height, title, rows=1, columns=1, **grid):
    if title:
        width = max(width, 0.1 * len(title) + 0.2)
    figure = Figure(figsize=(width, height), layout="constrained")
    if title:
        figure.suptitle(title)
    return figure, figure.subplots(rows, columns, squeeze=False, **grid)


def bare(axes, title=None, size=SMALL):
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title, fontsize=size)


def as_many(argument, values, what, count):
    """Raise a ValueError unless `values` is None or has `count` entries, one for each of `what`."""
    if values is not None and len(several(argument, values)) != count:
        raise ValueError(f"{argument} has {len(values)} entries, but there are {count} {what}")


def as_images(argument, images):
    """A list of images (H, W, 3), at least one, as uint8."""
    images = [as_image(image, argument) for image in several(argument, images)]
    if not images:
        raise ValueError(f"{argument} is empty; give at least one image (H, W, 3)")
    return images


def as_image(image, argument="image"):
    """An image (H, W, 3) in 0 ... 255 as uint8."""
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3 or image.dtype.kind not in "uif":
        raise ValueError(
            f"{argument}: an image must be (H, W, 3) in 0 ... 255, not {image.dtype} {image.shape}"
        )
    if image.dtype.kind == "f" and 0 < image.max(initial=0) <= 1:
        raise ValueError(
            f"{argument}: an image has values in 0 ... 255, but the largest of this one is "
            f"{image.max():.3g}: multiply it by 255"
        )
    return np.clip(image, 0, 255).astype(np.uint8) if image.dtype != np.uint8 else image


def patches_apart(image, patch_size):
    """The image (H, W, 3) with white gaps between its patches, and its numbers of rows, columns."""
    image = as_image(image)
    for name, side in zip(("height", "width"), image.shape, strict=False):
        divides("patch_size", patch_size, f"image {name}", side)
    rows, columns = (side // patch_size for side in image.shape[:2])
    gap = max(1, patch_size // 5)
    step = patch_size + gap
    apart = np.full((rows * step - gap, columns * step - gap, 3), 255, np.uint8)
    for r in range(rows):
        for c in range(columns):
            patch = image[r * patch_size :, c * patch_size :][:patch_size, :patch_size]
            apart[r * step :, c * step :][:patch_size, :patch_size] = patch
    return apart, rows, columns
