"""What Shapes-100 is drawn with: choices as free, and marks as large, as their docstrings say."""

import numpy as np
import pytest

from vit_helpers.data.shapes100 import draw as shapes
from vit_helpers.data.shapes100 import pencil as tools
from vit_helpers.data.shapes100.pencil import Pencil, X, Y

MANY = 4000


@pytest.fixture
def pencil():
    return Pencil(4, MANY)


def everywhere(values, low, high):
    """Between the two, up to both, and evenly."""
    assert low <= values.min() < low + 0.02 * (high - low)
    assert high - 0.02 * (high - low) < values.max() <= high
    assert values.mean() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))
    assert np.quantile(values, 0.25) == pytest.approx(low + (high - low) / 4, abs=(high - low) / 30)


def test_the_plane():
    assert X.shape == (1, 1, 32)
    assert Y.shape == (1, 32, 1)
    assert X[0, 0, [0, 15, 16, 31]].tolist() == [-31 / 32, -1 / 32, 1 / 32, 31 / 32]
    assert np.array_equal(X.ravel(), Y.ravel())


def test_choices_are_free(pencil):
    values = pencil.uniform(-0.3, 0.5)
    assert values.shape == (MANY, 1, 1)
    assert values.dtype == np.float32
    everywhere(values, -0.3, 0.5)
    signs = pencil.sign()
    assert set(signs.ravel()) == {-1, 1}
    assert abs(signs.mean()) < 0.05
    picks = pencil.choices(5, 3)
    assert picks.shape == (MANY, 3)
    assert all(len(set(row)) == 3 for row in picks.tolist())
    for column in picks.T:
        assert np.abs(np.bincount(column) / MANY - 0.2).max() < 0.03


