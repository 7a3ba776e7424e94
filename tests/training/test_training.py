"""run_experiment: recipes, checkpoints, determinism, going on after a stop, bad input."""

import itertools
import tempfile
from dataclasses import replace

import keras
import numpy as np
import pytest

import vit_helpers
from vit_helpers import (
    CONFIGS,
    RECIPES,
    ViTConfig,
    create_vit_classifier,
    learning_rate_schedule,
    run_experiment,
)
from vit_helpers.machine import memory
from vit_helpers.training.recipes import SmoothedCrossentropy, make_optimizer
from vit_helpers.training.run import family_accuracy
from vit_helpers.training.stepping import (
    STEPS_PER_EXECUTION,
    batches,
    choose_steps_per_execution,
    compile_for,
    make_trainer,
)

SMALL = ViTConfig(patch_size=8, projection_dim=16, transformer_layers=1)


@pytest.fixture
def model():
    return create_vit_classifier(SMALL)


@pytest.mark.slow
def test_history_result_and_restored_weights(model, small_dataset, tmp_path):
    result = run_experiment(model, small_dataset, "smoke", epochs=2, checkpoint_dir=tmp_path)
    names = {"loss", "accuracy", "top5", "val_loss", "val_accuracy", "val_top5"}
    assert set(result.history) == names
    assert {len(values) for values in result.history.values()} == {2}
    assert 0 <= result.test_accuracy <= result.test_top5 <= 1
    assert result.seconds > 0
    best = vit_helpers.load_classifier(tmp_path / "best.keras", SMALL)
    for ours, kept in zip(model.get_weights(), best.get_weights(), strict=True):
        assert np.array_equal(ours, kept)
    found = model.predict(small_dataset.x_test, verbose=0).argmax(-1)
    assert (found == small_dataset.y_test).mean() == pytest.approx(result.test_accuracy)
    again = model.evaluate(small_dataset.x_test, small_dataset.y_test, verbose=0, return_dict=True)
    assert again["accuracy"] == pytest.approx(result.test_accuracy)
    assert {len(weight.value.devices()) for weight in model.weights} == {1}
    states = [f"{number:06d}.state" for number in (2, 3)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", *states, "best.keras"]


@pytest.mark.slow
def test_two_runs_are_the_same_to_the_last_bit(small_dataset, tmp_path, monkeypatch):
    """And neither the order of the test images matters nor is a temporary checkpoint left."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    config = replace(SMALL, dropout=0.2, attention_dropout=0.1)
    recipe = replace(RECIPES["default"], augmentation="flip-shift")
    other = replace(
        small_dataset, x_test=small_dataset.x_test[::-1], y_test=small_dataset.y_test[::-1]
    )
    one, two = (
        run_experiment(create_vit_classifier(config), dataset, "smoke", recipe, epochs=2)
        for dataset in (small_dataset, other)
    )
    assert one.history == two.history
    assert one.test_accuracy == two.test_accuracy
    assert list(tmp_path.iterdir()) == []


def test_checkpoint_of_another_config_is_refused(model, tmp_path):
    model.save(tmp_path / "m.keras")
    with pytest.raises(ValueError, match=r"'m.keras' was saved with another config: it has 8,\d+"):
        vit_helpers.load_classifier(tmp_path / "m.keras", CONFIGS["tiny"])
    with pytest.raises(FileNotFoundError, match="does not exist; save a model there first"):
        vit_helpers.load_classifier(tmp_path / "none.keras")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["keras-io", "keras-article"])
def test_reference_recipes_run_through_the_same_function(small_dataset, name):
    config = replace(
        CONFIGS[name], transformer_layers=1, mlp_head_units=CONFIGS[name].mlp_head_units[1:]
    )
    recipe = replace(RECIPES[name], batch_size=32)
    few = small_dataset.take(train=100, evaluation=100)
    result = run_experiment(create_vit_classifier(config), few, "smoke", recipe)
    assert np.isfinite(result.history["loss"][0])


@pytest.mark.slow
def test_whole_article_model_builds():
    model = create_vit_classifier(CONFIGS["keras-article"])
    assert model.output_shape == (None, 100)
    keras.backend.clear_session()


def test_a_model_and_a_recipe_do_not_both_augment(small_dataset):
    model = create_vit_classifier(replace(SMALL, augmentation="keras-io"))
    with pytest.raises(ValueError, match=r"augmentation='flip', and the model augments its images"):
        run_experiment(model, small_dataset, "smoke")


def test_learning_rate_rises_then_falls_to_zero():
    schedule = learning_rate_schedule(RECIPES["default"], steps=100)
    steps = (0, 5, 9, 10, 11, 55, 100)
    rates = {step: float(schedule(step)) for step in steps}
    peak = RECIPES["default"].learning_rate
    assert [rates[step] / peak for step in (0, 5, 10, 55)] == pytest.approx([0, 0.5, 1, 0.5])
    assert rates[9] < rates[10] > rates[11]
    assert rates[100] == pytest.approx(0, abs=1e-9)
    halfway = [float(learning_rate_schedule(replace(RECIPES["default"], warmup_ratio=w), 100)(50))
               for w in (0, 0.5)]  # fmt: skip
    assert halfway == pytest.approx([peak / 2, peak])
    flat = learning_rate_schedule(RECIPES["keras-io"], steps=100)
    assert [float(flat(step)) for step in (0, 50, 100)] == pytest.approx([1e-3] * 3)
    optimizer = make_optimizer(RECIPES["default"], steps=100)
    for step in (0, 5, 55):
        optimizer.iterations.assign(step)
        assert float(optimizer.learning_rate) == pytest.approx(rates[step])
    constant = make_optimizer(RECIPES["keras-io"], steps=100)
    assert float(constant.learning_rate) == pytest.approx(1e-3)
    assert type(constant) is keras.optimizers.AdamW
    assert constant.weight_decay == 1e-4


def test_a_recipe_may_do_without_weight_decay(small_dataset):
    recipe = replace(RECIPES["default"], weight_decay=0.0, batch_size=16, augmentation="none")
    trainer = make_trainer(create_vit_classifier(SMALL), recipe, 10)
    x, y = small_dataset.x_train[:16], small_dataset.y_train[:16]
    assert np.isfinite(trainer.fit(x, y, batch_size=16, verbose=0).history["loss"][0])


def test_smoothed_loss_is_crossentropy_with_soft_targets():
    logits = np.random.default_rng(0).normal(size=(6, 5)).astype("float32")
    labels = np.array([0, 1, 2, 3, 4, 0])
    soft = np.eye(5)[labels] * 0.9 + 0.1 / 5
    log_p = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    ours = SmoothedCrossentropy(0.1)(labels, logits)
    assert float(ours) == pytest.approx(-(soft * log_p).sum(-1).mean(), rel=1e-5)
    plain = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    assert float(SmoothedCrossentropy(0)(labels, logits)) == pytest.approx(float(plain), rel=1e-5)


def test_batches_cover_the_images_once_in_a_new_order_each_epoch(small_dataset):
    recipe = replace(RECIPES["default"], batch_size=50)
    stream = batches(small_dataset.x_train, np.arange(600), recipe, seed=1)
    epochs = [list(itertools.islice(stream, 12)) for _ in range(2)]
    first, second = (np.concatenate([y for _, y in epoch]) for epoch in epochs)
    assert sorted(first) == sorted(second) == list(range(600))
    assert not np.array_equal(first, second)
    later = next(batches(small_dataset.x_train, np.arange(600), recipe, seed=1, first_epoch=1))
    assert np.array_equal(later[0], epochs[1][0][0])


@pytest.mark.parametrize("augmentation", ["none", "flip"])
def test_batches_are_augmented_as_the_recipe_says(small_dataset, augmentation):
    recipe = replace(RECIPES["default"], batch_size=50, augmentation=augmentation)
    images, places = next(batches(small_dataset.x_train, np.arange(600), recipe, seed=1))
    originals = small_dataset.x_train[places]
    same = [np.array_equal(a, b) for a, b in zip(images, originals, strict=True)]
    mirrored = [np.array_equal(a, b[:, ::-1]) for a, b in zip(images, originals, strict=True)]
    assert np.all(np.logical_or(same, mirrored))
    assert (sum(same) == 50) == (augmentation == "none")


def test_several_batches_come_at_a_time(small_dataset):
    recipe = replace(RECIPES["default"], batch_size=50, augmentation="none")
    one = batches(small_dataset.x_train, np.arange(600), recipe, seed=1)
    three = batches(small_dataset.x_train, np.arange(600), recipe, seed=1, steps_per_execution=3)
    together = np.concatenate([y for _, y in itertools.islice(one, 3)])
    assert np.array_equal(next(three)[1], together)


@pytest.mark.slow
def test_images_are_scaled_by_the_training_images(model, small_dataset):
    run_experiment(model, small_dataset, "smoke", epochs=1)
    used = small_dataset.take(512).x_train
    assert np.asarray(model.get_layer("normalization").mean).ravel() == pytest.approx(
        used.mean((0, 1, 2)), rel=1e-5
    )
    assert model.loss.label_smoothing == RECIPES["default"].label_smoothing
    assert int(model.optimizer.iterations) == len(used) // RECIPES["default"].batch_size


def test_muon_leaves_the_first_and_the_last_projection_to_adamw(small_dataset):
    x, y = small_dataset.x_train[:16], small_dataset.y_train[:16]
    after = {}
    for name in ("muon", "adamw"):
        net = create_vit_classifier(SMALL)
        recipe = replace(RECIPES["default"], optimizer=name, schedule="constant")
        compile_for(net, make_optimizer(recipe, 10), recipe)
        net.fit(x, y, batch_size=16, verbose=0)
        block = net.get_layer("block_1")
        layers = net.get_layer("patch_encoder").projection, net.get_layer("logits"), block.mlp[0]
        after[name] = [np.asarray(layer.kernel) for layer in layers]
    for i, same in enumerate((True, True, False)):
        assert np.allclose(after["muon"][i], after["adamw"][i], atol=1e-6) == same, i


@pytest.mark.parametrize("steps", [1, 7, 8, 9, 17, 100, 351, 703])
def test_stacks_leave_out_as_little_as_they_can(steps):
    size = choose_steps_per_execution(steps)
    assert 1 <= size <= 16
    left = [steps % other for other in STEPS_PER_EXECUTION if other <= steps]
    assert steps % size == min(left, default=0)


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_a_stack_on_many_devices_trains_like_one_step_after_another(small_dataset, optimizer):
    """The weights after eight steps in one call are those of eight calls of a plain Keras model."""
    recipe = replace(RECIPES["default"], batch_size=16, learning_rate=1e-3, optimizer=optimizer)
    x, y = small_dataset.x_train[:128], small_dataset.y_train[:128]
    stacked, plain = create_vit_classifier(SMALL), create_vit_classifier(SMALL)
    before = stacked.get_weights()
    trainer = make_trainer(stacked, recipe, 100)
    assert trainer.mesh.size > 1
    trainer.fit(x, y, batch_size=128, shuffle=False, verbose=0)
    plain.compile(make_optimizer(recipe, 100), SmoothedCrossentropy(recipe.label_smoothing))
    plain.fit(x, y, batch_size=16, shuffle=False, verbose=0)
    for start, ours, theirs in zip(before, stacked.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-4)
        assert not np.array_equal(start, ours) or start.ndim < 2


def test_evaluation_of_a_batch_that_cannot_be_shared(small_dataset):
    trainer = make_trainer(create_vit_classifier(SMALL), RECIPES["default"], 10)
    x, y = small_dataset.x_test[:37], small_dataset.y_test[:37]
    found = trainer.evaluate(x, y, batch_size=25, verbose=0, return_dict=True)["accuracy"]
    answers = trainer.model.predict(x, verbose=0).argmax(-1)
    assert found == pytest.approx((answers == y).mean())


def test_family_accuracy(small_dataset):
    predicted = small_dataset.y_test.copy()
    of_letters = np.array(small_dataset.families)[predicted] == "letters"
    half = np.flatnonzero(of_letters)[::2]
    predicted[half] = (predicted[half] + 1) % 100
    shares = family_accuracy(small_dataset, predicted)
    assert set(shares) == set(small_dataset.families)
    assert shares.pop("letters") == pytest.approx(1 - len(half) / of_letters.sum())
    assert set(shares.values()) == {1.0}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"profile": "fast"}, "profile='fast' is unknown; choose one of 'smoke', 'quick', 'full'"),
        ({"recipe": "best"}, "recipe='best' is unknown; choose one of 'default'"),
        ({"epochs": 0}, "epochs=0 must be a whole number of at least 1"),
        ({"epochs": 1.5}, "epochs=1.5 must be"),
        ({"dataset": "shapes100"}, "dataset='shapes100' must be an ImageDataset"),
        ({"model": CONFIGS["tiny"]}, "must be a Model; make it with create_vit_classifier"),
    ],
)
def test_bad_arguments(model, small_dataset, arguments, message):
    with pytest.raises(ValueError, match=message):
        run_experiment(
            **{"model": model, "dataset": small_dataset, "profile": "smoke", **arguments}
        )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image_size": 64}, r"has images \(32, 32, 3\), the model takes \(64, 64, 3\)"),
        ({"num_classes": 10}, "has 100 classes, the model 10; build it with config.fit_to"),
    ],
)
def test_model_that_does_not_fit_the_dataset(small_dataset, change, message):
    with pytest.raises(ValueError, match=message):
        run_experiment(create_vit_classifier(replace(SMALL, **change)), small_dataset, "smoke")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"optimizer": "sgd"}, "optimizer='sgd' is unknown; choose one of 'adamw', 'adam'"),
        ({"schedule": "step"}, "schedule='step' is unknown"),
        ({"augmentation": "cutmix"}, "augmentation='cutmix' is unknown"),
        ({"batch_size": 0}, "batch_size=0 must be a whole number of at least 1"),
        ({"label_smoothing": 1}, "label_smoothing=1 must be at least 0 and below 1"),
        ({"warmup_ratio": -0.1}, "warmup_ratio=-0.1 must be"),
        ({"learning_rate": 0}, "learning_rate=0 must be a finite number above 0"),
    ],
)
def test_recipe_checks_itself(change, message):
    with pytest.raises(ValueError, match=message):
        replace(RECIPES["default"], **change)


def test_family_accuracy_wants_labels(small_dataset):
    with pytest.raises(ValueError, match="take the argmax of the logits"):
        family_accuracy(small_dataset, np.zeros((200, 100)))


def test_free_memory_goes_back_once_after_compiling(monkeypatch):
    trims = []
    monkeypatch.setattr(memory, "trim", lambda: trims.append(1))
    callback = memory.TrimAfterCompiling()
    for epoch in range(2):
        callback.on_train_batch_end(0)
        callback.on_train_batch_end(1)
        callback.on_test_batch_end(0)
        assert len(trims) == 2, epoch
