"""Helpers of the ViT workshop: importing this package registers its layers with Keras."""

import sys

# `python -m vit_helpers check` has to say that Keras is missing, so it must get past this file
# without Keras. Python sets argv[0] to "-m" as long as it looks for the module to run.
if sys.argv[:1] != ["-m"]:
    from . import start  # noqa: F401, I001  (before Keras)

    import keras

    if keras.backend.backend() != "jax":
        raise ImportError(
            f"Keras runs on the backend {keras.backend.backend()!r}, this series needs 'jax': set "
            "the environment variable KERAS_BACKEND=jax before Keras is imported (restart the "
            "kernel)"
        )

    from .budgets import BUDGETS, Budget
    from .datasets import ImageDataset, load_dataset
    from .layers import PatchEncoder, Patches, TransformerBlock
    from .models import CONFIGS, ViTConfig, create_vit_classifier
    from .notebook import show_source, show_table
    from .profiles import PROFILES
    from .recipes import RECIPES, Recipe
    from .training import load_classifier, run_experiment

__all__ = [
    "BUDGETS",
    "CONFIGS",
    "PROFILES",
    "RECIPES",
    "Budget",
    "ImageDataset",
    "PatchEncoder",
    "Patches",
    "Recipe",
    "TransformerBlock",
    "ViTConfig",
    "create_vit_classifier",
    "load_classifier",
    "load_dataset",
    "run_experiment",
    "show_source",
    "show_table",
]
