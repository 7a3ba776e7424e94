"""The ranges in pyproject.toml: the pins of all other tests and the oldest ones lie within them."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from vit_check.packages import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RANGES = {r.name: r.specifier for r in map(Requirement, PROJECT["dependencies"])}


def pins(name):
    """{package: version} of the pins that hold here."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if re.match(r"\w", line)]
    return {
        r.name: str(r.specifier).removeprefix("==")
        for r in found
        if r.marker is None or r.marker.evaluate()
    }


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt", "tests/oldest.txt"])
def test_pins_lie_within_the_ranges(name):
    pinned = pins(name)
    for package, allowed in RANGES.items():
        assert pinned[package] in allowed, f"{package} {pinned[package]} is not {allowed}"


@pytest.mark.parametrize("package", ["jax", "keras"])
def test_oldest_is_the_lower_end(package):
    lower = re.search(r">=([\d.]+)", str(RANGES[package]))[1]
    assert pins("tests/oldest.txt")[package] in Requirement(f"x~={lower}.0").specifier
