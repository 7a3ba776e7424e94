"""Whole models: sizes, round trips through files, and configs that check themselves."""

import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import pytest

import vit_helpers
from vit_check.packages import ROOT
from vit_helpers import CONFIGS, ViTConfig, create_vit_classifier
from vit_helpers.model.inside import attention_maps
from vit_helpers.model.vit import trainable_parameters

SMALL = ViTConfig(image_size=8, num_classes=7, projection_dim=16, transformer_layers=2)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "parameters"),
    [("keras-io", 21_759_012), ("ti16", 5_717_416), ("s16", 22_050_664), ("b16", 86_567_656)],
)
def test_known_sizes(name, parameters):
    assert trainable_parameters(create_vit_classifier(CONFIGS[name])) == parameters
    keras.backend.clear_session()


@pytest.mark.slow
def test_keras_io_is_the_example():
    model = create_vit_classifier(CONFIGS["keras-io"])
    assert model.count_params() == 21_759_012 + 7
    names = [layer.name for layer in model.layers]
    assert names[:5] == ["images", "normalization", "resizing", "augmentation", "patches"]
    kinds = [type(layer).__name__ for layer in model.get_layer("augmentation").layers]
    assert kinds == ["RandomFlip", "RandomRotation", "RandomZoom"]
    assert model.get_layer("patches").output.shape == (None, 144, 108)
    block = model.get_layer("block_8").settings
    assert block == {
        "num_heads": 4, "key_dim": 64, "mlp_units": (128, 64), "dropout": 0.1,
        "attention_dropout": 0.1, "gelu_last": True, "attention": True,
    }  # fmt: skip


CONFIG_KINDS = {
    "mean": SMALL,
    "token": replace(SMALL, pool="token", position="learned"),
    "flatten": replace(SMALL, pool="flatten", mlp_head_units=(12,), head_dropout=0.5, dropout=0.1),
    "no positions": replace(SMALL, position="none"),
    "no attention": replace(SMALL, attention=False),
    "not square": replace(SMALL, image_size=(8, 16)),
    "unit": replace(SMALL, scaling="unit", gelu_last=True, key_dim=5),
    "enlarged": replace(SMALL, resize_to=12, augmentation="keras-io"),
}

LOAD = """
import sys, numpy as np, vit_helpers
folder = sys.argv[1]
images = np.load(folder + "/images.npz")
for name in images:
    import keras
    model = keras.saving.load_model(f"{folder}/{name}.keras")
    np.save(f"{folder}/{name}.npy", model.predict(images[name], verbose=0))
"""


@pytest.mark.slow
def test_every_kind_of_model_survives_a_fresh_process(tmp_path):
    random = np.random.default_rng(0)
    images = {
        name: random.integers(0, 256, (3, *config.input_size, 3)).astype("uint8")
        for name, config in CONFIG_KINDS.items()
    }
    expected = {}
    for name, config in CONFIG_KINDS.items():
        model = create_vit_classifier(config)
        if config.scaling == "dataset":
            model.get_layer("normalization").adapt(images[name])
        expected[name] = model.predict(images[name], verbose=0)
        assert expected[name].shape == (3, 7)
        model.save(tmp_path / f"{name}.keras")
    np.savez(tmp_path / "images.npz", **images)
    subprocess.run([sys.executable, "-c", LOAD, str(tmp_path)], check=True)
    for name in CONFIG_KINDS:
        assert np.array_equal(np.load(tmp_path / f"{name}.npy"), expected[name]), name


SAVED = ROOT / "tests/model/saved"  # written by version 0.1.0, with what they answered


@pytest.mark.parametrize("name", ["mean-overlap", "token-learned", "flatten-alone", "compiled"])
@pytest.mark.slow
def test_models_of_version_0_1_0_load_and_answer_as_before(name):
    model = vit_helpers.load_classifier(SAVED / f"{name}.keras")
    size = model.input_shape[1]
    images = np.random.default_rng(0).integers(0, 256, (3, size, size, 3)).astype("uint8")
    if name == "compiled":
        images = vit_helpers.load_dataset().x_test[:3]
        assert model.loss.label_smoothing == 0.1
    answers = np.load(SAVED / "outputs.npz")[name]
    np.testing.assert_allclose(model(images, training=False), answers, atol=1e-5)


def test_one_seed_gives_the_same_weights():
    one, two, other = (create_vit_classifier(SMALL, seed) for seed in (3, 3, 4))
    assert all(
        np.array_equal(a, b) for a, b in zip(one.get_weights(), two.get_weights(), strict=True)
    )
    kernel = [m.get_layer("logits").kernel for m in (one, other)]
    assert not np.array_equal(*kernel)


