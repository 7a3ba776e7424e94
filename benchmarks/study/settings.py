"""What decides one row of the study."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

from vit_helpers import CONFIGS, RECIPES, Recipe, ViTConfig, run_experiment

from . import variants

EPOCH = 10_000  # images between two looks at the validation split, at least


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A model, a recipe and data; with a seed it decides a run.

    `images` of the training split (None: all) are shown again and again until `seen` were.
    `variant` is one of `variants.MODELS`; `probes`, names in `probes.PROBES`, decide nothing.
    """

    images: int | None = 20_000
    seen: int = 40_000
    recipe: Recipe = RECIPES["default"]
    config: ViTConfig = CONFIGS["tiny"]
    variant: str = "vit"
    probes: tuple[str, ...] = ()

    def but(self, **changes):
        """This setting with other values of its own, of its recipe, or else of its config."""
        mine, recipe = (
            {name: changes.pop(name) for name in list(changes) if name in asdict(whole)}
            for whole in (self, self.recipe)
        )
        config = replace(self.config, **changes)
        return replace(self, recipe=replace(self.recipe, **recipe), config=config, **mine)

    @property
    def key(self):
        """A name for the row that depends on everything that decides it."""
        text = json.dumps(asdict(replace(self, probes=())), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def train(setting, dataset, seed):
    """(model, Experiment, the data it saw) of one run."""
    data = dataset.take(setting.images)
    times = max(1, min(EPOCH, setting.seen) // len(data.x_train))
    again = replace(data, x_train=_repeated(data.x_train, times),
                    y_train=_repeated(data.y_train, times))  # fmt: skip
    epochs = max(1, round(setting.seen / len(again.x_train)))
    model = variants.MODELS[setting.variant](setting.config.fit_to(data), seed)
    done = run_experiment(
        model, again, profile="full", recipe=setting.recipe, epochs=epochs, seed=seed
    )
    return model, done, data


def _repeated(array, times):
    return array if times == 1 else array.repeat(times, axis=0)
