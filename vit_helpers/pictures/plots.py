"""Every picture of the series; takes arrays and histories, knows no model.

Each function returns a Picture, which a notebook shows when it is the last line of a cell.
"""

import matplotlib
import numpy as np

from .picture import (
    COLOURS,
    DASHES,
    MARKERS,
    SMALL,
    Picture,
    as_image,
    bare,
    new_figure,
    patches_apart,
    styled,
)


@styled
def plot_images(images, titles=None, columns=10, row_names=None, title=None, alt=None, size=1.0):
    """A grid of images (N, H, W, 3) in 0 ... 255, `columns` a row, each `size` inches wide."""
    images = [as_image(image) for image in images]
    if not images:
        raise ValueError("images is empty; give at least one image (H, W, 3)")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    each = size + (0.28 if titles is not None else 0.06)
    longest = max((len(line) for name in row_names or () for line in name.split("\n")), default=0)
    figure, grid = new_figure(
        columns * (size + 0.06) + 0.12 * longest,
        rows * each + (0.4 if title else 0.1),
        title,
        rows,
        columns,
    )
    for i, axes in enumerate(grid.flat):
        bare(axes, titles[i] if titles is not None and i < len(images) else None)
        if i < len(images):
            axes.imshow(images[i])
    for axes, name in zip(grid[:, 0], row_names or (), strict=False):
        axes.set_ylabel(name, rotation=0, ha="right", va="center", fontsize=SMALL)
    names = ", ".join(dict.fromkeys(str(name).replace("\n", " ") for name in titles or ()))
    what = names or f"{len(images)} images"
    return Picture(figure, alt or (f"{title}: {what}" if title else what))


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
def plot_lines(x, series, title, xlabel, ylabel, alt=None, log=False, width=7.0):
    """Lines over one axis: `series` is {name: values}; `log=True` makes both axes logarithmic."""
    figure, ((axes,),) = new_figure(width, 3.8, title)
    for i, (name, values) in enumerate(series.items()):
        axes.plot(x, values, color=COLOURS[i], ls=DASHES[i], marker=MARKERS[i], ms=5, label=name)
    if log:
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xticks(x, [f"{value:g}" for value in x])
        axes.minorticks_off()
    else:
        axes.set_ylim(bottom=0)
    axes.set(xlabel=xlabel, ylabel=ylabel)
    if len(series) > 1:
        axes.legend(frameon=False)
    return Picture(figure, alt or f"{title}: {ylabel} over {xlabel}")


@styled
def plot_bars(series, title, xlabel, alt=None, percent=False, width=7.0, number=None):
    """Horizontal bars: `series` is {name: value}, or {legend: {name: value}} for several each.

    `number` formats the value written at each bar (`"{:.0f}"`); shares with `percent=True`.
    """
    groups = series if isinstance(next(iter(series.values())), dict) else {"": series}
    names = list(next(iter(groups.values())))
    thick = 0.8 / len(groups)
    height = max(1.8, 0.9 + len(names) * (0.1 + 0.2 * len(groups)))
    figure, ((axes,),) = new_figure(width, height, title)
    number = number or ("{:.0%}" if percent else "{:,.3g}")
    for i, (label, values) in enumerate(groups.items()):
        places = np.arange(len(names)) + (i - (len(groups) - 1) / 2) * thick
        bars = axes.barh(
            places, [values[n] for n in names], thick * 0.9, color=COLOURS[i], label=label,
            hatch=("", "///", "...")[i % 3], edgecolor="white", linewidth=0,
        )  # fmt: skip
        axes.bar_label(bars, [number.format(values[n]) for n in names], padding=3, fontsize=SMALL)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel(xlabel)
    axes.grid(axis="y", visible=False)
    axes.margins(x=0.12, y=0.02)
    ticks = matplotlib.ticker.FuncFormatter(lambda x, _: f"{100 * x:g}%") if percent else "{x:,g}"
    axes.xaxis.set_major_formatter(ticks)
    if len(groups) > 1:
        figure.legend(loc="outside lower center", ncols=len(groups), frameon=False)
    return Picture(figure, alt or f"{title}: {xlabel} of {', '.join(names[:8])}")


