"""The 20 families of Shapes-100: each draws its five kinds from random choices.

A family is a function from a `Pencil` for n images and their kinds (n,) in 0 ... 4 to images
(n, 32, 32, 3) in 0 ... 1. A mirror image, a turn of 7 degrees and a zoom of 20 % never change a
kind: what matters stays inside |x|, |y| < 0.8.
"""

import numpy as np

from .pencil import SIZE, X, Y, cross, disc, ink, mark, paint, plain, texture, wave

COLUMN = (-0.52, 0.0, 0.52)  # heights of three marks, one below the other
LETTERS = "01110 10001 11111 10001 10001|10001 10001 11111 10001 10001|11111 00100 00100 00100 00100|10001 10001 10001 10001 01110|10001 01010 00100 01010 10001"  # noqa: E501
GLYPHS = np.array(
    [[[int(bit) for bit in row] for row in letter.split()] for letter in LETTERS.split("|")],
    np.float32,
)


# Local texture: a patch alone can tell.
def stripes(pencil, kind):
    back, front = pencil.tones()
    c, s = pencil.tilt(kind)
    t = (s * X - c * Y) / pencil.uniform(0.28, 0.45) + pencil.uniform(0, 1)
    return paint(back, (wave(t), front))


def weaves(pencil, kind):
    back, front = pencil.tones()
    return paint(back, (texture(pencil, kind, pencil.uniform(0.3, 0.45)), front))


def lines(pencil, kind):
    back, front = pencil.tones()
    c, s = pencil.tilt(pencil.choices(5, 1)[:, 0])
    period = pencil.uniform(0.5, 0.65)
    t = (s * X - c * Y) / period + pencil.uniform(0, 1)
    dash = wave((c * X + s * Y) / 0.4 + pencil.uniform(0, 1))
    tooth = np.abs(2 * (t - np.floor(t)) - 1)
    profiles = (wave(t, 0.22), wave(t, 0.75), wave(t, 0.3) * dash, tooth, wave(2 * t, 0.3))
    profiles = (*profiles[:4], np.where(np.floor(2 * t) % 3 == 0, 0, profiles[4]))
    return paint(back, (np.choose(kind[:, None, None], profiles), front))


def grains(pencil, kind):
    back, front = pencil.tones()
    noise = pencil.random.random_sample((pencil.n, SIZE, SIZE)).astype(np.float32)
    coarse = np.repeat(np.repeat(noise[:, ::4, ::4], 4, axis=1), 4, axis=2)
    rows = np.repeat(noise[:, :, ::8], 8, axis=2)
    columns = np.repeat(noise[:, ::8, :], 8, axis=1)
    specks = np.where(noise > 0.94, 1, 0)
    return paint(
        back, (np.choose(kind[:, None, None], (noise, coarse, rows, columns, specks)), front)
    )


def fills(pencil, kind):
    back, front = pencil.tones()
    blob = mark(
        pencil.choices(3, 1)[:, 0],
        pencil.uniform(-0.2, 0.2),
        pencil.uniform(-0.2, 0.2),
        pencil.uniform(0.5, 0.6),
    )
    fill = texture(pencil, kind, pencil.uniform(0.26, 0.36))
    edge = ink(np.abs(blob) - 0.05)
    return paint(back, (np.maximum(ink(blob) * fill, edge), front))


# Form: a few neighbouring patches can tell.
def solids(pencil, kind):
    x, y = pencil.uniform(-0.25, 0.25), pencil.uniform(-0.25, 0.25)
    return plain(pencil, mark(kind, x, y, pencil.uniform(0.32, 0.5)))


def outlines(pencil, kind):
    x, y = pencil.uniform(-0.2, 0.2), pencil.uniform(-0.2, 0.2)
    distance = mark(kind, x, y, pencil.uniform(0.4, 0.55))
    return plain(pencil, np.abs(distance) - pencil.uniform(0.05, 0.08))


def letters(pencil, kind):
    cell = pencil.uniform(0.17, 0.24)
    column = np.floor((X - pencil.uniform(-0.15, 0.15)) / cell + 2.5).astype(int)
    row = np.floor((Y - pencil.uniform(-0.15, 0.15)) / cell + 2.5).astype(int)
    inside = (column >= 0) & (column < 5) & (row >= 0) & (row < 5)
    on = GLYPHS[kind[:, None, None], np.clip(row, 0, 4), np.clip(column, 0, 4)] * inside
    return plain(pencil, 0.05 - 0.1 * on)


