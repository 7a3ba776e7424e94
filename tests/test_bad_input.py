"""Odd values for each argument of the public functions: they work, or an error names the argument.

What Hypothesis draws goes to one argument of a call whose others are right. Accepted values are
fine here; where a value would be silently wrong, a test of the function says so.
"""

import math
import signal
from dataclasses import fields, replace

import keras
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vit_helpers
from vit_helpers import Recipe, ViTConfig
from vit_helpers.training import run, speed
from vit_helpers.training.stepping import batches

NUMBERS = [True, -1, 0, 1, 2.5, 7, 10**10, 2**70, math.nan, math.inf, -math.inf, 1e300, 1e-320]
SCALARS = [np.int64(4), np.float32(0.1), np.float64("nan"), np.bool_(True), np.int32(-3)]
THINGS = [None, "", "4", "no", "smoke", b"x", (), (1,), (-5, 64), ("a", 64), (4, 4), [4, 4], {}]
ODD = [*NUMBERS, *SCALARS, *THINGS, {"a": 1}, object(), np.zeros(3), np.eye(2), len, {4}, 1j]
SECONDS = 30
SMALL = dict(patch_size=8, projection_dim=16, num_heads=2, transformer_layers=1)


class Reached(Exception):
    """The arguments were accepted; the work that would come now is left out."""


def reached(*args, **kwargs):
    raise Reached


def hangs(*args):
    raise RuntimeError(f"more than {SECONDS} s")


def calls(data):
    """{name: (function, right arguments, those to replace)}."""
    config, images = ViTConfig(**SMALL), data.x_train[:4]
    model = vit_helpers.create_vit_classifier(config)
    history = {name: [0.5, 0.6] for name in ("loss", "val_loss", "accuracy", "val_accuracy")}
    right = {field.name: getattr(config, field.name) for field in fields(config)}
    recipe = {field.name: getattr(Recipe(), field.name) for field in fields(Recipe)}
    splits = {field.name: getattr(data, field.name) for field in fields(data)}
    titles = list("abcd")
    v = vit_helpers
    return {
        "ViTConfig": (ViTConfig, right, None),
        "Recipe": (Recipe, recipe, None),
        "ImageDataset": (v.ImageDataset, splits, [n for n in splits if n[1] == "_"]),
        "create_vit_classifier": (v.create_vit_classifier, {"config": config, "seed": 0}, None),
        "fit_to": (config.fit_to, {"dataset": data}, None),
        "take": (data.take, {"train": 300, "evaluation": 150}, None),
        "Patches": (v.Patches, {"patch_size": 8, "margin": 1}, None),
        "PatchEncoder": (
            v.PatchEncoder,
            {"num_patches": 16, "projection_dim": 8, "position": "none", "class_token": False},
            None,
        ),
        "SelfAttention": (v.SelfAttention, {"num_heads": 2, "key_dim": 4, "dropout": 0.1}, None),
        "TransformerBlock": (
            v.TransformerBlock,
            {
                "num_heads": 2, "key_dim": 4, "mlp_units": (8, 4), "dropout": 0.1,
                "attention_dropout": 0.1, "gelu_last": False, "attention": True,
            },
            None,
        ),
        "make_augmentation": (v.make_augmentation, {"name": "flip", "seed": 0}, None),
        "stratified_split": (
            v.stratified_split, {"labels": data.y_train, "fraction": 0.1, "seed": 0},
            ["fraction", "seed"],
        ),
        "make_mixing": (v.make_mixing, {"name": "mixup", "seed": 0}, None),
        "label_shares": (v.label_shares, {"labels": data.y_train[:4], "classes": 100}, None),
        "create_convnet_classifier": (
            v.create_convnet_classifier, {"config": config, "seed": 0}, None,
        ),
        "study_rows": (v.study_rows, {"question": "optimizer", "data": "shapes100"}, None),
        "mean_and_error": (v.mean_and_error, {"values": [1.0, 2.0]}, None),
        "load_dataset": (v.load_dataset, {"name": "nowhere"}, None),
        "load_classifier": (v.load_classifier, {"path": "nowhere.keras"}, None),
        "load_classifier with config": (
            v.load_classifier, {"path": vit_helpers.model.pretrained.SHIPPED, "config": None},
            ["config"],
        ),
        "learning_rate_schedule": (
            v.learning_rate_schedule, {"recipe": Recipe(), "steps": 10}, None,
        ),
        "attention_maps": (v.attention_maps, {"model": model, "images": images}, None),
        "family_accuracy": (
            v.family_accuracy, {"dataset": data, "predicted": data.y_test}, None,
        ),
        "plot_images": (v.plot_images, {"images": images, "titles": titles, "columns": 2}, None),
        "plot_patches": (v.plot_patches, {"image": images[0], "patch_size": 8}, None),
        "plot_lines": (
            v.plot_lines,
            {"x": [1, 2], "series": {"a": [1, 2]}, "title": "T", "xlabel": "x", "ylabel": "y"},
            ["x", "series"],
        ),
        "plot_bars": (v.plot_bars, {"series": {"a": 1}, "title": "T", "xlabel": "x"}, ["series"]),
        "plot_errors": (
            v.plot_errors, {"series": {"a": [1, 2]}, "title": "T", "xlabel": "x"}, ["series"],
        ),
        "plot_maps": (
            v.plot_maps, {"maps": np.zeros((4, 2, 2)), "titles": titles, "columns": 2}, None,
        ),
        "plot_attention": (
            v.plot_attention,
            {"images": images, "maps": np.ones((4, 4, 4)), "titles": titles, "columns": 2},
            None,
        ),
        "plot_history": (v.plot_history, {"history": history}, None),
        "run_experiment": (
            v.run_experiment,
            {
                "model": model, "dataset": data, "profile": "smoke", "recipe": "default",
                "epochs": 1, "checkpoint_dir": None, "seed": 0, "resume": False,
            },
            None,
        ),
        "training_speed": (
            v.training_speed,
            {
                "config": config, "recipe": Recipe(), "steps_per_execution": 2, "calls": 1,
                "devices": None,
            },
            None,
        ),
        "batches": (
            lambda **given: next(batches(**given)),
            {
                "x": images, "y": data.y_train[:4], "recipe": Recipe(batch_size=2), "seed": 0,
                "first_epoch": 0, "steps_per_execution": 1,
            },
            ["recipe", "seed", "first_epoch", "steps_per_execution"],
        ),
    }  # fmt: skip


