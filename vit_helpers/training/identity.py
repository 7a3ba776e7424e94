"""What decides a run, as text: two calls that agree in all of it give the same result."""

import hashlib
import importlib.metadata
import json
from dataclasses import asdict
from functools import cache

import numpy as np

from vit_check.packages import ROOT

from ..model.inside import described


def identity(model, plan):
    """{name: JSON value} of recipe, seed, layers, first weights and data of a run."""
    data = plan.data
    splits = ("x_train", "y_train", "x_val", "y_val", "x_test", "y_test")
    return {
        **asdict(plan.recipe),
        "seed": plan.seed,
        "model": digest(json.dumps(described(model))),
        "weights": digest(*(np.asarray(variable.value) for variable in model.variables)),
        "dataset": digest(*(getattr(data, split) for split in splits)),
    }


def key(run):
    """A name for a folder from the identity of a run and the versions of the code."""
    return digest(json.dumps(run, sort_keys=True), json.dumps(versions()))[:16]


@cache
def versions():
    """{package: version} of what computes, and a digest of this package's own source."""
    found = {name: importlib.metadata.version(name) for name in ("jax", "keras", "numpy")}
    files = sorted((ROOT / "vit_helpers").rglob("*.py"))
    return {**found, "vit_helpers": digest(*(file.read_text("utf-8") for file in files))[:8]}


def digest(*parts):
    """A SHA-256 of texts and arrays, in hexadecimal digits."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.encode() if isinstance(part, str) else np.ascontiguousarray(part).data)
    return sha.hexdigest()
