"""Self-checks of the exercises on augmentation (notebook 02)."""

from .data_augmentation_batches import batches
from .data_augmentation_by_hand import by_hand
from .data_augmentation_claims import honest, price
from .verdict import ready

__all__ = ["batches", "by_hand", "honest", "price", "ready"]
