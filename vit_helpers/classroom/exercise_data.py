"""What the exercises work on: photographs, curves of four runs, made-up accuracies."""

from dataclasses import dataclass

import numpy as np

from ..data.shapes100 import draw as shapes
from ..pictures.picture import COLOURS, DASHES, Picture, new_figure, styled


@dataclass(frozen=True)
class Garden:
    """Photographs of plants, carelessly split: for each split images, plants and kinds."""

    x_train: np.ndarray
    plants_train: np.ndarray
    kinds_train: np.ndarray
    x_test: np.ndarray
    plants_test: np.ndarray
    kinds_test: np.ndarray


def garden(series=40, singles=200, copies=12):
    """A Garden: `series` plants with five photographs each, `singles` with one, `copies` again.

    Photographs of a plant are one drawn image, moved, lit and grained in another way each time.
    """
    random = np.random.RandomState(3)
    index = list(shapes.FAMILIES).index("solids")
    drawn, kinds = shapes.draw_family(index, (series + singles) // 5, seed=11)
    plants = np.concatenate([np.repeat(np.arange(series), 5), np.arange(series, series + singles)])
    photographs = np.empty((len(plants), *drawn.shape[1:]), np.uint8)
    for photograph, plant in zip(photographs, plants, strict=True):
        seen = np.roll(drawn[plant], random.randint(-1, 2, 2), (0, 1)) + random.uniform(-12, 12)
        photograph[:] = np.clip(seen + random.normal(0, 4, seen.shape), 0, 255)
    again = random.permutation(np.flatnonzero(plants >= series))[:copies]
    images = np.concatenate([photographs, photographs[again]])
    kinds = np.concatenate([kinds[plants], kinds[plants[again]]]) % 5
    plants = np.concatenate([plants, np.arange(copies) + plants.max() + 1])
    order = random.permutation(len(images))
    test, train = np.split(order, [len(order) // 4])
    return Garden(
        images[train], plants[train], kinds[train], images[test], plants[test], kinds[test]
    )


# Real runs of `tiny` on ten classes (stripes and outlines of Shapes-100), recorded once.
CURVES = {
    "A": {
        "loss": [
            2.45, 2.2, 2.06, 1.92, 1.75, 1.58, 1.46, 1.36,
            1.27, 1.2, 1.12, 1.07, 1.04, 1.0, 0.95, 0.9,
        ],
        "val_loss": [
            2.27, 2.16, 2.06, 1.91, 1.73, 1.61, 1.5, 1.41,
            1.36, 1.29, 1.23, 1.21, 1.14, 1.15, 1.09, 1.12,
        ],
    },
    "B": {
        "loss": [
            2.58, 2.18, 1.95, 1.46, 1.23, 1.06, 0.93, 0.79,
            0.7, 0.6, 0.41, 0.29, 0.22, 0.19, 0.17, 0.1,
        ],
        "val_loss": [
            2.35, 2.22, 1.85, 1.5, 1.35, 1.27, 1.14, 1.2,
            1.12, 1.22, 1.08, 1.29, 1.19, 1.4, 1.38, 1.38,
        ],
    },
    "C": {
        "loss": [
            3.21, 2.41, 2.37, 2.34, 2.35, 2.33, 2.33, 2.33,
            2.33, 2.33, 2.32, 2.33, 2.33, 2.34, 2.32, 2.34,
        ],
        "val_loss": [
            2.4, 2.4, 2.36, 2.32, 2.32, 2.31, 2.34, 2.32,
            2.32, 2.33, 2.31, 2.31, 2.33, 2.33, 2.32, 2.33,
        ],
    },
    "D": {
        "loss": [
            2.22, 1.2, 0.64, 0.44, 0.3, 0.21, 0.14, 0.1,
            0.07, 0.03, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0,
        ],
        "val_loss": [
            1.51, 0.82, 0.63, 0.35, 0.33, 0.24, 0.15, 0.14,
            0.12, 0.07, 0.08, 0.07, 0.06, 0.06, 0.06, 0.06,
        ],
    },
}  # fmt: skip


@styled
def draw_runs(runs):
    """The loss of each run on training and validation images, a panel for each."""
    figure, panels = new_figure(8.6, 5.0, "Four training runs", 2, 2)
    for axes, (name, run) in zip(panels.flat, runs.items(), strict=True):
        epochs = np.arange(1, len(run["loss"]) + 1)
        for i, (key, who) in enumerate((("loss", "training"), ("val_loss", "validation"))):
            axes.plot(epochs, run[key], color=COLOURS[i], ls=DASHES[i], label=who)
        axes.set(title=name, ylim=(0, None), xticks=epochs[1::2])
        axes.set(xlabel="epoch", ylabel="loss")
    panels[0, 0].legend(frameon=False)
    alt = [f"{name}, {key}: {values}" for name, run in runs.items() for key, values in run.items()]
    return Picture(figure, "The losses of four runs, epoch by epoch. " + "; ".join(alt))


# Made up: the test accuracy, in per cent, of five recipes with the seeds 0, 1 and 2.
MADE_UP = {
    "default": [61.2, 64.0, 58.4],
    "A": [62.7, 65.9, 60.1],
    "B": [70.2, 66.0, 65.4],
    "C": [60.5, 63.1, 57.6],
    "D": [60.0, 63.1, 58.1],
}
