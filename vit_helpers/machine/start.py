"""What is settled before Keras and JAX start: the backend, the devices, the compile cache."""

import contextlib
import os

import jax

from vit_check.hardware import cores

from .compiled import keep_compiled_programs

MOST_DEVICES = 4

os.environ.setdefault("KERAS_BACKEND", "jax")

# To JAX a CPU is one device, in which most operations of a small model keep one core busy. As two
# or four devices, each with its share of a batch, the cores work side by side (`stepping`). Once
# JAX has started this can't be changed any more: then there is one device, slower, same results.
with contextlib.suppress(RuntimeError):
    count = max(n for n in (1, 2, MOST_DEVICES) if n <= cores())
    jax.config.update("jax_num_cpu_devices", count)

# A training step takes some seconds to compile. A second start finds it there.
keep_compiled_programs()
