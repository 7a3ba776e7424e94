"""What every picture shares: the style, the colours, and alt text for those who cannot see it."""

import io
from functools import wraps

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from ..checks import divides

# Okabe and Ito's colours, told apart by colour-blind readers; dashes and markers in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("-", "--", ":", "-.", (0, (5, 1)), (0, (1, 1)))
MARKERS = "osD^vP"
PIXELS_PER_INCH, SHARPNESS = 80, 1.5  # on the page; for screens with finer pixels
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
    """A Matplotlib figure with alt text, shown as PNG; `.figure` is there to change or save."""

    def __init__(self, figure, alt):
        self.figure, self.alt = figure, alt

    def _repr_mimebundle_(self, include=None, exclude=None):
        file = io.BytesIO()
        self.figure.savefig(file, format="png", dpi=PIXELS_PER_INCH * SHARPNESS)
        size = self.figure.get_size_inches() * PIXELS_PER_INCH
        metadata = {"alt": self.alt, "width": int(size[0]), "height": int(size[1])}
        data = {"image/png": file.getvalue(), "text/plain": f"[Picture: {self.alt}]"}
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


def bare(axes, title=None, size=10):
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    if title:
        axes.set_title(title, fontsize=size)


def as_image(image):
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(f"an image must be (H, W, 3) in 0 ... 255, not {image.shape}")
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
