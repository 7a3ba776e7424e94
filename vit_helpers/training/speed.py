"""How fast this machine trains a model: what notebooks 00 and 08 and the benchmarks measure."""

import math
import time
from dataclasses import asdict, dataclass

import keras
import numpy as np

from ..checks import instance, not_negative, positive
from ..data.datasets import load_dataset
from ..machine.compiled import sweep
from ..machine.hardware import accelerator
from ..machine.memory import TrimAfterCompiling, free_memory
from ..model.vit import CONFIGS, ViTConfig, create_vit_classifier
from .recipes import PROFILES, RECIPES, Recipe
from .stepping import batches, make_trainer

MOST_BYTES = 2**32


@dataclass(frozen=True)
class Speed:
    """`images_per_second` once training runs; `first_seconds` from building the model to the end
    of the first call, compilation included."""

    images_per_second: float
    first_seconds: float


class Clock(keras.callbacks.Callback):
    """Notes when each call has ended."""

    def __init__(self):
        super().__init__()
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        float(logs["loss"])
        self.ends.append(time.perf_counter())


def training_speed(
    config, recipe=RECIPES["default"], steps_per_execution=13, calls=3, devices=None
):
    """Train a fresh model on random images and time it: a Speed (the median of `calls` calls).

    Each call is `steps_per_execution` optimizer steps; `devices` bounds how many devices share a
    batch.
    """
    instance("config", config, ViTConfig, "take one of CONFIGS")
    instance("recipe", recipe, Recipe, "take one of RECIPES")
    positive("steps_per_execution", steps_per_execution)
    not_negative("calls", calls)
    if devices is not None:
        positive("devices", devices)
    size = (2 * steps_per_execution * recipe.batch_size, *config.input_size, 3)
    if math.prod(size) > MOST_BYTES:
        raise ValueError(
            f"steps_per_execution={steps_per_execution} and batch_size={recipe.batch_size} need "
            f"{math.prod(size) / 2**30:,.0f} GB of images; take fewer"
        )
    sweep()
    free_memory()
    random = np.random.default_rng(0)
    images = random.integers(0, 256, size, dtype=np.uint8)
    labels = random.integers(0, config.num_classes, len(images), dtype=np.int32)
    clock, started = Clock(), time.perf_counter()
    trainer = make_trainer(create_vit_classifier(config), recipe, 1000, devices)
    trainer.fit(
        batches(images, labels, recipe, seed=0, steps_per_execution=steps_per_execution),
        steps_per_epoch=1 + calls, shuffle=False, verbose=0,
        callbacks=[TrimAfterCompiling(), clock],
    )  # fmt: skip
    del trainer
    free_memory()
    seconds = float(np.median(np.diff(clock.ends))) if calls else float("nan")
    return Speed(steps_per_execution * recipe.batch_size / seconds, clock.ends[0] - started)


def speed_report():
    """How fast `tiny` trains on Shapes-100 here, and how much each profile trains: {name: value}.

    The values are plain, so that another process can be told as JSON. Draws Shapes-100 where it is
    not cached.
    """
    dataset = load_dataset()
    speed = training_speed(CONFIGS["tiny"].fit_to(dataset))
    profiles = {
        name: profile.epochs * (profile.train_images or len(dataset.x_train))
        for name, profile in PROFILES.items()
    }
    return {**asdict(speed), "accelerator": accelerator(), "profiles": profiles}