def bars(pencil, kind):
    dx, dy = X - pencil.uniform(-0.15, 0.15), Y - pencil.uniform(-0.15, 0.15)
    c, s = pencil.tilt(kind)
    along, across = c * dx + s * dy, s * dx - c * dy
    half = pencil.uniform(0.4, 0.58)
    return plain(
        pencil, np.maximum(np.abs(along) - half, np.abs(across) - pencil.uniform(0.08, 0.14))
    )


def openings(pencil, kind):
    dx, dy = X - pencil.uniform(-0.12, 0.12), Y - pencil.uniform(-0.12, 0.12)
    ring = np.abs(disc(dx, dy, pencil.uniform(0.4, 0.55))) - pencil.uniform(0.07, 0.1)
    reach = pencil.uniform(0.16, 0.22)
    up, down = np.maximum(np.abs(dx) - reach, dy), np.maximum(np.abs(dx) - reach, -dy)
    side = np.maximum(np.abs(dy) - reach, dx * pencil.sign())
    gaps = (np.ones_like(up + side), up, down, side, np.minimum(up, down))
    return plain(pencil, np.maximum(ring, -np.choose(kind[:, None, None], gaps)))


def counts(pencil, kind):
    cells = pencil.choices(9, 5)
    dots = []
    for i in range(5):
        column, row = (cells[:, i] % 3)[:, None, None], (cells[:, i] // 3)[:, None, None]
        x = (column - 1) * 0.54 + pencil.uniform(-0.06, 0.06)
        y = (row - 1) * 0.54 + pencil.uniform(-0.06, 0.06)
        dot = disc(X - x, Y - y, pencil.uniform(0.11, 0.17))
        dots.append(np.where((i <= kind)[:, None, None], dot, 9))
    return plain(pencil, np.minimum.reduce(dots))


# Place: only *where* the same marks are tells.
def places(pencil, kind):
    side = pencil.sign() * 0.55
    x = np.choose(kind[:, None, None], (0, 0, 0, side, side)) + pencil.uniform(-0.08, 0.08)
    y = np.choose(kind[:, None, None], (0, -0.55, 0.55, 0, 0.55)) + pencil.uniform(-0.08, 0.08)
    return plain(pencil, mark(pencil.choices(5, 1)[:, 0], x, y, pencil.uniform(0.14, 0.2)))


def pairs(pencil, kind):
    gap = pencil.uniform(0.36, 0.44)
    flip = pencil.sign() * gap
    k = kind[:, None, None]
    x, y = np.choose(k, (0, 0, flip, flip, flip)), np.choose(k, (gap, -gap, 0, gap, -gap))
    shift_x, shift_y = pencil.uniform(-0.12, 0.12), pencil.uniform(-0.12, 0.12)
    r = pencil.uniform(0.2, 0.28)
    one = disc(X - x - shift_x, Y + y - shift_y, r)
    return plain(pencil, np.minimum(one, cross(X + x - shift_x, Y - y - shift_y, r)))


def stacks(pencil, kind):
    orders = np.array([[0, 1, 4], [0, 4, 1], [1, 0, 4], [1, 4, 0], [4, 0, 1]])[kind]
    r = pencil.uniform(0.2, 0.24)
    marks = [mark(orders[:, i], pencil.uniform(-0.25, 0.25), y, r) for i, y in enumerate(COLUMN)]
    return plain(pencil, np.minimum.reduce(marks))


def dot_trios(pencil, kind):
    flip = pencil.sign() * 0.5
    trios = np.array(
        [[[-1, 0], [0, 0], [1, 0]], [[0, -1], [0, 0], [0, 1]], [[-1, -1], [0, 0], [1, 1]]]
        + [[[-1, 0.7], [0, -0.7], [1, 0.7]], [[-1, -0.7], [0, 0.7], [1, -0.7]]],
        np.float32,
    )[kind]
    x0, y0, r = pencil.uniform(-0.1, 0.1), pencil.uniform(-0.1, 0.1), pencil.uniform(0.13, 0.18)
    dots = [disc(X - x0 - a * flip, Y - y0 - b * 0.5, r) for a, b in places_of(trios)]
    return plain(pencil, np.minimum.reduce(dots))


def sizes(pencil, kind):
    k = kind[:, None, None]
    flip = pencil.sign() * 0.4
    x, y = np.choose(k, (0, 0, flip, 0, flip)), np.choose(k, (-0.4, 0.4, 0, 0.4, 0))
    big, small = pencil.uniform(0.28, 0.34), pencil.uniform(0.12, 0.16)
    middle = pencil.uniform(0.18, 0.3)
    big, small = np.where(k > 2, middle, big), np.where(k > 2, middle, small)
    x0, y0 = pencil.uniform(-0.08, 0.08), pencil.uniform(-0.08, 0.08)
    shape = pencil.choices(3, 1)[:, 0]
    return plain(
        pencil, np.minimum(mark(shape, x0 + x, y0 + y, big), mark(shape, x0 - x, y0 - y, small))
    )


# Agreement: only comparing distant parts tells.
def places_of(points):
    """The k points of (n, k, 2) as k pairs of (n, 1, 1)."""
    return [(p[:, 0, None, None], p[:, 1, None, None]) for p in points.transpose(1, 0, 2)]


# Which of three draws stands at the top, in the middle and at the bottom, and so which agree.
THREE = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 2]])


