"""Checks of arguments: what is a number, and what an error says."""

import numpy as np
import pytest

from vit_helpers import checks


@pytest.mark.parametrize("value", [4, np.int64(4), np.uint8(4)])
def test_whole_numbers_of_python_and_numpy(value):
    for check in (checks.positive, checks.not_negative):
        assert check("n", value) == 4
        assert type(check("n", value)) is int


@pytest.mark.parametrize("value", [True, np.bool_(True), 4.0, "4", None, -1])
def test_what_is_no_whole_number(value):
    with pytest.raises(ValueError, match=r"n=.* must be a whole number of at least 0"):
        checks.not_negative("n", value)


def test_zero_is_not_positive():
    assert checks.not_negative("n", 0) == 0
    with pytest.raises(ValueError, match="n=0 must be a whole number of at least 1"):
        checks.positive("n", 0)


@pytest.mark.parametrize("value", [0, 0.5, np.float32(0.25)])
def test_shares(value):
    assert checks.share("p", value) == value


@pytest.mark.parametrize("value", [1, -0.1, float("nan"), "0.5", False, None])
def test_what_is_no_share(value):
    with pytest.raises(ValueError, match=r"p=.* must be at least 0 and below 1"):
        checks.share("p", value)


def test_an_unknown_choice_is_told_the_known_ones():
    assert checks.choose("kind", "b", {"a": 1, "b": 2}) == 2
    for value in ("c", None, ["a"]):
        with pytest.raises(ValueError, match=r"is unknown; choose one of 'a', 'b'"):
            checks.choose("kind", value, {"a": 1, "b": 2})


@pytest.mark.parametrize(
    ("value", "whole", "proposal"), [(5, 32, "4 or 8"), (33, 32, "32"), (7, 32, "4 or 8")]
)
def test_divisors_nearby_are_proposed(value, whole, proposal):
    with pytest.raises(ValueError, match=f"n={value} does not divide m={whole}; try {proposal}$"):
        checks.divides("n", value, "m", whole)
    checks.divides("n", 8, "m", 32)
