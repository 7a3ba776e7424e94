"""Pictures of images, lines, bars, matrices and histories; they know no model.

Each function returns a Picture, which a notebook shows when it is the last line of a cell.
"""

import matplotlib
import numpy as np

from ..checks import instance, positive, several
from .picture import (
    COLOURS,
    DASHES,
    MARKERS,
    SMALL,
    Picture,
    as_images,
    as_many,
    bare,
    new_figure,
    styled,
)


def _few(argument, values):
    if not 1 <= len(values) <= len(COLOURS):
        raise ValueError(
            f"{argument} has {len(values)} entries: give one to {len(COLOURS)}, since more cannot "
            "be told apart"
        )


@styled
def plot_images(images, titles=None, columns=10, row_names=None, title=None, alt=None, size=1.0):
    """A grid of images (N, H, W, 3) in 0 ... 255, `columns` a row, each `size` inches wide."""
    images = as_images("images", images)
    columns = min(positive("columns", columns), len(images))
    rows = -(-len(images) // columns)
    as_many("titles", titles, "images", len(images))
    as_many("row_names", row_names, "rows", rows)
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
def plot_lines(x, series, title, xlabel, ylabel, alt=None, log=False, width=7.0):
    """Lines over one axis: `series` is {name: values}; `log=True` makes both axes logarithmic."""
    instance("series", series, dict, "give {name: values}")
    _few("series", series)
    several("x", x)
    for name, values in series.items():
        as_many(f"series[{name!r}]", values, "x", len(x))
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
    if not instance("series", series, dict, "give {name: value}"):
        raise ValueError("series is empty; give at least one {name: value}")
    groups = series if isinstance(next(iter(series.values())), dict) else {"": series}
    _few("series", groups)
    names = list(next(iter(groups.values())))
    if any(set(group) != set(names) for group in groups.values()):
        raise ValueError("series must have the same names in each of its groups")
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
def plot_errors(series, title, xlabel, alt=None, percent=False, width=7.0):
    """Repeated measurements, `series` {name: values}: each value, their mean, its standard error.

    The error, s / sqrt(n), is drawn where a name has two values or more.
    """
    if not instance("series", series, dict, "give {name: values}"):
        raise ValueError("series is empty; give at least one {name: values}")
    for name, values in series.items():
        if not len(several(f"series[{name!r}]", values)):
            raise ValueError(f"series[{name!r}] is empty; give at least one value")
    figure, ((axes,),) = new_figure(width, 1.0 + 0.32 * len(series), title)
    for i, values in enumerate(np.asarray(values, float) for values in series.values()):
        axes.plot(values, [i] * len(values), "o", ms=4, mfc="none", color=COLOURS[1])
        error = values.std(ddof=1) / len(values) ** 0.5 if len(values) > 1 else 0
        axes.errorbar(values.mean(), i, xerr=error, fmt="|", ms=12, capsize=4, color=COLOURS[0])
    axes.set_yticks(range(len(series)), series)
    axes.set_ylim(len(series) - 0.5, -0.5)
    axes.set_xlabel(xlabel)
    if percent:
        axes.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=0))
    return Picture(figure, alt or f"{title}: {xlabel} of {', '.join(list(series)[:8])}")


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
    if maps.dtype.kind not in "uifb" or maps.ndim != 3 or not maps.size:
        raise ValueError(f"maps must be (N, rows, columns) with N of at least 1, not {maps.shape}")
    columns = min(positive("columns", columns), len(maps))
    rows = -(-len(maps) // columns)
    as_many("titles", titles, "maps", len(maps))
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
def plot_history(history, title="Training", alt=None):
    """Loss, accuracy and top-5 of a training run over its epochs, on training and validation."""
    instance("history", history, dict, "give the `.history` of run_experiment")
    if missing := {"loss", "val_loss"} - set(history):
        raise ValueError(f"history has no {sorted(missing)}; give the `.history` of run_experiment")
    for name in history:
        as_many(f"history[{name!r}]", history[name], "epochs", len(history["loss"]))
        if f"val_{name}" not in history and not name.startswith("val_"):
            raise ValueError(f"history has {name!r}, but no 'val_{name}'")
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
