"""How much work a run does: `smoke` proves the code, `quick` teaches, `full` goes for accuracy."""

from __future__ import annotations  # an old Python must be able to read this, to be told so

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """The work of one training run.

    `train_images` and `eval_images` bound the splits (None: all there are), `epochs` is the
    number of passes over the training split.
    """

    name: str
    epochs: int
    train_images: int | None = None
    eval_images: int | None = None


PROFILES = {
    "smoke": Profile("smoke", epochs=1, train_images=512, eval_images=500),
    "quick": Profile("quick", epochs=3),
    "full": Profile("full", epochs=30),
}

MODELS = 3  # notebook 07 trains: whole, without positions, without attention
OTHERS = 240_000  # everything else in the series takes as long as to train on so many images


def cost(images_per_second, train_images=45_000):
    """What the series costs where training runs at this speed, a row for each profile.

    A row is (name, epochs, images that a model trains on, minutes for it, minutes for the series).
    """
    rows = []
    for profile in PROFILES.values():
        images = (profile.train_images or train_images) * profile.epochs
        model, series = (n / images_per_second / 60 for n in (images, MODELS * images + OTHERS))
        rows.append((profile.name, profile.epochs, images, model, series))
    return rows
