"""Many optimizer steps in one call, each batch shared among the devices: how training gets fast.

Two things slow `fit` on a CPU. Every call of a compiled function gets its scratch memory afresh,
which the operating system zeroes page by page; and within one device most operations keep only one
core busy. `Stepper` therefore takes a stack of batches at a time and runs over it inside one call
(`jax.lax.scan`), and it gives each device (a CPU with several cores counts as several here, see
`start`) an equal part of each batch. The result is that of one step after another.
"""

import itertools

import jax
import keras
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from ..checks import instance, positive, seed_number
from ..data.augmentation import make_augmentation
from ..data.mixing import make_mixing
from .recipes import Recipe, SmoothedCrossentropy, make_optimizer

STEPS_PER_EXECUTION = range(8, 17)
STEPS_UNROLLED = range(2, 5)  # which are compiled one after another


def choose_steps_per_execution(steps, unrolled=False):
    """How many of an epoch's `steps` one call takes, so that the fewest are left over."""
    sizes = STEPS_UNROLLED if unrolled else STEPS_PER_EXECUTION
    if steps < sizes.start:
        return steps
    return max(sizes, key=lambda size: (steps // size * size, size))


def is_unrolled(model):
    """Inside a loop XLA's CPU compiler makes convolutions many times as slow as outside."""
    return any(isinstance(layer, keras.layers.Conv2D) for layer in model.layers)


def batches(x, y, recipe, seed, first_epoch=0, steps_per_execution=1):
    """Yield shuffled, augmented, mixed (images, labels) without end.

    `y` holds labels (N,), or with `recipe.mixing` shares (N, classes).
    `steps_per_execution` batches come at a time. They depend on seed, epoch
    and place alone. What does not fill the last stack of an epoch is left out.
    """
    size = _checked_size(x, recipe, steps_per_execution)
    augment = make_augmentation(recipe.augmentation, seed)
    mix = make_mixing(recipe.mixing, seed)
    for epoch in itertools.count(seed_number("first_epoch", first_epoch)):
        _reseed([*augment.layers, mix], seed, epoch)
        order = np.random.RandomState([seed, epoch]).permutation(len(x))
        for start in range(0, len(x) - size + 1, size):
            mine = order[start : start + size]
            images, labels = x[mine], y[mine]
            if recipe.augmentation != "none":
                images = augment(images, training=True)
            yield _mixed(mix, images, labels)


def _mixed(mix, images, labels):
    """The pair through the layer `mix`, which takes labels as shares (N, classes); or as it is."""
    if mix is None:
        return images, labels
    both = mix({"images": images, "labels": labels})
    return both["images"], both["labels"]


def _checked_size(x, recipe, steps_per_execution):
    """How many images come at a time."""
    instance("recipe", recipe, Recipe, "take one of RECIPES")
    size = positive("steps_per_execution", steps_per_execution) * recipe.batch_size
    if size > len(x):
        raise ValueError(
            f"steps_per_execution={steps_per_execution} and batch_size={recipe.batch_size} take "
            f"{size} images at a time, but x has {len(x)}; take fewer steps or a smaller batch"
        )
    return size


def _reseed(layers, seed, epoch):
    """Let random layers begin an epoch in the same state every time."""
    for i, layer in enumerate(layers):
        if hasattr(layer, "generator"):
            layer.generator.state.assign([seed + i, 1000 * epoch])


class Stepper(keras.Model):
    """Wraps `model`: `fit` takes stacks of batches (a multiple of `batch_size` images at a time).

    It shares the weights of `model`; compile, fit and evaluate the Stepper, then use `model`.
    `devices` bounds how many devices share a batch (None: all).
    `keras.distribution.DataParallel` with `steps_per_execution=13` does the same: on two cores that
    other programs kept busy it made 73 images/s, where this made 125.
    """

    def __init__(self, model, batch_size, devices=None):
        super().__init__()
        self.model, self.batch_size = model, batch_size
        if devices is not None:
            positive("devices", devices)
        self.mesh = Mesh(jax.devices()[:devices], ("batch",))

    def call(self, images, training=False):
        return self.model(images, training=training)

    def train_step(self, state, data):
        def step(state, batch):
            logs, state = super(Stepper, self).train_step(state, self._shared(batch))
            return state, logs

        stack = [a.reshape(-1, self.batch_size, *a.shape[1:]) for a in data]
        state, logs = jax.lax.scan(step, state, stack, unroll=is_unrolled(self.model))
        return jax.tree.map(lambda value: value[-1], logs), state

    def test_step(self, state, data):
        return super().test_step(state, self._shared(data))

    def make_train_function(self, force=False):
        if self.train_function is None or force:
            super().make_train_function(force)
            self.train_function = self._everywhere(self.train_function)

    def make_test_function(self, force=False):
        if self.test_function is None or force:
            super().make_test_function(force)
            self.test_function = self._everywhere(self.test_function)

    def _enforce_jax_state_sharding(self, *state, **named):
        """Keras before 3.12 would bring the state back to one device here."""
        return state or tuple(named.values())

    def _shared(self, batch):
        """The batch with an equal part of it on each device, where it can be divided."""
        if len(batch[0]) % self.mesh.size:
            return batch
        places = NamedSharding(self.mesh, PartitionSpec("batch"))
        return [jax.lax.with_sharding_constraint(array, places) for array in batch]

    def _everywhere(self, function):
        """Keep the state on all devices from the first call on: one compilation is enough."""
        places = NamedSharding(self.mesh, PartitionSpec())
        return lambda state, iterator: function(jax.device_put(state, places), iterator)


def make_trainer(model, recipe, steps, devices=None):
    """A compiled Stepper around `model` for `steps` optimizer steps of `recipe`."""
    trainer = Stepper(model, recipe.batch_size, devices)
    compile_for(trainer, make_optimizer(recipe, steps), recipe, model.output_shape[-1])
    return trainer


def compile_for(model, optimizer, recipe, classes=None):
    """Compile `model` with the loss of `recipe`, accuracy and top-5 (of labels as it has them)."""
    classes = classes or model.output_shape[-1]
    kind = "Sparse" if recipe.mixing == "none" else ""
    accuracy = getattr(keras.metrics, f"{kind}CategoricalAccuracy")(name="accuracy")
    top5 = getattr(keras.metrics, f"{kind}TopKCategoricalAccuracy")(min(5, classes), name="top5")
    loss = SmoothedCrossentropy(recipe.label_smoothing)
    model.compile(optimizer, loss, metrics=[accuracy, top5])
