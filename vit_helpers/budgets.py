"""What to train on photographs when there are 5, 20 or 60 minutes on two cores."""

from dataclasses import dataclass

from .models import ViTConfig
from .recipes import Recipe


@dataclass(frozen=True)
class Budget:
    """A model, a recipe and a number of passes that fit into `minutes` on two cores.

    Chosen on the validation split of CIFAR-10 (JPEG), 45,000 training images of 32 x 32 pixels.
    """

    minutes: int
    config: ViTConfig
    recipe: Recipe
    epochs: int


BUDGETS = {
    5: Budget(5, ViTConfig(overlap=2), Recipe(optimizer="muon"), epochs=5),
    20: Budget(
        20,
        ViTConfig(overlap=2, projection_dim=96, num_heads=3),
        Recipe(optimizer="muon", augmentation="flip-shift"),
        epochs=8,
    ),
    60: Budget(
        60,
        ViTConfig(overlap=2, projection_dim=96, num_heads=3, transformer_layers=6),
        Recipe(optimizer="muon", augmentation="flip-shift"),
        epochs=28,
    ),
}
