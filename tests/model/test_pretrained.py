"""Models from files: sound ones of the right kind load, hostile and damaged ones do not."""

import json
import zipfile
from dataclasses import replace

import keras
import numpy as np
import pytest

from vit_helpers import CONFIGS, ViTConfig, create_vit_classifier, load_classifier

SMALL = ViTConfig(patch_size=8, projection_dim=16, num_heads=2, transformer_layers=1)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "small.keras"
    create_vit_classifier(SMALL).save(path)
    return path


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"num_heads": 4}, "TransformerBlock"), ({"scaling": "unit"}, "Normalization"),
        ({"position": "none"}, "PatchEncoder"), ({"dropout": 0.1}, "TransformerBlock"),
        ({"gelu_last": True}, "TransformerBlock"), ({"margin": 1}, "Patches"),
        ({"pool": "flatten"}, "GlobalAveragePooling1D"), ({"augmentation": "flip"}, "Patches"),
        ({"transformer_layers": 2}, "LayerNorm"),
    ],
    ids=str,
)  # fmt: skip
def test_a_model_of_another_config_is_refused(saved, change, where):
    assert load_classifier(saved, SMALL).count_params()
    message = r"'small.keras' was saved with another config: it has .* does not give its "
    with pytest.raises(ValueError, match=message + where):
        load_classifier(saved, replace(SMALL, **change))


def rewritten(saved, tmp_path, change):
    """The saved model with `change` made to its description."""
    target = tmp_path / "other.keras"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                content = json.dumps(change(json.loads(content)))
            new.writestr(name, content)
    return target


def put(layer):
    """A change that puts `layer` in the place of the last one."""

    def change(config):
        last = config["config"]["layers"][-1]
        last |= layer
        return config

    return change


HOSTILE = {
    "a lambda": put({"module": "keras.layers", "class_name": "Lambda", "registered_name": None}),
    "a function": put(
        {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    ),
    "a download": put(
        {"module": "keras.utils", "class_name": "get_file", "registered_name": "get_file"}
    ),
    "inside": lambda config: {
        **config,
        "compile_config": {"loss": {"class_name": "x", "module": "pdb"}},
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_model_that_could_run_code_is_not_opened(saved, tmp_path, monkeypatch, name):
    path = rewritten(saved, tmp_path, HOSTILE[name])
    monkeypatch.setattr(keras.saving, "load_model", lambda *args, **named: pytest.fail("opened"))
    with pytest.raises(ValueError, match="which is no layer of Keras or of this package"):
        load_classifier(path)


def test_only_keras_files_are_opened(saved, tmp_path):
    for name in ("m.h5", "m.npz", "m.txt"):
        (tmp_path / name).write_bytes(saved.read_bytes())
        with pytest.raises(ValueError, match=r"must be a file that model.save wrote"):
            load_classifier(tmp_path / name)
    (tmp_path / "m.keras").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))  # .h5 in disguise
    with pytest.raises(ValueError, match=r"must be a file that model.save wrote"):
        load_classifier(tmp_path / "m.keras")
    with pytest.raises(FileNotFoundError, match=r"does not exist; save a model there first"):
        load_classifier(tmp_path / "none.keras")


def test_a_flipped_or_cut_file_is_never_another_model(saved, tmp_path):
    content, target = saved.read_bytes(), tmp_path / "damaged.keras"
    before = load_classifier(saved).get_weights()
    noticed = 0
    for place in range(0, len(content), len(content) // 40):
        target.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        after = before
        try:
            after = load_classifier(target).get_weights()
        except ValueError:
            noticed += 1
        for ours, theirs in zip(before, after, strict=True):  # where it was a date, say
            np.testing.assert_array_equal(ours, theirs)
    assert noticed > 30
    for end in (0, 100, len(content) // 2, len(content) - 1):
        target.write_bytes(content[:end])
        with pytest.raises(ValueError, match="path="):
            load_classifier(target)


def test_the_config_is_one(saved):
    with pytest.raises(ValueError, match="config='tiny' must be a ViTConfig"):
        load_classifier(saved, "tiny")
    with pytest.raises(ValueError, match="was saved with another config"):
        load_classifier(saved, CONFIGS["tiny"])
