"""Many optimizer steps in one call, each batch shared among the devices: how training gets fast.

Two things slow `fit` on a CPU. Every call of a compiled function gets its scratch memory afresh,
which the operating system zeroes page by page; and within one device most operations keep only one
core busy. `Stepper` therefore takes a stack of batches at a time and runs over it inside one call
(`jax.lax.scan`), and it gives each device (a CPU with several cores counts as several here, see
`start`) an equal part of each batch. The result is that of one step after another.
"""

import jax
import keras
from jax.sharding import Mesh, NamedSharding, PartitionSpec

STACKED = range(8, 17)


def stack_of(steps):
    """How many of an epoch's `steps` one call takes, so that the fewest are left over."""
    if steps < STACKED.start:
        return steps
    return max(STACKED, key=lambda size: (steps // size * size, size))


class Stepper(keras.Model):
    """Wraps `model`: `fit` takes stacks of batches (a multiple of `batch_size` images at a time).

    It shares the weights of `model`; compile, fit and evaluate the Stepper, then use `model`.
    `devices` bounds how many devices share a batch (None: all).
    """

    def __init__(self, model, batch_size, devices=None):
        super().__init__()
        self.model, self.batch_size = model, batch_size
        self.mesh = Mesh(jax.devices()[:devices], ("batch",))

    def call(self, images, training=False):
        return self.model(images, training=training)

    def train_step(self, state, data):
        def step(state, batch):
            logs, state = super(Stepper, self).train_step(state, self._shared(batch))
            return state, logs

        stack = [a.reshape(-1, self.batch_size, *a.shape[1:]) for a in data]
        state, logs = jax.lax.scan(step, state, stack)
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
