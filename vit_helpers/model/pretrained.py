"""Models from files: the one that ships with the series, and those that learners saved."""

from pathlib import Path

import keras

from .vit import CONFIGS, create_vit_classifier

SHIPPED = Path(__file__).parent / "tiny-shapes100.keras"


def load_classifier(path, config=None):
    """Load a model that `model.save` or a checkpoint wrote; with `config`, check that it is one.

    Raises FileNotFoundError, or ValueError if its weights are not those of `config`.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"path={str(path)!r} does not exist; save a model there first")
    model = keras.saving.load_model(path)
    if config is not None:
        found = [tuple(w.shape) for w in model.trainable_weights]
        wanted = [tuple(w.shape) for w in create_vit_classifier(config).trainable_weights]
        if found != wanted or model.input_shape[1:3] != config.input_size:
            raise ValueError(
                f"{path.name!r} was saved with another config: it has {model.count_params():,} "
                f"parameters for images {model.input_shape[1:3]}, which `config` does not give"
            )
    return model


def load_shipped_model():
    """The model that ships with the series: CONFIGS["tiny"], trained on Shapes-100."""
    return load_classifier(SHIPPED, CONFIGS["tiny"])
