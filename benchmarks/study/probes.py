"""What some rows look at besides accuracy. Each probe: (model, setting, data, seed) to values."""

import jax
import keras
import numpy as np

from vit_helpers import TransformerBlock, block_inputs
from vit_helpers.training.recipes import SmoothedCrossentropy, make_optimizer
from vit_helpers.training.stepping import batches

from .variants import MODELS

STEPS, EVERY, BINS = 200, 5, 10


def first_steps(model, setting, data, seed):
    """Length of the gradient and largest attention score in the first steps of the run."""
    model, recipe, steps = _fresh(setting, data, seed)
    optimizer, loss = make_optimizer(recipe, steps), SmoothedCrossentropy(recipe.label_smoothing)
    optimizer.build(model.trainable_variables)

    @jax.jit
    def step(trained, fixed, state, images, labels):
        def objective(trained):
            logits, _ = model.stateless_call(trained, fixed, images, training=True)
            return loss(labels, logits)

        gradients = jax.grad(objective)(trained)
        length = sum((g**2).sum() for g in gradients) ** 0.5
        trained, state = optimizer.stateless_apply(state, gradients, trained)
        return trained, state, length

    stream = batches(data.x_train, data.y_train, recipe, seed)
    trained = [v.value for v in model.trainable_variables]
    fixed = [v.value for v in model.non_trainable_variables]
    state = [v.value for v in optimizer.variables]
    found = {"step": [], "gradient": [], "score": []}
    for i in range(STEPS):
        images, labels = next(stream)
        trained, state, length = step(trained, fixed, state, np.asarray(images), labels)
        if i % EVERY == 0:
            for variable, value in zip(model.trainable_variables, trained, strict=True):
                variable.assign(value)
            found["step"].append(i + 1)
            found["gradient"].append(round(float(length), 4))
            found["score"].append(round(_largest_score(model, data.x_val[:32]), 3))
    return found


def _largest_score(model, images):
    inside = block_inputs(model, images)
    return max(float(abs(b.attention.scores(b.norm_1(x))).max()) for b, x in inside)


def arriving(model, setting, data, seed):
    """Length of the loss's gradient in the tokens that enter each block, before training."""
    model, recipe, _ = _fresh(setting, data, seed)
    images, labels = next(batches(data.x_train, data.y_train, recipe, seed))
    blocks = [layer for layer in model.layers if isinstance(layer, TransformerBlock)]
    first = keras.Model(model.inputs, blocks[0].input)(np.asarray(images))
    rest = model.layers[model.layers.index(blocks[-1]) + 1 :]
    loss = SmoothedCrossentropy(recipe.label_smoothing)

    def objective(nudges):
        x = first
        for block, nudge in zip(blocks, nudges, strict=True):
            x = block(x + nudge)
        for layer in rest:
            x = layer(x)
        return loss(labels, x)

    gradients = jax.grad(objective)([np.zeros(first.shape, "float32")] * len(blocks))
    return {"gradient": [float(f"{np.sqrt((g**2).sum()):.4g}") for g in gradients]}


def calibration(model, setting, data, seed):
    """How sure the model is on the validation split, and how often it is right, in ten bins."""
    logits = model.predict(data.x_val, batch_size=250, verbose=0)
    shares = np.asarray(jax.nn.softmax(logits))
    sure, right = shares.max(-1), shares.argmax(-1) == data.y_val
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    rows = [(sure[bins == b], right[bins == b]) for b in range(BINS)]
    table = [[len(s), float(s.mean()), float(r.mean())] if len(s) else [0, 0, 0] for s, r in rows]
    gap = sum(n * abs(s - r) for n, s, r in table) / len(sure)
    return {"bins": [[n, round(s, 4), round(r, 4)] for n, s, r in table], "gap": round(gap, 4)}


def _fresh(setting, data, seed):
    """An untrained model as the run starts with, its recipe, and the number of its steps."""
    model = MODELS[setting.variant](setting.config.fit_to(data), seed)
    model.get_layer("normalization").adapt(data.x_train[::10])
    return model, setting.recipe, setting.seen // setting.recipe.batch_size


PROBES = {"first steps": first_steps, "arriving": arriving, "calibration": calibration}
