"""How much work a run does: `smoke` proves the code, `quick` teaches, `full` goes for accuracy."""

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
