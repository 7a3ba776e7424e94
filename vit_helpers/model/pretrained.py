"""Models from files: the one that ships with the series, and those that learners saved."""

import json
import re
import zipfile
from pathlib import Path

import keras

from ..checks import instance
from .inside import described
from .vit import CONFIGS, ViTConfig, create_vit_classifier

SHIPPED = Path(__file__).parent / "tiny-shapes100.keras"
# What a file may ask Keras to make: its layers and the like, and what this package registers.
MODULES = re.compile(
    r"keras(\.(layers|initializers|regularizers|constraints|optimizers|optimizers\.schedules|losses"
    r"|metrics|src\.models\.(functional|sequential)|src\.ops\.numpy))?"
)
OWN = "vit_helpers>"
RUN_CODE = {"Lambda", "TorchModuleWrapper", "TFSMLayer", "JaxLayer", "FlaxLayer"}


def load_classifier(path, config=None):
    """Load a model that `model.save` or a run wrote; with `config`, check that it is one.

    A file from a stranger runs no code: it may only hold layers of Keras and of this package.
    Raises FileNotFoundError, or ValueError if it is no sound `.keras` file, holds anything else, or
    is not a model of `config`.
    """
    if not isinstance(path, str | Path):
        raise ValueError(f"path={path!r} must be the path of a file")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"path={str(path)!r} does not exist; save a model there first")
    if path.suffix != ".keras" or not zipfile.is_zipfile(path):
        raise ValueError(f"path={str(path)!r} must be a file that model.save wrote, with .keras")
    try:
        _check_content(path)
        model = keras.saving.load_model(path, safe_mode=True)
    except (OSError, KeyError, TypeError, zipfile.BadZipFile, zipfile.LargeZipFile) as error:
        raise ValueError(
            f"path={str(path)!r} is damaged ({error}); save the model again"
        ) from error
    if config is not None:
        _check_config(path, model, config)
    return model


def _check_content(path):
    with zipfile.ZipFile(path) as file:
        if (bad := file.testzip()) is not None:
            raise zipfile.BadZipFile(f"{bad} has another check sum")
        content = json.loads(file.read("config.json"))
    for part in _made(content):
        name, module = part["class_name"], part.get("module")
        own = str(part.get("registered_name")).startswith(OWN)
        function = name == "function" and str(part.get("config")).startswith(OWN)
        known = module is None or (MODULES.fullmatch(str(module)) and name not in RUN_CODE)
        if not (own or function or known):
            raise ValueError(
                f"path={str(path)!r} holds {name!r} of {module!r}, which is no layer of Keras or "
                "of this package: it is not opened, because it could run code"
            )


def _made(value):
    """Every object that the JSON `value` of a model describes."""
    if isinstance(value, dict):
        if "class_name" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _made(item)


def _check_config(path, model, config):
    instance("config", config, ViTConfig, "take one of CONFIGS")
    wanted = create_vit_classifier(config)
    found, wanted = described(model), described(wanted)
    if found != wanted:
        pairs = zip(found, wanted, strict=False)
        odd = next((ours[0] for ours, theirs in pairs if ours != theirs), "number of layers")
        raise ValueError(
            f"{path.name!r} was saved with another config: it has {model.count_params():,} "
            f"parameters for images {model.input_shape[1:3]}; `config` does not give its {odd}"
        )


def load_shipped_model():
    """The model that ships with the series: CONFIGS["tiny"], trained on Shapes-100."""
    return load_classifier(SHIPPED, CONFIGS["tiny"])