def colored_discs(pencil, places, radius, colours):
    """(coverage, colour) of one disc for each place, for `paint`."""
    return [
        (ink(disc(X - x, Y - y, radius)), colours[:, i, None, None])
        for i, (x, y) in enumerate(places)
    ]


def colour_trios(pencil, kind):
    picks = np.take_along_axis(pencil.choices(6, 3), THREE[kind], axis=1)
    places = [(pencil.uniform(-0.3, 0.3), y) for y in COLUMN]
    discs = colored_discs(pencil, places, pencil.uniform(0.18, 0.24), pencil.vivid(picks))
    return paint(pencil.uniform(0.15, 0.85)[..., None], *discs)


def shade_trios(pencil, kind):
    """Three marks in black, grey or white on a vivid ground; their shapes mean nothing."""
    picks = np.take_along_axis(pencil.choices(3, 3), THREE[kind], axis=1)
    shades = np.array([0.05, 0.5, 0.95], np.float32)[picks]
    shapes, r = pencil.choices(5, 3), pencil.uniform(0.2, 0.24)
    ground = pencil.vivid(pencil.choices(6, 1))[:, None]
    marks = [ink(mark(shapes[:, i], pencil.uniform(-0.3, 0.3), y, r)) for i, y in enumerate(COLUMN)]
    return paint(ground, *[(m, shades[:, i, None, None, None]) for i, m in enumerate(marks)])


def keys(pencil, kind):
    """A frame, and three discs of which one, all or none has the frame's colour."""
    draws = np.array([[0, 0, 0], [0, 1, 2], [1, 0, 2], [1, 2, 0], [1, 2, 3]])[kind]
    order = pencil.choices(6, 4)
    picks = np.take_along_axis(order, draws, axis=1)
    places = [(pencil.uniform(-0.15, 0.15), y) for y in (-0.38, 0.0, 0.38)]
    discs = colored_discs(pencil, places, pencil.uniform(0.13, 0.17), pencil.vivid(picks))
    frame = ink(np.abs(np.maximum(np.abs(X), np.abs(Y)) - 0.68) - pencil.uniform(0.07, 0.1))
    key = pencil.vivid(order[:, :1])[:, None]
    return paint(pencil.uniform(0.15, 0.85)[..., None], (frame, key), *discs)


def quartets(pencil, kind):
    draws = np.array([[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [0, 1, 2, 3]])[kind]
    picks = np.take_along_axis(pencil.choices(6, 4), draws, axis=1)
    places = [
        (x + pencil.uniform(-0.1, 0.1), y + pencil.uniform(-0.1, 0.1))
        for y in (-0.4, 0.4)
        for x in (-0.4, 0.4)
    ]
    discs = colored_discs(pencil, places, pencil.uniform(0.2, 0.28), pencil.vivid(picks))
    return paint(pencil.uniform(0.15, 0.85)[..., None], *discs)
