"""Recipes: optimizer, learning-rate schedule, loss and augmentation of a training run."""

import inspect
from dataclasses import dataclass
from functools import partial

import keras

from ..checks import Choices, choose, instance, number, positive, share
from ..data.augmentation import AUGMENTATIONS
from ..data.mixing import MIXINGS
from ..model.vit import ViTConfig


def _muon(learning_rate, weight_decay, **options):
    """Muon (Jordan et al., 2024) for the kernels inside the blocks, AdamW for everything else.

    Keras before 3.13 has one weight decay for both, and makes smaller steps.
    """
    if "adam_weight_decay" in inspect.signature(keras.optimizers.Muon).parameters:
        options["adam_weight_decay"] = weight_decay
    return keras.optimizers.Muon(
        learning_rate, weight_decay=weight_decay, adam_lr_ratio=1,
        exclude_layers=["projection", "logits"], **options,
    )  # fmt: skip


OPTIMIZERS = {"adamw": keras.optimizers.AdamW, "adam": keras.optimizers.Adam, "muon": _muon}
SCHEDULES = {"cosine": "down to 0 at the end", "constant": "the same in every step"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How to train; checks itself, raises ValueError.

    `schedule` is `"cosine"` (down to 0 at the end) or `"constant"`, `warmup_ratio` the share of all
    steps in which the learning rate rises from 0 first. `clip_norm` bounds the length of the whole
    gradient. `augmentation` is applied to each batch before it enters the model, then `mixing`
    (`"mixup"`, `"cutmix"` or `"none"`) to images and labels.
    """

    optimizer: str = "muon"
    learning_rate: float = 1e-2
    weight_decay: float = 0.05
    schedule: str = "cosine"
    warmup_ratio: float = 0.1
    label_smoothing: float = 0.1
    batch_size: int = 64
    clip_norm: float | None = 1.0
    augmentation: str = "flip"
    mixing: str = "none"

    def __post_init__(self):
        choose("optimizer", self.optimizer, OPTIMIZERS)
        choose("schedule", self.schedule, SCHEDULES)
        choose("augmentation", self.augmentation, AUGMENTATIONS)
        choose("mixing", self.mixing, MIXINGS)
        put = partial(object.__setattr__, self)
        put("batch_size", positive("batch_size", self.batch_size))
        for name in ("warmup_ratio", "label_smoothing"):
            put(name, share(name, getattr(self, name)))
        put("learning_rate", number("learning_rate", self.learning_rate, above_zero=True))
        put("weight_decay", number("weight_decay", self.weight_decay))
        if self.clip_norm is not None:
            put("clip_norm", number("clip_norm", self.clip_norm, above_zero=True))


_CONSTANT = {"schedule": "constant", "warmup_ratio": 0.0, "label_smoothing": 0.0, "clip_norm": None}
RECIPES = Choices("RECIPES", {
    "default": Recipe(),
    # The keras.io example; its augmentation is inside the model of CONFIGS["keras-io"].
    "keras-io": Recipe(
        optimizer="adamw", learning_rate=1e-3, weight_decay=1e-4, batch_size=256,
        augmentation="none", **_CONSTANT,
    ),
    # The article whose model is CONFIGS["keras-article"].
    "keras-article": Recipe(
        optimizer="adam", learning_rate=1e-4, weight_decay=0.0, batch_size=64,
        augmentation="none", **_CONSTANT,
    ),
})  # fmt: skip


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


PROFILES = Choices(
    "PROFILES",
    {
        "smoke": Profile("smoke", epochs=1, train_images=512, eval_images=500),
        "quick": Profile("quick", epochs=3),
        "full": Profile("full", epochs=30),
    },
)


@dataclass(frozen=True)
class Budget:
    """A model, a recipe and a number of passes that fit into `minutes` on two cores.

    Chosen on the validation split of CIFAR-10 (JPEG), 45,000 training images of 32 x 32 pixels.
    """

    minutes: int
    config: ViTConfig
    recipe: Recipe
    epochs: int


BUDGETS = Choices(
    "BUDGETS",
    {
        5: Budget(5, ViTConfig(margin=2), Recipe(learning_rate=3e-3), epochs=5),
        20: Budget(
            20,
            ViTConfig(margin=2, projection_dim=96, num_heads=3),
            Recipe(learning_rate=3e-3, augmentation="flip-shift"),
            epochs=8,
        ),
        60: Budget(
            60,
            ViTConfig(margin=2, projection_dim=96, num_heads=3, transformer_layers=6),
            Recipe(learning_rate=3e-3, augmentation="flip-shift"),
            epochs=28,
        ),
    },
)


def learning_rate_schedule(recipe, steps):
    """The learning rate of `recipe` in a run of `steps` updates: a function of the step, 0 first.

    `"cosine"`: up from 0 along a line in the first `warmup_ratio * steps` steps, then down to 0
    along half a cosine (Loshchilov and Hutter, 2017, arXiv 1608.03983). `"constant"`: the same
    always.
    """
    instance("recipe", recipe, Recipe, "take one of RECIPES")
    positive("steps", steps)
    rate, schedules = recipe.learning_rate, keras.optimizers.schedules
    if recipe.schedule == "constant":
        return schedules.PiecewiseConstantDecay([steps], [rate, rate])
    warmup = int(recipe.warmup_ratio * steps)
    return schedules.CosineDecay(
        0.0 if warmup else rate, max(1, steps - warmup),
        warmup_target=rate if warmup else None, warmup_steps=warmup,
    )  # fmt: skip


def make_optimizer(recipe, steps):
    """The Keras optimizer of `recipe` for a run of `steps` updates."""
    constant = recipe.schedule == "constant"
    rate = recipe.learning_rate if constant else learning_rate_schedule(recipe, steps)
    optimizer = OPTIMIZERS[recipe.optimizer]
    return optimizer(rate, weight_decay=recipe.weight_decay, global_clipnorm=recipe.clip_norm)


@keras.saving.register_keras_serializable(package="vit_helpers")
class SmoothedCrossentropy(keras.losses.Loss):
    """Cross-entropy of logits (B, C) with labels, of which a share goes to all classes.

    Labels are numbers (B,), or shares of the classes (B, C) that sum to 1. With s =
    `label_smoothing` the target is 1 - s + s / C for the true class and s / C for the
    others (Szegedy et al., 2016, arXiv 1512.00567).
    """

    def __init__(self, label_smoothing=0.0, name="loss", **kwargs):
        super().__init__(name=name, **kwargs)
        self.label_smoothing = label_smoothing

    def call(self, y_true, y_pred):
        log_p = keras.ops.log_softmax(y_pred)
        if y_true.shape == y_pred.shape:
            true = keras.ops.sum(y_true * log_p, axis=-1)
        else:
            labels = keras.ops.reshape(keras.ops.cast(y_true, "int32"), (-1, 1))
            true = keras.ops.take_along_axis(log_p, labels, axis=-1)[:, 0]
        everywhere = keras.ops.mean(log_p, axis=-1)
        return -(1 - self.label_smoothing) * true - self.label_smoothing * everywhere

    def get_config(self):
        return {**super().get_config(), "label_smoothing": self.label_smoothing}

    @classmethod
    def from_config(cls, config):
        """Knows the files of version 0.1.0, too, in which the argument was called `smoothing`."""
        config = dict(config)
        return cls(config.pop("smoothing", config.pop("label_smoothing", 0.0)), **config)
