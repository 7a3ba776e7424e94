"""Training: one function for every recipe, from compile to the one look at the test split."""

import itertools
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import keras
import numpy as np

from ..checks import choose, positive
from ..data.augmentation import make_augmentation
from ..data.datasets import ImageDataset
from ..machine.memory import TrimAfterCompiling, release
from ..pictures.live import LiveProgress
from .checkpoint import Keeper, _claim, _named, _shapes
from .recipes import PROFILES, RECIPES, Recipe, SmoothedCrossentropy, make_optimizer
from .stepping import Stepper, stack_of

EVAL_BATCH = 250


@dataclass(frozen=True)
class Experiment:
    """What a training run gave.

    `history` holds a list with a value for each epoch under `loss`, `accuracy`, `top5` and the
    same with `val_`; `test_accuracy` and `test_top5` are shares, `seconds` the time of it all.
    """

    history: dict
    test_accuracy: float
    test_top5: float
    seconds: float


def batches(x, y, recipe, seed, first_epoch=0, stack=1):
    """Yield shuffled, augmented (images, labels) without end, epoch after epoch.

    `stack` batches come at a time, one after the other. They depend on seed, epoch and their place
    alone; the images that do not fill the last stack of an epoch are left out of it. (A
    `keras.utils.PyDataset` would make batches in threads, in an order that varies.)
    """
    size = stack * recipe.batch_size
    augment = make_augmentation(recipe.augmentation, seed)
    for epoch in itertools.count(first_epoch):
        for i, layer in enumerate(augment.layers):
            if hasattr(layer, "generator"):
                layer.generator.state.assign([seed + i, 1000 * epoch])
        order = np.random.RandomState([seed, epoch]).permutation(len(x))
        for start in range(0, len(x) - size + 1, size):
            mine = order[start : start + size]
            images = x[mine]
            if recipe.augmentation != "none":
                images = augment(images, training=True)
            yield images, y[mine]


def make_trainer(model, recipe, steps, devices=None):
    """A compiled Stepper around `model` for `steps` optimizer steps of `recipe`."""
    trainer = Stepper(model, recipe.batch_size, devices)
    _compile(trainer, make_optimizer(recipe, steps), recipe, model.output_shape[-1])
    return trainer


def _compile(model, optimizer, recipe, classes):
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    top5 = keras.metrics.SparseTopKCategoricalAccuracy(min(5, classes), name="top5")
    loss = SmoothedCrossentropy(recipe.label_smoothing)
    model.compile(optimizer, loss, metrics=[accuracy, top5])


def run_experiment(
    model, dataset, profile="quick", recipe="default", epochs=None, checkpoint_dir=None, seed=0
):
    """Train `model` on `dataset`, restore its best epoch, and measure it once on the test split.

    `profile` (a name of PROFILES) bounds images and epochs, `epochs` overrides its number of
    passes; `recipe` is a name of RECIPES or a Recipe. The whole model of the epoch with the best
    validation accuracy is kept as `best.keras` in `checkpoint_dir`, if that is given. One seed
    gives the same history to the last bit on one machine. An interrupted run with a
    `checkpoint_dir` goes on after its last whole epoch when it is called again, to the same end if
    the model has no dropout.

    Returns an Experiment. Raises ValueError for unknown names, fewer than one epoch, images or
    classes that do not fit the model, or a `checkpoint_dir` that holds another, unfinished run; and
    OSError for a `checkpoint_dir` that cannot be written.
    """
    started = time.perf_counter()
    settings = choose("profile", profile, PROFILES)
    recipe = recipe if isinstance(recipe, Recipe) else choose("recipe", recipe, RECIPES)
    epochs = settings.epochs if epochs is None else positive("epochs", epochs)
    _check_fit(model, dataset)
    data = dataset.take(settings.train_images, settings.eval_images)
    if len(data.x_train) < recipe.batch_size:
        recipe = replace(recipe, batch_size=len(data.x_train))
    batch_size = recipe.batch_size
    stack = stack_of(len(data.x_train) // batch_size)
    stacks = len(data.x_train) // (batch_size * stack)
    release()
    keras.utils.set_random_seed(seed)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(data.x_train[:: max(1, len(data.x_train) // 5000)])
    trainer = make_trainer(model, recipe, epochs * stacks * stack)
    callbacks, folder = [TrimAfterCompiling(), LiveProgress(epochs, stacks)], None
    with _named(checkpoint_dir):
        if checkpoint_dir is not None:
            folder = Path(checkpoint_dir)
            run = {**asdict(recipe), "epochs": epochs, "seed": seed, "profile": profile}
            _claim(folder, {**run, "dataset": data.name, "weights": _shapes(model)})
            callbacks += [
                keras.callbacks.BackupAndRestore(folder / "backup", double_checkpoint=True)
            ]
        keeper = Keeper(model, folder)
        trainer.fit(
            batches(data.x_train, data.y_train, recipe, seed, len(keeper.epochs), stack),
            epochs=epochs, steps_per_epoch=stacks, shuffle=False, verbose=0,
            validation_data=(data.x_val, data.y_val), validation_batch_size=EVAL_BATCH,
            callbacks=[keeper, *callbacks],
        )  # fmt: skip
        best = keeper.best_weights()
        if folder is not None:
            (folder / "run.json").unlink()
    model.set_weights(best)
    test = trainer.evaluate(
        data.x_test, data.y_test, batch_size=EVAL_BATCH, verbose=0, return_dict=True
    )
    model.set_weights(best)  # on one device again, where everything else looks for them
    _compile(model, trainer.optimizer, recipe, len(data.class_names))
    del trainer
    release()
    seconds = time.perf_counter() - started
    return Experiment(keeper.history, float(test["accuracy"]), float(test["top5"]), seconds)


def _check_fit(model, dataset):
    if not isinstance(model, keras.Model):
        raise ValueError(
            f"model={model!r} must be a Keras model; make it with create_vit_classifier"
        )
    if not isinstance(dataset, ImageDataset):
        raise ValueError(f"dataset={dataset!r} must be an ImageDataset; make it with load_dataset")
    images, takes = dataset.x_train.shape[1:], tuple(model.input_shape[1:])
    classes, gives = len(dataset.class_names), model.output_shape[-1]
    if images != takes:
        raise ValueError(
            f"dataset {dataset.name!r} has images {images}, the model takes {takes}; "
            "build it with config.fit_to(dataset)"
        )
    if classes != gives:
        raise ValueError(
            f"dataset {dataset.name!r} has {classes} classes, the model {gives}; "
            "build it with config.fit_to(dataset)"
        )


def family_accuracy(dataset, predicted):
    """{family: share of its test images whose label was predicted}, for labels (N,)."""
    predicted = np.asarray(predicted)
    if predicted.shape != dataset.y_test.shape:
        raise ValueError(
            f"predicted must be labels {dataset.y_test.shape}, one for each test image, not "
            f"{predicted.shape}; take the argmax of the logits over the last axis"
        )
    right = predicted == dataset.y_test
    families = np.asarray(dataset.families)[dataset.y_test]
    return {f: float(right[families == f].mean()) for f in dict.fromkeys(dataset.families)}
