"""Train a model of ours for a few steps in this process and print what it took, as a line of JSON.

python -m benchmarks.contender '{"name": "tiny", "batch": 64, "calls": 3}'
"""

import json
import resource
import sys
from dataclasses import replace

from vit_helpers import CONFIGS, RECIPES
from vit_helpers.timing import training_speed


def ours(
    name="tiny", batch=64, stack=13, calls=3, augmentation="none", recipe="default", model=None
):
    """A config of ours through our pipeline; `model` changes the config."""
    config = replace(CONFIGS[name], **(model or {}))
    settings = replace(RECIPES[recipe], batch_size=batch, augmentation=augmentation)
    speed = training_speed(config, settings, stack, calls)
    return speed.images_per_second, speed.first_seconds


def main():
    images, first = ours(**json.loads(sys.argv[1]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 2**20 if sys.platform == "darwin" else 2**10
    print(json.dumps({"images_per_second": images, "first_seconds": first, "peak_mb": peak}))


if __name__ == "__main__":
    main()
