"""Is this machine ready for the series? Needs the standard library alone: `python -m vit_check`."""

from .cost import cost
from .readiness import Finding, examine

__all__ = ["Finding", "cost", "examine"]
