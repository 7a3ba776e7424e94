"""Self-checks of the exercises on training (notebook 07)."""

from .training_choice import honest
from .training_curves import curves
from .training_loss import loss
from .training_schedule import schedule
from .verdict import ready

__all__ = ["curves", "honest", "loss", "ready", "schedule"]