def test_one_seed_makes_the_same_choices():
    one, two, other = (Pencil(seed, 9).uniform(0, 1) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_tones_differ_in_lightness_either_way(pencil):
    back, front = pencil.tones()
    assert back.shape == front.shape == (MANY, 1, 1, 3)
    assert 0 <= min(back.min(), front.min()) <= max(back.max(), front.max()) <= 1
    lighter = (front - back).mean(-1).ravel()
    assert abs((lighter > 0).mean() - 0.5) < 0.05
    assert 0.3 < np.abs(lighter).mean() < 0.45
    assert np.quantile(np.abs(lighter), 0.02) > 0.08
    inside = ((back > 0) & (back < 1)).all(-1)
    tints = (back - back.mean(-1, keepdims=True))[inside]
    assert 0.3 < np.abs(tints).max() < 0.34  # two thirds of what a channel is off by, twice
    light = back[inside].mean(-1)
    assert 0.3 - 0.25 <= light.min() < 0.3 < 0.7 < light.max() <= 0.7 + 0.25


def test_vivid_colours_are_a_little_off(pencil):
    picks = pencil.choices(6, 2)
    colours = pencil.vivid(picks)
    assert colours.shape == (MANY, 2, 3)
    everywhere(colours - tools.VIVID[picks], -0.06, 0.06)
    apart = np.abs(tools.VIVID[:, None] - tools.VIVID).max(-1)
    assert apart[~np.eye(6, dtype=bool)].min() > 0.6


def test_tilts_are_a_few_degrees_off_and_mirrored_for_half(pencil):
    kind = np.arange(MANY) % 5
    c, s = (values.ravel() for values in pencil.tilt(kind))
    assert np.allclose(c**2 + s**2, 1, atol=1e-3)
    degrees = np.degrees(np.arctan2(s, np.abs(c)))
    off = degrees - 22.5 * kind
    assert 3.8 < np.abs(off[(kind > 0) & (kind < 4)]).max() < 4.1
    assert np.abs(off[(kind > 0) & (kind < 4)].mean()) < 0.2
    assert abs((c[kind == 2] > 0).mean() - 0.5) < 0.07


def area(distance):
    """Of what is inside, in square units."""
    return tools.ink(distance).sum((1, 2)) / 256


def test_marks_have_the_sign_of_their_inside():
    kinds = np.arange(5)
    distance = tools.mark(kinds, 0, 0, 0.5)
    assert distance.shape == (5, 32, 32)
    assert (distance[:, 16, 16] < 0).all()
    assert (distance[:, 0, 0] > 0).all()


def test_marks_are_as_large_as_they_say():
    r = 0.6
    areas = area(tools.mark(np.arange(5), 0, 0, r))
    expected = np.array([np.pi, 1.76**2, 2 * 1.2**2, 1.8 * 1.82 / 2, 4 * 0.6 - 0.36]) * r**2
    assert areas == pytest.approx(expected, rel=0.06)
    disc, box, diamond, triangle, cross = tools.mark(np.arange(5), 0, 0, r) < 0
    assert box[16].sum() == box[:, 16].sum() == 2 * round(0.88 * r * 16)
    assert diamond[16].sum() == diamond[:, 16].sum() == pytest.approx(2.4 * r * 16, abs=2)
    assert disc[16].sum() == disc[:, 16].sum() == pytest.approx(2 * r * 16, abs=1)
    assert cross[16].sum() == cross[:, 16].sum() == pytest.approx(2 * r * 16, abs=1)
    assert cross[8].sum() == cross[:, 8].sum() == pytest.approx(0.6 * r * 16, abs=1)
    widths = triangle.sum(1)[triangle.any(1)]
    assert (np.diff(widths.astype(int)) >= 0).all()  # it points up
    assert len(widths) == pytest.approx(1.8 * r * 16, abs=1.1)
    assert widths.max() == pytest.approx(1.8 * r * 16, abs=1.1)


def test_distances_grow_as_the_plane_does():
    """The edge of a mark is as sharp as any other's: its distance rises by about 1 a unit."""
    for k, distance in enumerate(tools.mark(np.arange(5), 0, 0, 0.5)):
        steepness = np.hypot(*np.gradient(distance)) * 16
        edge = np.abs(distance) < 0.08
        assert 0.8 < np.median(steepness[edge]) < 1.05, tools.MARKS[k].__name__


def test_marks_stand_where_they_are_told():
    x, y = np.float32([[[0.3]], [[-0.4]]]), np.float32([[[-0.2]], [[0.5]]])
    inside = tools.mark(np.array([0, 1]), x, y, np.float32([[[0.2]], [[0.3]]])) < 0
    for mine, middle_x, middle_y in zip(inside, x.ravel(), y.ravel(), strict=True):
        assert (X[0, 0][mine.any(0)]).mean() == pytest.approx(middle_x, abs=0.02)
        assert (Y[0, :, 0][mine.any(1)]).mean() == pytest.approx(middle_y, abs=0.02)


def test_ink_covers_the_inside_with_an_edge_of_one_pixel():
    distance = np.float32([-1, -1 / 32, -1 / 64, 0, 1 / 64, 1 / 32, 1])
    assert tools.ink(distance).tolist() == [1, 1, 0.75, 0.5, 0.25, 0, 0]


@pytest.mark.parametrize("duty", [0.28, 0.5, 0.75])
def test_a_wave_is_on_for_its_share_of_each_period(duty):
    t = np.linspace(0, 3, 3000, endpoint=False)
    on = tools.wave(t, duty)
    assert (on > 0.5).mean() == pytest.approx(duty, abs=0.01)
    assert np.allclose(on[:1000], on[1000:2000], atol=1e-6)
    assert on.min() == 0
    assert on.max() == 1
    assert ((on > 0) & (on < 1)).mean() == pytest.approx(2 / (2 * 4), abs=0.01)
    assert np.argmax(on > 0.9) == pytest.approx(1000 * (1 - duty) / 2 + 50, abs=2)


def test_textures_are_what_their_names_say():
    n = 40
    pencil = Pencil(0, 5 * n)
    kind = np.repeat(np.arange(5), n)
    cover = tools.texture(pencil, kind, np.full((5 * n, 1, 1), 0.5, np.float32))  # 8 pixels
    plain, stripes, dots, checks, grid = cover.reshape(5, n, 32, 32)
    assert (plain == 1).all()
    for name, pattern, share in (
        ("stripes", stripes, 0.5),
        ("dots", dots, np.pi * 0.32**2),
        ("checks", checks, 0.5),
        ("grid", grid, 1 - 0.72**2),
    ):
        assert pattern.mean() == pytest.approx(share, abs=0.04), name
        assert pattern.min() == 0, name
        assert pattern.max() == 1, name
    for pattern in (dots, grid):
        assert np.allclose(pattern[..., 8:], pattern[..., :-8], atol=1e-4)
        assert np.allclose(pattern[:, 8:], pattern[:, :-8], atol=1e-4)
        assert len(np.unique(pattern.mean(0).round(1))) < 4  # it begins anywhere
    for one, other in (
        (checks[..., 8:], checks[..., :-8]),
        (checks[:, 8:], checks[:, :-8]),
    ):
        assert np.abs(one + other - 1).mean() < 0.05
    assert np.allclose(checks[..., 16:], checks[..., :-16], atol=1e-4)


def test_paint_lays_colours_over_each_other_in_order():
    back, red, blue = np.float32([1, 1, 1]), np.float32([1, 0, 0]), np.float32([0, 0, 1])
    left = np.zeros((2, 32, 32), np.float32)
    left[..., :16] = 1
    upper = np.zeros((2, 32, 32), np.float32)
    upper[:, :16] = 0.5
    image = tools.paint(back, (left, red), (upper, blue))
    assert image.shape == (2, 32, 32, 3)
    assert image[1, 20, 20].tolist() == [1, 1, 1]
    assert image[1, 20, 5].tolist() == [1, 0, 0]
    assert image[1, 5, 20].tolist() == [0.5, 0.5, 1]
    assert image[1, 5, 5].tolist() == [0.5, 0, 0.5]


def test_plain_is_one_tone_on_another():
    image = tools.plain(Pencil(3, 6), tools.mark(np.zeros(6, int), 0, 0, 0.5))
    back, front = Pencil(3, 6).tones()
    assert np.allclose(image[:, 0, 0], back[:, 0, 0])
    assert np.allclose(image[:, 16, 16], front[:, 0, 0])


@pytest.fixture
def grey_family(monkeypatch):
    """In the place of `places`: images that are grey all over."""

    def grey(pencil, kind):
        return np.full((len(kind), 32, 32, 3), 0.5, np.float32)

    monkeypatch.setitem(shapes.FAMILIES, "places", (grey, "a b c d e"))
    return list(shapes.FAMILIES).index("places")


def test_over_each_image_lie_a_slope_and_a_grain(grey_family):
    images, labels = shapes.draw_family(grey_family, 400, seed=1)
    assert labels.tolist() == [5 * grey_family + k for k in range(5)] * 400
    assert images.mean() == pytest.approx(0.5 * 223 + 16, abs=1)
    left, right = images[:, :, :4].mean((1, 2, 3)), images[:, :, -4:].mean((1, 2, 3))
    upper, lower = images[:, :4].mean((1, 2, 3)), images[:, -4:].mean((1, 2, 3))
    for one, other in ((left, right), (upper, lower)):
        difference = (other - one) / 223 / (28 / 16)  # a unit
        assert 0.07 < difference.max() < 0.085
        assert -0.085 < difference.min() < -0.07
    assert 8 < images.std(axis=(1, 2, 3)).min() < 10  # of the grain alone, 0 ... 32
    assert np.ptp(images[:, 15:17, 15:17].astype(int)) in (31, 32, 33, 34)
    steps = np.diff(images.astype(int), axis=2)
    assert abs((steps[..., 0] * steps[..., 1]).mean()) < 0.05 * steps.var()  # of each channel


def test_families_and_seeds_share_no_choices(grey_family):
    one, _ = shapes.draw_family(grey_family, 5, seed=1)
    other, _ = shapes.draw_family(grey_family, 5, seed=2)
    assert not np.array_equal(one, other)
    pencils = {1000 * seed + index for seed in (1, 2) for index in range(len(shapes.FAMILIES))}
    assert len(pencils) == 40
