"""One training run: from the settings to the one look at the test split."""

from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np

from ..checks import choose, flag, instance, positive, seed_number
from ..data.datasets import ImageDataset
from ..data.mixing import label_shares
from ..machine.compiled import sweep
from ..machine.memory import TrimAfterCompiling, free_memory
from ..pictures.live import LiveProgress
from .checkpoint import Checkpoints, as_before_on_failure
from .folders import folder_of
from .recipes import PROFILES, RECIPES, Recipe, make_optimizer
from .stepping import (
    batches,
    choose_steps_per_execution,
    compile_for,
    is_unrolled,
    make_trainer,
)

EVAL_BATCH = 250


@dataclass(frozen=True)
class Experiment:
    """What a training run gave.

    `history` holds a list with a value for each epoch under `loss`, `accuracy`, `top5` and the
    same with `val_`; `test_accuracy` and `test_top5` are shares, `seconds` the time of it all;
    `folder` is where the run is kept, if it is.
    """

    history: dict
    test_accuracy: float
    test_top5: float
    seconds: float
    folder: Path | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that decides a run: data, recipe, number of epochs, seed."""

    data: ImageDataset
    recipe: Recipe
    epochs: int
    seed: int
    profile: str
    unrolled: bool = False

    @property
    def steps_per_execution(self):
        steps = len(self.data.x_train) // self.recipe.batch_size
        return choose_steps_per_execution(steps, self.unrolled)

    @property
    def calls_per_epoch(self):
        return len(self.data.x_train) // (self.recipe.batch_size * self.steps_per_execution)

    def labels(self, split):
        """The labels of "train", "val" or "test", as the recipe needs them."""
        labels = getattr(self.data, f"y_{split}")
        mixed = self.recipe.mixing != "none"
        return label_shares(labels, len(self.data.class_names)) if mixed else labels

    @property
    def steps(self):
        return self.epochs * self.calls_per_epoch * self.steps_per_execution


def run_experiment(
    model, dataset, profile="quick", recipe="default", epochs=None, checkpoint_dir=None, seed=0,
    resume=False,
):  # fmt: skip
    """Train `model` on `dataset`, restore its best epoch, and measure it once on the test split.

    `profile` (a name of PROFILES) bounds images and epochs, `epochs` overrides its number of
    passes; `recipe` is a name of RECIPES or a Recipe. One seed gives the same history to the last
    bit on one machine.

    With a `checkpoint_dir` the run is kept there, after each epoch and every 30 s in between: if it
    is killed, the same call goes on from there, to the same bit. A finished run is not made again;
    its result is returned. The model of the best epoch is `best.keras` in that folder.
    `resume=True` keeps the run in the cache folder, under a name that depends on all that decides
    it; `forget_runs` deletes it. A run that fails or is stopped leaves `model` as it was.

    Returns an Experiment. Raises ValueError for unknown names, fewer than one epoch, images or
    classes that do not fit the model, a model and a recipe that both augment, a training that
    diverges, or a `checkpoint_dir` that holds another, unfinished run; and OSError for a
    `checkpoint_dir` that cannot be written or that another process trains in.
    """
    plan = _plan(model, dataset, profile, recipe, epochs, seed)
    folder, resume = folder_of(checkpoint_dir), flag("resume", resume)
    with as_before_on_failure(model), Checkpoints(model, plan, folder, resume) as kept:
        if kept.test is None:
            optimizer = _run(model, plan, kept)
        else:
            print("This run was finished before; here is its result")
            model.set_weights(kept.best)
            optimizer = make_optimizer(plan.recipe, plan.steps)
        compile_for(model, optimizer, replace(plan.recipe, mixing="none"))
    test = kept.test
    return Experiment(kept.history, test["accuracy"], test["top5"], kept.seconds, kept.folder)


def _plan(model, dataset, profile, recipe, epochs, seed):
    """Look at the arguments of a run, and settle what it does."""
    settings = choose("profile", profile, PROFILES)
    recipe = recipe if isinstance(recipe, Recipe) else choose("recipe", recipe, RECIPES)
    epochs = settings.epochs if epochs is None else positive("epochs", epochs)
    seed = seed_number("seed", seed)
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
    return Plan(data, recipe, epochs, seed, profile, is_unrolled(model))


def _run(model, plan, kept):
    """Everything that is not done yet; returns the optimizer."""
    _prepare(model, plan)
    trainer = make_trainer(model, plan.recipe, plan.steps)
    kept.restore(trainer)
    _train(trainer, plan, kept)
    kept.finish(_evaluate(model, trainer, plan, kept.best))
    free_memory()
    return trainer.optimizer


def _prepare(model, plan):
    """Bring memory, compiled programs, random numbers and the scaling of the images in order."""
    free_memory()
    sweep()
    keras.utils.set_random_seed(plan.seed)
    x = plan.data.x_train
    for layer in model.layers:
        if isinstance(layer, keras.layers.Normalization):
            layer.adapt(x[:: max(1, len(x) // 5000)])


def _train(trainer, plan, kept):
    """The rest of an epoch that was interrupted, then all whole epochs."""
    done, whole = len(kept.epochs), plan.calls_per_epoch
    progress = LiveProgress(
        plan.epochs, whole, done * whole + kept.call, [past["val_accuracy"] for past in kept.epochs]
    )
    callbacks = [kept.callback(), TrimAfterCompiling(), progress]
    if kept.call:
        _fit(trainer, plan, done, done + 1, kept.call, callbacks)
        done += 1
    if done < plan.epochs:
        _fit(trainer, plan, done, plan.epochs, 0, callbacks)


def _fit(trainer, plan, first, last, call, callbacks):
    """Epochs `first` to `last`, the first of them without its first `call` calls."""
    data, size = plan.data, plan.steps_per_execution
    labels = plan.labels("train")
    stacks = batches(data.x_train, labels, plan.recipe, plan.seed, first, size)
    for _ in range(call):
        next(stacks)
    trainer.fit(
        stacks,
        initial_epoch=first, epochs=last, steps_per_epoch=plan.calls_per_epoch - call,
        validation_data=(data.x_val, plan.labels("val")), validation_batch_size=EVAL_BATCH,
        shuffle=False, verbose=0, callbacks=callbacks,
    )  # fmt: skip


def _evaluate(model, trainer, plan, best):
    """{metric: value} of the best weights on the test split; `model` has them afterwards."""
    model.set_weights(best)
    test = trainer.evaluate(
        plan.data.x_test, plan.labels("test"), batch_size=EVAL_BATCH, verbose=0, return_dict=True
    )
    model.set_weights(best)  # on one device again, where everything else looks for them
    return {name: float(value) for name, value in test.items()}


def _check_fit(model, dataset):
    instance("model", model, keras.Model, "make it with create_vit_classifier")
    instance("dataset", dataset, ImageDataset, "make it with load_dataset")
    for split in ("train", "val", "test"):
        if not len(getattr(dataset, f"x_{split}")):
            raise ValueError(f"dataset {dataset.name!r} has no images in x_{split}")
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
    instance("dataset", dataset, ImageDataset, "make it with load_dataset")
    predicted = np.asarray(predicted)
    if predicted.shape != dataset.y_test.shape:
        raise ValueError(
            f"predicted must be labels {dataset.y_test.shape}, one for each test image, not "
            f"{predicted.shape}; take the argmax of the logits over the last axis"
        )
    right = predicted == dataset.y_test
    families = np.asarray(dataset.families)[dataset.y_test]
    return {f: float(right[families == f].mean()) for f in dict.fromkeys(dataset.families)}
