"""Helpers of the ViT workshop: importing this package registers its layers with Keras."""

from .machine import start  # noqa: F401, I001  (before Keras)

import keras

if keras.backend.backend() != "jax":
    raise ImportError(
        f"Keras runs on the backend {keras.backend.backend()!r}, this series needs 'jax': set the "
        "environment variable KERAS_BACKEND=jax before Keras is imported (restart the kernel)"
    )

from .classroom.show import show_source, show_table
from .classroom.study import mean_and_error, study_rows, study_table
from .data.augmentation import AUGMENTATIONS, make_augmentation
from .data.datasets import ImageDataset, load_dataset, stratified_split
from .data.mixing import label_shares, make_mixing
from .model.convnet import create_convnet_classifier
from .model.inside import attention_maps, block_inputs
from .model.layers import SelfAttention, TransformerBlock
from .model.patches import PatchEncoder, Patches, sincos2d
from .model.pretrained import load_classifier, load_shipped_model
from .model.vit import CONFIGS, ViTConfig, create_vit_classifier
from .pictures.patched import plot_attention, plot_overview, plot_patches
from .pictures.plots import (
    plot_bars,
    plot_errors,
    plot_history,
    plot_images,
    plot_lines,
    plot_maps,
)
from .training.folders import forget_runs
from .training.recipes import BUDGETS, PROFILES, RECIPES, Budget, Recipe, learning_rate_schedule
from .training.run import family_accuracy, run_experiment
from .training.speed import speed_report, training_speed

__version__ = "0.2.0"

__all__ = [
    "AUGMENTATIONS",
    "BUDGETS",
    "CONFIGS",
    "PROFILES",
    "RECIPES",
    "Budget",
    "ImageDataset",
    "PatchEncoder",
    "Patches",
    "Recipe",
    "SelfAttention",
    "TransformerBlock",
    "ViTConfig",
    "attention_maps",
    "block_inputs",
    "create_convnet_classifier",
    "create_vit_classifier",
    "family_accuracy",
    "forget_runs",
    "label_shares",
    "learning_rate_schedule",
    "load_classifier",
    "load_dataset",
    "load_shipped_model",
    "make_augmentation",
    "make_mixing",
    "mean_and_error",
    "plot_attention",
    "plot_bars",
    "plot_errors",
    "plot_history",
    "plot_images",
    "plot_lines",
    "plot_maps",
    "plot_overview",
    "plot_patches",
    "run_experiment",
    "show_source",
    "show_table",
    "sincos2d",
    "speed_report",
    "stratified_split",
    "study_rows",
    "study_table",
    "training_speed",
]
