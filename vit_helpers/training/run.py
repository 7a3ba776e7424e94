"""One training run: from the settings to the one look at the test split."""

import time
from dataclasses import dataclass, replace

import keras
import numpy as np

from ..checks import choose, positive
from ..data.datasets import ImageDataset
from ..machine.compiled import sweep
from ..machine.memory import TrimAfterCompiling, free_memory
from ..pictures.live import LiveProgress
from .checkpoint import Checkpoints
from .recipes import PROFILES, RECIPES, Recipe
from .stepping import batches, choose_steps_per_execution, compile_for, make_trainer

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


@dataclass(frozen=True)
class Plan:
    """Everything that decides a run: data, recipe, number of epochs, seed."""

    data: ImageDataset
    recipe: Recipe
    epochs: int
    seed: int
    profile: str

    @property
    def steps_per_execution(self):
        return choose_steps_per_execution(len(self.data.x_train) // self.recipe.batch_size)

    @property
    def calls_per_epoch(self):
        return len(self.data.x_train) // (self.recipe.batch_size * self.steps_per_execution)

    @property
    def steps(self):
        return self.epochs * self.calls_per_epoch * self.steps_per_execution


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
    classes that do not fit the model, a model and a recipe that both augment, or a `checkpoint_dir`
    that holds another, unfinished run; and OSError for a `checkpoint_dir` that cannot be written.
    """
    started = time.perf_counter()
    plan = _plan(model, dataset, profile, recipe, epochs, seed)
    _prepare(model, plan)
    trainer = make_trainer(model, plan.recipe, plan.steps)
    with Checkpoints(model, plan, checkpoint_dir) as checkpoints:
        _train(trainer, plan, checkpoints)
    test = _evaluate(model, trainer, plan, checkpoints.best_weights())
    compile_for(model, trainer.optimizer, plan.recipe)
    del trainer
    free_memory()
    return Experiment(
        checkpoints.history, test["accuracy"], test["top5"], time.perf_counter() - started
    )


def _plan(model, dataset, profile, recipe, epochs, seed):
    """Look at the arguments of a run, and settle what it does."""
    settings = choose("profile", profile, PROFILES)
    recipe = recipe if isinstance(recipe, Recipe) else choose("recipe", recipe, RECIPES)
    epochs = settings.epochs if epochs is None else positive("epochs", epochs)
    _check_fit(model, dataset)
    if recipe.augmentation != "none" and any(lay.name == "augmentation" for lay in model.layers):
        raise ValueError(
            f"recipe has augmentation={recipe.augmentation!r}, and the model augments its images "
            "itself: they would be changed twice; give augmentation='none' to the recipe or to the "
            "model's config"
        )
    data = dataset.take(settings.train_images, settings.eval_images)
    if len(data.x_train) < recipe.batch_size:
        recipe = replace(recipe, batch_size=len(data.x_train))
    return Plan(data, recipe, epochs, seed, profile)


def _prepare(model, plan):
    """Bring memory, compiled programs, random numbers and the scaling of the images in order."""
    free_memory()
    sweep()
    keras.utils.set_random_seed(plan.seed)
    x = plan.data.x_train
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(x[:: max(1, len(x) // 5000)])


def _train(trainer, plan, checkpoints):
    """All epochs that are not done yet."""
    data = plan.data
    trainer.fit(
        batches(
            data.x_train, data.y_train, plan.recipe, plan.seed,
            checkpoints.epochs_done, plan.steps_per_execution,
        ),
        epochs=plan.epochs, steps_per_epoch=plan.calls_per_epoch, shuffle=False, verbose=0,
        validation_data=(data.x_val, data.y_val), validation_batch_size=EVAL_BATCH,
        callbacks=[
            *checkpoints.callbacks, TrimAfterCompiling(),
            LiveProgress(plan.epochs, plan.calls_per_epoch),
        ],
    )  # fmt: skip


def _evaluate(model, trainer, plan, best):
    """{metric: value} of the best weights on the test split; `model` has them afterwards."""
    model.set_weights(best)
    test = trainer.evaluate(
        plan.data.x_test, plan.data.y_test, batch_size=EVAL_BATCH, verbose=0, return_dict=True
    )
    model.set_weights(best)  # on one device again, where everything else looks for them
    return {name: float(value) for name, value in test.items()}


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