def test_without_positions_the_order_of_patches_means_nothing():
    image = np.random.default_rng(1).integers(0, 256, (8, 8, 3)).astype("uint8")
    swapped = np.concatenate([image[4:], image[:4]])
    both = np.stack([image, swapped])
    for position, same in (("none", True), ("sincos2d", False), ("learned", False)):
        model = create_vit_classifier(replace(SMALL, position=position, scaling="unit"))
        first, second = model.predict(both, verbose=0)
        assert np.allclose(first, second, atol=1e-5) == same, position


def test_the_head_is_what_the_config_says():
    names = {layer.name for layer in create_vit_classifier(SMALL).layers}
    assert not {name for name in names if name.startswith("head")}
    article = CONFIGS["keras-article"]
    model = create_vit_classifier(replace(article, transformer_layers=1, mlp_head_units=(6, 5)))
    heads = [layer for layer in model.layers if layer.name.startswith("head")]
    assert [layer.name for layer in heads] == [
        "head_drop_0", "head_1", "head_drop_1", "head_2", "head_drop_2",
    ]  # fmt: skip
    assert {layer.rate for layer in heads if "drop" in layer.name} == {0.5}
    assert [layer.units for layer in heads if "drop" not in layer.name] == [6, 5]


@pytest.mark.parametrize("pool", ["mean", "token", "flatten"])
def test_the_pooling_is_found_by_its_name(pool):
    model = create_vit_classifier(replace(SMALL, pool=pool))
    tokens = np.arange(2 * 5 * 16).reshape(2, 5, 16).astype("float32")
    wanted = {"mean": tokens.mean(1), "token": tokens[:, 0], "flatten": tokens.reshape(2, -1)}
    np.testing.assert_allclose(model.get_layer("pool")(tokens), wanted[pool], rtol=1e-6)


def test_attention_maps_sum_to_one():
    model = create_vit_classifier(replace(SMALL, pool="token", position="learned"))
    maps = attention_maps(model, np.zeros((2, 8, 8, 3), "uint8"))
    assert maps.shape == (2, 2, 4, 5, 5)
    np.testing.assert_allclose(maps.sum(-1), 1, atol=1e-5)
    with pytest.raises(ValueError, match="no TransformerBlock"):
        attention_maps(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]), [[0] * 4])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"patch_size": 5}, "patch_size=5 does not divide image_size=32; try 4 or 8"),
        ({"patch_size": 0}, "patch_size=0 must be a whole number"),
        ({"num_heads": 5}, "num_heads=5 does not divide projection_dim=64; try 4 or 8"),
        ({"num_heads": 0}, "num_heads=0 must be"),
        ({"transformer_layers": 0}, "transformer_layers=0 must be"),
        ({"num_classes": -1}, "num_classes=-1 must be"),
        ({"image_size": (32, 30)}, "patch_size=4 does not divide image_size=30; try 3 or 5"),
        ({"pool": "max"}, "pool='max' is unknown; choose one of 'mean', 'token', 'flatten'"),
        ({"position": 2}, "position=2 is unknown"),
        ({"scaling": "x"}, "scaling='x' is unknown"),
        ({"augmentation": "x"}, "augmentation='x' is unknown"),
        ({"dropout": 1.0}, "dropout=1.0 must be at least 0 and below 1"),
        ({"transformer_units": (64, 32)}, "must end in projection_dim=64"),
        ({"projection_dim": 66, "num_heads": 3}, "projection_dim=66 must be a multiple of 4"),
    ],
)
def test_config_checks_itself(change, message):
    with pytest.raises(ValueError, match=message):
        replace(CONFIGS["tiny"], **change)


def test_config_fits_a_dataset(small_dataset):
    config = CONFIGS["keras-io"].fit_to(small_dataset, pool="mean")
    assert (config.image_size, config.num_classes, config.pool) == (32, 100, "mean")


def test_config_name_instead_of_config():
    with pytest.raises(ValueError, match=r"must be a ViTConfig; try one of CONFIGS\[\"tiny\"\]"):
        create_vit_classifier("tiny")


def test_shipped_model_knows_shapes100(small_dataset):
    model = vit_helpers.load_shipped_model()
    found = model.predict(small_dataset.x_test, verbose=0).argmax(-1)
    assert (found == small_dataset.y_test).mean() > 0.9
