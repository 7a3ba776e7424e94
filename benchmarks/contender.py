"""Train a model of ours for a few steps in this process and print what it took, as a line of JSON.

python -m benchmarks.contender '{"name": "tiny", "batch": 64, "calls": 3}'
"""

import json
import sys
from dataclasses import replace

from vit_helpers import BUDGETS, CONFIGS, RECIPES, load_dataset
from vit_helpers.training.speed import training_speed

from .peak import peak_mb


def ours(
    name="tiny", batch=64, stack=13, calls=3, augmentation="none", recipe="default", model=None,
    budget=None, data=False, optimizer=None,
):  # fmt: skip
    """A config of ours through our pipeline; `model` changes it.

    `budget` takes config and recipe from BUDGETS instead; `optimizer` replaces that of the recipe;
    `data` loads a dataset first.
    """
    config, settings = CONFIGS[name], RECIPES[recipe]
    if budget:
        config, settings = BUDGETS[budget].config, BUDGETS[budget].recipe
    if data:
        load_dataset()
    settings = replace(settings, batch_size=batch, augmentation=augmentation,
                       optimizer=optimizer or settings.optimizer)  # fmt: skip
    speed = training_speed(replace(config, **(model or {})), settings, stack, calls)
    return speed.images_per_second, speed.first_seconds


def main():
    images, first = ours(**json.loads(sys.argv[1]))
    found = {"images_per_second": images, "first_seconds": first, "peak_mb": peak_mb()}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