NAMES = [
    "ViTConfig", "Recipe", "ImageDataset", "create_vit_classifier", "fit_to", "take", "Patches",
    "PatchEncoder", "SelfAttention", "TransformerBlock", "make_augmentation", "stratified_split",
    "make_mixing", "label_shares", "create_convnet_classifier", "study_rows", "mean_and_error",
    "load_dataset", "load_classifier", "load_classifier with config", "learning_rate_schedule",
    "attention_maps", "family_accuracy", "plot_images", "plot_patches", "plot_lines", "plot_bars",
    "plot_errors", "plot_maps", "plot_attention", "plot_history", "run_experiment",
    "training_speed", "batches",
]  # fmt: skip


@pytest.fixture(scope="module")
def table(small_dataset):
    return calls(small_dataset)


def test_the_table_is_complete(table):
    assert list(table) == NAMES


SLOW = {"load_classifier with config", "attention_maps", "plot_images", "plot_attention"}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] if n in SLOW else []) for n in NAMES]
)
def test_an_odd_value_works_or_is_named(name, table, monkeypatch, tmp_path):
    monkeypatch.setattr(run, "_run", reached)
    monkeypatch.setattr(speed, "create_vit_classifier", reached)
    monkeypatch.setattr(speed, "sweep", lambda: None)
    monkeypatch.chdir(tmp_path)
    signal.signal(signal.SIGALRM, hangs)
    function, right, odd = table[name]
    problems = set()

    @settings(
        max_examples=20 if name in SLOW else 60, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.sampled_from(odd or sorted(right)), st.integers(0, len(ODD) - 1))
    def attempt(argument, which):
        value = ODD[which]
        signal.alarm(SECONDS)
        try:
            function(**{**right, argument: value})
        except Reached:
            pass
        except (ValueError, TypeError, OSError) as error:
            if argument not in str(error):
                problems.add(f"{argument}={value!r:.40}: {type(error).__name__}: {error!s:.100}")
        except Exception as error:
            problems.add(f"{argument}={value!r:.40}: {type(error).__name__}: {error!s:.100}")
        finally:
            signal.alarm(0)

    attempt()
    assert not problems, "\n".join(sorted(problems))
    left = {path.name for path in tmp_path.iterdir()}
    assert left <= ({"4", "no", "smoke"} if "checkpoint_dir" in right else set())


def test_choices_that_are_not_there_are_listed():
    for known in (vit_helpers.CONFIGS, vit_helpers.RECIPES, vit_helpers.PROFILES):
        with pytest.raises(KeyError, match=r"\['vit'\] is unknown; choose one of '"):
            known["vit"]
    with pytest.raises(KeyError, match=r"BUDGETS\[10\] is unknown; choose one of 5, 20, 60"):
        vit_helpers.BUDGETS[10]
    assert vit_helpers.CONFIGS.get("vit") is None


def test_numbers_of_numpy_are_numbers():
    config = ViTConfig(
        image_size=np.int64(32), projection_dim=np.int32(64), dropout=np.float32(0.5)
    )
    assert config == ViTConfig(dropout=0.5)
    assert type(config.image_size) is int
    assert Recipe(learning_rate=np.float64(1e-3)) == Recipe(learning_rate=1e-3)
    assert ViTConfig(transformer_units=[256, 64]) == ViTConfig(transformer_units=(256, 64))


def test_an_empty_batch_gives_no_logits(table):
    model = table["attention_maps"][1]["model"]
    for training in (False, True):
        assert model(np.zeros((0, 32, 32, 3)), training=training).shape == (0, 100)


def test_a_model_of_one_block_shows_its_attention(table):
    model = table["attention_maps"][1]["model"]
    assert vit_helpers.attention_maps(model, np.zeros((2, 32, 32, 3))).shape == (1, 2, 2, 16, 16)


def test_a_split_without_images_is_named(small_dataset):
    empty = replace(small_dataset, x_val=small_dataset.x_val[:0], y_val=small_dataset.y_val[:0])
    model = keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Flatten()])
    with pytest.raises(ValueError, match="dataset 'small' has no images in x_val"):
        vit_helpers.run_experiment(model, empty)