@styled
def plot_maps(
    maps, titles=None, columns=8, title=None, alt=None, size=1.3, diverging=False,
    label=None, numbers=None, row_labels=None, column_labels=None, limits=None,
):  # fmt: skip
    """A grid of matrices (N, rows, columns) as pictures with one colour scale for all.

    `label` names the scale, `numbers` is a format (`"{:.2f}"`) in which each cell's value is
    written, `row_labels` and `column_labels` name rows and columns, `limits` is (lowest, highest)
    of the scale; `diverging=True` puts white at zero.
    """
    maps = np.asarray(maps)
    if maps.ndim != 3 or not maps.size:
        raise ValueError(f"maps must be (N, rows, columns) with N of at least 1, not {maps.shape}")
    columns = min(columns, len(maps))
    rows = -(-len(maps) // columns)
    low, high = limits or (maps.min(), maps.max())
    if diverging:
        low, high = -max(abs(low), abs(high)), max(abs(low), abs(high))
    figure, grid = new_figure(
        columns * size + (1.1 if label else 0.2),
        rows * (size + (0.3 if titles is not None else 0.05)) + (0.5 if title else 0.1),
        title, rows, columns,
    )  # fmt: skip
    cmap = "PuOr" if diverging else "viridis"
    for i, axes in enumerate(grid.flat):
        bare(axes, titles[i] if titles is not None and i < len(maps) else None)
        if i >= len(maps):
            continue
        image = axes.imshow(maps[i], cmap=cmap, vmin=low, vmax=high)
        if row_labels is not None:
            axes.set_yticks(range(len(row_labels)), row_labels)
        if column_labels is not None:
            axes.set_xticks(range(len(column_labels)), column_labels)
        for (r, c), value in np.ndenumerate(maps[i]) if numbers else ():
            red, green, blue, _ = image.to_rgba(value)
            ink = "black" if 0.3 * red + 0.6 * green + 0.1 * blue > 0.5 else "white"
            axes.text(
                c, r, numbers.format(value), ha="center", va="center", fontsize=SMALL, color=ink
            )
    if label:
        figure.colorbar(image, ax=grid, label=label, shrink=0.9, aspect=20)
    what = f"maps of {maps.shape[1]} × {maps.shape[2]} values"
    return Picture(figure, alt or (f"{title}: {what}" if title else what))


@styled
def plot_attention(images, maps, titles=None, columns=6, title=None, alt=None, size=1.5):
    """Images (N, H, W, 3), and below each the same with its attention (N, rows, columns) over it.

    Bright is where the model looks; each map is scaled to its own maximum.
    """
    if len(images) != len(maps) or not len(images):
        raise ValueError(f"{len(images)} images and {len(maps)} maps: give one map for each image")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure, grid = new_figure(
        columns * size, rows * (2 * size + 0.35) + (0.4 if title else 0.1), title, 2 * rows, columns
    )
    for axes in grid.flat:
        bare(axes)
    for i, (image, attention) in enumerate(zip(images, maps, strict=True)):
        top, below = grid[2 * (i // columns) : 2 * (i // columns) + 2, i % columns]
        image = as_image(image)
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
def plot_history(history, title="Training", alt=None):
    """Loss, accuracy and top-5 of a training run over its epochs, on training and validation."""
    if missing := {"loss", "val_loss"} - set(history):
        raise ValueError(f"history has no {sorted(missing)}; give the `.history` of run_experiment")
    labels = {"loss": "loss", "accuracy": "accuracy", "top5": "top-5 accuracy"}
    panels = [(name, label) for name, label in labels.items() if name in history]
    figure, grid = new_figure(2.9 * len(panels), 3.0, title, 1, len(panels))
    epochs = np.arange(1, len(history["loss"]) + 1)
    for axes, (name, label) in zip(grid[0], panels, strict=True):
        for i, (key, who) in enumerate(((name, "training"), (f"val_{name}", "validation"))):
            axes.plot(epochs, history[key], color=COLOURS[i], ls=DASHES[i], marker=MARKERS[i],
                      label=who)  # fmt: skip
        axes.set(xlabel="epoch", ylabel=label, ylim=(0, None if name == "loss" else 1.02))
        axes.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
        if name != "loss":
            axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
    grid[0, 0].legend(frameon=False)
    return Picture(figure, alt or f"{title}: loss, accuracy and top-5 over {len(epochs)} epochs")


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
