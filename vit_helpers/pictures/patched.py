"""Pictures of an image in patches, of attention over it, and of a whole ViT; they know no model."""

import numpy as np

from ..checks import positive, several
from .picture import (
    COLOURS,
    SMALL,
    Picture,
    as_image,
    as_images,
    as_many,
    bare,
    new_figure,
    patches_apart,
    styled,
)


@styled
def plot_patches(image, patch_size, title=None, alt=None, width=8.0):
    """An image (H, W, 3) beside the same image cut into patches with gaps between them."""
    image = as_image(image)
    apart, rows, columns = patches_apart(image, patch_size)
    figure, grid = new_figure(width, width * 0.55, title, 1, 2)
    height, across = image.shape[:2]
    for axes, picture, name in zip(
        grid[0],
        (image, apart),
        (f"{height} × {across} pixels", f"{rows} × {columns} = {rows * columns} patches"),
        strict=True,
    ):
        bare(axes, name, 11)
        axes.imshow(picture)
    text = f"an image of {height} by {across} pixels and its {rows} by {columns} patches"
    return Picture(figure, alt or text)


@styled
def plot_attention(images, maps, titles=None, columns=6, title=None, alt=None, size=1.5):
    """Images (N, H, W, 3), and below each the same with its attention (N, rows, columns) over it.

    Bright is where the model looks; each map is scaled to its own maximum.
    """
    images = as_images("images", images)
    as_many("maps", several("maps", maps), "images", len(images))
    columns = min(positive("columns", columns), len(images))
    rows = -(-len(images) // columns)
    as_many("titles", titles, "images", len(images))
    figure, grid = new_figure(
        columns * size, rows * (2 * size + 0.35) + (0.4 if title else 0.1), title, 2 * rows, columns
    )
    for axes in grid.flat:
        bare(axes)
    for i, (image, attention) in enumerate(zip(images, maps, strict=True)):
        top, below = grid[2 * (i // columns) : 2 * (i // columns) + 2, i % columns]
        height, width = image.shape[:2]
        top.imshow(image)
        below.imshow(image.mean(axis=2), cmap="gray", vmin=0, vmax=255)
        below.imshow(
            attention / attention.max(), cmap="inferno", alpha=0.6, vmin=0, vmax=1,
            extent=(-0.5, width - 0.5, height - 0.5, -0.5), interpolation="bilinear",
        )  # fmt: skip
        if titles is not None:
            top.set_title(titles[i], fontsize=SMALL)
    return Picture(figure, alt or f"{title or 'Images'}: images, and where the model looks in them")


@styled
def plot_overview(image, patch_size, tokens, attention, chances, title, alt=None):
    """A ViT in one picture: image, patches, `tokens` (N, D), `attention` (N, N), `chances`.

    `chances` is {class name: probability}; those below 0.5 % are left out. The five pictures stand
    side by side, numbered.
    """
    apart, rows, columns = patches_apart(image, patch_size)
    figure, grid = new_figure(8.7, 2.6, title, 1, 5)
    figure.get_layout_engine().set(wspace=0.12)
    names = ("1: image", f"2: {rows * columns} patches", "3: tokens", "4: attention", "5: class")
    for axes, name in zip(grid[0], names, strict=True):
        bare(axes, name, 11)
        axes.set_anchor("N")  # titles at one height
    chances = {name: chance for name, chance in chances.items() if chance >= 0.005}
    grid[0, 0].imshow(as_image(image))
    grid[0, 1].imshow(apart)
    grid[0, 2].imshow(tokens, cmap="PuOr", aspect="auto", vmin=-4, vmax=4)
    grid[0, 2].set(xlabel="values", ylabel="a row a patch")
    grid[0, 3].imshow(attention, cmap="viridis", aspect="auto", vmax=np.quantile(attention, 0.99))
    grid[0, 3].set(xlabel="looks at patch", ylabel="patch")
    bars = grid[0, 4].barh(list(chances), list(chances.values()), color=COLOURS[0])
    grid[0, 4].invert_yaxis()
    grid[0, 4].set_xlim(0, 1.3)
    grid[0, 4].bar_label(bars, [f"{name} {p:.0%}" for name, p in chances.items()], padding=3,
                         fontsize=SMALL)  # fmt: skip
    return Picture(
        figure, alt or f"{title}: image, patches, tokens, attention and likeliest classes"
    )
