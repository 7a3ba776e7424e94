"""What the notebooks show of the package and of the machine they run on."""

import importlib.metadata
import inspect
import os
import platform
import time

import jax
import psutil
from IPython.display import Markdown

from .models import CONFIGS, create_vit_classifier
from .recipes import RECIPES, SmoothedCrossentropy, make_optimizer


def show_source(thing):
    """The source of a function or class of this package, as a highlighted cell output."""
    return Markdown(f"```python\n{inspect.getsource(thing)}```")


def show_table(rows, header):
    """Rows of values as a rendered table with the column names `header`."""
    lines = [header, ["---"] * len(header), *rows]
    return Markdown("\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines))


def this_machine():
    """{what: value} of the machine: cores, memory, accelerator, and the versions that matter."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = int(os.environ.get("MEM_LIMIT") or psutil.virtual_memory().total)
    devices = {device.device_kind for device in jax.devices() if device.platform != "cpu"}
    versions = {name: importlib.metadata.version(name) for name in ("keras", "jax", "numpy")}
    return {
        "cores": cores,
        "memory": f"{memory / 2**30:.1f} GB",
        "accelerator": ", ".join(sorted(devices)) or "none (not needed)",
        "Python": platform.python_version(),
        **versions,
    }


def training_speed(dataset, steps=12):
    """Images a second that this machine trains `CONFIGS["tiny"]` with, after `steps` steps."""
    recipe = RECIPES["default"]
    model = create_vit_classifier(CONFIGS["tiny"].fit_to(dataset))
    model.compile(make_optimizer(recipe, 1000), SmoothedCrossentropy(recipe.label_smoothing))
    x, y = dataset.x_train[: recipe.batch_size], dataset.y_train[: recipe.batch_size]
    model.train_on_batch(x, y)
    started = time.perf_counter()
    for _ in range(steps):
        model.train_on_batch(x, y)
    return steps * len(x) / (time.perf_counter() - started)
