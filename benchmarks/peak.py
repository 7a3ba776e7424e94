"""The peak memory of this process, for contenders with and without `vit_helpers`."""

import resource
import sys


def peak_mb():
    """Peak resident memory in MB (Linux counts in kilobytes, macOS in bytes)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
