"""Train one contender for a few steps in this process and print what it took, as a line of JSON.

python -m benchmarks.contender '{"name": "tiny", "batch": 64, "calls": 3}'
"""

import json
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from vit_helpers import CONFIGS, RECIPES
from vit_helpers.timing import Clock, training_speed


def reference(batch=256, calls=3):
    """The keras.io recipe with plain `fit`: (images a second, seconds to the first step)."""
    from . import reference as recipe

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (batch * (1 + calls), 32, 32, 3), dtype=np.uint8)
    labels = random.integers(0, 100, len(images))
    clock, started = Clock(), time.perf_counter()
    recipe.build(images[:256]).fit(images, labels, batch_size=batch, verbose=0, callbacks=[clock])
    return batch / float(np.median(np.diff(clock.ends))), clock.ends[0] - started


def ours(
    name="tiny", batch=64, stack=13, calls=3, augmentation="none", recipe="default", model=None
):
    """A config of ours through our pipeline; `model` changes the config."""
    config = replace(CONFIGS[name], **(model or {}))
    settings = replace(RECIPES[recipe], batch_size=batch, augmentation=augmentation)
    speed = training_speed(config, settings, stack, calls)
    return speed.images_per_second, speed.first_seconds


def main():
    arguments = json.loads(sys.argv[1])
    run = reference if arguments.get("name") == "reference" else ours
    if run is reference:
        del arguments["name"]
    images, first = run(**arguments)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform == "darwin" else 2**10
    )
    print(json.dumps({"images_per_second": images, "first_seconds": first, "peak_mb": peak}))


if __name__ == "__main__":
    main()
